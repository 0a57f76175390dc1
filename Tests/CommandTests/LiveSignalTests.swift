import Foundation
import Testing

/// What signals do to a capture that runs.
@Suite(
  .enabled(
    if: TestNetwork.obstacle == nil,
    "no network namespace or no dumpcap: \(TestNetwork.obstacle ?? "")"), .serialized)
struct LiveSignalTests {
  /// A pipe whose reader reads nothing holds 64 KiB; a few reports fill it.
  @Test func `A second signal ends the program, also while it waits for who reads its output`()
    throws
  {
    let scratch = try Scratch()
    let pipe = scratch.path("pipe")
    let shell = TestNetwork.run(
      """
      mkfifo \(pipe)
      sleep 20 < \(pipe) & reader=$!
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --format ndjson > \(pipe) & sniff=$!
      \(TestNetwork.captures(1))
      \(TestNetwork.tools)/replay-capture \(Package.sample("auth-failure-loop/violated")) v0 0
      for n in 1 2 3 4 5 6 7 8; do kill -USR1 $sniff; sleep 0.3; done
      kill -INT $sniff
      sleep 0.5
      kill -0 $sniff && echo waiting
      kill -INT $sniff
      wait $sniff || echo "ended with $?"
      kill $reader
      """)
    #expect(shell.output.contains("waiting"), "\(shell.output)")
    #expect(shell.output.contains("ended with 130"), "\(shell.output)")
  }

  @Test func `SIGHUP reads the profile again, and a damaged one changes nothing`() throws {
    let scratch = try Scratch()
    let profile = try scratch.file("profile", "SS_ENDPOINT_EXPIRE: 120\n".utf8)
    let (first, second) = (scratch.path("first.json"), scratch.path("second.json"))
    let shell = TestNetwork.run(
      """
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --profile \(profile) --format json \
        --output \(first) & sniff=$!
      \(TestNetwork.captures(1))
      echo "SS_ENDPOINT_EXPIRE: 240" > \(profile)
      kill -HUP $sniff; sleep 0.3; kill -USR1 $sniff; sleep 1
      cp \(first) \(second)
      echo "SS_ENDPOINT_EXPIRE: often" > \(profile)
      kill -HUP $sniff; sleep 0.3
      kill -TERM $sniff; wait $sniff
      """)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(shell.output.contains("SS_ENDPOINT_EXPIRE"), "\(shell.output)")
    #expect(shell.output.contains("going on with the values read before"), "\(shell.output)")
    for report in [first, second] {
      let report = try Report(Data(contentsOf: URL(filePath: report)))
      let value = try #require(report.parameter("SS_ENDPOINT_EXPIRE"))
      #expect("\(value)".contains("240"), "\(value)")
    }
  }

  @Test func `A capture in which nothing happens hardly wakes up`() throws {
    let shell = TestNetwork.run(
      """
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --quiet --duration 12 & sniff=$!
      \(TestNetwork.captures(1))
      grep -h ^voluntary /proc/$sniff/task/*/status | tr -dc "0-9\\n"
      echo then
      sleep 5
      grep -h ^voluntary /proc/$sniff/task/*/status | tr -dc "0-9\\n"
      echo end
      wait $sniff
      """)
    #expect(shell.status == 0, "\(shell.output)")
    let parts = shell.output.components(separatedBy: "then").map { part in
      part.split(separator: "\n").prefix { $0 != "end" }.compactMap { Int($0) }.reduce(0, +)
    }
    // Judging every 2 s, and the kernel's own packets on a new interface, are all.
    #expect(parts.count == 2 && parts[1] - parts[0] <= 20, "\(shell.output)")
  }
}
