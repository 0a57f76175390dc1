import Testing
import Timelines

@Suite("Shared flows, and NATs that messages do not show")
struct SharedFlowTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "Behind a border controller only the phone that was probed in vain is dead",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host sbc 192.0.2.5:5060 agent "SBC 9"
      0 sbc -> switch REGISTER as 1001_0 user 1001 call-id 1001-c@x cseq 1 expires 300 contact sip:1001@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1001_0 expires 300
      100 sbc -> switch REGISTER as 1001_100 user 1001 call-id 1001-c@x cseq 2 expires 300 contact sip:1001@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1001_100 expires 300
      1 sbc -> switch REGISTER as 1002_1 user 1002 call-id 1002-c@x cseq 1 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_1 expires 300
      101 sbc -> switch REGISTER as 1002_101 user 1002 call-id 1002-c@x cseq 2 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_101 expires 300
      201 sbc -> switch REGISTER as 1002_201 user 1002 call-id 1002-c@x cseq 3 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_201 expires 300
      301 sbc -> switch REGISTER as 1002_301 user 1002 call-id 1002-c@x cseq 4 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_301 expires 300
      30..90 every 30 switch -> sbc OPTIONS uri sip:1001@192.0.2.5:5060 answered 200
      110..395 every 30 switch -> sbc OPTIONS uri sip:1001@192.0.2.5:5060
      """,
      finds: [
        ExpectedFinding("stale-binding", from: 110, to: nil, frames: nil)
      ],
      beside: ["slow-offline-detection"]
    ),
    Scenario(
      "Answers of one phone do not vouch for another behind the same border controller",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host sbc 192.0.2.5:5060 agent "SBC 9"
      0 sbc -> switch REGISTER as 1001_0 user 1001 call-id 1001-c@x cseq 1 expires 300 contact sip:1001@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1001_0 expires 300
      100 sbc -> switch REGISTER as 1001_100 user 1001 call-id 1001-c@x cseq 2 expires 300 contact sip:1001@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1001_100 expires 300
      1 sbc -> switch REGISTER as 1002_1 user 1002 call-id 1002-c@x cseq 1 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_1 expires 300
      101 sbc -> switch REGISTER as 1002_101 user 1002 call-id 1002-c@x cseq 2 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_101 expires 300
      201 sbc -> switch REGISTER as 1002_201 user 1002 call-id 1002-c@x cseq 3 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_201 expires 300
      301 sbc -> switch REGISTER as 1002_301 user 1002 call-id 1002-c@x cseq 4 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_301 expires 300
      30..90 every 30 switch -> sbc OPTIONS uri sip:1001@192.0.2.5:5060 answered 200
      35..395 every 30 switch -> sbc OPTIONS uri sip:1002@192.0.2.5:5060 answered 200
      120..395 every 30 switch -> sbc OPTIONS uri sip:1001@192.0.2.5:5060
      """,
      finds: [
        ExpectedFinding("stale-binding", from: 120, to: nil, frames: nil)
      ],
      beside: ["slow-offline-detection"],
      verdicts: [
        ExpectedVerdict("stale-binding", of: "1002@203.0.113.10", .held)
      ]
    ),
    Scenario(
      "408 to OPTIONS is never a sign of life",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host sbc 192.0.2.5:5060 agent "SBC 9"
      0 sbc -> switch REGISTER as 1001_0 user 1001 call-id 1001-c@x cseq 1 expires 300 contact sip:1001@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1001_0 expires 300
      100 sbc -> switch REGISTER as 1001_100 user 1001 call-id 1001-c@x cseq 2 expires 300 contact sip:1001@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1001_100 expires 300
      1 sbc -> switch REGISTER as 1002_1 user 1002 call-id 1002-c@x cseq 1 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_1 expires 300
      101 sbc -> switch REGISTER as 1002_101 user 1002 call-id 1002-c@x cseq 2 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_101 expires 300
      201 sbc -> switch REGISTER as 1002_201 user 1002 call-id 1002-c@x cseq 3 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_201 expires 300
      301 sbc -> switch REGISTER as 1002_301 user 1002 call-id 1002-c@x cseq 4 expires 300 contact sip:1002@192.0.2.5:5060
      +0.005 switch -> sbc 200 to 1002_301 expires 300
      30..90 every 30 switch -> sbc OPTIONS uri sip:1001@192.0.2.5:5060 answered 200
      35..395 every 30 switch -> sbc OPTIONS uri sip:1002@192.0.2.5:5060 answered 200
      120..395 every 30 switch -> sbc OPTIONS uri sip:1001@192.0.2.5:5060 answered 408 after 1
      """,
      finds: [
        ExpectedFinding("stale-binding", from: 120, to: nil, frames: nil, says: "408")
      ],
      beside: ["slow-offline-detection"],
      verdicts: [
        ExpectedVerdict("stale-binding", of: "1002@203.0.113.10", .held)
      ]
    ),
    Scenario(
      "A hole in the capture may hold the refresh",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers call-id r0@x cseq 10
      60 phone -> switch registers call-id r60@x cseq 10
      120 phone -> switch registers call-id r120@x cseq 10 unseen
      180 phone -> switch registers call-id r180@x cseq 10 unseen
      240 phone -> switch registers call-id r240@x cseq 10
      300 phone -> switch registers call-id r300@x cseq 10
      360 phone -> switch registers call-id r360@x cseq 10
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .undecided)
      ]
    ),
    Scenario(
      "One Contact and agent from ever new addresses is a device on the move",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host p0 198.51.100.80:52090 inside 192.168.77.21:5060 user 1001 agent "uac" expires 120
      host p1 198.51.100.81:52091 inside 192.168.77.21:5060 user 1001 agent "uac" expires 120
      host p2 198.51.100.82:52092 inside 192.168.77.21:5060 user 1001 agent "uac" expires 120
      host p3 198.51.100.83:52093 inside 192.168.77.21:5060 user 1001 agent "uac" expires 120
      host p4 198.51.100.84:52094 inside 192.168.77.21:5060 user 1001 agent "uac" expires 120
      host p5 198.51.100.85:52095 inside 192.168.77.21:5060 user 1001 agent "uac" expires 120
      host p6 198.51.100.86:52096 inside 192.168.77.21:5060 user 1001 agent "uac" expires 120
      0 p0 -> switch registers call-id u0@x cseq 10
      60 p1 -> switch registers call-id u1@x cseq 10
      120 p2 -> switch registers call-id u2@x cseq 10
      180 p3 -> switch registers call-id u3@x cseq 10
      240 p4 -> switch registers call-id u4@x cseq 10
      300 p5 -> switch registers call-id u5@x cseq 10
      360 p6 -> switch registers call-id u6@x cseq 10
      """,
      finds: [
        ExpectedFinding(
          "registration-flapping", from: 60.012, to: 360.012, frames: nil, says: "on the move")
      ]
    ),
    Scenario(
      "The same host and series from a new port is a lost pinhole though nothing else shows a NAT",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 user 1001 agent "Acme" expires 120
      0 phone -> switch registers
      10 switch -> phone OPTIONS answered 200
      40..100 every 30 switch -> phone OPTIONS
      108 phone moves-to 198.51.100.80:31343
      108 phone -> switch registers
      115 switch -> phone OPTIONS answered 200
      140..200 every 30 switch -> phone OPTIONS
      208 phone moves-to 198.51.100.80:31999
      208 phone -> switch registers
      215 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding("nat-pinhole-lost", from: 40, to: 208, frames: nil, says: "2 episodes")
      ]
    ),
    Scenario(
      "A flow that closes after the same silence and reopens with the device's packet has a pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:5060 user 1001 agent "Acme" expires 120
      0 phone -> switch registers
      10 switch -> phone OPTIONS answered 200
      30 switch -> phone OPTIONS answered 200
      65 switch -> phone OPTIONS
      85 switch -> phone OPTIONS
      100 phone -> switch registers
      110 switch -> phone OPTIONS answered 200
      130 switch -> phone OPTIONS answered 200
      165 switch -> phone OPTIONS
      185 switch -> phone OPTIONS
      200 phone -> switch registers
      210 switch -> phone OPTIONS answered 200
      230 switch -> phone OPTIONS answered 200
      265 switch -> phone OPTIONS
      285 switch -> phone OPTIONS
      300 phone -> switch registers
      310 switch -> phone OPTIONS answered 200
      330 switch -> phone OPTIONS answered 200
      365 switch -> phone OPTIONS
      385 switch -> phone OPTIONS
      400 phone -> switch registers
      410 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding("nat-pinhole-lost", from: 65, to: 400, frames: nil, says: "4 episodes")
      ]
    ),
    Scenario(
      "A stateful firewall closes pinholes on IPv6 as well",
      """
      host switch [2001:db8::10]:5060 agent "S"
      host phone [2001:db8:1::21]:5060 user 1001 agent "Acme" expires 120
      0 phone -> switch registers
      10 switch -> phone OPTIONS answered 200
      30 switch -> phone OPTIONS answered 200
      65 switch -> phone OPTIONS
      85 switch -> phone OPTIONS
      100 phone -> switch registers
      110 switch -> phone OPTIONS answered 200
      130 switch -> phone OPTIONS answered 200
      165 switch -> phone OPTIONS
      185 switch -> phone OPTIONS
      200 phone -> switch registers
      210 switch -> phone OPTIONS answered 200
      230 switch -> phone OPTIONS answered 200
      265 switch -> phone OPTIONS
      285 switch -> phone OPTIONS
      300 phone -> switch registers
      310 switch -> phone OPTIONS answered 200
      330 switch -> phone OPTIONS answered 200
      365 switch -> phone OPTIONS
      385 switch -> phone OPTIONS
      400 phone -> switch registers
      410 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding("nat-pinhole-lost", of: "1001@2001:db8::10", from: 65, to: 400, frames: nil)
      ]
    ),
    Scenario(
      "The success of one phone does not clear the wrong password of another",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host a 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 120
      host b 198.51.100.80:52095 inside 192.168.77.22:5060 user 1001 agent "Acme D7" expires 120
      0..600 every 60 a -> switch registers
      30..630 every 60 b -> switch REGISTER
      +0.001 switch -> b 401
      +0.005 b -> switch REGISTER auth
      +0.001 switch -> b 401
      """,
      finds: [
        ExpectedFinding(
          "auth-failure-loop", from: 30.006, to: 630.007, frames: nil, says: "198.51.100.80:52095")
      ],
      beside: ["keepalive-missing"]
    ),
  ]
}
