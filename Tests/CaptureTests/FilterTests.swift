import Capture
import LiveCapture
import Testing

@Suite("Capture filters")
struct FilterTests {
  struct Row: CustomTestStringConvertible {
    var expression: String
    var linkType: LinkType
    /// Which of question and answer pass.
    var passes: [Bool]

    var testDescription: String { "'\(expression)' on link type \(linkType.rawValue)" }
  }

  static let rows = [
    Row(expression: "udp port 5060", linkType: .ethernet, passes: [true, true]),
    Row(expression: "src host 192.0.2.1", linkType: .ethernet, passes: [true, false]),
    Row(expression: "src host 192.0.2.1", linkType: .linuxSLL, passes: [true, false]),
    Row(expression: "src host 198.51.100.7", linkType: .raw, passes: [false, true]),
    Row(expression: "tcp", linkType: .ethernet, passes: [false, false]),
    Row(expression: "", linkType: .ethernet, passes: [true, true]),
    Row(expression: "greater 300", linkType: .ethernet, passes: [false, false]),
    // Compiled for another link type the addresses are looked for at the wrong place.
    Row(expression: "src host 192.0.2.1", linkType: .linuxSLL2, passes: [false, false]),
  ]

  @Test("A filter lets through what it says, on the link type it was compiled for", arguments: rows)
  func filters(_ row: Row) throws {
    let wrap: ([UInt8]) -> [UInt8] =
      switch row.linkType {
      case .raw: { $0 }
      case .linuxSLL: SamplePackets.cooked
      default: SamplePackets.ethernet
      }
    let filter = try PacketFilter(expression: row.expression, linkType: row.linkType)
    let passes = [SamplePackets.question, SamplePackets.answer].map { filter.passes(wrap($0), row) }
    #expect(passes == row.passes)
  }

  @Test("A filter's length is that on the wire, its bytes those captured")
  func lengths() throws {
    let filter = try PacketFilter(expression: "greater 300", linkType: .ethernet)
    let header = FrameHeader(
      reference: FrameReference(file: 0, number: 1), time: Timestamp(nanoseconds: 0),
      linkType: .ethernet, capturedLength: 3, originalLength: 300)
    let bytes: [UInt8] = [1, 2, 3]
    let passes = filter.matches(header, bytes.span)
    #expect(passes)
  }

  @Test("An empty frame passes only a filter that looks at nothing")
  func emptyFrame() throws {
    let row = Row(expression: "", linkType: .ethernet, passes: [])
    #expect(try PacketFilter(expression: "", linkType: .ethernet).passes([], row))
    #expect(try !PacketFilter(expression: "udp", linkType: .ethernet).passes([], row))
  }

  @Test("A snap length of nothing still matches")
  func noSnapLength() throws {
    let filter = try PacketFilter(expression: "udp", linkType: .ethernet, snapLength: 0)
    let row = Row(expression: "udp", linkType: .ethernet, passes: [])
    #expect(filter.passes(SamplePackets.ethernet(SamplePackets.question), row))
  }

  @Test(
    "What libpcap does not accept is refused in its words",
    arguments: [
      ("udp prot 5060", "syntax error"),
      ("host no.such.name.invalid", "unknown host 'no.such.name.invalid'"),
      ("port 99999", "illegal port number 99999 > 65535"),
      ("udp and (", "syntax error"),
    ])
  func refused(expression: String, words: String) throws {
    let error = try #require(throws: FilterError.self) {
      try PacketFilter(expression: expression, linkType: .ethernet)
    }
    #expect(error.expression == expression)
    #expect(error.message.contains(words), "\(error.message)")
    #expect(error.description == "filter '\(expression)': \(error.message)")
  }
}

extension PacketFilter {
  fileprivate func passes(_ bytes: [UInt8], _ row: FilterTests.Row) -> Bool {
    let header = FrameHeader(
      reference: FrameReference(file: 0, number: 1), time: Timestamp(nanoseconds: 0),
      linkType: row.linkType, capturedLength: bytes.count, originalLength: bytes.count)
    return matches(header, bytes.span)
  }
}
