import Foundation
import Testing

/// What a running capture leaves behind and whom it calls.
@Suite(
  .enabled(
    if: TestNetwork.obstacle == nil,
    "no network namespace or no dumpcap: \(TestNetwork.obstacle ?? "")"), .serialized)
struct OutletTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let regsift = "\(TestNetwork.tools)/regsift"
  private static let replay = "\(TestNetwork.tools)/replay-capture"
  private static let failing = Package.sample("auth-failure-loop/violated")
  private static let large = Package.path("samples/lab/healthy.pcap")

  private func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: scratch.path(folder))) ?? []).sorted()
  }

  private var ringFiles: [String] { names("ring").map { scratch.path("ring/" + $0) } }

  private func ringSize() -> Int {
    ringFiles.reduce(0) { sum, file in
      sum + ((try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0)
    }
  }

  @Test func `The ring holds what was captured, and a bundle tells the error`() throws {
    let (ring, bundles) = (scratch.path("ring"), scratch.path("bundles"))
    let live = scratch.path("live.json")
    let shell = TestNetwork.run(
      """
      \(Self.regsift) sniff -i v1 --user root --format json --output \(live) --ring \(ring) \
        --bundle \(bundles) & sniff=$!
      \(TestNetwork.captures(1))
      \(Self.replay) \(Package.sample("nat-pinhole-lost/violated-call-lost")) v0 60
      \(Self.replay) \(Self.failing) v0 0
      sleep 16
      ls \(bundles)
      kill -INT $sniff; wait $sniff || true
      """)
    #expect(shell.status == 0, "\(shell.output)")
    let sniffed = try Report(Data(contentsOf: URL(filePath: live)))
    let kept = try Regsift().run(["analyze", "--format", "json"] + ringFiles).report()
    #expect(kept.frames == sniffed.frames && (sniffed.frames ?? 0) > 40)
    #expect(kept.rules == sniffed.rules && sniffed.rules.contains("auth-failure-loop"))
    let bundle = try #require(names("bundles").first)
    #expect(shell.output.contains(bundle), "written while the capture goes on")
    #expect(names("bundles").count == 1, "errors that come together share one")
    #expect(bundle.wholeMatch(of: /\d{8}T\d{6}Z-[a-z-]+-F\d+/) != nil, "\(bundle)")
    #expect(
      names("bundles/" + bundle) == [
        "accounts.csv", "evidence.pcapng", "findings.csv", "report.html", "report.json",
        "report.md",
      ])
    let report = try Report(
      Data(contentsOf: URL(filePath: bundles + "/" + bundle + "/report.json")))
    #expect(report.rules.contains("auth-failure-loop"))
    #expect(report.accounts.allSatisfy { $0.hasPrefix("1001@") }, "only whom it is about")
    let evidence = try Regsift.run(
      "analyze", "--format", "json", bundles + "/" + bundle + "/evidence.pcapng"
    ).report()
    #expect((evidence.frames ?? 0) > 0)
  }

  @Test func `Without an error there is no bundle`() throws {
    let shell = TestNetwork.run(
      """
      \(Self.regsift) sniff -i v1 --user root --ring \(scratch.path("ring")) \
        --bundle \(scratch.path("bundles")) > /dev/null & sniff=$!
      \(TestNetwork.captures(1))
      \(Self.replay) \(Package.sample("nat-mapping-changed/violated")) v0 60
      sleep 3
      kill -INT $sniff; wait $sniff
      """)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(names("bundles") == [])
    #expect(ringFiles.count == 1)
  }

  @Test func `Each event calls the program and reaches the log`() throws {
    let (events, heard) = (scratch.path("events.ndjson"), scratch.path("heard"))
    let program = try scratch.file(
      "alert", Array("#!/bin/sh\ncat > $1.$$\necho noise; echo noise >&2\n".utf8))
    chmod(program, 0o755)
    mkdir(scratch.path("dev"), 0o755)
    let log = try DatagramSocket(scratch.path("dev/log"))
    let shell = TestNetwork.run(
      """
      cd \(scratch.path("dev"))
      for device in null zero random urandom full tty; do
        touch $device; mount --bind /dev/$device $device
      done
      mount --rbind . /dev; cd /
      \(Self.regsift) sniff -i v1 --user root --format ndjson --output \(events) \
        --exec \(program) --exec-argument \(heard) --syslog local3 & sniff=$!
      \(TestNetwork.captures(1))
      \(Self.replay) \(Self.failing) v0 0
      sleep 4
      kill -TERM $sniff; wait $sniff || true
      """, mounting: true)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(!shell.output.contains("noise"))
    let lines = Set(
      try String(contentsOfFile: events, encoding: .utf8).split(separator: "\n").map(String.init)
        .filter { !$0.contains(#""event": "end""#) })
    #expect(lines.count >= 2)
    let calls = names("").filter { $0.hasPrefix("heard.") }.map { scratch.text($0) }
    #expect(Set(calls) == Set(lines.map { $0 + "\n" }))
    let logged = log.messages
    #expect(logged.count == lines.count, "\(logged)")
    // local3 is 19: 19 * 8 + 3 for errors, + 6 for what is over.
    let opened = #/<155>.* regsift\[\d+\]: opened error auth-failure-loop: 1001@.*/#
    #expect(logged.contains { $0.wholeMatch(of: opened) != nil }, "\(logged)")
    #expect(logged.contains { $0.hasPrefix("<158>") && $0.contains(": closed error auth-failure") })
  }

  @Test func `A full disk is said once, the capture goes on, and so does the ring later`() throws {
    let report = scratch.path("report.json")
    let shell = TestNetwork.run(
      """
      ring=\(scratch.path("ring")); mkdir $ring; mount -t tmpfs -o size=1m tmpfs $ring
      dd if=/dev/zero of=$ring/filler bs=1k count=700 2>/dev/null
      \(Self.regsift) sniff -i v1 --user root --format json --output \(report) --ring $ring & sniff=$!
      \(TestNetwork.captures(1))
      \(Self.replay) \(Self.large) v0 0 >/dev/null; sleep 2.5
      \(Self.replay) \(Self.failing) v0 0 >/dev/null; sleep 2.5
      rm $ring/filler; sleep 1.5
      \(Self.replay) \(Self.failing) v0 0 >/dev/null; sleep 3
      kill -INT $sniff; wait $sniff || true
      tshark -r $ring/*.pcapng 2>&1 | wc -l
      \(Self.regsift) analyze --format json $ring/*.pcapng > \(scratch.path("kept.json")) || echo $?
      """, mounting: true)
    #expect(shell.status == 0, "\(shell.output)")
    let said = shell.output.split(separator: "\n").filter { $0.hasPrefix("regsift: --ring") }
    try #require(said.count == 3, "\(shell.output)")
    #expect(
      said[0].hasSuffix(
        "cannot write: No space left on device; packets are not kept until it can be written again")
    )
    let lost = try #require(said[1].firstMatch(of: #/written again; (\d+) packets were not kept/#))
    #expect(said[2].hasSuffix("\(lost.1) packets were not kept in all"))
    let sniffed = try Report(Data(contentsOf: URL(filePath: report)))
    let kept = try Report(Data(contentsOf: URL(filePath: scratch.path("kept.json"))))
    #expect(kept.files.allSatisfy { $0["error"] is NSNull || $0["error"] == nil }, "no torn block")
    #expect(try #require(sniffed.frames) == (try #require(kept.frames)) + (Int(lost.1) ?? 0))
    #expect(sniffed.rules.contains("auth-failure-loop"))
  }

  @Test func `What a killed run left is read, counts for the next one and is removed in time`()
    throws
  {
    let ring = scratch.path("ring")
    let shell = TestNetwork.run(
      """
      \(Self.regsift) sniff -i v1 --user root --quiet --ring \(ring) --ring-size 6MB >/dev/null & sniff=$!
      \(TestNetwork.captures(1))
      (while :; do \(Self.replay) \(Self.large) v0 0 >/dev/null; done) & load=$!
      sleep 4
      kill -9 $sniff; wait $sniff || true
      kill $load; wait $load || true
      for file in \(ring)/*; do
        tshark -r $file 2>/dev/null | wc -l
        \(Self.regsift) analyze --format json --fail-on never $file | grep -m1 -o "frames.: [0-9]*"
      done
      echo whole
      \(Self.regsift) sniff -i v1 --user root --quiet --ring \(ring) --ring-size 5MB >/dev/null & sniff=$!
      for look in $(seq 80); do
        size=$(du -b --apparent-size -c \(ring)/*.pcapng | tail -1)
        [ ${size%%[!0-9]*} -gt 5000000 ] || break
        sleep 0.25
      done
      echo "$size"
      for round in 1 2 3 4 5 6; do \(Self.replay) \(Self.large) v0 0 >/dev/null; done
      sleep 3
      kill -INT $sniff; wait $sniff || true
      """)
    #expect(shell.status == 0, "\(shell.output)")
    let parts = shell.output.components(separatedBy: "whole\n")
    try #require(parts.count == 2, "\(shell.output)")
    let counts = parts[0].split(separator: "\n").compactMap { line in
      line.firstMatch(of: #/^(?:frames.: )?(\d+)$/#).flatMap { Int($0.1) }
    }
    #expect(counts.count >= 4 && counts.count % 2 == 0, "\(shell.output)")
    for place in stride(from: 0, to: counts.count - 1, by: 2) {
      #expect(counts[place] == counts[place + 1] && counts[place] > 0, "tshark reads as much")
    }
    let begun = try #require(parts[1].firstMatch(of: #/(\d+)\ttotal/#).flatMap { Int($0.1) })
    #expect(begun <= 5_000_000, "an earlier run's files count at once")
    #expect(ringSize() <= 5_000_000 && ringSize() > 3_000_000)
    #expect(!names("ring").contains { $0.hasSuffix("-000001.pcapng") })
  }

  @Test func `A service manager hears that the loop goes round, until the end`() throws {
    let socket = try DatagramSocket(scratch.path("notify"))
    let shell = TestNetwork.run(
      """
      export NOTIFY_SOCKET=\(scratch.path("notify")) WATCHDOG_USEC=1000000
      \(Self.regsift) sniff -i v1 --user root --quiet > /dev/null & sniff=$!
      \(TestNetwork.captures(1))
      \(Self.replay) \(Self.failing) v0 0 >/dev/null
      sleep 2.5
      kill -HUP $sniff; sleep 0.5
      kill -TERM $sniff; wait $sniff || true
      """)
    #expect(shell.status == 0, "\(shell.output)")
    let messages = socket.messages
    let beats = messages.count { $0 == "WATCHDOG=1" }
    // Every half second for five seconds or so; a busy machine misses some, or waits longer.
    #expect(3...20 ~= beats, "\(messages)")
    let others = messages.filter { $0 != "WATCHDOG=1" }
    try #require(others.count == 5, "\(messages)")
    #expect(others[0] == "READY=1" && others[4] == "STOPPING=1")
    #expect(others[1].wholeMatch(of: #/STATUS=2 accounts, \d+ open findings, \d+ errors/#) != nil)
    #expect(others[2].hasPrefix("RELOADING=1\nMONOTONIC_USEC=") && others[3] == "READY=1")
  }

  @Test(arguments: [
    (["--bundle", "b"], "--bundle: it needs --ring"),
    (["--ring-size", "5MB"], "--ring-size: it needs --ring"),
    (["--exec-argument", "-x"], "--exec-argument: it needs --exec"),
    (["--ring", "r", "--ring-size", "200"], "--ring-size 200: it takes a size such as 200MB"),
    (["--ring", "r", "--ring-size", "1MB"], "--ring-size 1MB: it takes a size such as 200MB"),
    (["--ring", "r", "--ring-size", "99999999999GB"], "--ring-size 99999999999GB: it takes"),
    (["--syslog", "mail"], "it takes daemon, user, local0"),
    (["--exec", "alert"], "--exec alert: it takes the path of a program"),
  ])
  func `What makes no sense is named with what it takes`(arguments: [String], message: String) {
    let shell = Self.refused(arguments)
    #expect(shell.output.contains(message), "\(shell.output)")
    #expect(shell.output.hasSuffix("\n64\n"), "\(shell.output)")
  }

  @Test(arguments: [
    (["--exec", "/etc/passwd"], "--exec /etc/passwd: cannot be called: Permission denied"),
    (["--ring", "/etc/passwd"], "--ring /etc/passwd: cannot open the folder: Not a directory"),
    (["--ring", "/proc/r"], "--ring /proc/r: cannot make the folder: No such file or directory"),
    (
      ["--ring", "$(mktemp -d)", "--bundle", "/proc/b"],
      "--bundle /proc/b: cannot make the folder: No such file or directory"
    ),
  ])
  func `What cannot be used is named with the reason`(arguments: [String], message: String) {
    let shell = Self.refused(arguments)
    #expect(shell.output.contains(message), "\(shell.output)")
    #expect(shell.output.hasSuffix("\n2\n"), "\(shell.output)")
  }

  private static func refused(_ arguments: [String]) -> Shell {
    TestNetwork.run(
      "\(regsift) sniff -i v1 --user root --duration 1 \(arguments.joined(separator: " ")) || echo $?"
    )
  }

  @Test(.enabled(if: geteuid() == 0, "only root becomes somebody else"))
  func `A folder that the capture's user cannot write to is refused at once`() throws {
    let folder = scratch.path("mine")
    mkdir(folder, 0o700)
    chmod(scratch.folder, 0o755)
    let shell = Shell(
      "unshare -n sh -c 'ip link set lo up; \(Self.regsift) sniff -i lo --duration 1 --ring \(folder)'"
    )
    #expect(shell.status == 2)
    #expect(
      shell.output.contains("cannot open the folder: Permission denied (as the user nobody)"),
      "\(shell.output)")
  }
}
