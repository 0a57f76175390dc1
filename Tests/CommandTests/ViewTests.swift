import Foundation
import Glibc
import Testing

/// The full-screen view at a real terminal.
@Suite(
  .enabled(
    if: TestNetwork.obstacle == nil,
    "no network namespace or no dumpcap: \(TestNetwork.obstacle ?? "")"), .serialized)
struct ViewTests {
  private static let entering = "\u{1B}[?1049h"
  private static let leaving = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
  private static let footer = "j/k move"

  /// A capture on v1 at a terminal; packets of a sample arrive after a second.
  private static func session(
    _ arguments: String = "", environment: String = "", replaying sample: String? = nil,
    columns: UInt16 = 80,
    rows: UInt16 = 24
  ) throws -> TerminalSession {
    let replay = sample.map {
      "(\(TestNetwork.captures(1)); sleep 1; \(TestNetwork.tools)/replay-capture \(Package.sample($0)) v0 0 >/dev/null) &"
    }
    return try TerminalSession(
      """
      exec unshare -rn sh -ec '
      ip link add v0 type veth peer name v1
      ip link set v0 up; ip link set v1 up
      \(replay ?? "")
      exec env \(environment) \(TestNetwork.tools)/regsift sniff -i v1 --user root --utc \(
        arguments)'
      """, columns: columns, rows: rows)
  }

  /// What was written after the view had gone; `nil` when it has not.
  private static func afterwards(_ session: TerminalSession) -> Substring? {
    guard let place = session.output.range(of: leaving, options: .backwards) else { return nil }
    let rest = session.output[place.upperBound...]
    return rest.contains("\u{1B}") ? nil : rest
  }

  @Test func `The view shows what happens, and q leaves the report on a terminal as before`() throws
  {
    let session = try Self.session(replaying: "auth-failure-loop/violated")
    #expect(session.waits(for: "Packets   none yet"))
    #expect(session.modes != session.modesBefore)
    #expect(session.waits(for: "opened"), "\(session.output)")
    // By now it has stopped trying: over, but its account is out of service.
    #expect(session.waits(for: "Current findings 1"))
    session.type("\r")
    #expect(session.waits(for: "[auth-failure-loop]"))
    session.type("qq")
    #expect(session.end() == 1)
    #expect(session.modes == session.modesBefore)
    let report = try #require(Self.afterwards(session))
    #expect(report.contains("Verdict") && report.contains("auth-failure-loop"))
    #expect(!report.contains("Current findings"))
  }

  @Test(arguments: [SIGINT, SIGTERM]) func `A signal to end ends with the report`(
    signal: Int32
  ) throws {
    let session = try Self.session()
    #expect(session.waits(for: Self.footer))
    session.send(signal)
    #expect(session.end() == 0)
    #expect(session.modes == session.modesBefore)
    #expect(Self.afterwards(session)?.contains("Verdict") == true)
  }

  @Test func `Ctrl-C ends with the report`() throws {
    let session = try Self.session()
    #expect(session.waits(for: Self.footer))
    session.type("\u{3}")
    #expect(session.end() == 0)
    #expect(session.modes == session.modesBefore)
    #expect(Self.afterwards(session)?.contains("Verdict") == true)
  }

  @Test(arguments: [SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGQUIT])
  func `A crash leaves the terminal as it was`(signal: Int32) throws {
    let session = try Self.session()
    #expect(session.waits(for: Self.footer))
    session.send(signal)
    #expect(session.end() == -signal)
    #expect(session.modes == session.modesBefore)
    #expect(Self.afterwards(session) == "")
  }

  @Test func `Ctrl-Z gives the terminal to the shell, and fg brings the view back`() throws {
    let session = try TerminalSession(
      """
      exec unshare -rn sh -mc '
      ip link add v0 type veth peer name v1
      ip link set v0 up; ip link set v1 up
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --utc
      echo "left with $?"
      sleep 1
      fg
      echo "ended with $?"'
      """)
    #expect(session.waits(for: Self.footer))
    session.type("\u{1A}")
    #expect(session.waits(for: "left with \(128 + SIGTSTP)"), "\(session.output)")
    #expect(session.modes == session.modesBefore)
    #expect(Self.afterwards(session) != nil)
    let before = session.output.count
    #expect(session.waits(for: Self.entering, skipping: before))
    #expect(session.waits(for: Self.footer, skipping: before))
    session.type("q")
    #expect(session.waits(for: "ended with 0", skipping: before))
    _ = session.end()
    #expect(session.modes == session.modesBefore)
  }

  @Test func `Another size of the terminal is drawn at once`() throws {
    let session = try Self.session(columns: 40, rows: 15)
    #expect(session.waits(for: "\u{1B}[15;1H"))
    #expect(!session.output.contains("q quit"))
    session.resize(columns: 100, rows: 30)
    #expect(session.waits(for: "\u{1B}[30;1H"))
    #expect(session.waits(for: "q quit"))
    session.type("q")
    #expect(session.end() == 0)
  }

  @Test func `The capture ends when its terminal has gone`() throws {
    let session = try Self.session()
    #expect(session.waits(for: Self.footer))
    session.hangUp()
    #expect(session.end() != nil)
  }

  @Test(arguments: ["--lines", "--quiet", "--format json", "--output /dev/null"])
  func `Where lines or another form are asked for there is no view`(option: String) throws {
    let session = try Self.session("--duration 1 " + option)
    #expect(session.end() == 0, "\(session.output)")
    #expect(!session.output.contains("\u{1B}"))
    #expect(session.modes == session.modesBefore)
  }

  @Test func `A terminal without a screen gets lines`() throws {
    let session = try Self.session("--duration 1", environment: "TERM=dumb")
    #expect(session.end() == 0, "\(session.output)")
    #expect(!session.output.contains("\u{1B}") && session.output.contains("Verdict"))
  }

  @Test func `Without colour the view has weight and reverse video only`() throws {
    let session = try Self.session(
      environment: "NO_COLOR=1", replaying: "auth-failure-loop/violated")
    #expect(session.waits(for: "Current findings 1"))
    session.type("q")
    #expect(session.end() == 1)
    let sequences = session.output.matches(of: /\u{1B}\[([0-9;]*)m/).map { String($0.1) }
    #expect(Set(sequences) == ["0", "1", "7"])
  }

  @Test func `What goes wrong meanwhile is told in the view, and again after it`() throws {
    let session = try TerminalSession(
      """
      exec unshare -rn sh -ec '
      ip link add v0 type veth peer name v1
      ip link set v0 up; ip link set v1 up
      (sleep 2; ip link del v0) &
      exec \(TestNetwork.tools)/regsift sniff -i v1 --user root --utc'
      """)
    #expect(session.waits(for: "interface v1: "), "\(session.output)")
    #expect(session.output.contains("note"))
    session.type("q")
    #expect(session.end() == 2)
    #expect(Self.afterwards(session)?.contains("regsift: interface v1: ") == true)
  }
}
