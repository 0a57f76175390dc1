public import Capture
import Decode
import Evidence
public import Registrations
public import Reports

/// What a run of the program leaves to the next: whom it watched, and what it has told.
///
/// A state is a capture (pcapng): a REGISTER for each binding, as its device would send it again,
/// with the time and the addresses of the last one that was accepted; facts that no REGISTER says
/// are its body. To a dump of the tracker's tables this has three advantages: there is no second
/// description of some forty structures that could fall behind them, nothing in the file is an index
/// or a hash that could lead a damaged or hostile file astray, since everything is read by the
/// readers of captures and SIP and every key is made anew from the text; and tshark shows it. It is
/// written from the judged copy of the histories, so that nothing is kept for it in the meantime: to
/// keep the last REGISTER of every device would take 75 MB for 50,000 accounts, and a copy of each.
///
/// The first packet says who wrote it when, the last one how much there is, with a checksum: a file
/// that breaks off anywhere, or has a bit changed, is refused.
public struct StateWriter {
  /// The version of the form: a program reads no other.
  public static let version = 2
  /// How the first, the last and the packets with findings begin.
  static let beginning = "regsift-state"
  static let ending = "regsift-state-end"
  static let findings = "regsift-state-told"
  /// The most findings that are told of, the latest ones: older ones are news again after a restart.
  static let mostFindings = 200_000
  /// Findings in one packet.
  private static let findingsInPacket = 200
  /// The file is handed on in pieces of about this size.
  private static let piece = 64 * 1024
  /// What a datagram may hold, with room for headers.
  private static let longestPayload = 60_000

  /// A packet of a capture has no time before 1970.
  private static let earliest = Timestamp(nanoseconds: 0)

  /// How many bindings were written.
  public private(set) var bindings = 0
  private var pages: PacketBlockWriter
  private var checksum = StateChecksum()
  private var told = 0
  private let saved: Timestamp

  private init(saved: Timestamp) {
    self.saved = saved
    pages = PacketBlockWriter(
      application: "regsift \(regsiftVersion)",
      comment: "Registrations that regsift watched: read by its option --state")
  }

  /// Writes what `history` knows at the time `saved`, and gives the number of bindings.
  public static func write<Sink: ReportSink>(
    _ history: History, told: [ToldFinding], saved: Timestamp, host: String, to sink: inout Sink
  ) throws(Sink.Failure) -> Int {
    var writer = StateWriter(saved: saved)
    writer.put("\(beginning) \(version)\nsaved \(saved.nanoseconds)\nhost \(host)\n")
    try history.forEachKnownBinding(at: saved) { (known) throws(Sink.Failure) in
      writer.put(known)
      if writer.pages.bytes.count >= piece { try sink.write(writer.pages.drain().span) }
    }
    writer.put(told)
    writer.put(
      "\(ending)\nbindings \(writer.bindings)\ntold \(writer.told)\ncrc32 \(writer.checksum.value)\n"
    )
    try sink.write(writer.pages.drain().span)
    return writer.bindings
  }

  private mutating func put(_ known: KnownBinding) {
    // What cannot be written as it was would be somebody else when it is read.
    guard known.facts.requested >= Self.earliest,
      let text = StateMessage.text(of: known).map({ Array($0.utf8) }),
      text.count <= Self.longestPayload, StateMessage.isRead(text, as: known)
    else { return }
    bindings += 1
    put(text, from: known.source, to: known.registrar, at: known.facts.requested)
  }

  private mutating func put(_ findings: [ToldFinding]) {
    var lines: [String] = []
    for finding in Self.latest(findings) {
      guard let line = finding.line else { continue }
      told += 1
      lines.append(line)
      if lines.count == Self.findingsInPacket { flush(&lines) }
    }
    flush(&lines)
  }

  private static func latest(_ findings: [ToldFinding]) -> some Sequence<ToldFinding> {
    guard findings.count > mostFindings else { return findings[...] }
    return findings.sorted { $0.last > $1.last }.prefix(mostFindings)
  }

  private mutating func flush(_ lines: inout [String]) {
    guard !lines.isEmpty else { return }
    put("\(Self.findings)\n\(lines.joined(separator: "\n"))\n")
    lines.removeAll(keepingCapacity: true)
  }

  /// A packet that is no message: to the port that discards (RFC 863), from this host to itself.
  private mutating func put(_ text: String) {
    let here = Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 9)
    put(Array(text.utf8), from: here, to: here, at: saved)
  }

  private mutating func put(
    _ payload: [UInt8], from source: Endpoint, to destination: Endpoint, at time: Timestamp
  ) {
    let packet = StatePacket.bytes(payload, from: source, to: destination)
    let time = max(time, Self.earliest)
    let header = FrameHeader(
      reference: .earlier, time: time, linkType: .raw, capturedLength: packet.count,
      originalLength: packet.count)
    checksum.add(time, packet.span)
    pages.write(header, packet, comments: [])
  }
}

/// A finding that was told: it is not told again when it goes on or comes back.
public struct ToldFinding: Hashable, Sendable {
  /// Identifier of the rule.
  public var rule: String
  /// The account; `nil` for a finding about all of them.
  public var account: String?
  /// Since when it was so.
  public var from: Timestamp
  /// When it was so last.
  public var last: Timestamp
  /// Whether nobody has told yet that it is over.
  public var isOpen: Bool

  /// Names a finding.
  public init(rule: String, account: String?, from: Timestamp, last: Timestamp, isOpen: Bool) {
    self.rule = rule
    self.account = account
    self.from = from
    self.last = last
    self.isOpen = isOpen
  }

  private static let open = "open"
  private static let over = "over"
  /// The most bytes of an account's name.
  private static let longestAccount = 250
  /// More bytes than the identifier of any rule has.
  private static let longestRule = 64

  /// Its line in a state; `nil` where its account does not fit on one.
  var line: String? {
    let account = account ?? ""
    guard account.utf8.count <= Self.longestAccount, rule.utf8.count <= Self.longestRule,
      StateMessage.isPlain(account)
    else { return nil }
    let state = isOpen ? Self.open : Self.over
    let text = "\(from.nanoseconds) \(last.nanoseconds) \(state) \(rule) \(account)"
    return ToldFinding(line: text[...]) == self ? text : nil
  }

  init?(line: Substring) {
    // By bytes: a mark that combines with what stands before it would make one character of a blank
    // and the name behind it.
    let words = line.utf8.split(
      separator: UInt8(ascii: " "), maxSplits: 4, omittingEmptySubsequences: false
    ).map { Substring($0) }
    guard words.count == 5, let from = Int64(words[0]), let last = Int64(words[1]),
      words[2] == Self.open || words[2] == Self.over, !words[3].isEmpty,
      words[3].utf8.count <= Self.longestRule, words[4].utf8.count <= Self.longestAccount
    else { return nil }
    self.init(
      rule: String(words[3]), account: words[4].isEmpty ? nil : String(words[4]),
      from: Timestamp(nanoseconds: from), last: Timestamp(nanoseconds: last),
      isOpen: words[2] == Self.open)
  }
}
