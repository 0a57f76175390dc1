import Foundation
import Glibc
import Testing

@Suite struct SniffTests {
  @Test(arguments: [
    (["sniff"], "-i: an interface is missing"),
    (["sniff", "-i", "lo", "--duration", "soon"], "--duration soon: it takes a time such as"),
    (["sniff", "-i", "lo", "--duration", "0s"], "--duration 0s: it takes a time such as"),
    (["sniff", "-i", "lo", "--snaplen", "12"], "--snaplen 12: it takes 128 to 262144"),
    (["sniff", "-i", "lo", "--buffer", "0"], "--buffer 0: it takes 1 to 2047"),
    (["sniff", "-i", "lo", "--format", "xml"], "xml: it takes text, json"),
    (["sniff", "-i", "lo", "--redact"], "--redact: a running capture redacts bundles only"),
    (
      [
        "sniff", "-i", "lo", "--ring", "/tmp/no-such-ring", "--bundle", "/tmp", "--redact",
        "--write-redaction-map", "/tmp/no-such-map",
      ],
      "--write-redaction-map: a running capture writes none"
    ),
    (["sniff", "-i", "lo", "--filter", "prot 5060"], "--filter 'prot 5060'"),
  ])
  func `What cannot be used is named with what it takes`(
    arguments: [String], message: String
  ) throws {
    let run = try Regsift().run(arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.contains(message.replacing("xml: ", with: "")), "\(run.errors)")
  }

  @Test func `An interface that is not there is named`() throws {
    let run = try Regsift.run("sniff", "-i", "nosuch0", "--duration", "1")
    #expect(run.status == 2 || run.status == 77)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.hasPrefix("regsift: interface nosuch0: "))
  }

  @Test func `The built-in filter is shown with its reasons, and compiles`() throws {
    let run = try Regsift.run("sniff", "--print-filter", "--filter", "host 192.0.2.1")
    #expect(run.status == 0)
    let expression = try #require(run.output.split(separator: "\n").first)
    #expect(expression.hasSuffix("and (host 192.0.2.1)"))
    let analysis = try Regsift.run(
      "analyze", "--filter", String(expression), Package.sample("nat-pinhole-lost/violated"))
    #expect(analysis.status == 0 && analysis.errors == "")
  }

  @Test func `The loopback interface is listed`() throws {
    let run = try Regsift.run("interfaces")
    #expect(run.status == 0)
    #expect(run.output.contains(/(?m)^lo 127\.0\.0\.1|^lo\b/), "\(run.output)\(run.errors)")
  }
}

/// Where captures are replayed: a pair of interfaces in a network namespace of their own.
enum TestNetwork {
  /// What keeps such tests from running; `nil` when nothing does.
  static let obstacle: String? = {
    let shell = Shell("unshare -rn ip link add v0 type veth peer name v1 && command -v dumpcap")
    return shell.status == 0 ? nil : "\(shell.output)"
  }()

  /// Where the programs are that the tests run.
  static let tools = (Regsift.executable as NSString).deletingLastPathComponent

  /// Shell: waits until `count` programs capture in this namespace, 60 s at most.
  ///
  /// libpcap binds its socket when its ring is made; from then on the kernel shows it as running.
  static func captures(_ count: Int) -> String {
    """
    for look in $(seq 300); do
      [ $(grep -Ec "0003 +[0-9]+ +1 " /proc/self/net/packet) -lt \(count) ] || break
      sleep 0.2
    done
    sleep 1
    """
  }

  /// Runs `body` with v0 and v1 joined and up, and where it mounts with mounts of its own.
  static func run(_ body: String, mounting: Bool = false) -> Shell {
    Shell(
      """
      timeout -k 5 180 unshare -rn\(mounting ? "m" : "") sh -ec '
      ip link add v0 type veth peer name v1
      ip link set v0 up; ip link set v1 up
      sleep 0.5
      \(body)'
      """)
  }
}

@Suite(
  .enabled(
    if: TestNetwork.obstacle == nil,
    "no network namespace or no dumpcap: \(TestNetwork.obstacle ?? "")"), .serialized)
struct LiveTests {
  struct Replay: CustomTestStringConvertible {
    let sample: String
    let frames: Int
    let speed: Double
    var testDescription: String { sample }
  }

