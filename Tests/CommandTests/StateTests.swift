import Foundation
import Testing
import Timelines

@Suite(
  .enabled(
    if: TestNetwork.obstacle == nil,
    "no network namespace or no dumpcap: \(TestNetwork.obstacle ?? "")"), .serialized)
struct StateTests {
  private static let hosts = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host phone 198.51.100.80:5060 user 1001 agent "Acme D7" expires 300

    """
  /// The phone registers; its program has stopped when it is called.
  private static let before = hosts + "0 phone -> switch  registers\n"
  private static let after = hosts + dies("0")

  private static func dies(_ time: String) -> String {
    "\(time) switch -> phone  INVITE\n+0.1 icmp phone -> switch port-unreachable quoting phone\n"
  }

  private static func sniff(_ state: String, _ events: String, replaying capture: String) -> String
  {
    """
    \(TestNetwork.tools)/regsift sniff -i v1 --user root --format ndjson --state \(state) \
      --output \(events) & sniff=$!
    \(TestNetwork.captures(1))
    \(TestNetwork.tools)/replay-capture \(capture) v0 1
    sleep 3
    kill -INT $sniff; wait $sniff || true

    """
  }

  private static func findings(_ events: String, _ kind: String) throws -> [String] {
    try events.split(separator: "\n").compactMap { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard object?["event"] as? String == kind else { return nil }
      return (object?["finding"] as? [String: Any])?["rule"] as? String
    }
  }

  @Test func `A device known before the restart is watched after it, and told of once`() throws {
    let scratch = try Scratch()
    let registers = try scratch.file("before.pcap", Timeline(Self.before).captureBytes())
    let fails = try scratch.file("after.pcap", Timeline(Self.after).captureBytes())
    let state = scratch.path("state.pcapng")
    let shell = TestNetwork.run(
      Self.sniff(state, scratch.path("1"), replaying: registers)
        + Self.sniff(state, scratch.path("2"), replaying: fails)
        + Self.sniff(state, scratch.path("3"), replaying: fails))
    #expect(shell.status == 0, "\(shell.output)")
    #expect(shell.output.contains("registrations known: 1, accounts: 1, saved "), "\(shell.output)")
    #expect(try Self.findings(scratch.text("1"), "opened").isEmpty)
    #expect(try Self.findings(scratch.text("2"), "opened") == ["stale-binding"])
    #expect(try Self.findings(scratch.text("3"), "opened").isEmpty)
    #expect(try Self.findings(scratch.text("3"), "updated") == ["stale-binding"])
    let mode = try FileManager.default.attributesOfItem(atPath: state)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(scratch.names == ["1", "2", "3", "after.pcap", "before.pcap", "state.pcapng"])
  }

  @Test func `A finding that ended between two runs is told to be over, once`() throws {
    let scratch = try Scratch()
    let fails = try scratch.file(
      "fails.pcap",
      Timeline(Self.before + Self.dies("1")).captureBytes())
    let answers = try scratch.file(
      "answers.pcap",
      Timeline(Self.before + "1 switch -> phone OPTIONS answered 200\n").captureBytes())
    let state = scratch.path("state.pcapng")
    let shell = TestNetwork.run(
      Self.sniff(state, scratch.path("1"), replaying: fails)
        + Self.sniff(state, scratch.path("2"), replaying: answers)
        + Self.sniff(state, scratch.path("3"), replaying: answers))
    #expect(shell.status == 0, "\(shell.output)")
    #expect(try Self.findings(scratch.text("1"), "opened") == ["stale-binding"])
    #expect(try Self.findings(scratch.text("1"), "closed").isEmpty)
    #expect(try Self.findings(scratch.text("2"), "closed") == ["stale-binding"])
    #expect(try Self.findings(scratch.text("2"), "opened").isEmpty)
    #expect(try Self.findings(scratch.text("3"), "closed").isEmpty)
  }

  @Test func `A second run with the same state ends at once, and the first one goes on`() throws {
    let scratch = try Scratch()
    let state = scratch.path("state.pcapng")
    let shell = TestNetwork.run(
      """
      sniff="\(TestNetwork.tools)/regsift sniff -i v1 --user root --quiet --output /dev/null"
      $sniff --state \(state) & first=$!
      for i in $(seq 100); do [ -e \(state).lock ] && break; sleep 0.1; done
      $sniff --duration 60 --state \(state) || echo "ended with $?"
      kill -KILL $first; wait $first || true
      $sniff --duration 1 --state \(state) && echo "went on after a kill"
      """)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(shell.output.contains("another run keeps its state there"), "\(shell.output)")
    #expect(shell.output.contains("ended with 2"), "\(shell.output)")
    #expect(shell.output.contains("went on after a kill"), "\(shell.output)")
    #expect(!scratch.names.contains("state.pcapng.lock"))
  }

  @Test func `What a killed run left half written is removed, and nothing else`() throws {
    let scratch = try Scratch()
    let state = scratch.path("state.pcapng")
    let left = "state.pcapng.part-aB3xY9"
    let others = ["state.pcapng.backup", "state.pcapng.part-aB3xY", "my-state.pcapng.part-aB3xY9"]
    for name in [left] + others { _ = try scratch.file(name, Array("x".utf8)) }
    let shell = TestNetwork.run(
      """
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --quiet --duration 1 --output /dev/null \
        --state \(state)
      """)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(Set(scratch.names).isSuperset(of: others) && !scratch.names.contains(left))
  }

  @Test func `A damaged state is kept under another name, and the capture goes on`() throws {
    let scratch = try Scratch()
    let registers = try scratch.file("before.pcap", Timeline(Self.before).captureBytes())
    let state = try scratch.file("state.pcapng", Array("regsift".utf8))
    let shell = TestNetwork.run(Self.sniff(state, scratch.path("1"), replaying: registers))
    #expect(shell.status == 0, "\(shell.output)")
    #expect(shell.output.contains("--state \(state): is damaged: "), "\(shell.output)")
    #expect(shell.output.contains("kept as \(state).refused, begun afresh"))
    #expect(scratch.text("state.pcapng.refused") == "regsift")
    #expect(scratch.text("state.pcapng").contains("REGISTER sip:203.0.113.10:5060 SIP/2.0"))
  }

  @Test(arguments: [
    ("/nosuch/state", "cannot be kept: No such file or directory"),
    ("/dev/null", "cannot be kept: it is no regular file"),
    ("/proc/state", "cannot be kept: "),
  ])
  func `A state that could not be saved later ends the program at its start`(
    path: String, message: String
  ) {
    let shell = TestNetwork.run(
      """
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --duration 5 --state \(path) \
        || echo "ended with $?"
      """)
    #expect(shell.output.contains("ended with 2"), "\(shell.output)")
    #expect(shell.output.contains("--state \(path): \(message)"), "\(shell.output)")
  }
}
