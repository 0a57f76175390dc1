import Testing
import Timelines

@Suite("Bindings as registrars keep them")
struct FieldNotesBindingsTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "The same user at two domains is two accounts on one flow",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers to-header <sip:1001@a.example> call-id a@x
      1..301 every 60 phone -> switch registers to-header <sip:1001@b.example> call-id b@x
      30..290 every 30 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", of: "1001@a.example", .held),
        ExpectedVerdict("stale-binding", of: "1001@b.example", .held),
      ]
    ),
    Scenario(
      "Upper and lower case of a host name are one account",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 120 phone -> switch registers to-header <sip:1001@Example.ORG>
      60..300 every 120 phone -> switch registers to-header <sip:1001@example.org>
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", of: "1001@example.org", .held)
      ]
    ),
    Scenario(
      "An account without a user is followed like any other",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 agent "A" expires 60
      0..90 every 45 phone -> switch REGISTER to-header <sip:203.0.113.10> contact sip:198.51.100.21:5060
      +0.01 switch -> phone 200
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", of: "@203.0.113.10", .held)
      ]
    ),
    Scenario(
      "A wildcard removal ends the binding cleanly",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      60 phone -> switch REGISTER auth contact * expires 0
      +0.01 switch -> phone 200 contact none
      300 phone -> switch keepalive crlf
      """,
      verdicts: [
        ExpectedVerdict("binding-expired", .held)
      ]
    ),
    Scenario(
      "A removal under another Call-ID ends the binding as well",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      60 phone -> switch REGISTER auth expires 0 call-id other@x cseq 7
      +0.01 switch -> phone 200 contact none
      400 phone -> switch keepalive crlf
      """,
      verdicts: [
        ExpectedVerdict("binding-expired", .held)
      ]
    ),
    Scenario(
      "A REGISTER without Contact asks and changes nothing",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers
      45..300 every 60 phone -> switch REGISTER auth contact none
      +0.01 switch -> phone 200 contact <sip:1001@198.51.100.21:5060>;expires=75
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held),
        ExpectedVerdict("register-flood", .held),
      ]
    ),
    Scenario(
      "An Expires header grants where the Contact has no parameter",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..500 every 100 phone -> switch REGISTER expires-header 120
      +0.01 switch -> phone 200 expires-header 120
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held)
      ]
    ),
    Scenario(
      "A longer grant than asked for does no harm to a device that keeps its own time",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "A" expires 60
      0..600 every 50 phone -> switch registers granted 3600
      """,
      finds: [
        ExpectedFinding(
          "expiry-raised", from: 0.012, to: 600.012, frames: nil, says: "13 times", "3600 s")
      ],
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held),
        ExpectedVerdict("register-flood", .held),
      ]
    ),
    Scenario(
      "A dead Contact listed with zero seconds is not the device itself",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      60 phone -> switch REGISTER auth
      +0.01 switch -> phone 200 contact <sip:1001@198.51.100.99:5060>;expires=0 contact <sip:1001@198.51.100.21:5060>;expires=120
      120..300 every 60 phone -> switch registers
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held),
        ExpectedVerdict("binding-expired", .held),
      ]
    ),
    Scenario(
      "Removing the old and adding the new address is one move",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host wifi 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Lin" expires 300 instance urn:uuid:1
      host lte 192.0.2.44:31343 inside 10.9.8.7:5060 user 1001 agent "Lin" expires 300 instance urn:uuid:1
      0 wifi -> switch registers
      100 wifi -> switch REGISTER auth expires 0
      +0.01 switch -> wifi 200 contact none
      100.5 lte -> switch registers
      200..700 every 100 lte -> switch registers
      """,
      beside: ["keepalive-missing"],
      verdicts: [
        ExpectedVerdict("registration-flapping", .held),
        ExpectedVerdict("binding-expired", .held),
      ]
    ),
    Scenario(
      "A phone that registers at two registrars is at fault at neither",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host b 203.0.113.20:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme" expires 120
      0..600 every 60 phone -> switch registers to-header <sip:1001@example.org>
      1..601 every 60 phone -> b registers to-header <sip:1001@example.org>
      10..600 every 30 switch -> phone OPTIONS answered 200
      15..600 every 30 b -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", of: "1001@example.org", .held),
        ExpectedVerdict("registration-flapping", of: "1001@example.org", .held),
      ]
    ),
    Scenario(
      "Two registrars with different times do not make a refresh late",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host b 203.0.113.20:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme" expires 120
      0..600 every 300 phone -> switch registers to-header <sip:1001@example.org> expires 600
      1..601 every 50 phone -> b registers to-header <sip:1001@example.org> expires 60
      """,
      verdicts: [
        ExpectedVerdict("binding-expired", of: "1001@example.org", .held)
      ]
    ),
    Scenario(
      "A registrar that lists the mapped address lists the same phone",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme" expires 120
      0..600 every 60 phone -> switch REGISTER auth
      +0.01 switch -> phone 200 contact <sip:1001@198.51.100.80:52094>;expires=120 contact <sip:1001@192.0.2.200:5060>;expires=500
      30..590 every 60 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("registration-flapping", .held),
      ]
    ),
  ]
}
