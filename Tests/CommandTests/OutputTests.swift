import Foundation
import Glibc
import Testing

@testable import regsift

/// Where the report goes, and what it looks like there.
@Suite struct OutputTests {
  private let violated = Package.sample("nat-pinhole-lost/violated")

  @Test func `A report to a file is the same as one to standard output`() throws {
    let scratch = try Scratch()
    let shown = try Regsift.run("analyze", violated)
    let run = try Regsift.run("analyze", "--output", scratch.path("report.txt"), violated)
    #expect(run.status == 1)
    #expect(run.output == "")
    #expect(scratch.text("report.txt") == shown.output)
    #expect(scratch.names == ["report.txt"])
  }

  @Test func `A report replaces an older one and keeps its permissions`() throws {
    let scratch = try Scratch()
    let file = try scratch.file("report.json", "old".utf8)
    chmod(file, 0o640)
    let run = try Regsift.run("analyze", "--format", "json", "--output", file, violated)
    #expect(run.status == 1)
    #expect(try Report(Data(scratch.text("report.json").utf8)).rules == ["nat-pinhole-lost"])
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(scratch.names == ["report.json"])
  }

  @Test func `To write a report lends no other file more permissions`() throws {
    let scratch = try Scratch()
    let usual = 0o666 & ~ReportFile.mask
    let (path, other) = (scratch.path("report"), scratch.path("other"))
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      for _ in 0..<2000 {
        guard thread > 0 else {
          try? ReportFile.replace(path, with: [])
          continue
        }
        let descriptor = open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        var status = stat()
        fstat(descriptor, &status)
        close(descriptor)
        unlink(other)
        #expect(status.st_mode & 0o777 == usual)
      }
    }
  }

  @Test func `A link to the report stays a link`() throws {
    let scratch = try Scratch()
    _ = try scratch.file("real.txt", "old".utf8)
    symlink("real.txt", scratch.path("link.txt"))
    _ = try Regsift.run("analyze", "--output", scratch.path("link.txt"), violated)
    #expect(scratch.text("real.txt").contains("nat-pinhole-lost"))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("link.txt"))
        == "real.txt")
  }

  @Test func `Where a link leads a report is made, and the link stays`() throws {
    let scratch = try Scratch()
    symlink("real.txt", scratch.path("second.txt"))
    symlink(scratch.path("second.txt"), scratch.path("first.txt"))
    _ = try Regsift.run("analyze", "--output", scratch.path("first.txt"), violated)
    #expect(scratch.text("real.txt").contains("nat-pinhole-lost"))
    #expect(scratch.names == ["first.txt", "real.txt", "second.txt"])
  }

  @Test func `A state is kept where a link leads, and one of no use is put aside there`() throws {
    let scratch = try Scratch()
    symlink("real", scratch.path("link"))
    for _ in 0..<2 {
      _ = try Regsift.run("sniff", "--read-back", violated, "--state", scratch.path("link"))
      let state = try Data(contentsOf: URL(filePath: scratch.path("real")))
      #expect(state.range(of: Data("Registrations that regsift watched".utf8)) != nil)
      #expect(Set(scratch.names).isSubset(of: ["link", "real", "real.refused", "link.lock"]))
      let target = try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("link"))
      #expect(target == "real")
      _ = try scratch.file("real", "no state".utf8)
    }
    #expect(scratch.text("real.refused") == "no state")
  }

  @Test func `A link that leads to itself is trouble, and known at once`() throws {
    let scratch = try Scratch()
    symlink("loop", scratch.path("loop"))
    let run = try Regsift.run("analyze", "--output", scratch.path("loop"), "/no/such/capture")
    #expect(run.status == 2)
    #expect(run.errorLines.count == 1 && run.errors.contains("Too many levels of symbolic links"))
    #expect(scratch.names == ["loop"])
  }

  @Test func `When no input can be opened an older report stays`() throws {
    let scratch = try Scratch()
    let file = try scratch.file("report.txt", "old".utf8)
    let run = try Regsift.run("analyze", "--output", file, "no-such-file.pcap")
    #expect(run.status == 2)
    #expect(scratch.text("report.txt") == "old")
  }

  @Test func `A report can go to a device`() throws {
    let run = try Regsift.run("analyze", "--output", "/dev/null", violated)
    #expect(run.status == 1)
    #expect(run.errors == "")
  }

  @Test(arguments: [["analyze", "--format", "json"], ["analyze"]])
  func `A closed pipe ends the program quietly`(arguments: [String]) throws {
    let run = try Regsift(output: .closedPipe).run(arguments + [violated])
    #expect(run.status == 1)
    #expect(run.errors == "")
  }

  @Test(arguments: [
    ["--format", "ndjson"], ["--format", "text", "--lines"], ["--format", "json"],
  ])
  func `A closed pipe ends a running capture quietly, too`(arguments: [String]) throws {
    let run = try Regsift(output: .closedPipe).run(
      ["sniff", "--quiet", "--read-back", violated] + arguments)
    #expect(run.status == 0 || run.status == 1)
    #expect(run.errors == "")
  }

  @Test func `A closed pipe does not end a running capture that keeps its packets`() throws {
    let scratch = try Scratch()
    let run = try Regsift(output: .closedPipe).run([
      "sniff", "--format", "ndjson", "--read-back", violated, "--ring", scratch.path("ring"),
    ])
    #expect(run.status == 2)
    #expect(run.errors == "regsift: standard output: cannot write: Broken pipe\n")
    let ring = try FileManager.default.contentsOfDirectory(atPath: scratch.path("ring"))
    let kept = try Regsift().run(
      ["analyze", "--format", "json"] + ring.map { scratch.path("ring/" + $0) }
    ).report()
    let all = try Regsift.run("analyze", "--format", "json", violated).report()
    #expect(kept.frames == all.frames)
  }

  @Test(arguments: [["--version"], ["--help"], ["rules"], ["parameters"]])
  func `A closed pipe is no trouble for lists either`(arguments: [String]) throws {
    let run = try Regsift(output: .closedPipe).run(arguments)
    #expect(run.status == 0)
    #expect(run.errors == "")
  }

  @Test func `A full disk is trouble`() throws {
    let run = try Regsift(output: .file("/dev/full")).run(["analyze", violated])
    #expect(run.status == 2)
    #expect(run.errors == "regsift: standard output: cannot write: No space left on device\n")
    let file = try Regsift.run("analyze", "--output", "/dev/full", violated)
    #expect(file.status == 2)
    #expect(file.errors == "regsift: /dev/full: cannot write: No space left on device\n")
  }

  @Test(.enabled(if: TestNetwork.obstacle == nil, "no namespaces here"))
  func `A disk that fills up keeps the older report, and nothing half written`() throws {
    let scratch = try Scratch()
    let shell = Shell(
      """
      mkdir \(scratch.path("disk")); cd \(scratch.path("disk"))
      unshare -rm sh -c '
      mount -t tmpfs -o size=64k tmpfs .; cd .
      echo old > \(scratch.path("disk"))/report.json
      dd if=/dev/zero of=\(scratch.path("disk"))/filler bs=1k count=56 2>/dev/null
      for name in report.json bundle; do
        how=analyze; [ $name = report.json ] || how=report
        format="--format json"; [ $how = analyze ] || format=
        \(Regsift.executable) $how $format --output \(scratch.path("disk"))/$name \(violated) 2>&1
        echo "status $?"
      done
      cat \(scratch.path("disk"))/report.json
      find \(scratch.path("disk")) -type f -size +0 -printf "%P\\n"
      '
      """)
    let lines = shell.output.split(separator: "\n").map(String.init)
    #expect(lines.count { $0 == "status 2" } == 2, "\(shell.output)")
    #expect(lines.contains { $0.hasSuffix("report.json: cannot write: No space left on device") })
    #expect(lines.contains { $0.hasSuffix("report.html: cannot write: No space left on device") })
    #expect(lines.contains("old"), "\(shell.output)")
    #expect(!lines.contains { $0.contains(".part-") && !$0.contains(" ") }, "\(shell.output)")
    #expect(!lines.contains("bundle/report.html"))
  }

  @Test(.enabled(if: TestNetwork.obstacle == nil, "no namespaces here"))
  func `A ring or a bundle that a full disk refuses is trouble at the end`() throws {
    let scratch = try Scratch()
    let shell = Shell(
      """
      unshare -rm sh -c '
      mkdir \(scratch.path("disk")) && mount -t tmpfs -o size=64k tmpfs \(scratch.path("disk"))
      dd if=/dev/zero of=\(scratch.path("disk"))/filler bs=4k count=16 2>/dev/null
      sniff="\(Regsift.executable) sniff --quiet --format json --output /dev/null"
      failing=\(Package.sample("auth-failure-loop/violated"))
      $sniff --fail-on never --read-back $failing --ring \(scratch.path("ring")); echo "status $?"
      $sniff --read-back $failing --ring \(scratch.path("disk"))/ring; echo "status $?"
      $sniff --read-back $failing --ring \(scratch.path("ring")) \
        --bundle \(scratch.path("disk"))/bundles; echo "status $?"
      ' 2>&1
      """)
    let lines = shell.output.split(separator: "\n").map(String.init)
    let statuses = lines.filter { $0.hasPrefix("status") }
    #expect(statuses == ["status 0", "status 2", "status 2"], "\(shell.output)")
    #expect(lines.contains { $0.contains("packets were not kept in all") }, "\(shell.output)")
    #expect(lines.contains { $0.contains("--bundle: a bundle could not be written") })
  }

  @Test func `Too few descriptors for a ring are said to be too few`() throws {
    let scratch = try Scratch()
    let shell = Shell(
      """
      for most in 4 5 6 7 8 9 10; do
        (ulimit -n $most; exec \(Regsift.executable) sniff --read-back \(violated) --quiet \
          --format json --output /dev/null --ring \(scratch.path("ring"))) 2>&1 || true
      done
      """)
    #expect(
      shell.output.contains("--ring \(scratch.path("ring")): cannot list the folder: Too many"))
    #expect(!shell.output.contains("Bad file descriptor"), "\(shell.output)")
  }

  @Test(arguments: [
    ("analyze --output /no/such/folder/r", "/no/such/folder/r: cannot write: No such file"),
    ("analyze --output /", "/: cannot write: Is a directory"),
    ("analyze --redact --write-redaction-map /no/map", "/no/map: cannot write: No such file"),
    ("report --output /no/such/folder", "/no/such/folder: cannot make the folder: No such file"),
    ("sniff -i lo --output /no/such/folder/r", "/no/such/folder/r: cannot write: No such file"),
    ("sniff -i lo --metrics-file /no/m", "/no/m: cannot write: No such file"),
  ])
  func `A place where nothing can be written is trouble, and known at once`(
    arguments: String, message: String
  ) throws {
    let capture = arguments.hasPrefix("sniff") ? [] : ["/no/such/capture"]
    let run = try Regsift().run(arguments.split(separator: " ").map(String.init) + capture)
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(run.errorLines.count == 1 && run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.hasPrefix("regsift: --"))
  }

  @Test func `A report to a standard output that is closed is trouble`() throws {
    let run = try Regsift(output: .closed).run(["analyze", violated])
    #expect(run.status == 2)
    #expect(run.errors == "regsift: standard output: cannot write: Bad file descriptor\n")
  }

  @Test func `Messages for a standard error that is closed do not end up in the report`() throws {
    let scratch = try Scratch()
    let regsift = Regsift(input: .closed, output: .closed, errors: .closed)
    let report = scratch.path("report.txt")
    let run = try regsift.run(["analyze", "--output", report, "no-such-file.pcap", violated])
    #expect(run.status == 2)
    #expect(scratch.text("report.txt").hasPrefix("Capture "))
    #expect(!scratch.text("report.txt").contains("regsift: "))
  }

  struct Color: CustomTestStringConvertible {
    let option: String?
    var environment: [String: String] = [:]
    let isTerminal: Bool
    let isColored: Bool
    var testDescription: String {
      "\(option ?? "no option") \(environment) \(isTerminal ? "terminal" : "file")"
    }
  }

  @Test(arguments: [
    Color(option: nil, isTerminal: true, isColored: true),
    Color(option: nil, isTerminal: false, isColored: false),
    Color(option: nil, environment: ["NO_COLOR": "1"], isTerminal: true, isColored: false),
    Color(option: nil, environment: ["NO_COLOR": ""], isTerminal: true, isColored: true),
    Color(option: nil, environment: ["TERM": "dumb"], isTerminal: true, isColored: false),
    Color(option: "auto", isTerminal: true, isColored: true),
    Color(option: "never", isTerminal: true, isColored: false),
    Color(option: "always", isTerminal: false, isColored: true),
    Color(option: "always", environment: ["NO_COLOR": "1"], isTerminal: false, isColored: true),
  ])
  func `Colour goes to a terminal only, unless asked for or forbidden`(row: Color) throws {
    let regsift = Regsift(
      output: row.isTerminal ? .terminal : .captured, environment: row.environment)
    let options = row.option.map { ["--color", $0] } ?? []
    let run = try regsift.run(["analyze"] + options + [violated])
    #expect(run.output.contains("nat-pinhole-lost"))
    #expect(run.output.contains("\u{1B}[") == row.isColored)
  }

  @Test func `Times are local unless UTC is asked for`() throws {
    let regsift = Regsift(environment: ["TZ": "XYZ-3"])
    #expect(try regsift.run(["analyze", violated]).output.contains("03:00:40"))
    let utc = try regsift.run(["analyze", "--utc", violated])
    #expect(utc.output.contains("00:00:40"))
    #expect(!utc.output.contains("03:00:40"))
  }

  @Test func `Outside of a terminal lines have at most 80 columns`() throws {
    let run = try Regsift.run("analyze", violated)
    // Only a word that is longer than a line may stand out: the path of the capture.
    let long = run.output.split(separator: "\n").filter { $0.count > 80 && !$0.contains("/") }
    #expect(long == [])
  }
}
