"""What scripts/benchmark and scripts/allocations share: building, generating, running."""

import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def fail(reason):
    sys.exit(f"{os.path.basename(sys.argv[0])}: {reason}")


def build(products, is_installed=True):
    """Builds release products and returns the folder they are in.

    `is_installed` is for a build as `make install` makes it: on Linux with Swift's runtime inside.
    """
    command = ["swift", "build", "-c", "release"]
    if is_installed and sys.platform.startswith("linux"):
        command.append("--static-swift-stdlib")
    for product in products:
        made = subprocess.run(
            command + ["--product", product], cwd=ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        if made.returncode != 0:
            fail(f"{product} does not build\n{made.stdout}")
    shown = subprocess.run(
        command + ["--show-bin-path"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return shown.stdout.strip()


def machine():
    """The machine, its load and the compiler, in one line."""
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
        model = names[0] if names else model
    version = subprocess.run(["swift", "--version"], stdout=subprocess.PIPE, text=True,
                             stderr=subprocess.DEVNULL).stdout.split("\n")[0]
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {version}"


@dataclass
class Run:
    """What one run of a program took: seconds, MiB at its peak, exit status."""

    cpu: float
    wall: float
    peak: float
    status: int


class Workshop:
    """The programs and a folder to work in."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def program(self, name):
        return os.path.join(self.programs, name)

    def generator(self, output, accounts, options):
        return [self.program("generate-capture"), "--output", output, "--accounts", str(accounts)
                ] + [str(option) for option in options]

    def generate(self, accounts, packets, *options):
        """Writes a capture and returns its path."""
        path = self.path("capture.pcap")
        subprocess.run(
            self.generator(path, accounts, ["--packets", packets, *options]), check=True)
        return path

    def run(self, command, standard_input=None, is_quiet=False):
        """Runs a command to its end.

        GNU time tells the memory: a child's peak as Python reads it is never below Python's own.
        """
        peak = self.path("peak")
        timed = [shutil.which("time"), "-q", "-f", "%M", "-o", peak] + command
        streams = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        if is_quiet:
            streams.append((os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0))
        if standard_input is None:
            streams.append((os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0))
        else:
            streams.append((os.POSIX_SPAWN_DUP2, standard_input.fileno(), 0))
        begun = time.perf_counter()
        child = os.posix_spawn(timed[0], timed, os.environ, file_actions=streams)
        # The times of a child include those of its own children: GNU time's own are a millisecond.
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - begun
        with open(peak) as file:
            return Run(usage.ru_utime + usage.ru_stime, wall, int(file.read()) / 1024,
                       os.waitstatus_to_exitcode(status))

    def run_own(self, command, standard_input=None):
        """Runs one of our programs; ends everything when it fails."""
        run = self.run(command, standard_input)
        # regsift analyze says 1 when it found something, as grep does.
        if run.status not in (0, 1):
            fail(f"{' '.join(command)} ended with status {run.status}")
        return run
