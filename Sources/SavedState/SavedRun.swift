public import Capture
public import Decode
public import Registrations
public import SIP

/// A state that was read whole and found to be as it was written.
public struct SavedRun: Sendable {
  /// When it was written.
  public let saved: Timestamp
  /// How many bindings are in it.
  public let bindings: Int
  /// What has been told.
  public let told: [ToldFinding]
  private let path: String

  /// More bytes than 2,000,000 accounts need, in memory at no time: what is longer is not ours.
  private static let greatestSize = 2 << 30

  /// Opens the state `path` for a run on `host` that begins at `now`.
  ///
  /// Throws why it is not to be used; then nothing of it is.
  public init(path: String, host: String, now: Timestamp) throws(StateRefusal) {
    var scan = Scan()
    try Self.forEachPacket(of: path) { (header, packet, _, payload) throws(StateRefusal) in
      try scan.take(header, packet, payload)
    }
    guard let opening = scan.opening else { throw .damaged(reason: "it has no packet") }
    guard opening.host == host else { throw .otherHost(opening.host) }
    guard opening.saved <= now else { throw .fromTheFuture(by: opening.saved - now) }
    guard scan.isWhole else { throw .damaged(reason: "its end is missing") }
    (self.path, saved, bindings, told) = (path, opening.saved, scan.bindings, scan.told)
  }

  /// Hands on every binding as a REGISTER with its facts: message, bytes, device, registrar.
  ///
  /// Throws where the file is not what it was.
  public func forEachBinding(
    _ body: (KnownBinding.Facts, borrowing SIPMessage, Span<UInt8>, Endpoint, Endpoint) -> Void
  ) throws(StateRefusal) {
    var message = SIPMessage()
    try Self.forEachPacket(of: path) { (_, _, datagram, payload) throws(StateRefusal) in
      guard case .message = SIPParser.parse(payload, isCut: false, into: &message),
        let facts = StateMessage.facts(in: payload.text(from: message.headerEnd))
      else { return }
      body(facts, message, payload, datagram.source, datagram.destination)
    }
  }

  private static func forEachPacket(
    of path: String,
    _ body: (FrameHeader, Span<UInt8>, Datagram, Span<UInt8>) throws(StateRefusal) -> Void
  ) throws(StateRefusal) {
    let reader: CaptureReader
    do { reader = try CaptureReader(path: path, file: 0) } catch { throw StateRefusal(error) }
    var decoder = Decoder()
    var size = 0
    while let header = reader.next() {
      size += header.capturedLength
      guard size <= greatestSize else { throw .damaged(reason: "it is longer than any state") }
      guard case .datagram(let datagram) = decoder.decode(header, reader.bytes),
        !datagram.isReassembled, !datagram.isCut
      else { throw .foreign }
      try body(header, reader.bytes, datagram, reader.bytes.extracting(datagram.payload))
    }
    if let failure = reader.failure { throw StateRefusal(failure) }
  }
}

/// What the packets of a state say, checked in their order.
private struct Scan {
  struct Opening {
    let saved: Timestamp
    let host: String
  }

  var opening: Opening?
  var bindings = 0
  var told: [ToldFinding] = []
  var isWhole = false
  private var checksum = StateChecksum()

  mutating func take(
    _ header: FrameHeader, _ packet: Span<UInt8>, _ payload: Span<UInt8>
  ) throws(StateRefusal) {
    guard !isWhole else { throw .damaged(reason: "something follows its end") }
    guard opening != nil else {
      try open(payload.text(from: 0))
      checksum.add(header.time, packet)
      return
    }
    guard payload.begins(with: StateWriter.beginning) else {
      bindings += 1
      checksum.add(header.time, packet)
      return
    }
    let text = payload.text(from: 0)
    if text.hasPrefix(StateWriter.ending) {
      try end(text)
    } else {
      try take(findings: text)
      checksum.add(header.time, packet)
    }
  }

  /// Checked at once: nothing is known of the file until its end, and it need not have one.
  private mutating func take(findings text: String) throws(StateRefusal) {
    for line in text.split(separator: "\n").dropFirst() {
      guard let finding = ToldFinding(line: line) else { continue }
      guard told.count < StateWriter.mostFindings else {
        throw .damaged(reason: "it tells of more findings than any run does")
      }
      told.append(finding)
    }
  }

  private mutating func open(_ text: String) throws(StateRefusal) {
    let fields = StateText.fields(text)
    guard text.hasPrefix(StateWriter.beginning + " "),
      let version = fields[Substring(StateWriter.beginning)]
    else { throw .foreign }
    guard version == "\(StateWriter.version)" else {
      throw .otherVersion(String(version.prefix(20)))
    }
    guard let saved = fields["saved"].flatMap({ Int64($0) }), let host = fields["host"] else {
      throw .damaged(reason: "its first packet does not say when and where it was written")
    }
    opening = Opening(saved: Timestamp(nanoseconds: saved), host: String(host))
  }

  private mutating func end(_ text: String) throws(StateRefusal) {
    let fields = StateText.fields(text)
    guard fields["bindings"] == "\(bindings)", fields["told"] == "\(told.count)" else {
      throw .damaged(reason: "packets are missing")
    }
    guard fields["crc32"] == checksum.value[...] else {
      throw .damaged(reason: "its checksum is another one")
    }
    isWhole = true
  }
}

extension Span<UInt8> {
  /// The text from `start` to the end, invalid UTF-8 replaced.
  fileprivate func text(from start: Int) -> String {
    extracting(Swift.min(Swift.max(start, 0), count)..<count)
      .withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  fileprivate func begins(with text: String) -> Bool {
    var place = 0
    for byte in text.utf8 {
      guard place < count, self[place] == byte else { return false }
      place += 1
    }
    return true
  }
}
