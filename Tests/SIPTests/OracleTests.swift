import Foundation
import SIP
import Testing

/// What another program read of the SIP messages of a capture, one row a frame.
private struct OracleRow {
  let frame: Int
  let isUDP: Bool
  let method: String
  let status: String
  let callID: String
  let cseq: String
  let to: String

  init?(_ line: Substring) {
    let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard columns.count == 16, let frame = Int(columns[0]) else { return nil }
    self.frame = frame
    isUDP = !columns[4].isEmpty
    method = columns[8]
    status = columns[9]
    callID = columns[10]
    cseq = columns[11]
    to = columns[13]
  }
}

@Suite("Public captures")
struct OracleTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/captures/public")

  static var captures: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
  }

  // Frames this suite cannot reach by itself: fragments, tunnels, ICMP quotes. The walk through
  // whole captures is tested where decoding is.
  private static let beyondTheWalker = [
    "irontec_sngrep--ipv6frag.pcap": 2, "sipcapture_heplify--erspan_sip_ipv4_udp.hist.pcapng": 140,
  ]

  @Test(
    "messages agree with what tshark read, or the difference is explained",
    .enabled(if: !captures.isEmpty, "needs the public captures beside the repository"),
    arguments: captures)
  func agreement(name: String) throws {
    let file = Self.folder.appending(path: name)
    var walker = CapturedDatagrams(file: [UInt8](try Data(contentsOf: file)))
    let table = try String(
      contentsOf: Self.folder.appending(path: name + ".tshark.tsv"), encoding: .utf8)
    let rows = table.split(separator: "\n").compactMap { OracleRow($0) }
    var unseen = Dictionary(rows.filter(\.isUDP).map { ($0.frame, $0) }) { first, _ in first }
    var explained = OracleDifference.all[name] ?? [:]
    for datagram in walker.all() {
      let row = unseen.removeValue(forKey: datagram.frame)
      let parsed = Parsed(datagram.payload, isCut: datagram.isCut)
      let difference = Self.difference(parsed, row)
      let expected = explained.removeValue(forKey: datagram.frame)
      #expect(difference == (expected?.seen ?? ""), "frame \(datagram.frame)")
    }
    #expect(explained.isEmpty, "explained, but not there: \(explained.values.map(\.why))")
    #expect(unseen.count == Self.beyondTheWalker[name] ?? 0, "frames \(unseen.keys.sorted())")
  }

  /// What differs between the reader's result and the row, empty where nothing does.
  private static func difference(_ parsed: Parsed, _ row: OracleRow?) -> String {
    guard let message = parsed.recognised else { return row == nil ? "" : "not recognised" }
    let refusal = parsed.failure.map { "refused: \($0)" }
    guard let row else { return "not in the table" + (refusal.map { ", " + $0 } ?? "") }
    let hasCSeq = ![.missingCSeq, .malformedCSeq].contains(parsed.failure) || message.cseq != 0
    let pairs = [
      ("method", message.isRequest ? parsed.text(message.methodText) : "", row.method),
      ("status", message.statusCode == 0 ? "" : String(message.statusCode), row.status),
      ("Call-ID", parsed.text(message.callID), row.callID),
      ("CSeq", hasCSeq && !row.cseq.isEmpty ? String(message.cseq) : row.cseq, row.cseq),
      ("To", parsed.text(message.to.uri), row.to),
    ]
    let fields = pairs.filter { $0.1 != $0.2 }.map(\.0)
    return ([refusal].compactMap(\.self) + fields).joined(separator: ", ")
  }
}
