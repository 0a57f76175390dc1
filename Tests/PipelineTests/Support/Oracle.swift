import Foundation

/// What tshark read as SIP in one frame.
///
/// Where a frame holds several layers or messages, tshark joins their values with commas from the
/// outside in: the last one is the innermost.
struct OracleRow {
  let frame: UInt32
  let source: String
  let destination: String
  let method: String
  let status: String
  let callID: String
  let cseq: String
  let cseqMethod: String
  let to: String

  init?(_ line: Substring) {
    let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard columns.count == 16, let frame = UInt32(columns[0]) else { return nil }
    func endpoint(_ four: Int, _ six: Int, _ port: Int) -> String {
      let (four, six, port) = (columns[four].last, columns[six].last, columns[port].last)
      return six.isEmpty ? "\(four):\(port)" : "[\(six)]:\(port)"
    }
    self.frame = frame
    source = endpoint(2, 3, 4)
    destination = endpoint(5, 6, 7)
    method = columns[8]
    status = columns[9]
    callID = columns[10]
    cseq = columns[11]
    cseqMethod = columns[12]
    to = columns[13]
  }

  /// The rows beside a capture of the public folder, by frame.
  static func rows(of capture: String) throws -> [UInt32: OracleRow] {
    let file = Place.publicCaptures.appending(path: capture + ".tshark.tsv")
    let text = try String(contentsOf: file, encoding: .utf8)
    return Dictionary(
      uniqueKeysWithValues: text.split(separator: "\n").compactMap { OracleRow($0) }.map {
        ($0.frame, $0)
      })
  }
}

extension String {
  /// The last of several values joined by commas.
  fileprivate var last: String { split(separator: ",").last.map(String.init) ?? "" }
}

/// The differences from tshark that are known to be right, out of `samples/oracle`.
struct KnownDifferences {
  /// What differs, by capture and frame.
  private(set) var byCapture: [String: [UInt32: String]] = [:]

  /// Reads the list: `[CAPTURE]`, then lines of `FRAME... : WHAT | WHY`.
  init(_ text: String) throws {
    var capture = ""
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("["), line.hasSuffix("]") {
        capture = String(line.dropFirst().dropLast())
        continue
      }
      let parts = line.split(separator: ":", maxSplits: 1)
      let reasons = parts.last?.split(separator: "|") ?? []
      guard parts.count == 2, reasons.count == 2, !capture.isEmpty else {
        throw Malformed(line: String(line))
      }
      for word in parts[0].split(separator: " ") {
        guard let frame = UInt32(word), byCapture[capture]?[frame] == nil else {
          throw Malformed(line: String(line))
        }
        byCapture[capture, default: [:]][frame] = reasons[0].trimmingCharacters(in: .whitespaces)
      }
    }
  }

  struct Malformed: Error {
    let line: String
  }

  static func committed() throws -> KnownDifferences {
    let file = Place.samples.appending(path: "oracle/differences.txt")
    return try KnownDifferences(String(contentsOf: file, encoding: .utf8))
  }
}
