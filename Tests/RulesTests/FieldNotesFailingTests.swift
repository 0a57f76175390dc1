import Testing
import Timelines

@Suite("Registrations that fail")
struct FieldNotesFailingTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "Sixteen REGISTERs in a burst are one wrong password",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.001 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      100 phone -> switch REGISTER
      +0.001 switch -> phone 401
      """,
      finds: [
        ExpectedFinding(
          "auth-failure-loop", from: 0.002, to: 0.031, frames: [3, 4, 5, 6, 31, 32],
          says: "wrong password")
      ],
      verdicts: [
        ExpectedVerdict("registration-refused", .held)
      ]
    ),
    Scenario(
      "A trunk that tries for ever with a wrong password is one loop",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..600 every 26 phone -> switch REGISTER
      +0.001 switch -> phone 401
      +0.005 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      """,
      finds: [
        ExpectedFinding(
          "auth-failure-loop", from: 0.006, to: 598.007, frames: [3, 4, 7, 8, 95, 96],
          says: "24 times")
      ],
      verdicts: [
        ExpectedVerdict("register-unanswered", .held)
      ]
    ),
    Scenario(
      "403 to right-looking credentials and then silence leaves the account unregistered",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER
      +0.001 switch -> phone 401
      +0.005 phone -> switch REGISTER auth
      +0.001 switch -> phone 403
      200 phone -> switch keepalive crlf
      """,
      finds: [
        ExpectedFinding("credentials-rejected", from: 0.006, to: nil, frames: [3, 4], says: "403")
      ],
      verdicts: [
        ExpectedVerdict("registration-refused", .held)
      ]
    ),
    Scenario(
      "503 until a retry is an outage of the registrar, whatever Retry-After said",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER
      +0.01 switch -> phone 503 retry-after 60
      30 phone -> switch registers
      60..300 every 60 phone -> switch registers
      """,
      finds: [
        ExpectedFinding(
          "registration-refused", from: 0, to: 30.012, frames: [1, 2, 6], says: "503",
          "Retry-After: 60")
      ],
      verdicts: [
        ExpectedVerdict("auth-failure-loop", .held)
      ]
    ),
    Scenario(
      "A success that overtakes 100 is a success",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER
      +0.001 switch -> phone 401
      +0.005 phone -> switch REGISTER auth as r
      +0.001 switch -> phone 200 to r
      +0.001 switch -> phone 100 to r
      60..200 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("register-unanswered", .held),
        ExpectedVerdict("refresh-after-expiry", .held),
      ]
    ),
    Scenario(
      "A challenge captured after the success it led to is no failure",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER as a
      +0.010 phone -> switch REGISTER auth as b
      +0.001 switch -> phone 200 to b
      +0.001 switch -> phone 401 to a
      60..200 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("auth-failure-loop", .held),
        ExpectedVerdict("register-unanswered", .held),
      ]
    ),
    Scenario(
      "A REGISTER answered after its sixth transmission was answered",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER auth copies 6
      15 switch -> phone 200
      60..200 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("register-unanswered", .held)
      ]
    ),
    Scenario(
      "A refresh sent in time and answered late was in time",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "A" expires 60
      0 phone -> switch registers
      55 phone -> switch REGISTER auth copies 5
      63 switch -> phone 200 expires 60
      100..200 every 30 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held)
      ]
    ),
    Scenario(
      "One device left out while the registrar answers others",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      host p2 198.51.100.22:5060 user 1002 agent "Acme" expires 120
      0..90 every 45 phone -> switch REGISTER ladder
      5..180 every 20 p2 -> switch registers
      """,
      finds: [
        ExpectedFinding(
          "register-unanswered", from: 0, to: nil, frames: [1, 43, 57],
          says: "this device was left out")
      ],
      verdicts: [
        ExpectedVerdict("register-unanswered", of: "1002@203.0.113.10", .held)
      ]
    ),
    Scenario(
      "Nobody is answered: the registrar or the way to it",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      host p2 198.51.100.22:5060 user 1002 agent "Acme" expires 120
      0..90 every 45 phone -> switch REGISTER ladder
      5..95 every 45 p2 -> switch REGISTER ladder
      180 p2 -> switch keepalive crlf
      """,
      finds: [
        ExpectedFinding(
          "register-unanswered", from: 0, to: nil, frames: [1, 45, 64],
          says: "no answer of the registrar to anybody"),
        ExpectedFinding(
          "register-unanswered", of: "1002@203.0.113.10", from: 5, to: nil, frames: [5, 49, 66],
          says: "no answer of the registrar to anybody"),
      ]
    ),
    Scenario(
      "Answers sent again change nothing",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER as a copies 2
      0.6 switch -> phone 401 to a
      0.7 switch -> phone again
      0.8 phone -> switch REGISTER auth as b copies 2
      1.4 switch -> phone 200 to b
      1.5 switch -> phone again
      60..200 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("register-unanswered", .held),
        ExpectedVerdict("auth-failure-loop", .held),
      ]
    ),
    Scenario(
      "A router that refuses every REGISTER is named",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..90 every 30 phone -> switch REGISTER copies 3
      +0.02 icmp 203.0.113.1 -> phone host-unreachable quoting switch
      150 phone -> switch keepalive crlf
      """,
      finds: [
        ExpectedFinding(
          "register-unanswered", from: 0, to: nil, frames: [1, 2, 13, 16],
          says: "203.0.113.1 reported host unreachable")
      ]
    ),
    Scenario(
      "An ICMP error for a transmission whose repetition is answered is no fault",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER auth copies 2
      0.02 icmp 203.0.113.10 -> phone port-unreachable quoting switch
      0.51 switch -> phone 200
      60..180 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("register-unanswered", .held)
      ]
    ),
    Scenario(
      "A trunk of the switch whose provider is silent fails on the way out",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host up 192.0.2.50:5060
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      host p2 198.51.100.22:5060 user 1002 agent "Acme" expires 120
      0..300 every 60 phone -> switch registers
      5..300 every 60 p2 -> switch registers
      1..250 every 60 switch -> up REGISTER user t1 call-id t1@x expires 200 ladder
      """,
      finds: [
        ExpectedFinding(
          "register-unanswered", of: "t1@192.0.2.50", from: 1, to: nil, frames: [5, 81, 95],
          says: "192.0.2.50:5060"),
        ExpectedFinding(
          "trunk-outage", of: "t1@192.0.2.50", from: 1, to: nil, frames: [5, 81],
          says: "unreachable", "5 attempts failed"),
      ],
      verdicts: [
        ExpectedVerdict("register-unanswered", .held)
      ]
    ),
  ]
}
