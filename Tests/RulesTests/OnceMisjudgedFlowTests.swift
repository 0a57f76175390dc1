import Testing
import Timelines

@Suite("Flows once judged wrongly")
struct OnceMisjudgedFlowTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "One lost probe before a refresh with a new Call-ID and random CSeq is packet loss",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers call-id a@x cseq 24411
      10 switch -> phone OPTIONS answered 200
      40 switch -> phone OPTIONS
      60 phone -> switch registers call-id b@x cseq 1823
      70..100 every 30 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "A probe to the old port while the REGISTER from the new one is under way is no lost pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 120
      host moved 198.51.100.80:31343 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 120
      0 phone -> switch registers call-id a@x cseq 1
      10..50 every 10 switch -> phone OPTIONS answered 200
      60 moved -> switch REGISTER call-id a@x cseq 5
      60.010 switch -> phone OPTIONS
      60.020 switch -> moved 200 granted 120
      70..110 every 10 switch -> moved OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .held), ExpectedVerdict("stale-binding", .held),
      ]
    ),
    Scenario(
      "A probe that crosses the REGISTER from the new port does not tell whether the old was lost",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 120
      host moved 198.51.100.80:31343 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 120
      0 phone -> switch registers call-id a@x cseq 1
      10..50 every 10 switch -> phone OPTIONS answered 200
      60 switch -> phone OPTIONS ladder
      60.022 moved -> switch registers call-id a@x cseq 5
      70..110 every 10 switch -> moved OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .undecided),
        ExpectedVerdict("stale-binding", .undecided),
      ]
    ),
    Scenario(
      "One lost probe before a restart of five seconds is no outage",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "baresip" expires 600 contact sip:1001-0x1@198.51.100.21:5060
      host booted 198.51.100.21:5060 user 1001 agent "baresip" expires 600 contact sip:1001-0x2@198.51.100.21:5060
      0 phone -> switch registers
      30..90 every 30 switch -> phone OPTIONS answered 200
      120 switch -> phone OPTIONS
      125 booted -> switch registers
      150..300 every 30 switch -> booted OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "A query under another Call-ID is no restart",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      10..20 every 10 switch -> phone OPTIONS answered 200
      40 switch -> phone OPTIONS
      45 phone -> switch REGISTER auth contact none call-id query@x cseq 1
      +0.01 switch -> phone 200 contact <sip:1001@198.51.100.21:5060>;expires=75
      46 phone -> switch keepalive crlf
      70..290 every 20 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "A wildcard removal at boot after one lost probe is no outage",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      30 switch -> phone OPTIONS answered 200
      45 switch -> phone OPTIONS
      50 phone restarts
      50 phone -> switch REGISTER auth contact * expires 0
      +0.01 switch -> phone 200 contact none
      50.5 phone -> switch registers
      70..170 every 30 switch -> phone OPTIONS answered 200
      110..170 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "A trunk with new Call-IDs that comes back each time from a new port lost its pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers call-id r0@x cseq 24411
      10 switch -> phone OPTIONS answered 200
      40..100 every 20 switch -> phone OPTIONS
      108 phone moves-to 198.51.100.80:31343
      108 phone -> switch registers call-id r1@x cseq 1823
      118 switch -> phone OPTIONS answered 200
      148..208 every 20 switch -> phone OPTIONS
      216 phone moves-to 198.51.100.80:40001
      216 phone -> switch registers call-id r2@x cseq 30112
      226 switch -> phone OPTIONS answered 200
      256..316 every 20 switch -> phone OPTIONS
      324 phone moves-to 198.51.100.80:40777
      324 phone -> switch registers call-id r3@x cseq 977
      334 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "nat-pinhole-lost", from: 40, to: 324, frames: nil, says: "closed the pinhole")
      ]
    ),
    Scenario(
      "The habit of new Call-IDs shown later tells the first return from a restart",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers call-id r0@x cseq 24411
      10 switch -> phone OPTIONS answered 200
      40..100 every 20 switch -> phone OPTIONS
      108 phone -> switch registers call-id r1@x cseq 1823
      118 switch -> phone OPTIONS answered 200
      148..208 every 20 switch -> phone OPTIONS
      216 phone -> switch registers call-id r2@x cseq 30112
      226 switch -> phone OPTIONS answered 200
      256..316 every 20 switch -> phone OPTIONS
      324 phone -> switch registers call-id r3@x cseq 977
      334 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding("nat-pinhole-lost", from: 40, to: 324, frames: nil, says: "3 episodes")
      ]
    ),
    Scenario(
      "A new Call-ID and CSeq of the same instance after a silence was a restart",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Lin" expires 300 instance urn:uuid:1
      0 phone -> switch registers
      10..70 every 20 switch -> phone OPTIONS answered 200
      90..190 every 20 switch -> phone OPTIONS
      200 phone restarts
      200 phone moves-to 198.51.100.80:31343
      200 phone -> switch registers
      210..290 every 20 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding("stale-binding", from: 90, to: 200, frames: nil, says: "restarted")
      ],
      beside: ["slow-offline-detection"],
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .held)
      ]
    ),
    Scenario(
      "A phone that never answers OPTIONS and changes its port shows no lost pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..100 every 50 phone -> switch registers
      1..150 every 20 switch -> phone OPTIONS
      150 phone moves-to 198.51.100.80:31343
      150..300 every 50 phone -> switch registers
      151..300 every 20 switch -> phone OPTIONS
      """,
      beside: ["keepalive-missing"]
    ),
    Scenario(
      "NOTIFY unanswered even after the phone spoke is ignored, not lost",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      20 switch -> phone OPTIONS answered 200
      60 switch -> phone NOTIFY ladder
      70 phone -> switch registers
      80 switch -> phone OPTIONS answered 200
      130 phone -> switch registers
      150 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .held)
      ]
    ),
    Scenario(
      "NOTIFY ignored while OPTIONS is answered is no outage",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      20..290 every 30 switch -> phone OPTIONS answered 200
      35..220 every 90 switch -> phone NOTIFY ladder
      """,
      verdicts: [
        ExpectedVerdict("transient-outage", .held)
      ]
    ),
    Scenario(
      "The old Contact of a phone that moved with its instance is no outage",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Linphone" expires 600 instance urn:uuid:1 contact sip:1001@192.168.77.21:5060
      host lte 192.0.2.44:31343 inside 10.9.8.7:5060 user 1001 agent "Linphone" expires 600 instance urn:uuid:1 contact sip:1001@10.9.8.7:5060
      0 phone -> switch registers
      20..80 every 20 switch -> phone OPTIONS answered 200
      90 lte -> switch registers lists phone 510
      100..580 every 20 switch -> phone OPTIONS
      105..595 every 20 switch -> lte OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "granted-expiry-mismatch", from: 0.012, to: nil, frames: nil, says: "600 s")
      ]
    ),
    Scenario(
      "The old Contact that a phone put a newer one beside is no outage",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "PJ" expires 600
      0 phone -> switch registers contact sip:1001@198.51.100.80:52094
      20..80 every 20 switch -> phone OPTIONS answered 200
      90 phone moves-to 198.51.100.80:31343
      90 phone -> switch REGISTER auth contact sip:1001@198.51.100.80:31343
      +0.01 switch -> phone 200 expires 600 contact <sip:1001@198.51.100.80:52094>;expires=510 contact <sip:1001@198.51.100.80:31343>;expires=600
      100..580 every 20 switch -> phone@198.51.100.80:52094 OPTIONS uri sip:1001@198.51.100.80:52094
      105..595 every 20 switch -> phone OPTIONS uri sip:1001@198.51.100.80:31343 answered 200
      """,
      finds: [
        ExpectedFinding(
          "granted-expiry-mismatch", from: 0.012, to: nil, frames: nil, says: "600 s")
      ]
    ),
    Scenario(
      "An ICMP error for one transmission whose repetition was answered is no outage",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      20 switch -> phone OPTIONS answered 200
      50 switch -> phone OPTIONS as o copies 2
      50.02 icmp 198.51.100.1 -> switch network-unreachable quoting phone
      50.53 phone -> switch 200 to o
      90 switch -> phone keepalive hello
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "On the NAT router the REGISTER on the outer leg reopens the pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host inner 192.168.77.21:5060 user 1001 agent "Acme" expires 120
      host outer 198.51.100.80:52094 user 1001 agent "Acme" expires 120
      0 inner -> switch REGISTER as i1 call-id c@x cseq 1 branch z9hG4bKr1 expires 120 contact sip:1001@198.51.100.80:52094 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o1 call-id c@x cseq 1 branch z9hG4bKr1 expires 120 contact sip:1001@198.51.100.80:52094 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o1 expires 120
      +0.0002 switch -> inner 200 to i1 expires 120
      15 switch -> outer OPTIONS as po1 call-id p1@x branch z9hG4bKp1 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi1 call-id p1@x branch z9hG4bKp1 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi1
      +0.0002 outer -> switch 200 to po1
      60 switch -> outer OPTIONS as po2 call-id p2@x branch z9hG4bKp2 cseq 1 uri sip:1001@192.168.77.21:5060
      80 switch -> outer OPTIONS as po3 call-id p3@x branch z9hG4bKp3 cseq 1 uri sip:1001@192.168.77.21:5060
      100 inner -> switch REGISTER as i2 call-id c@x cseq 2 branch z9hG4bKr2 expires 120 contact sip:1001@198.51.100.80:52094 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o2 call-id c@x cseq 2 branch z9hG4bKr2 expires 120 contact sip:1001@198.51.100.80:52094 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o2 expires 120
      +0.0002 switch -> inner 200 to i2 expires 120
      110 switch -> outer OPTIONS as po4 call-id p4@x branch z9hG4bKp4 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi4 call-id p4@x branch z9hG4bKp4 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi4
      +0.0002 outer -> switch 200 to po4
      160 inner -> switch REGISTER as i3 call-id c@x cseq 3 branch z9hG4bKr3 expires 120 contact sip:1001@198.51.100.80:52094 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o3 call-id c@x cseq 3 branch z9hG4bKr3 expires 120 contact sip:1001@198.51.100.80:52094 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o3 expires 120
      +0.0002 switch -> inner 200 to i3 expires 120
      170 switch -> outer OPTIONS as po5 call-id p5@x branch z9hG4bKp5 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi5 call-id p5@x branch z9hG4bKp5 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi5
      +0.0002 outer -> switch 200 to po5
      """,
      finds: [
        ExpectedFinding("nat-pinhole-lost", from: 60, to: 100, frames: nil)
      ]
    ),
    Scenario(
      "Keepalives that draw port unreachable show a stale binding",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      10..110 every 20 switch -> phone keepalive hello
      +0.02 icmp 198.51.100.80 -> switch port-unreachable quoting phone
      """,
      finds: [
        ExpectedFinding("stale-binding", from: 10, to: nil, frames: nil, says: "port unreachable")
      ],
      beside: ["slow-offline-detection"]
    ),
    Scenario(
      "Keepalives that draw errors until the phone returns from a new port show a lost pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      10..30 every 20 switch -> phone keepalive hello
      50..110 every 20 switch -> phone keepalive hello
      +0.02 icmp 198.51.100.80 -> switch port-unreachable quoting phone
      118 phone moves-to 198.51.100.80:31343
      118 phone -> switch registers
      150..230 every 20 switch -> phone keepalive hello
      """,
      finds: [
        ExpectedFinding("nat-pinhole-lost", from: 50, to: 118, frames: nil)
      ]
    ),
  ]
}
