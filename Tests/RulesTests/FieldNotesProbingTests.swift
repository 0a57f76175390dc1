import Testing
import Timelines

@Suite("Probes and keepalives")
struct FieldNotesProbingTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "A single-shot probe without brackets, Max-Forwards or cookie is a probe",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      10..290 every 20 switch -> phone OPTIONS from-header sip:pinger@203.0.113.10;tag=abc to-header sip:192.168.77.21:5060 branch 0 cseq 1 no-agent uri sip:1001@192.168.77.21:5060 answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("nat-pinhole-lost", .held),
      ]
    ),
    Scenario(
      "A contact not probed for a while is not unanswered",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..900 every 60 phone -> switch registers
      10 switch -> phone OPTIONS answered 200
      30 switch -> phone OPTIONS answered 200
      170 switch -> phone OPTIONS answered 200
      190 switch -> phone OPTIONS answered 200
      700 switch -> phone OPTIONS answered 200
      """,
      beside: ["keepalive-missing"],
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("nat-pinhole-lost", .held),
        ExpectedVerdict("transient-outage", .held),
      ]
    ),
    Scenario(
      "404 to OPTIONS proves the phone alive",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      10..290 every 20 switch -> phone OPTIONS answered 404
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "405 to OPTIONS proves the phone alive",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      10..290 every 20 switch -> phone OPTIONS answered 405
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "481 to OPTIONS proves the phone alive",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      10..290 every 20 switch -> phone OPTIONS answered 481
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "501 to OPTIONS proves the phone alive",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      10..290 every 20 switch -> phone OPTIONS answered 501
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "200 to OPTIONS in other words and with a body is an answer",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      30..290 every 30 switch -> phone OPTIONS as o
      +0.01 phone -> switch 200 reason "Alive and kicking" body "v=0"
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "A phone that answers HELLO with 400 is alive",
      #"""
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..180 every 60 phone -> switch registers
      10..170 every 20 switch -> phone keepalive hello
      +0.01 phone -> switch raw "SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP 203.0.113.10:5060\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: hello@x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
      """#,
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .notObserved)
      ]
    ),
    Scenario(
      "A keepalive glued in front of a REGISTER hides neither it nor its answer",
      #"""
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      30 phone -> switch raw "HELLOREGISTER sip:203.0.113.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKglue;rport\r\nFrom: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>\r\nCall-ID: g@x\r\nCSeq: 9 REGISTER\r\nContact: <sip:1001@192.168.77.21:5060>;expires=120\r\nContent-Length: 0\r\n\r\n"
      +0.01 switch -> phone raw "\r\nSIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKglue;rport=52094;received=198.51.100.80\r\nFrom: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>;tag=2\r\nCall-ID: g@x\r\nCSeq: 9 REGISTER\r\nContact: <sip:1001@192.168.77.21:5060>;expires=120\r\nContent-Length: 0\r\n\r\n"
      """#,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held)
      ]
    ),
    Scenario(
      "408 from an edge proxy means a dead phone, and only that one",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host edge 192.0.2.5:5060
      0 edge -> switch REGISTER as 1001_0 user 1001 call-id 1001-call@x cseq 1 expires 300 contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10011;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to 1001_0 expires 300 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10011;received=198.51.100.80;rport=52094"
      1 edge -> switch REGISTER as 1002_1 user 1002 call-id 1002-call@x cseq 1 expires 300 contact sip:1002@192.168.77.22:5060 header "Via: SIP/2.0/UDP 192.168.77.22:5060;branch=z9hG4bKph10021;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to 1002_1 expires 300 header "Via: SIP/2.0/UDP 192.168.77.22:5060;branch=z9hG4bKph10021;received=198.51.100.80;rport=52094"
      101 edge -> switch REGISTER as 1002_101 user 1002 call-id 1002-call@x cseq 2 expires 300 contact sip:1002@192.168.77.22:5060 header "Via: SIP/2.0/UDP 192.168.77.22:5060;branch=z9hG4bKph10022;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to 1002_101 expires 300 header "Via: SIP/2.0/UDP 192.168.77.22:5060;branch=z9hG4bKph10022;received=198.51.100.80;rport=52094"
      201 edge -> switch REGISTER as 1002_201 user 1002 call-id 1002-call@x cseq 3 expires 300 contact sip:1002@192.168.77.22:5060 header "Via: SIP/2.0/UDP 192.168.77.22:5060;branch=z9hG4bKph10023;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to 1002_201 expires 300 header "Via: SIP/2.0/UDP 192.168.77.22:5060;branch=z9hG4bKph10023;received=198.51.100.80;rport=52094"
      301 edge -> switch REGISTER as 1002_301 user 1002 call-id 1002-call@x cseq 4 expires 300 contact sip:1002@192.168.77.22:5060 header "Via: SIP/2.0/UDP 192.168.77.22:5060;branch=z9hG4bKph10024;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to 1002_301 expires 300 header "Via: SIP/2.0/UDP 192.168.77.22:5060;branch=z9hG4bKph10024;received=198.51.100.80;rport=52094"
      100 edge -> switch REGISTER as 1001_100 user 1001 call-id 1001-call@x cseq 2 expires 300 contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10012;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to 1001_100 expires 300 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10012;received=198.51.100.80;rport=52094"
      30..90 every 30 switch -> edge OPTIONS uri sip:1001@192.168.77.21:5060 header "Route: <sip:192.0.2.5;lr>" answered 200
      35..395 every 30 switch -> edge OPTIONS uri sip:1002@192.168.77.22:5060 header "Route: <sip:192.0.2.5;lr>" answered 200
      120..395 every 30 switch -> edge OPTIONS uri sip:1001@192.168.77.21:5060 header "Route: <sip:192.0.2.5;lr>" answered 408 after 1
      """,
      finds: [
        ExpectedFinding("stale-binding", from: 120, to: nil, frames: [17, 21, 22, 61])
      ],
      beside: ["slow-offline-detection"],
      verdicts: [
        ExpectedVerdict("stale-binding", of: "1002@203.0.113.10", .held)
      ]
    ),
    Scenario(
      "On the edge proxy each message is there on two legs and counts once",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host edge 192.0.2.5:5060
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> edge REGISTER as p1 call-id 1001-c@x cseq 1 branch z9hG4bKph10011 expires 120 uri sip:203.0.113.10 to-header <sip:1001@203.0.113.10>
      +0.001 edge -> switch REGISTER as e1 user 1001 call-id 1001-c@x cseq 1 branch z9hG4bKedge1 expires 120 to-header <sip:1001@203.0.113.10> contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10011;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.004 switch -> edge 200 to e1 expires 120 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10011;received=198.51.100.80;rport=52094"
      +0.001 edge -> phone 200 to p1 expires 120
      60 phone -> edge REGISTER as p2 call-id 1001-c@x cseq 2 branch z9hG4bKph10012 expires 120 uri sip:203.0.113.10 to-header <sip:1001@203.0.113.10>
      +0.001 edge -> switch REGISTER as e2 user 1001 call-id 1001-c@x cseq 2 branch z9hG4bKedge2 expires 120 to-header <sip:1001@203.0.113.10> contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10012;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.004 switch -> edge 200 to e2 expires 120 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10012;received=198.51.100.80;rport=52094"
      +0.001 edge -> phone 200 to p2 expires 120
      120 phone -> edge REGISTER as p3 call-id 1001-c@x cseq 3 branch z9hG4bKph10013 expires 120 uri sip:203.0.113.10 to-header <sip:1001@203.0.113.10>
      +0.001 edge -> switch REGISTER as e3 user 1001 call-id 1001-c@x cseq 3 branch z9hG4bKedge3 expires 120 to-header <sip:1001@203.0.113.10> contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10013;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.004 switch -> edge 200 to e3 expires 120 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10013;received=198.51.100.80;rport=52094"
      +0.001 edge -> phone 200 to p3 expires 120
      180 phone -> edge REGISTER as p4 call-id 1001-c@x cseq 4 branch z9hG4bKph10014 expires 120 uri sip:203.0.113.10 to-header <sip:1001@203.0.113.10>
      +0.001 edge -> switch REGISTER as e4 user 1001 call-id 1001-c@x cseq 4 branch z9hG4bKedge4 expires 120 to-header <sip:1001@203.0.113.10> contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10014;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.004 switch -> edge 200 to e4 expires 120 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10014;received=198.51.100.80;rport=52094"
      +0.001 edge -> phone 200 to p4 expires 120
      240 phone -> edge REGISTER as p5 call-id 1001-c@x cseq 5 branch z9hG4bKph10015 expires 120 uri sip:203.0.113.10 to-header <sip:1001@203.0.113.10>
      +0.001 edge -> switch REGISTER as e5 user 1001 call-id 1001-c@x cseq 5 branch z9hG4bKedge5 expires 120 to-header <sip:1001@203.0.113.10> contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10015;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.004 switch -> edge 200 to e5 expires 120 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10015;received=198.51.100.80;rport=52094"
      +0.001 edge -> phone 200 to p5 expires 120
      300 phone -> edge REGISTER as p6 call-id 1001-c@x cseq 6 branch z9hG4bKph10016 expires 120 uri sip:203.0.113.10 to-header <sip:1001@203.0.113.10>
      +0.001 edge -> switch REGISTER as e6 user 1001 call-id 1001-c@x cseq 6 branch z9hG4bKedge6 expires 120 to-header <sip:1001@203.0.113.10> contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10016;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.004 switch -> edge 200 to e6 expires 120 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10016;received=198.51.100.80;rport=52094"
      +0.001 edge -> phone 200 to p6 expires 120
      20..320 every 60 switch -> edge OPTIONS as s uri sip:1001@192.168.77.21:5060 call-id o@x branch z9hG4bKs header "Route: <sip:192.0.2.5;lr>"
      +0.001 edge -> phone OPTIONS as q uri sip:1001@192.168.77.21:5060 answered 200
      """,
      beside: ["keepalive-missing"],
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .held),
        ExpectedVerdict("register-flood", .held),
        ExpectedVerdict("refresh-after-expiry", .held),
      ]
    ),
    Scenario(
      "Behind an edge proxy probes find their binding by the Contact user",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host edge 192.0.2.5:5060
      0 edge -> switch REGISTER as a0 user 1001 call-id a@x expires 600 contact sip:1001-a@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKa0" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to a0 expires 600 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKa0"
      200 edge -> switch REGISTER as a200 user 1001 call-id a@x expires 600 contact sip:1001-a@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKa200" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to a200 expires 600 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKa200"
      400 edge -> switch REGISTER as a400 user 1001 call-id a@x expires 600 contact sip:1001-a@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKa400" header "Path: <sip:192.0.2.5;lr>"
      +0.005 switch -> edge 200 to a400 expires 600 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKa400"
      20 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      40 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      60 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      80 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      100 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      120 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      140 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      160 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      180 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      200 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      220 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      240 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      260 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      280 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      300 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      320 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      340 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      360 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      380 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      400 switch -> edge OPTIONS uri sip:1001-a@192.168.77.21:5060 answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
    Scenario(
      "Keepalives that go on do not hide that the refresh stopped",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      60 phone -> switch registers
      10..400 every 20 phone -> switch keepalive crlf
      30..170 every 30 switch -> phone OPTIONS answered 200
      """,
      finds: [
        ExpectedFinding(
          "binding-expired", from: 180.012, to: nil, frames: [15], says: "still sends on this flow")
      ],
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("nat-pinhole-lost", .held),
      ]
    ),
    Scenario(
      "Single-shot probes without answer add up to a dead phone",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers expires 600
      10..50 every 20 switch -> phone OPTIONS answered 200
      70..300 every 20 switch -> phone OPTIONS
      """,
      finds: [
        ExpectedFinding(
          "granted-expiry-mismatch", from: 0.012, to: nil, frames: [4], says: "600 s"),
        ExpectedFinding(
          "stale-binding", from: 70, to: nil, frames: [10, 11, 20],
          says: "Whether the device is off"),
      ],
      beside: ["slow-offline-detection"],
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .undecided)
      ]
    ),
    Scenario(
      "A phone with a random Contact user dies like any other",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "baresip" expires 600 contact sip:1001-0x55e5@198.51.100.21:5060
      0 phone -> switch registers
      30 switch -> phone OPTIONS answered 200
      60..180 every 30 switch -> phone OPTIONS uri sip:1001-0x55e5@198.51.100.21:5060 to-header sip:1001-0x55e5@198.51.100.21:5060
      """,
      finds: [
        ExpectedFinding("stale-binding", from: 60, to: nil, frames: [6, 7, 9])
      ]
    ),
    Scenario(
      "Of two phones on one account the dead one is named",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host a 198.51.100.21:5060 user 1001 agent "Acme" expires 300
      host b 198.51.100.22:5060 user 1001 agent "Beta" expires 300
      0 a -> switch registers
      1 b -> switch registers lists a 299
      20..80 every 20 switch -> a OPTIONS answered 200
      25..290 every 20 switch -> b OPTIONS answered 200
      100..280 every 20 switch -> a OPTIONS
      150 b -> switch registers lists a 150
      """,
      finds: [
        ExpectedFinding(
          "replace-policy-contradicted", from: 1.012, to: 1.012, frames: nil, says: "kept"),
        ExpectedFinding(
          "stale-binding", from: 100, to: nil, frames: nil,
          says: "198.51.100.21:5060 (Acme)"),
      ],
      beside: ["slow-offline-detection"]
    ),
    Scenario(
      "A call that rings and is cancelled reached the phone",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      host c 198.51.100.30:5060 user 1009 agent "B" expires 600
      0 c -> switch registers
      0 phone -> switch registers
      10 switch -> phone INVITE for 1001 as x answered 100
      10.5 phone -> switch 180 to x
      12 switch -> phone CANCEL in x answered 200
      12.1 phone -> switch 487 to x
      30 switch -> phone OPTIONS answered 200
      60..180 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
  ]
}
