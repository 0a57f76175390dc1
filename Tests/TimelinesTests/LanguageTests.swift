import Capture
import Testing
import Timelines

@Suite("The language of timelines")
struct LanguageTests {
  struct Wrong: CustomTestStringConvertible, Sendable {
    let line: String
    let message: String
    var testDescription: String { line }
  }

  @Test(
    "a mistake is named with its line",
    arguments: [
      Wrong(line: "0 phone -> nobody OPTIONS", message: "there is no host nobody"),
      Wrong(line: "soon phone -> switch OPTIONS", message: "expected a time, not soon"),
      Wrong(
        line: "+1 phone -> switch OPTIONS", message: "expected a time and a line before it: +1"),
      Wrong(line: "0", message: "expected something to happen at this time"),
      Wrong(line: "0 phone sleeps", message: "expected ->, moves-to or restarts after phone"),
      Wrong(line: "0 phone -> switch", message: "expected a receiver and a message after ->"),
      Wrong(line: "0 phone -> switch 99", message: "99 is no status code"),
      Wrong(line: "0 phone -> switch options", message: "options is neither a method nor a status"),
      Wrong(line: "0 phone -> switch 200", message: "there is no request this could answer"),
      Wrong(line: "0 phone -> switch BYE", message: "BYE without an INVITE"),
      Wrong(line: "0 phone -> switch again", message: "nothing was sent on this way before"),
      Wrong(line: "0 phone -> switch OPTIONS loud", message: "unknown option loud"),
      Wrong(line: "0 phone -> switch OPTIONS cseq", message: "cseq needs 1 more word(s)"),
      Wrong(line: "0 phone -> switch OPTIONS cseq x", message: "cseq needs a number, not x"),
      Wrong(line: "0 phone -> switch OPTIONS cseq 1 cseq 2", message: "cseq stands twice"),
      Wrong(line: "0 phone -> switch OPTIONS copies 12", message: "copies from 1 to 11"),
      Wrong(
        line: "0 phone@here -> switch OPTIONS",
        message: "expected HOST@ADDRESS:PORT, not phone@here"),
      Wrong(
        line: "0..9 every 0 phone -> switch OPTIONS",
        message: "expected T1..T2 every D before the event"),
      Wrong(
        line: "0..900000 every 0.000001 phone -> switch OPTIONS",
        message: "expected T1..T2 every D before the event"),
      Wrong(line: "host phone 192.0.2.1", message: "there is a host phone already"),
      Wrong(line: "host other 192.0.2.256", message: "expected: host NAME ADDRESS[:PORT] ..."),
      Wrong(line: "host other 192.0.2.1:70000", message: "expected: host NAME ADDRESS[:PORT] ..."),
      Wrong(
        line: "host other 1:2:3:4:5:6:7:8:9", message: "expected: host NAME ADDRESS[:PORT] ..."),
      Wrong(line: "0 phone -> switch raw \"x", message: "no closing quote"),
      Wrong(
        line: "0 phone -> switch keepalive loud",
        message: "loud is none of crlf, doublecrlf, zeros, hello, stun, text, hex"),
      Wrong(
        line: "0 icmp 192.0.2.1 -> switch port-unreachable quoting phone",
        message: "nothing was sent that this could quote"),
      Wrong(
        line: "0 icmp 192.0.2.1 -> switch sulking quoting phone",
        message: "expected: icmp REPORTER -> HOST REASON quoting HOST"),
    ])
  func mistakes(row: Wrong) {
    let error = #expect(throws: TimelineError.self) { try Timeline(hosts + row.line) }
    #expect(error?.description == "line 3: \(row.message)")
  }

  @Test("both ends must be of one family")
  func families() {
    let error = #expect(throws: TimelineError.self) {
      try Timeline(hosts + "host six [2001:db8::1]\n\n0 phone -> six OPTIONS # no way")
    }
    #expect(error?.line == 5)
  }

  @Test("comments, blank lines and both line ends are fine")
  func layout() throws {
    let timeline = try Timeline(
      "# a case\r\nhost a 192.0.2.1\r\n\r\nhost b 192.0.2.2:5070 # other\r\n  0.5\ta -> b OPTIONS header \"X: #1\"\r\n"
    )
    let packet = try #require(timeline.frames.first.flatMap { Packet($0) })
    #expect(packet.destination == "192.0.2.2:5070")
    #expect(packet.header("X") == "#1")
    #expect(packet.seconds == 0.5)
  }

  @Test("a timeline may begin at any time of this century")
  func start() throws {
    let timeline = try Timeline(
      "start 1000\nhost a 192.0.2.1\nhost b 192.0.2.2\n0.25 a -> b OPTIONS")
    #expect(timeline.frames.first?.time.nanoseconds == 1_000_250_000_000)
  }
}
