import Testing
import Timelines

@Suite("Registrations as real stacks send them")
struct FieldNotesRegisteringTests {
  @Test("situation", arguments: scenarios)
  func situation(_ scenario: Scenario) throws { try scenario.check() }

  private static let scenarios: [Scenario] = [
    Scenario(
      "A challenge before every success is how registration works",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..600 every 60 phone -> switch registers
      30..600 every 60 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("auth-failure-loop", .held),
        ExpectedVerdict("credentials-rejected", .held),
        ExpectedVerdict("refresh-after-expiry", .held),
      ]
    ),
    Scenario(
      "One REGISTER per refresh with a nonce used again is a plain refresh",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      60..600 every 60 phone -> switch registers preauth
      """,
      verdicts: [
        ExpectedVerdict("auth-failure-loop", .held),
        ExpectedVerdict("refresh-after-expiry", .held),
        ExpectedVerdict("register-flood", .held),
      ]
    ),
    Scenario(
      "A nonce refused without stale=true and renewed at once has aged",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers
      60..600 every 60 phone -> switch REGISTER auth
      +0.001 switch -> phone 401
      +0.009 phone -> switch REGISTER auth
      +0.002 switch -> phone 200
      """,
      verdicts: [
        ExpectedVerdict("auth-failure-loop", .held),
        ExpectedVerdict("credentials-rejected", .held),
      ]
    ),
    Scenario(
      "A trunk that takes a new Call-ID each time lost one probe, nothing more",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers call-id r0@x cseq 10
      60 phone -> switch registers call-id r1@x cseq 10
      120 phone -> switch registers call-id r2@x cseq 10
      180 phone -> switch registers call-id r3@x cseq 10
      240 phone -> switch registers call-id r4@x cseq 10
      10..90 every 20 switch -> phone OPTIONS answered 200
      110 switch -> phone OPTIONS
      130..230 every 20 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("nat-pinhole-lost", .notObserved),
        ExpectedVerdict("registration-flapping", .held),
      ]
    ),
    Scenario(
      "The same with a random CSeq is no restart once the habit is known",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch registers call-id r0@x cseq 24411
      60 phone -> switch registers call-id r1@x cseq 1823
      120 phone -> switch registers call-id r2@x cseq 30112
      180 phone -> switch registers call-id r3@x cseq 977
      240 phone -> switch registers call-id r4@x cseq 15020
      10..150 every 20 switch -> phone OPTIONS answered 200
      170 switch -> phone OPTIONS
      190..230 every 20 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("registration-flapping", .held),
      ]
    ),
    Scenario(
      "A new source port, Contact and Call-ID for each call is one client at one host",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone@198.51.100.21:40001 -> switch registers call-id s1@x contact sip:1001@198.51.100.21:40001 via 198.51.100.21:40001
      60 phone@198.51.100.21:40002 -> switch registers call-id s2@x contact sip:1001@198.51.100.21:40002 via 198.51.100.21:40002
      120 phone@198.51.100.21:40003 -> switch registers call-id s3@x contact sip:1001@198.51.100.21:40003 via 198.51.100.21:40003
      180 phone@198.51.100.21:40004 -> switch registers call-id s4@x contact sip:1001@198.51.100.21:40004 via 198.51.100.21:40004
      240 phone@198.51.100.21:40005 -> switch registers call-id s5@x contact sip:1001@198.51.100.21:40005 via 198.51.100.21:40005
      300 phone@198.51.100.21:40006 -> switch registers call-id s6@x contact sip:1001@198.51.100.21:40006 via 198.51.100.21:40006
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .notObserved)
      ]
    ),
    Scenario(
      "A new source port and Call-ID for each call with one Contact is one client",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone@198.51.100.21:40000 -> switch registers call-id s0@x via 198.51.100.21:40000
      60 phone@198.51.100.21:40001 -> switch registers call-id s1@x via 198.51.100.21:40001
      120 phone@198.51.100.21:40002 -> switch registers call-id s2@x via 198.51.100.21:40002
      180 phone@198.51.100.21:40003 -> switch registers call-id s3@x via 198.51.100.21:40003
      240 phone@198.51.100.21:40004 -> switch registers call-id s4@x via 198.51.100.21:40004
      300 phone@198.51.100.21:40005 -> switch registers call-id s5@x via 198.51.100.21:40005
      360 phone@198.51.100.21:40006 -> switch registers call-id s6@x via 198.51.100.21:40006
      420 phone@198.51.100.21:40007 -> switch registers call-id s7@x via 198.51.100.21:40007
      """,
      verdicts: [
        ExpectedVerdict("registration-flapping", .held)
      ]
    ),
    Scenario(
      "One REGISTER that removes the old Contact and adds the new one is a refresh",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "PJ" expires 120
      0 phone -> switch registers contact sip:1001@198.51.100.80:52094
      30 switch -> phone OPTIONS answered 200
      60 phone moves-to 198.51.100.80:31343
      60 phone -> switch REGISTER auth contact <sip:1001@198.51.100.80:52094>;expires=120
      +0.005 switch -> phone 200 expires 120
      +0.100 phone -> switch REGISTER auth contact <sip:1001@198.51.100.80:52094>;expires=0 contact <sip:1001@198.51.100.80:31343>;expires=120
      +0.005 switch -> phone 200 contact <sip:1001@198.51.100.80:31343>;expires=120
      70..100 every 30 switch -> phone OPTIONS answered 200
      120..360 every 60 phone -> switch registers preauth contact sip:1001@198.51.100.80:31343
      """,
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .held),
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("binding-expired", .held),
        ExpectedVerdict("registration-flapping", .held),
      ]
    ),
    Scenario(
      "An old Contact left to run out in five seconds by its own device is no expiry",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "PJ" expires 120
      0 phone -> switch registers contact sip:1001@198.51.100.80:52094
      30 switch -> phone OPTIONS answered 200
      60 phone moves-to 198.51.100.80:31343
      60 phone -> switch REGISTER auth contact <sip:1001@198.51.100.80:52094>;expires=120
      +0.005 switch -> phone 200 expires 120
      +0.100 phone -> switch REGISTER auth contact <sip:1001@198.51.100.80:52094>;expires=5 contact <sip:1001@198.51.100.80:31343>;expires=120
      +0.005 switch -> phone 200 contact <sip:1001@198.51.100.80:52094>;expires=5 contact <sip:1001@198.51.100.80:31343>;expires=120
      70..100 every 30 switch -> phone OPTIONS answered 200
      120..360 every 60 phone -> switch registers preauth contact sip:1001@198.51.100.80:31343
      """,
      verdicts: [
        ExpectedVerdict("binding-expired", .held),
        ExpectedVerdict("registration-flapping", .held),
      ]
    ),
    Scenario(
      "After a restart 404 to probes for the old Contact proves the phone alive",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "baresip" expires 600 contact sip:1001-0x55e5@198.51.100.21:5060
      host booted 198.51.100.21:5060 user 1001 agent "baresip" expires 600 contact sip:1001-0x5651@198.51.100.21:5060
      0 phone -> switch registers
      30..90 every 30 switch -> phone OPTIONS answered 200
      100 booted -> switch registers lists phone 500
      120..590 every 30 switch -> phone OPTIONS answered 404
      125..690 every 30 switch -> booted OPTIONS answered 200
      400 booted -> switch registers lists phone 200
      """,
      finds: [ExpectedFinding("unregister-missing", from: 100, to: 600.012, frames: nil)],
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("binding-expired", .held),
        ExpectedVerdict("registration-flapping", .held),
      ]
    ),
    Scenario(
      "A private Contact for ever is served by keepalives through its NAT",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..600 every 60 phone -> switch registers
      10..600 every 20 phone -> switch keepalive crlf
      30..600 every 60 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("nat-pinhole-lost", .held),
        ExpectedVerdict("stale-binding", .held),
      ]
    ),
    Scenario(
      "A Contact without a port is the usual port",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme" expires 120 contact sip:1001@198.51.100.21
      0..600 every 60 phone -> switch registers
      30..600 every 60 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held),
        ExpectedVerdict("refresh-after-expiry", .held),
      ]
    ),
    Scenario(
      "A registrar that adds the port to the Contact lists the same binding",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme" expires 120 contact sip:1001@198.51.100.21
      0..600 every 60 phone -> switch REGISTER
      +0.01 switch -> phone 200 contact <sip:1001@198.51.100.21:5060>;expires=120
      """,
      verdicts: [
        ExpectedVerdict("refresh-after-expiry", .held),
        ExpectedVerdict("registration-flapping", .held),
      ]
    ),
    Scenario(
      "One 423 followed by the longer expiry is a negotiation",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0 phone -> switch REGISTER expires 30
      +0.01 switch -> phone 423 min-expires 60
      +0.1 phone -> switch REGISTER expires 60
      +0.01 switch -> phone 401
      +0.01 phone -> switch REGISTER auth expires 60
      +0.01 switch -> phone 200 expires 60
      40..300 every 40 phone -> switch registers expires 60
      """,
      verdicts: [
        ExpectedVerdict("registration-refused", .held),
        ExpectedVerdict("refresh-after-expiry", .held),
      ]
    ),
    Scenario(
      "A user that registers another account is no fault",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "Acme D7 1.4" expires 120
      0..300 every 60 phone -> switch registers for 2001
      30..290 every 30 switch -> phone OPTIONS answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", of: "2001@203.0.113.10", .held)
      ]
    ),
    Scenario(
      "Probes for a random Contact user part belong to the account that registered it",
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 agent "baresip" expires 120 contact sip:1001-0x55e5@198.51.100.21:5060
      0..300 every 60 phone -> switch registers
      30..290 every 30 switch -> phone OPTIONS uri sip:1001-0x55e5@198.51.100.21:5060 to-header sip:1001-0x55e5@198.51.100.21:5060 answered 200
      """,
      verdicts: [
        ExpectedVerdict("stale-binding", .held)
      ]
    ),
  ]
}
