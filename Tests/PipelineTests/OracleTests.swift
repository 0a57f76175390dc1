import Capture
import Decode
import Foundation
import Registrations
import SIP
import Testing

/// What the reader made of a frame, as far as it can be compared.
private struct Reading {
  var what = ""
  var source = ""
  var destination = ""
  var method = ""
  var status = ""
  var callID = ""
  var cseq = ""
  var cseqMethod = ""
  var to = ""
  /// Whether a method or status was recognised.
  var isSIP = false

  /// What differs from the row, empty where nothing does.
  func difference(from row: OracleRow?) -> String {
    guard let row else { return isSIP ? Self.list(["not in the table", what]) : "" }
    guard isSIP else { return what }
    let hasCSeq = !row.cseq.isEmpty && !cseq.isEmpty && !cseqMethod.isEmpty
    let pairs = [
      ("source", source, row.source), ("destination", destination, row.destination),
      ("method", method, row.method), ("status", status, row.status),
      ("Call-ID", callID, row.callID), ("CSeq", hasCSeq ? cseq : row.cseq, row.cseq),
      ("CSeq method", hasCSeq ? cseqMethod : row.cseqMethod, row.cseqMethod), ("To", to, row.to),
    ]
    return Self.list([what] + pairs.filter { $0.1 != $0.2 }.map(\.0))
  }

  private static func list(_ words: [String]) -> String {
    words.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

@Suite("Agreement with tshark")
struct OracleTests {
  static let captures = Place.captureNames(in: Place.publicCaptures)

  @Test(
    "Every SIP message of a public capture agrees with tshark, or the difference is explained",
    .enabled(if: !captures.isEmpty, "needs the public captures beside the repository"),
    arguments: captures)
  func agreement(name: String) throws {
    var rows = try OracleRow.rows(of: name)
    var known = try KnownDifferences.committed().byCapture[name] ?? [:]
    for (frame, reading) in try read(name) {
      let difference = reading.difference(from: rows.removeValue(forKey: frame))
      let explained = known.removeValue(forKey: frame) ?? ""
      #expect(difference == explained, "frame \(frame)")
    }
    #expect(rows.isEmpty, "rows of frames the capture does not have: \(rows.keys.sorted())")
    #expect(known.isEmpty, "explained, but no such frame: \(known.keys.sorted())")
  }

  @Test(
    "Every explained capture is there",
    .enabled(if: !captures.isEmpty, "needs the public captures beside the repository"))
  func explainedCaptures() throws {
    let explained = try KnownDifferences.committed().byCapture.keys
    #expect(Set(explained).subtracting(Self.captures).isEmpty)
  }

  /// What the reader makes of every frame, in order.
  private func read(_ name: String) throws -> [(UInt32, Reading)] {
    let capture = try CaptureReader(
      path: Place.publicCaptures.appending(path: name).path, file: 0)
    var reader = ObservationReader(seed: 1)
    var witness = FrameWitness()
    var readings: [(UInt32, Reading)] = []
    while let header = capture.next() {
      let observation = reader.read(header, capture.bytes)
      let what = witness.describe(header, capture.bytes)
      let reading = Reading(
        observation, reader.message, reader.sighting, reader.payload(in: capture.bytes), what)
      readings.append((header.reference.number, reading))
    }
    return readings
  }
}

extension Reading {
  /// `what` says what the frame is where the reader made nothing of it.
  fileprivate init(
    _ observation: Observation, _ message: SIPMessage, _ sighting: Sighting,
    _ payload: Span<UInt8>, _ what: String
  ) {
    switch observation {
    case .message:
      self.init(message, sighting, payload)
    case .malformed(let failure):
      self.init(message, sighting, payload)
      self.what = "refused: \(failure.description)"
    case .icmp: self.init(what: "quoted in an ICMP error")
    case .keepalive: self.init(what: "a keepalive")
    case .opaque: self.init(what: "no SIP message")
    case .nothing: self.init(what: what)
    }
  }

  private init(_ message: SIPMessage, _ sighting: Sighting, _ payload: Span<UInt8>) {
    isSIP = true
    source = sighting.source.description
    destination = sighting.destination.description
    method = message.isRequest ? payload.string(message.methodText) : ""
    status = message.statusCode == 0 ? "" : String(message.statusCode)
    callID = payload.string(message.callID)
    // Refused messages may have no CSeq: then there is nothing to compare.
    cseq = message.cseq == 0 ? "" : String(message.cseq)
    cseqMethod = message.method == .other ? "" : String(describing: message.method).uppercased()
    to = payload.string(message.to.uri)
  }
}

/// Looks at the frames a second time, to say why the reader passed one over.
///
/// A copy is named with the frame it repeats, which must have the same payload and IP identification on
/// the same way.
private struct FrameWitness: ~Copyable {
  private struct Way: Hashable {
    var source: Endpoint
    var destination: Endpoint
    /// A retransmission has another one.
    var identification: UInt32
    var payload: [UInt8]
  }

  private var decoder = Decoder(seed: 1)
  private var seen: [Way: UInt32] = [:]

  mutating func describe(_ header: FrameHeader, _ bytes: Span<UInt8>) -> String {
    switch decoder.decode(header, bytes) {
    case .tcp: return "over TCP"
    case .fragment: return "a fragment"
    case .nothing: return "another protocol"
    case .failure(let failure): return "cannot be decoded: \(failure.description)"
    case .icmp: return "quoted in an ICMP error"
    case .datagram(let datagram):
      let way = way(of: datagram, in: bytes)
      if let first = seen[way] { return "a copy of frame \(first)" }
      seen[way] = header.reference.number
      return "passed over"
    }
  }

  private func way(of datagram: Datagram, in bytes: Span<UInt8>) -> Way {
    let payload = decoder.payload(of: datagram, in: bytes)
    return Way(
      source: datagram.source, destination: datagram.destination,
      identification: datagram.identification, payload: payload.indices.map { payload[$0] })
  }
}
