import Testing
import Timelines

@Suite("Captures that begin late or end early")
struct CaptureEdgesTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "A capture that begins with the second REGISTER of an exchange knows the binding",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER unseen
      +0.001 switch -> phone 401 unseen
      +0.01 phone -> switch REGISTER auth
      +0.002 switch -> phone 200
      60..200 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held),
        ExpectedVerdict("auth-failure-loop", .held),
      ]
    ),
    Scenario(
      "A binding learnt from a lone 200 can be seen to die",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER auth unseen
      +0.002 switch -> phone 200
      30 switch -> phone OPTIONS answered 200
      60 phone -> switch registers
      90..180 every 30 switch -> phone OPTIONS
      """,
      finds: [
        ExpectedFinding("stale-binding", from: 89.998, to: nil, frames: [6, 8, 9])
      ],
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held)
      ]
    ),
    Scenario(
      "A challenge at the end of the capture is no failure",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..120 every 60 phone -> switch registers
      180 phone -> switch REGISTER
      +0.001 switch -> phone 401
      """,
      verdicts: [
        ExpectedVerdict("auth-failure-loop", .held),
        ExpectedVerdict("register-unanswered", .held),
      ]
    ),
    Scenario(
      "A REGISTER at the end of the capture may still be answered",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..120 every 60 phone -> switch registers
      180 phone -> switch REGISTER copies 3
      """,
      verdicts: [
        ExpectedVerdict("register-unanswered", .undecided)
      ]
    ),
  ]
}
