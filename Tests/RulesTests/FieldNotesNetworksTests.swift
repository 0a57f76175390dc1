import Testing
import Timelines

@Suite("What networks do")
struct FieldNotesNetworksTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "A call into a closed pinhole is lost although the caller hears 408",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      host caller 198.51.100.30:5060 user 1009 agent "Beta" expires 600
      0 caller -> switch registers
      0.5 phone -> switch registers
      10 switch -> phone OPTIONS answered 200
      70 caller -> switch INVITE for 1001 as in
      70.01 switch -> caller 100 to in
      70.02 switch -> phone INVITE as out copies 5
      86 switch -> phone CANCEL in out
      86.1 switch -> caller 408 to in
      86.2 caller -> switch ACK in in
      108 phone moves-to 198.51.100.80:31343
      108 phone -> switch registers
      115 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "nat-pinhole-lost", from: 70.02, to: 108, frames: [10, 13, 17, 21], says: "1 call lost",
          "from port 31343 instead of 52094")
      ],
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "The same instance and Call-ID series from a new port was alive all the time",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Lin" expires 300 instance urn:uuid:1
      0 phone -> switch registers
      10..70 every 20 switch -> phone OPTIONS answered 200
      90..190 every 20 switch -> phone OPTIONS
      200 phone moves-to 198.51.100.80:31343
      200 phone -> switch registers
      210..290 every 20 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "nat-pinhole-lost", from: 90, to: 200, frames: [12, 13, 18, 19],
          says: "closed the pinhole")
      ],
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "A Contact that still names the old port does not hide the lost pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "PJ" expires 120
      0 phone -> switch registers contact sip:1001@198.51.100.80:52094
      10 switch -> phone OPTIONS answered 200
      45..85 every 20 switch -> phone@198.51.100.80:52094 OPTIONS uri sip:1001@198.51.100.80:52094
      100 phone moves-to 198.51.100.80:31343
      100 phone -> switch REGISTER auth contact <sip:1001@198.51.100.80:52094>;expires=120 via 198.51.100.80:52094
      +0.005 switch -> phone 200 expires 120
      +0.100 phone -> switch REGISTER auth contact <sip:1001@198.51.100.80:52094>;expires=0 contact <sip:1001@198.51.100.80:31343>;expires=120 via 198.51.100.80:31343
      +0.005 switch -> phone 200 contact <sip:1001@198.51.100.80:31343>;expires=120
      110 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "nat-pinhole-lost", from: 45, to: 100, frames: [6, 7, 8, 10], says: "closed the pinhole")
      ]
    ),
    Scenario(
      "A client that knows its mapped address betrays the NAT by its new port",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "PJ" expires 120
      0 phone -> switch registers contact sip:1001@198.51.100.80:52094 via 198.51.100.80:52094
      10 switch -> phone OPTIONS answered 200
      45..85 every 20 switch -> phone@198.51.100.80:52094 OPTIONS uri sip:1001@198.51.100.80:52094
      100 phone moves-to 198.51.100.80:31343
      100 phone -> switch REGISTER auth contact <sip:1001@198.51.100.80:52094>;expires=120 via 198.51.100.80:52094
      +0.005 switch -> phone 200 expires 120
      +0.100 phone -> switch REGISTER auth contact <sip:1001@198.51.100.80:52094>;expires=0 contact <sip:1001@198.51.100.80:31343>;expires=120 via 198.51.100.80:31343
      +0.005 switch -> phone 200 contact <sip:1001@198.51.100.80:31343>;expires=120
      110 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "nat-pinhole-lost", from: 45, to: 100, frames: [6, 7, 8, 10], says: "closed the pinhole")
      ]
    ),
    Scenario(
      "Both lines of a phone are lost with their common pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host l1 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 120
      host l2 198.51.100.80:52094 inside 192.168.77.21:5060 user 1002 agent "Acme D7" expires 120
      0 l1 -> switch registers
      0.5 l2 -> switch registers
      10 switch -> l1 OPTIONS answered 200
      11 switch -> l2 OPTIONS answered 200
      40..100 every 30 switch -> l1 OPTIONS
      41..101 every 30 switch -> l2 OPTIONS
      108 l1 moves-to 198.51.100.80:31343
      108 l2 moves-to 198.51.100.80:31343
      108 l1 -> switch registers
      116 l2 -> switch registers
      120 switch -> l1 OPTIONS answered 200
      121 switch -> l2 OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "nat-pinhole-lost", from: 40, to: 108, frames: nil, says: "closed the pinhole"),
        ExpectedFinding(
          "nat-pinhole-lost", of: "1002@203.0.113.10", from: 41, to: 116, frames: nil,
          says: "closed the pinhole"),
      ]
    ),
    Scenario(
      "A NAT with a new public address cut off all its phones",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host p1 198.51.100.80:52091 inside 192.168.77.21:5060 user 1001 agent "Acme" expires 120
      host p2 198.51.100.80:52092 inside 192.168.77.22:5060 user 1002 agent "Acme" expires 120
      host p3 198.51.100.80:52093 inside 192.168.77.23:5060 user 1003 agent "Acme" expires 120
      1 p1 -> switch registers
      11 switch -> p1 OPTIONS answered 200
      41..100 every 30 switch -> p1 OPTIONS
      111 p1 moves-to 192.0.2.77:52091
      111 p1 -> switch registers
      131 switch -> p1 OPTIONS answered 200
      2 p2 -> switch registers
      12 switch -> p2 OPTIONS answered 200
      42..100 every 30 switch -> p2 OPTIONS
      112 p2 moves-to 192.0.2.77:52092
      112 p2 -> switch registers
      132 switch -> p2 OPTIONS answered 200
      3 p3 -> switch registers
      13 switch -> p3 OPTIONS answered 200
      43..100 every 30 switch -> p3 OPTIONS
      113 p3 moves-to 192.0.2.77:52093
      113 p3 -> switch registers
      133 switch -> p3 OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "nat-pinhole-lost", from: 40, to: 110, frames: [14, 19, 22, 25],
          says: "registered from 192.0.2.77"),
        ExpectedFinding(
          "nat-pinhole-lost", of: "1002@203.0.113.10", from: 41, to: 111, frames: [16, 20, 23, 29],
          says: "registered from 192.0.2.77"),
        ExpectedFinding(
          "nat-pinhole-lost", of: "1003@203.0.113.10", from: 42, to: 112, frames: [18, 21, 24, 33],
          says: "registered from 192.0.2.77"),
      ]
    ),
  ]
}
