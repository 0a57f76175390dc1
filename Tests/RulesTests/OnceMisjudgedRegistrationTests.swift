import Testing
import Timelines

@Suite("Registrations once judged wrongly")
struct OnceMisjudgedRegistrationTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "A REGISTER repeated after its 401 shows that the answer does not arrive, not that credentials lack",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER as r0 no-rport ladder
      0.001 switch -> phone@198.51.100.80:5060 401 to r0
      0.501 switch -> phone@198.51.100.80:5060 401 to r0
      1.501 switch -> phone@198.51.100.80:5060 401 to r0
      3.501 switch -> phone@198.51.100.80:5060 401 to r0
      7.501 switch -> phone@198.51.100.80:5060 401 to r0
      11.501 switch -> phone@198.51.100.80:5060 401 to r0
      15.501 switch -> phone@198.51.100.80:5060 401 to r0
      19.501 switch -> phone@198.51.100.80:5060 401 to r0
      23.501 switch -> phone@198.51.100.80:5060 401 to r0
      27.501 switch -> phone@198.51.100.80:5060 401 to r0
      31.501 switch -> phone@198.51.100.80:5060 401 to r0
      60 phone -> switch REGISTER as r1 no-rport ladder
      60.001 switch -> phone@198.51.100.80:5060 401 to r1
      60.501 switch -> phone@198.51.100.80:5060 401 to r1
      61.501 switch -> phone@198.51.100.80:5060 401 to r1
      63.501 switch -> phone@198.51.100.80:5060 401 to r1
      67.501 switch -> phone@198.51.100.80:5060 401 to r1
      71.501 switch -> phone@198.51.100.80:5060 401 to r1
      75.501 switch -> phone@198.51.100.80:5060 401 to r1
      79.501 switch -> phone@198.51.100.80:5060 401 to r1
      83.501 switch -> phone@198.51.100.80:5060 401 to r1
      87.501 switch -> phone@198.51.100.80:5060 401 to r1
      91.501 switch -> phone@198.51.100.80:5060 401 to r1
      120 phone -> switch REGISTER as r2 no-rport ladder
      120.001 switch -> phone@198.51.100.80:5060 401 to r2
      120.501 switch -> phone@198.51.100.80:5060 401 to r2
      121.501 switch -> phone@198.51.100.80:5060 401 to r2
      123.501 switch -> phone@198.51.100.80:5060 401 to r2
      127.501 switch -> phone@198.51.100.80:5060 401 to r2
      131.501 switch -> phone@198.51.100.80:5060 401 to r2
      135.501 switch -> phone@198.51.100.80:5060 401 to r2
      139.501 switch -> phone@198.51.100.80:5060 401 to r2
      143.501 switch -> phone@198.51.100.80:5060 401 to r2
      147.501 switch -> phone@198.51.100.80:5060 401 to r2
      151.501 switch -> phone@198.51.100.80:5060 401 to r2
      180 phone -> switch REGISTER as r3 no-rport ladder
      180.001 switch -> phone@198.51.100.80:5060 401 to r3
      180.501 switch -> phone@198.51.100.80:5060 401 to r3
      181.501 switch -> phone@198.51.100.80:5060 401 to r3
      183.501 switch -> phone@198.51.100.80:5060 401 to r3
      187.501 switch -> phone@198.51.100.80:5060 401 to r3
      191.501 switch -> phone@198.51.100.80:5060 401 to r3
      195.501 switch -> phone@198.51.100.80:5060 401 to r3
      199.501 switch -> phone@198.51.100.80:5060 401 to r3
      203.501 switch -> phone@198.51.100.80:5060 401 to r3
      207.501 switch -> phone@198.51.100.80:5060 401 to r3
      211.501 switch -> phone@198.51.100.80:5060 401 to r3
      260 phone -> switch keepalive crlf
      """,
      finds: [
        ExpectedFinding(
          "answer-to-wrong-port", from: 0.001, to: nil, frames: nil, says: "5060")
      ],
      verdicts: [
        ExpectedVerdict("auth-failure-loop", .undecided)
      ]
    ),
    Scenario(
      "Without a granted time nobody knows that the registration lapsed",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "A" expires 60
      0..500 every 100 phone -> switch REGISTER contact sip:1001@198.51.100.21:5060 expires-header 60
      +0.01 switch -> phone 200 contact <sip:1001@198.51.100.21:5060>
      """,
      verdicts: [
        ExpectedVerdict("registration-flapping", .undecided)
      ]
    ),
    Scenario(
      "Two changes of network with a clean removal each are two moves",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host wifi 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Lin" expires 300 instance urn:uuid:1
      host lte 192.0.2.44:31343 inside 10.9.8.7:5060 user 1001 agent "Lin" expires 300 instance urn:uuid:1
      0 wifi -> switch registers
      100 wifi -> switch REGISTER auth expires 0
      +0.01 switch -> wifi 200 contact none
      100.5 lte -> switch registers
      400 lte -> switch REGISTER auth expires 0
      +0.01 switch -> lte 200 contact none
      400.5 wifi -> switch registers
      500..1200 every 100 wifi -> switch registers
      """,
      beside: ["keepalive-missing"]
    ),
    Scenario(
      "A refresh refused in time is the registrar's fault, not a late refresh",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 60
      0 phone -> switch registers preauth
      45 phone -> switch REGISTER auth
      +0.01 switch -> phone 503 retry-after 10
      75 phone -> switch registers preauth
      105..300 every 30 phone -> switch registers preauth
      """,
      finds: [
        ExpectedFinding("registration-refused", from: 45, to: 75.001, frames: nil, says: "503")
      ],
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held)
      ]
    ),
    Scenario(
      "A refresh left unanswered in time is no late refresh",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 60
      0 phone -> switch registers preauth
      40 phone -> switch REGISTER auth ladder
      75 phone -> switch registers preauth
      105..300 every 30 phone -> switch registers preauth
      """,
      finds: [
        ExpectedFinding("register-unanswered", from: 40, to: 75.001, frames: nil)
      ],
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held)
      ]
    ),
    Scenario(
      "A CSeq left out by a client without challenges may be a refresh the capture lacks",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "A" expires 60
      0 phone -> switch registers preauth
      45 phone -> switch registers preauth
      90 phone -> switch registers preauth unseen
      135 phone -> switch registers preauth
      180 phone -> switch registers preauth
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .undecided)
      ]
    ),
    Scenario(
      "Two phones at two registrars do not contend",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host b 203.0.113.20:5060 agent "S"
      host phone 198.51.100.21:5060 user 1001 agent "Acme" expires 600
      host phone2 198.51.100.22:5060 user 1001 agent "Other" expires 600
      0..600 every 60 phone -> switch registers to-header <sip:1001@example.org>
      30..600 every 60 phone2 -> b registers to-header <sip:1001@example.org>
      """
    ),
    Scenario(
      "A registrar that never answers is one outage, not ended by another registrar",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host b 203.0.113.20:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme" expires 120
      0..600 every 60 phone -> switch registers to-header <sip:1001@example.org>
      1..601 every 60 phone -> b REGISTER to-header <sip:1001@example.org> ladder
      """,
      finds: [
        ExpectedFinding(
          "register-unanswered", of: "1001@example.org", from: 1, to: nil, frames: nil)
      ]
    ),
    Scenario(
      "On the proxy a REGISTER without answer is one REGISTER",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host edge 192.0.2.5:5060
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> edge REGISTER as p1 call-id 1001-c@x cseq 1 branch z9hG4bKph10011 expires 120 uri sip:203.0.113.10 to-header <sip:1001@203.0.113.10>
      +0.001 edge -> switch REGISTER as e1 user 1001 call-id 1001-c@x cseq 1 branch z9hG4bKedge1 expires 120 to-header <sip:1001@203.0.113.10> contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10011;received=198.51.100.80;rport=52094" header "Path: <sip:192.0.2.5;lr>"
      +0.004 switch -> edge 200 to e1 expires 120 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10011;received=198.51.100.80;rport=52094"
      +0.001 edge -> phone 200 to p1 expires 120
      60 phone -> edge REGISTER as p2 call-id 1001-c@x cseq 2 branch z9hG4bKph10012 expires 120 uri sip:203.0.113.10 to-header <sip:1001@203.0.113.10> ladder
      60.001 edge -> switch REGISTER as e2 user 1001 call-id 1001-c@x cseq 2 branch z9hG4bKedge2 expires 120 to-header <sip:1001@203.0.113.10> contact sip:1001@192.168.77.21:5060 header "Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKph10012" ladder
      110 phone -> edge keepalive crlf
      """,
      finds: [
        ExpectedFinding("register-unanswered", from: 60, to: nil, frames: nil)
      ]
    ),
    Scenario(
      "A refused removal is no refused registration",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      60 phone -> switch REGISTER auth expires 0
      +0.01 switch -> phone 481
      100 phone -> switch keepalive crlf
      """,
      verdicts: [
        ExpectedVerdict("registration-refused", .held)
      ]
    ),
    Scenario(
      "A binding that ran out while another lives did run out",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host a 198.51.100.21:5060 user 1001 agent "Acme" expires 300
      host b 198.51.100.22:5060 user 1001 agent "Beta" expires 300
      0 a -> switch registers
      1 b -> switch registers lists a 299
      150 b -> switch registers lists a 150
      310 b -> switch registers
      420 b -> switch registers
      """,
      finds: [
        ExpectedFinding(
          "replace-policy-contradicted", from: 1.012, to: 1.012, frames: nil, says: "kept"),
        ExpectedFinding(
          "binding-expired", from: 300.012, to: nil, frames: nil, says: "other bindings"),
      ]
    ),
    Scenario(
      "Probes after the removal are no test of a binding",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      30 switch -> phone OPTIONS answered 200
      60 phone -> switch REGISTER auth expires 0
      +0.01 switch -> phone 200 contact none
      90..400 every 30 switch -> phone OPTIONS
      """,
      beside: ["probe-after-removal"],
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("nat-pinhole-lost", .held),
      ]
    ),
  ]
}
