import Testing
import Timelines

@Suite("Captures on routers and fights for accounts")
struct FieldNotesTwoSidesTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "Port unreachable from the host itself: its SIP program has stopped",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      20 switch -> phone OPTIONS answered 200
      50 switch -> phone OPTIONS
      +0.02 icmp 198.51.100.21 -> switch port-unreachable quoting phone
      80 switch -> phone OPTIONS
      +0.02 icmp 198.51.100.21 -> switch port-unreachable quoting phone
      100 switch -> phone OPTIONS
      """,
      finds: [
        ExpectedFinding(
          "stale-binding", from: 50, to: nil, frames: [6, 7, 8, 9],
          says: "nothing listens on the port", "198.51.100.21 reported port unreachable")
      ]
    ),
    Scenario(
      "Host unreachable from its router: the host is off",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      20 switch -> phone OPTIONS answered 200
      50 switch -> phone OPTIONS
      +0.02 icmp 198.51.100.1 -> switch host-unreachable quoting phone
      80 switch -> phone OPTIONS
      +0.02 icmp 198.51.100.1 -> switch host-unreachable quoting phone
      100 switch -> phone OPTIONS
      """,
      finds: [
        ExpectedFinding(
          "stale-binding", from: 50, to: nil, frames: [6, 7, 8, 9],
          says: "198.51.100.1 reported host unreachable")
      ]
    ),
    Scenario(
      "On the NAT router each packet is there twice and counts once",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host inner 192.168.77.21:5060 user 1001 agent "Acme" expires 120
      host outer 198.51.100.80:52094 user 1001 agent "Acme" expires 120
      0 inner -> switch REGISTER as i1 call-id c@x cseq 1 branch z9hG4bKr1 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o1 call-id c@x cseq 1 branch z9hG4bKr1 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o1 expires 120
      +0.0002 switch -> inner 200 to i1 expires 120
      60 inner -> switch REGISTER as i2 call-id c@x cseq 2 branch z9hG4bKr2 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o2 call-id c@x cseq 2 branch z9hG4bKr2 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o2 expires 120
      +0.0002 switch -> inner 200 to i2 expires 120
      120 inner -> switch REGISTER as i3 call-id c@x cseq 3 branch z9hG4bKr3 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o3 call-id c@x cseq 3 branch z9hG4bKr3 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o3 expires 120
      +0.0002 switch -> inner 200 to i3 expires 120
      180 inner -> switch REGISTER as i4 call-id c@x cseq 4 branch z9hG4bKr4 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o4 call-id c@x cseq 4 branch z9hG4bKr4 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o4 expires 120
      +0.0002 switch -> inner 200 to i4 expires 120
      240 inner -> switch REGISTER as i5 call-id c@x cseq 5 branch z9hG4bKr5 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o5 call-id c@x cseq 5 branch z9hG4bKr5 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o5 expires 120
      +0.0002 switch -> inner 200 to i5 expires 120
      300 inner -> switch REGISTER as i6 call-id c@x cseq 6 branch z9hG4bKr6 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o6 call-id c@x cseq 6 branch z9hG4bKr6 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o6 expires 120
      +0.0002 switch -> inner 200 to i6 expires 120
      20 switch -> outer OPTIONS as po0 call-id p0@x branch z9hG4bKp0 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi0 call-id p0@x branch z9hG4bKp0 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi0
      +0.0002 outer -> switch 200 to po0
      40 switch -> outer OPTIONS as po1 call-id p1@x branch z9hG4bKp1 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi1 call-id p1@x branch z9hG4bKp1 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi1
      +0.0002 outer -> switch 200 to po1
      80 switch -> outer OPTIONS as po3 call-id p3@x branch z9hG4bKp3 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi3 call-id p3@x branch z9hG4bKp3 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi3
      +0.0002 outer -> switch 200 to po3
      100 switch -> outer OPTIONS as po4 call-id p4@x branch z9hG4bKp4 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi4 call-id p4@x branch z9hG4bKp4 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi4
      +0.0002 outer -> switch 200 to po4
      140 switch -> outer OPTIONS as po6 call-id p6@x branch z9hG4bKp6 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi6 call-id p6@x branch z9hG4bKp6 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi6
      +0.0002 outer -> switch 200 to po6
      160 switch -> outer OPTIONS as po7 call-id p7@x branch z9hG4bKp7 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi7 call-id p7@x branch z9hG4bKp7 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi7
      +0.0002 outer -> switch 200 to po7
      200 switch -> outer OPTIONS as po9 call-id p9@x branch z9hG4bKp9 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi9 call-id p9@x branch z9hG4bKp9 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi9
      +0.0002 outer -> switch 200 to po9
      220 switch -> outer OPTIONS as po10 call-id p10@x branch z9hG4bKp10 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi10 call-id p10@x branch z9hG4bKp10 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi10
      +0.0002 outer -> switch 200 to po10
      260 switch -> outer OPTIONS as po12 call-id p12@x branch z9hG4bKp12 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi12 call-id p12@x branch z9hG4bKp12 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi12
      +0.0002 outer -> switch 200 to po12
      280 switch -> outer OPTIONS as po13 call-id p13@x branch z9hG4bKp13 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi13 call-id p13@x branch z9hG4bKp13 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi13
      +0.0002 outer -> switch 200 to po13
      """,
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .held),
        ExpectedVerdict("register-flood", .held),
      ]
    ),
    Scenario(
      "On a NAT router that rewrites the payload each packet counts once",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host inner 192.168.77.21:5060 user 1001 agent "Acme" expires 120
      host outer 198.51.100.80:52094 user 1001 agent "Acme" expires 120
      0 inner -> switch REGISTER as i1 call-id c@x cseq 1 branch z9hG4bKr1 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o1 call-id c@x cseq 1 branch z9hG4bKr1 expires 120 contact sip:1001@198.51.100.80:52094 via 198.51.100.80:52094
      +0.020 switch -> outer@198.51.100.80:52094 200 to o1 expires 120
      +0.0002 switch -> inner 200 to i1 expires 120
      60 inner -> switch REGISTER as i2 call-id c@x cseq 2 branch z9hG4bKr2 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o2 call-id c@x cseq 2 branch z9hG4bKr2 expires 120 contact sip:1001@198.51.100.80:52094 via 198.51.100.80:52094
      +0.020 switch -> outer@198.51.100.80:52094 200 to o2 expires 120
      +0.0002 switch -> inner 200 to i2 expires 120
      120 inner -> switch REGISTER as i3 call-id c@x cseq 3 branch z9hG4bKr3 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o3 call-id c@x cseq 3 branch z9hG4bKr3 expires 120 contact sip:1001@198.51.100.80:52094 via 198.51.100.80:52094
      +0.020 switch -> outer@198.51.100.80:52094 200 to o3 expires 120
      +0.0002 switch -> inner 200 to i3 expires 120
      180 inner -> switch REGISTER as i4 call-id c@x cseq 4 branch z9hG4bKr4 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o4 call-id c@x cseq 4 branch z9hG4bKr4 expires 120 contact sip:1001@198.51.100.80:52094 via 198.51.100.80:52094
      +0.020 switch -> outer@198.51.100.80:52094 200 to o4 expires 120
      +0.0002 switch -> inner 200 to i4 expires 120
      240 inner -> switch REGISTER as i5 call-id c@x cseq 5 branch z9hG4bKr5 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o5 call-id c@x cseq 5 branch z9hG4bKr5 expires 120 contact sip:1001@198.51.100.80:52094 via 198.51.100.80:52094
      +0.020 switch -> outer@198.51.100.80:52094 200 to o5 expires 120
      +0.0002 switch -> inner 200 to i5 expires 120
      300 inner -> switch REGISTER as i6 call-id c@x cseq 6 branch z9hG4bKr6 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o6 call-id c@x cseq 6 branch z9hG4bKr6 expires 120 contact sip:1001@198.51.100.80:52094 via 198.51.100.80:52094
      +0.020 switch -> outer@198.51.100.80:52094 200 to o6 expires 120
      +0.0002 switch -> inner 200 to i6 expires 120
      20 switch -> outer OPTIONS as po0 call-id p0@x branch z9hG4bKp0 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi0 call-id p0@x branch z9hG4bKp0 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi0
      +0.0002 outer -> switch 200 to po0
      40 switch -> outer OPTIONS as po1 call-id p1@x branch z9hG4bKp1 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi1 call-id p1@x branch z9hG4bKp1 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi1
      +0.0002 outer -> switch 200 to po1
      80 switch -> outer OPTIONS as po3 call-id p3@x branch z9hG4bKp3 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi3 call-id p3@x branch z9hG4bKp3 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi3
      +0.0002 outer -> switch 200 to po3
      100 switch -> outer OPTIONS as po4 call-id p4@x branch z9hG4bKp4 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi4 call-id p4@x branch z9hG4bKp4 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi4
      +0.0002 outer -> switch 200 to po4
      140 switch -> outer OPTIONS as po6 call-id p6@x branch z9hG4bKp6 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi6 call-id p6@x branch z9hG4bKp6 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi6
      +0.0002 outer -> switch 200 to po6
      160 switch -> outer OPTIONS as po7 call-id p7@x branch z9hG4bKp7 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi7 call-id p7@x branch z9hG4bKp7 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi7
      +0.0002 outer -> switch 200 to po7
      200 switch -> outer OPTIONS as po9 call-id p9@x branch z9hG4bKp9 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi9 call-id p9@x branch z9hG4bKp9 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi9
      +0.0002 outer -> switch 200 to po9
      220 switch -> outer OPTIONS as po10 call-id p10@x branch z9hG4bKp10 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi10 call-id p10@x branch z9hG4bKp10 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi10
      +0.0002 outer -> switch 200 to po10
      260 switch -> outer OPTIONS as po12 call-id p12@x branch z9hG4bKp12 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi12 call-id p12@x branch z9hG4bKp12 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi12
      +0.0002 outer -> switch 200 to po12
      280 switch -> outer OPTIONS as po13 call-id p13@x branch z9hG4bKp13 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi13 call-id p13@x branch z9hG4bKp13 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi13
      +0.0002 outer -> switch 200 to po13
      """,
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .held),
        ExpectedVerdict("register-flood", .held),
      ]
    ),
    Scenario(
      "On the NAT router the probe that is not sent on shows the closed pinhole",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host inner 192.168.77.21:5060 user 1001 agent "Acme" expires 120
      host outer 198.51.100.80:52094 user 1001 agent "Acme" expires 120
      0 inner -> switch REGISTER as i1 call-id c@x cseq 1 branch z9hG4bKr1 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o1 call-id c@x cseq 1 branch z9hG4bKr1 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o1 expires 120
      +0.0002 switch -> inner 200 to i1 expires 120
      15 switch -> outer OPTIONS as po1 call-id p1@x branch z9hG4bKp1 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi1 call-id p1@x branch z9hG4bKp1 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi1
      +0.0002 outer -> switch 200 to po1
      60 switch -> outer OPTIONS as po2 call-id p2@x branch z9hG4bKp2 cseq 1 uri sip:1001@192.168.77.21:5060
      80 switch -> outer OPTIONS as po3 call-id p3@x branch z9hG4bKp3 cseq 1 uri sip:1001@192.168.77.21:5060
      100 inner -> switch REGISTER as i2 call-id c@x cseq 2 branch z9hG4bKr2 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o2 call-id c@x cseq 2 branch z9hG4bKr2 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o2 expires 120
      +0.0002 switch -> inner 200 to i2 expires 120
      110 switch -> outer OPTIONS as po4 call-id p4@x branch z9hG4bKp4 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi4 call-id p4@x branch z9hG4bKp4 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi4
      +0.0002 outer -> switch 200 to po4
      160 inner -> switch REGISTER as i3 call-id c@x cseq 3 branch z9hG4bKr3 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.0002 outer@198.51.100.80:52094 -> switch REGISTER as o3 call-id c@x cseq 3 branch z9hG4bKr3 expires 120 contact sip:1001@192.168.77.21:5060 via 192.168.77.21:5060
      +0.020 switch -> outer@198.51.100.80:52094 200 to o3 expires 120
      +0.0002 switch -> inner 200 to i3 expires 120
      170 switch -> outer OPTIONS as po5 call-id p5@x branch z9hG4bKp5 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.0002 switch -> inner OPTIONS as pi5 call-id p5@x branch z9hG4bKp5 cseq 1 uri sip:1001@192.168.77.21:5060
      +0.005 inner -> switch 200 to pi5
      +0.0002 outer -> switch 200 to po5
      """,
      finds: [
        ExpectedFinding(
          "nat-pinhole-lost", from: 60, to: 100, frames: nil, says: "closed the pinhole")
      ]
    ),
    Scenario(
      "On the device side of the NAT new mapped ports prove nothing yet",
      #"""
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 192.168.77.21:5060 user 1001 agent "Acme" expires 120
      0 phone -> switch raw "REGISTER sip:203.0.113.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKd1;rport\r\nFrom: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>\r\nCall-ID: d@x\r\nCSeq: 1 REGISTER\r\nContact: <sip:1001@192.168.77.21:5060>;expires=120\r\nContent-Length: 0\r\n\r\n"
      0.02 switch -> phone raw "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKd1;rport=52094;received=198.51.100.80\r\nFrom: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>;tag=2\r\nCall-ID: d@x\r\nCSeq: 1 REGISTER\r\nContact: <sip:1001@192.168.77.21:5060>;expires=120\r\nContent-Length: 0\r\n\r\n"
      20 switch -> phone OPTIONS answered 200
      100 phone -> switch raw "REGISTER sip:203.0.113.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKd2;rport\r\nFrom: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>\r\nCall-ID: d@x\r\nCSeq: 2 REGISTER\r\nContact: <sip:1001@192.168.77.21:5060>;expires=120\r\nContent-Length: 0\r\n\r\n"
      100.02 switch -> phone raw "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKd2;rport=31343;received=198.51.100.80\r\nFrom: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>;tag=2\r\nCall-ID: d@x\r\nCSeq: 2 REGISTER\r\nContact: <sip:1001@192.168.77.21:5060>;expires=120\r\nContent-Length: 0\r\n\r\n"
      120 switch -> phone OPTIONS answered 200
      200 phone -> switch raw "REGISTER sip:203.0.113.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKd3;rport\r\nFrom: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>\r\nCall-ID: d@x\r\nCSeq: 3 REGISTER\r\nContact: <sip:1001@192.168.77.21:5060>;expires=120\r\nContent-Length: 0\r\n\r\n"
      200.02 switch -> phone raw "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKd3;rport=32002;received=198.51.100.80\r\nFrom: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>;tag=2\r\nCall-ID: d@x\r\nCSeq: 3 REGISTER\r\nContact: <sip:1001@192.168.77.21:5060>;expires=120\r\nContent-Length: 0\r\n\r\n"
      220 switch -> phone OPTIONS answered 200
      """#,
      beside: ["probe-interval-exceeded"],
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .undecided),
        ExpectedVerdict("stale-binding", .held),
      ]
    ),
    Scenario(
      "Two phones behind one NAT contend for one account",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host a 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 120
      host b 198.51.100.80:52095 inside 192.168.77.22:5060 user 1001 agent "Acme D7" expires 120
      0..600 every 60 a -> switch registers
      30..630 every 60 b -> switch registers
      """,
      finds: [
        ExpectedFinding(
          "registration-flapping", from: 30.012, to: 630.012, frames: [8, 12, 16, 20, 88],
          says: "contest", "198.51.100.80:52094", "198.51.100.80:52095")
      ],
      beside: ["keepalive-missing"]
    ),
    Scenario(
      "Two phones behind one NAT that the registrar lists side by side live in peace",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host a 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 120
      host b 198.51.100.80:52095 inside 192.168.77.22:5060 user 1001 agent "Acme D7" expires 120
      0 a -> switch registers
      30 b -> switch registers lists a 90
      60..600 every 60 a -> switch registers lists b 90
      90..630 every 60 b -> switch registers lists a 90
      """,
      finds: [
        ExpectedFinding(
          "replace-policy-contradicted", from: 30.012, to: 30.012, frames: nil, says: "kept")
      ],
      beside: ["keepalive-missing"],
      verdicts: [
        ExpectedVerdict("registration-flapping", .held)
      ]
    ),
    Scenario(
      "Two sites contend for one account",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host a 198.51.100.21:5060 user 1001 agent "Acme" expires 120
      host b 192.0.2.33:5060 user 1001 agent "Beta" expires 120
      0..600 every 60 a -> switch registers
      30..630 every 60 b -> switch registers
      """,
      finds: [
        ExpectedFinding(
          "registration-flapping", from: 30.012, to: 630.012, frames: [8, 12, 16, 20, 88],
          says: "contest", "192.0.2.33:5060 (Beta)"),
        ExpectedFinding(
          "contact-takeover", from: 30.012, to: 30.012, frames: [8], says: "Beta"),
      ]
    ),
    Scenario(
      "Two accounts on one rewritten address and port are no contest",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host l1 198.51.100.80:5060 user 1001 agent "Acme" expires 120 via 198.51.100.80:5060
      host l2 198.51.100.80:5060 user 1002 agent "Beta" expires 120
      0..600 every 60 l1 -> switch registers
      5..600 every 60 l2 -> switch registers
      30..590 every 30 switch -> l1 OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("registration-flapping", .held),
        ExpectedVerdict("stale-binding", .held),
      ]
    ),
    Scenario(
      "A healthy phone on IPv6 is healthy and behind no NAT",
      """
      host switch [2001:db8::10]:5060 agent "S" domain voip.example
      host phone [2001:db8:1::21]:5060 user 1001 agent "Acme" expires 120
      0..300 every 60 phone -> switch registers
      10..290 every 20 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", of: "1001@voip.example", .held),
        ExpectedVerdict("nat-pinhole-lost", of: "1001@voip.example", .notObserved),
      ]
    ),
  ]
}
