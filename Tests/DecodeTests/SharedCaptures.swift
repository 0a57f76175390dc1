import Capture
import Foundation

/// A frame as it stands in a capture file.
struct StoredFrame: Sendable {
  var header: FrameHeader
  var bytes: [UInt8]
}

/// Captures beside the package that tests read but the project does not carry.
enum SharedCaptures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/captures").standardizedFileURL

  static let isThere = FileManager.default.fileExists(atPath: folder.path)

  static func names(_ part: String) -> [String] {
    let path = folder.appendingPathComponent(part).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
      .map { "\(part)/\($0)" }
  }

  static func frames(_ name: String) throws -> [StoredFrame] {
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    return bytes.starts(with: [0x0A, 0x0D, 0x0D, 0x0A]) ? blocks(bytes) : records(bytes)
  }

  private static func number(_ bytes: [UInt8], _ offset: Int, isBig: Bool) -> Int {
    guard offset >= 0, offset + 4 <= bytes.count else { return 0 }
    let part = bytes[offset..<offset + 4]
    return (isBig ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | Int($1) }
  }

  /// Classic pcap of either byte order, microseconds.
  private static func records(_ bytes: [UInt8]) -> [StoredFrame] {
    let isBig = bytes.first == 0xA1
    let link = number(bytes, 20, isBig: isBig) & 0xFFFF
    var frames: [StoredFrame] = []
    var offset = 24
    while offset + 16 <= bytes.count {
      let captured = number(bytes, offset + 8, isBig: isBig)
      guard offset + 16 + captured <= bytes.count else { break }
      let seconds = number(bytes, offset, isBig: isBig)
      let rest = number(bytes, offset + 4, isBig: isBig) * 1000
      frames.append(
        StoredFrame(
          header: FrameHeader(
            reference: FrameReference(file: 0, number: UInt32(frames.count + 1)),
            time: Timestamp(seconds: Int64(seconds), nanoseconds: Int64(rest)),
            linkType: LinkType(rawValue: UInt32(link)), capturedLength: captured,
            originalLength: number(bytes, offset + 12, isBig: isBig)),
          bytes: Array(bytes[offset + 16..<offset + 16 + captured])))
      offset += 16 + captured
    }
    return frames
  }

  /// pcapng of one little-endian section with microseconds: what the shared captures have.
  private static func blocks(_ bytes: [UInt8]) -> [StoredFrame] {
    func field(_ offset: Int) -> Int { number(bytes, offset, isBig: false) }
    var frames: [StoredFrame] = []
    var links: [Int] = []
    var offset = 0
    while offset + 12 <= bytes.count {
      let (type, length) = (field(offset), field(offset + 4))
      guard length >= 12, offset + length <= bytes.count else { break }
      if type == 1 { links.append(field(offset + 8) & 0xFFFF) }
      let captured = field(offset + 20)
      let interface = field(offset + 8)
      if type == 6, links.indices.contains(interface), offset + 28 + captured <= bytes.count {
        let microseconds = Int64(field(offset + 12)) << 32 | Int64(field(offset + 16))
        frames.append(
          StoredFrame(
            header: FrameHeader(
              reference: FrameReference(file: 0, number: UInt32(frames.count + 1)),
              time: Timestamp(nanoseconds: 0) + .microseconds(microseconds),
              linkType: LinkType(rawValue: UInt32(links[interface])), capturedLength: captured,
              originalLength: field(offset + 24)),
            bytes: Array(bytes[offset + 28..<offset + 28 + captured])))
      }
      offset += length
    }
    return frames
  }
}

/// What tshark read as SIP in one capture.
struct OracleRow: Hashable, CustomStringConvertible {
  var frame: UInt32
  var source: String
  var destination: String
  var isRequest: Bool
  var callID: String

  var description: String { "frame \(frame) \(source) > \(destination) \(callID)" }

  /// The rows of SIP over UDP; tunnels list addresses and ports from the outside in, ICMP from
  /// the error to what it quotes.
  static func rows(_ name: String) throws -> [OracleRow] {
    let url = SharedCaptures.folder.appendingPathComponent(name + ".tshark.tsv")
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    return text.split(separator: "\n").compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count > 10, let frame = UInt32(columns[0]) else { return nil }
      func last(_ index: Int) -> String {
        columns[index].split(separator: ",").last.map(String.init) ?? ""
      }
      guard !last(4).isEmpty else { return nil }
      func endpoint(_ v4: Int, _ v6: Int, _ port: Int) -> String {
        last(v6).isEmpty ? "\(last(v4)):\(last(port))" : "[\(last(v6))]:\(last(port))"
      }
      return OracleRow(
        frame: frame, source: endpoint(2, 3, 4), destination: endpoint(5, 6, 7),
        isRequest: columns[9].isEmpty, callID: columns[10])
    }
  }
}
