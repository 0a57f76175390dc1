import Foundation
import SIP
import Testing

/// One row of samples/torture/expectations.
struct Expectation: Sendable, CustomTestStringConvertible {
  let name: String
  let start: String
  let isAccepted: Bool
  let reason: String
  let section: String
  let why: String
  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "samples/torture")

  /// The rows of the table; empty when it cannot be read, which a test reports.
  static let all: [Expectation] = {
    guard
      let table = try? String(contentsOf: folder.appending(path: "expectations"), encoding: .utf8)
    else { return [] }
    return table.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count == 6, ["accepted", "refused"].contains(columns[2]) else { return nil }
      return Expectation(
        name: columns[0], start: columns[1], isAccepted: columns[2] == "accepted",
        reason: columns[3], section: columns[4], why: columns[5])
    }
  }()

  /// The message this row is about.
  func bytes() throws -> [UInt8] {
    let file = Expectation.folder.appending(path: "messages/\(name).dat")
    return [UInt8](try Data(contentsOf: file))
  }
}

@Suite("RFC 4475 torture messages")
struct TortureTests {
  @Test("the table has one row with a why for each message")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Expectation.folder.appending(path: "messages").path)
    let rows = Expectation.all.map { $0.name + ".dat" }
    #expect(rows.count == 50)
    #expect(rows.sorted() == files.sorted())
    #expect(Expectation.all.allSatisfy { $0.why.count > 10 })
    let sections = Expectation.all.map(\.section)
    #expect(Set(sections).count == sections.count)
  }

  @Test("each is accepted or refused as the table says", arguments: Expectation.all)
  func verdict(row: Expectation) throws {
    let parsed = Parsed(try row.bytes())
    let recognised = try #require(parsed.recognised, "not taken for SIP at all")
    #expect((parsed.message != nil) == row.isAccepted)
    #expect((parsed.failure?.description ?? "-") == row.reason)
    let start =
      recognised.isRequest
      ? parsed.text(recognised.methodText)
      : recognised.statusCode == 0 ? "-" : String(recognised.statusCode)
    #expect(start == row.start)
  }

  private func parsed(_ name: String) throws -> (Parsed, SIPMessage) {
    let row = try #require(Expectation.all.first { $0.name == name })
    let parsed = Parsed(try row.bytes())
    return (parsed, try #require(parsed.recognised))
  }

  @Test("wsinv: folds and white space hide nothing")
  func tortuousInvite() throws {
    let (parsed, message) = try parsed("wsinv")
    #expect(message.cseq == 9)
    #expect(parsed.text(message.to.user) == "vivekg")
    #expect(parsed.text(message.to.tag) == "1918181833n")
    #expect(parsed.text(message.from.tag) == "98asjd8")
    #expect(message.viaCount == 3)
    #expect(parsed.text(message.via.host) == "192.0.2.2")
    #expect(parsed.text(message.via.branch) == "390skdjuw")
    #expect(parsed.text(message.secondVia?.host) == "spindle.example.com")
    #expect(parsed.text(message.secondVia?.branch) == "z9hG4bK9ikj8")
    #expect(message.contactCount == 1)
    #expect(parsed.text(message.firstContact.uri) == "sip:jdrosen@example.com")
    #expect(message.firstContact.q == 330)
    #expect(message.hasRoute)
  }

  @Test("intmeth: marks of every kind stay where they belong")
  func unusualCharacters() throws {
    let (parsed, message) = try parsed("intmeth")
    #expect(message.method == .other)
    #expect(parsed.text(message.requestURI.host) == "example.com")
    #expect(
      parsed.text(message.requestURI.user) == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*")
    #expect(parsed.text(message.to.host) == "example.com")
    #expect(parsed.text(message.from.user) == "mundane")
    #expect(parsed.text(message.from.tag) == "_token~1'+`*%!-.")
    #expect(parsed.text(message.callID) == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{")
  }

  @Test("details that decide whose binding it is")
  func details() throws {
    let escaped = try parsed("esc02")
    #expect(escaped.0.contacts.map { escaped.0.text($0.user) } == ["alias1", "alias3"])
    let bare = try parsed("cparam01")
    #expect(bare.0.text(bare.1.firstContact.uri) == "sip:+19725552222@gw1.example.net")
    let bracketed = try parsed("cparam02")
    #expect(
      bracketed.0.text(bracketed.1.firstContact.uri)
        == "sip:+19725552222@gw1.example.net;unknownparam")
    let overlarge = try parsed("scalar02")
    #expect(overlarge.1.expires == .max)
    #expect(overlarge.1.firstContact.expires == .max)
    let spaces = try parsed("badaspec")
    #expect(spaces.0.text(spaces.1.to.uri) == "sip:t.watson@example.org")
    let unquoted = try parsed("baddn")
    #expect(unquoted.0.text(unquoted.1.from.uri) == "sip:a.g.bell@example.com")
    #expect(unquoted.0.text(unquoted.1.to.user) == "t.watson")
    let double = try parsed("dblreq")
    #expect(double.0.text(double.1.to.user) == "j.user")
    #expect(double.1.headerEnd < double.0.bytes.count)
    let unknown = try parsed("unksm2")
    #expect(unknown.1.to.scheme == .other && unknown.1.to.user.isEmpty)
    let old = try parsed("inv2543")
    #expect(old.1.via.branch.isEmpty && old.1.from.tag.isEmpty && !old.1.via.hasMagicCookie)
    let cookie = try parsed("badbranch")
    #expect(!cookie.1.via.hasMagicCookie)
    #expect(try parsed("transports").1.viaCount == 5)
  }

  @Test("a message the capture cut is no clash with its Content-Length")
  func cut() throws {
    let row = try #require(Expectation.all.first { $0.name == "clerr" })
    #expect(Parsed(try row.bytes(), isCut: true).message != nil)
  }
}