  @Test(arguments: [
    Replay(sample: "proxy-challenge/near-miss-401", frames: 0, speed: 2),
    Replay(sample: "auth-failure-loop/violated-burst", frames: 0, speed: 40),
    Replay(sample: "nat-pinhole-lost/violated-call-lost", frames: 0, speed: 60),
    Replay(sample: "register-flood/violated", frames: 0, speed: 40),
  ])
  func `The report at the end is that of a file with the same packets`(replay: Replay) throws {
    let scratch = try Scratch()
    let (file, live) = (scratch.path("seen.pcapng"), scratch.path("live.json"))
    let shell = TestNetwork.run(
      """
      dumpcap -q -i v1 -w \(file) 2>/dev/null & dump=$!
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --format json --output \(live) & sniff=$!
      \(TestNetwork.captures(2))
      \(TestNetwork.tools)/replay-capture \(Package.sample(replay.sample)) v0 \(replay.speed)
      sleep 1
      kill -INT $sniff; wait $sniff || true
      kill -INT $dump; wait $dump || true
      """)
    #expect(shell.status == 0, "\(shell.output)")
    let sniffed = try Report(Data(contentsOf: URL(filePath: live)))
    // The kernel's own chatter on a new interface is in the file, and not in what the filter lets in.
    let offline = try Regsift.run("analyze", "--format", "json", file).report()
    #expect(!sniffed.findings.isEmpty || replay.sample.contains("near-miss"))
    #expect(sniffed.rules == offline.rules)
    #expect(Self.essence(sniffed) == Self.essence(offline))
  }

  /// What was found, for whom and when.
  private static func essence(_ report: Report) -> [String] {
    report.findings.map { finding in
      ["rule", "account", "from", "summary", "explanation", "count"].map { key in
        finding[key].map { "\($0)" } ?? "-"
      }.joined(separator: "|")
    }
  }

  @Test func `A finding is told when it opens, and the events end with the report`() throws {
    let scratch = try Scratch()
    let events = scratch.path("events.ndjson")
    let shell = TestNetwork.run(
      """
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --format ndjson --output \(events) & sniff=$!
      \(TestNetwork.captures(1))
      \(TestNetwork.tools)/replay-capture \(Package.sample("auth-failure-loop/violated")) v0 0
      sleep 4
      kill -TERM $sniff; wait $sniff || true
      """)
    #expect(shell.status == 0, "\(shell.output)")
    let lines = try String(contentsOfFile: events, encoding: .utf8).split(separator: "\n")
    let objects = try lines.map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let opened = objects.filter { $0["event"] as? String == "opened" }
    let rules = opened.compactMap { ($0["finding"] as? [String: Any])?["rule"] as? String }
    #expect(rules.contains("auth-failure-loop"))
    #expect(Set(rules).count == rules.count, "each once")
    let last = try #require(objects.last)
    #expect(last["event"] as? String == "end")
    let report = try #require(last["report"] as? [String: Any])
    #expect(report["schema"] as? String == "regsift-report/1")
  }

  @Test func `SIGUSR1 writes the report so far and the capture goes on`() throws {
    let scratch = try Scratch()
    let report = scratch.path("report.txt")
    let shell = TestNetwork.run(
      """
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --quiet --output \(report) & sniff=$!
      \(TestNetwork.captures(1))
      \(TestNetwork.tools)/replay-capture \(Package.sample("auth-failure-loop/violated")) v0 0
      sleep 1
      kill -USR1 $sniff
      sleep 1
      grep -q auth-failure-loop \(report)
      kill -0 $sniff
      kill -INT $sniff; wait $sniff || echo "ended with $?"
      """)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(shell.output.contains("ended with 1"))
  }

  @Test func `The capture ends after as many packets as asked for`() throws {
    let scratch = try Scratch()
    let report = scratch.path("report.json")
    let shell = TestNetwork.run(
      """
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --packets 17 --format json \
        --output \(report) & sniff=$!
      \(TestNetwork.captures(1))
      \(TestNetwork.tools)/replay-capture \(Package.sample("nat-pinhole-lost/violated-call-lost")) v0 0
      wait $sniff || true
      """)
    #expect(shell.status == 0, "\(shell.output)")
    let sniffed = try Report(Data(contentsOf: URL(filePath: report)))
    #expect(sniffed.files.first?["frames"] as? Int == 17)
  }
}

/// A shell command, run to its end.
struct Shell {
  let status: Int32
  let output: String

  init(_ command: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else {
      (status, output) = (127, "no shell")
      return
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    status = process.terminationStatus
    output = String(decoding: data, as: UTF8.self)
  }
}
