import Capture
import Decode
import Registrations
import Testing
import Timelines

@Suite("What is known of a flow")
struct ReachabilityTests {
  private func flow(_ lines: String, of host: String = "home") throws -> Flow {
    let tracker = try track(hosts + "0 \(host) -> switch registers expires 600\n" + lines)
    let account = try tracker.onlyAccount()
    let binding = try #require(account.current.first)
    let flow = tracker.flow(of: binding)
    return try #require(flow)
  }

  @Test(
    "any final answer proves the flow open",
    arguments: [200, 400, 404, 405, 481, 486, 489, 501, 603])
  func answers(_ status: Int) throws {
    let flow = try flow("20 switch -> home OPTIONS answered \(status)")
    #expect(flow.answered == 1)
    #expect(flow.answeredProbes == 1)
    #expect(flow.runs.isEmpty)
  }

  @Test(
    "keepalives count on the side that sent them",
    arguments: ["crlf", "doublecrlf", "zeros", "hello", "stun", "text jaK", "hex 00"])
  func keepalives(_ form: String) throws {
    let flow = try flow(
      """
      10..50 every 10 home -> switch keepalive \(form)
      15 switch -> home keepalive \(form)
      """)
    #expect(flow.deviceKeepalives == 5)
    #expect(flow.switchKeepalives == 1)
    #expect(flow.opaque == 0)
  }

  @Test("what cannot be read on a signalling flow is opaque, and a sign of life")
  func opaque() throws {
    let flow = try flow("30 home -> switch keepalive hex 8f1b9d3377c0aa55e1f2")
    #expect(flow.opaque == 1)
    #expect(flow.deviceKeepalives == 0)
    #expect(flow.lastLife.frame.number == 5)
  }

  @Test("the pinhole's lifetime lies between the silence it survived and the one it did not")
  func lifetime() throws {
    let flow = try flow(
      """
      20 switch -> home OPTIONS answered 200
      70 switch -> home OPTIONS
      110 home -> switch keepalive crlf
      """)
    let open = try #require(flow.longestOpen)
    let closed = try #require(flow.shortestClosed)
    #expect(open > .seconds(19) && open < .seconds(20))
    #expect(closed > .seconds(49) && closed < .seconds(50))
  }

  @Test("a keepalive from the switch does not lengthen what the mapping is known to survive")
  func keepaliveShortensIdle() throws {
    let flow = try flow(
      """
      40 switch -> home keepalive hello
      50 switch -> home OPTIONS answered 200
      """)
    #expect(flow.longestOpen == .seconds(10))
  }

  @Test("a run of unanswered requests knows its calls and its end")
  func run() throws {
    let flow = try flow(
      """
      20 switch -> home OPTIONS answered 200
      50 switch -> home OPTIONS copies 3
      70 switch -> home INVITE copies 4
      120 home -> switch registers
      """)
    let run = try #require(flow.runs.kept.first)
    #expect(flow.runs.total == 1)
    #expect(run.requests == 2)
    #expect(run.transmissions == 7)
    #expect(run.invites == 1)
    #expect(run.followedAnAnswer)
    #expect(run.end == .deviceSpoke)
    #expect(run.endedBy == .register)
    #expect(run.lastLife.frame.number == 6)
  }

  @Test("an ICMP error decides at once and names its reporter")
  func refusal() throws {
    let flow = try flow(
      """
      50 switch -> phone OPTIONS
      +0.02 icmp 198.51.100.1 -> switch host-unreachable quoting phone
      60 switch -> phone OPTIONS answered 200
      """, of: "phone")
    let run = try #require(flow.runs.kept.first)
    #expect(run.refusals == 1)
    #expect(run.firstRefusal.map { "\($0.reporter)" } == "198.51.100.1")
    #expect(run.firstRefusal?.reason == .hostUnreachable)
    #expect(run.end == .answered)
  }

  @Test("a request younger than Timer F at the end is undecided")
  func undecided() throws {
    let flow = try flow(
      """
      30 switch -> home OPTIONS
      40 home -> switch keepalive crlf
      """)
    #expect(flow.undecided == 1)
    #expect(flow.runs.isEmpty)
  }

  @Test("408 from an edge proxy is no sign of life of the phone behind it")
  func edgeProxy() throws {
    let via = "header \"Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKphone\""
    let tracker = try track(
      """
      host switch 203.0.113.10:5060
      host edge 192.0.2.5:5060
      0 edge -> switch REGISTER user 1001 expires 300 contact sip:1001@192.168.77.21 \(via)
      +0.01 switch -> edge 200 expires 300 \(via)
      30 switch -> edge OPTIONS uri sip:1001@192.168.77.21 answered 408
      """)
    let account = try tracker.onlyAccount()
    let binding = try #require(account.current.first)
    let found = tracker.flow(of: binding)
    let flow = try #require(found)
    #expect(flow.isShared)
    #expect(flow.answered == 0)
    #expect(flow.lastLife.frame.number == 1)
  }
}

@Suite("Signs of a NAT")
struct NATSignTests {
  struct Sign: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var host: String
    var isBehindNAT: Bool
  }

  @Test(
    "sign",
    arguments: [
      Sign(
        testDescription: "private Via and Contact behind a public source",
        host: "198.51.100.80:52094 inside 192.168.77.21:5060", isBehindNAT: true),
      Sign(
        testDescription: "a public Contact, but a private Via",
        host: "198.51.100.80:52094 inside 192.168.77.21:5060 contact sip:1@198.51.100.80:52094",
        isBehindNAT: true),
      Sign(
        testDescription: "a public Via, but a private Contact",
        host: "198.51.100.80:52094 via 198.51.100.80:52094 contact sip:1@10.0.0.4:5060",
        isBehindNAT: true),
      Sign(
        testDescription: "carrier-grade NAT addresses",
        host: "198.51.100.80:52094 inside 100.64.1.9:5060", isBehindNAT: true),
      Sign(
        testDescription: "nothing: all addresses are the same", host: "198.51.100.21:5060",
        isBehindNAT: false),
      Sign(
        testDescription: "nothing: a private network all the way", host: "10.1.2.3:5060",
        isBehindNAT: false),
      Sign(
        testDescription: "nothing: a Contact that is a name",
        host: "198.51.100.21:5060 contact sip:1001@phone.example.org", isBehindNAT: false),
      Sign(
        testDescription: "nothing: all ports are the client's own choice",
        host: "198.51.100.21:40123 via 198.51.100.21:40123", isBehindNAT: false),
    ])
  func sign(_ sign: Sign) throws {
    let account = try track(
      """
      host switch 203.0.113.10:5060
      host phone \(sign.host) user 1001
      0 phone -> switch registers
      """
    ).onlyAccount()
    #expect(account.current.map(\.isBehindNAT) == [sign.isBehindNAT])
    #expect(account.current.map(\.isSeenFromInside) == [false])
  }
}
