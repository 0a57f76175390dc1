import Capture
import Registrations
import Testing
import Timelines

@Suite("Bindings are what the registrar granted")
struct BindingTests {
  struct Grant: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var lines: String
    var seconds: UInt32
    var source: GrantSource
  }

  @Test(
    "granted time",
    arguments: [
      Grant(
        testDescription: "is the parameter of the device's own Contact",
        lines: """
          0 phone -> switch REGISTER expires 300
          +0.01 switch -> phone 200 expires 90 header "Expires: 45"
          """, seconds: 90, source: .contact),
      Grant(
        testDescription: "is found among the Contacts of others",
        lines: """
          0 phone -> switch REGISTER expires 300
          +0.01 switch -> phone 200 contact <sip:1001@192.0.2.9:5060>;expires=7 \
          contact <sip:1001@198.51.100.21:5060>;expires=80
          """, seconds: 80, source: .contact),
      Grant(
        testDescription: "is the Expires header where the Contact has none",
        lines: """
          0 phone -> switch REGISTER expires 300
          +0.01 switch -> phone 200 expires-header 60
          """, seconds: 60, source: .header),
      Grant(
        testDescription: "is what was asked where the answer says nothing",
        lines: """
          0 phone -> switch REGISTER expires 300
          +0.01 switch -> phone 200 contact none
          """, seconds: 300, source: .request),
      Grant(
        testDescription: "is an hour where nobody says anything",
        lines: """
          0 phone -> switch REGISTER contact <sip:1001@198.51.100.21:5060>
          +0.01 switch -> phone 200 contact none
          """, seconds: 3600, source: .assumed),
    ])
  func grant(_ grant: Grant) throws {
    let account = try track(hosts + grant.lines).onlyAccount()
    let binding = try #require(account.current.first { !$0.isOnlyListed })
    #expect(binding.grantedSeconds == grant.seconds)
    #expect(binding.grantSource == grant.source)
    #expect(binding.expires - binding.refreshed.time == .seconds(Int64(grant.seconds)))
  }

  @Test("a query refreshes nothing")
  func query() throws {
    let account = try track(
      hosts + """
        0 phone -> switch registers
        60 phone -> switch REGISTER auth contact none
        +0.01 switch -> phone 200 contact <sip:1001@198.51.100.21:5060>;expires=60
        """
    ).onlyAccount()
    #expect(account.current.map(\.refreshes) == [0])
    #expect(account.accepted == 2)
  }

  @Test(
    "a removal ends the binding",
    arguments: [
      "REGISTER expires 0", "REGISTER expires-header 0", "REGISTER contact * expires 0",
      "REGISTER expires 0 call-id other@198.51.100.21",
    ])
  func removal(_ request: String) throws {
    let account = try track(
      hosts + """
        0 phone -> switch registers
        60 phone -> switch \(request)
        +0.01 switch -> phone 200 contact none
        """
    ).onlyAccount()
    #expect(account.current.isEmpty)
    #expect(account.past.kept.map(\.end) == [.removed])
  }

  @Test("retransmissions and repeated answers make no second registration")
  func retransmissions() throws {
    let account = try track(
      hosts + """
        0 phone -> switch REGISTER auth copies 4 as a
        3.6 switch -> phone 200 to a
        3.7 switch -> phone again
        """
    ).onlyAccount()
    #expect(account.requests == 1)
    #expect(account.accepted == 1)
    #expect(account.current.map(\.refreshes) == [0])
  }

  @Test("a new port behind the same NAT is the same device, not a change of hands")
  func newPort() throws {
    let account = try track(
      hosts + """
        0 home -> switch registers
        60 home moves-to 198.51.100.80:31343
        60 home -> switch registers
        """
    ).onlyAccount()
    #expect(account.past.kept.map(\.end) == [.refreshed])
    #expect(account.current.map { "\($0.source)" } == ["198.51.100.80:31343"])
    #expect(account.changes.isEmpty)
  }

  @Test("another device in its place is a change of hands")
  func replacement() throws {
    let account = try track(
      hosts + """
        host rival 192.0.2.33:5060 user 1001 expires 120
        0 phone -> switch registers
        60 rival -> switch registers
        """
    ).onlyAccount()
    #expect(account.past.kept.map(\.end) == [.replaced])
    #expect(account.changes.kept.map(\.kind) == [.replaced])
    #expect(account.changes.kept.map { "\($0.previous.source)" } == ["198.51.100.21:5060"])
  }

  @Test("two devices that the registrar lists stay side by side")
  func sideBySide() throws {
    let account = try track(
      hosts + """
        host second 192.0.2.33:5060 user 1001 expires 120
        0 phone -> switch registers
        60 second -> switch registers lists phone 60
        """
    ).onlyAccount()
    #expect(account.current.count == 2)
    #expect(account.changes.isEmpty)
  }

  @Test("a Contact that is only listed is learnt, and known as such")
  func listed() throws {
    let account = try track(
      hosts + """
        host second 192.0.2.33:5060 user 1001 expires 120
        0 phone -> switch registers lists second 77
        """
    ).onlyAccount()
    #expect(account.current.map(\.isOnlyListed) == [false, true])
    #expect(account.current.map(\.grantedSeconds) == [120, 77])
  }

  @Test("the seed of the tables changes nothing", arguments: [1, 2, 99] as [UInt64])
  func seed(_ seed: UInt64) throws {
    let timeline =
      hosts + """
        0..300 every 60 phone -> switch registers
        5..300 every 60 home -> switch registers
        30..300 every 60 switch -> home OPTIONS answered 200
        """
    func counts(_ history: History) -> [[Int]] {
      history.accounts.indices.map {
        [
          history.accounts[$0].requests, history.accounts[$0].accepted,
          history.accounts[$0].current.count,
        ]
      }
    }
    let first = counts(try track(timeline))
    #expect(counts(try track(timeline, seed: seed)) == first)
    #expect(first == [[12, 6, 1], [10, 5, 1]])
  }
}
