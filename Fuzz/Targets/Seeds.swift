public import Capture
import Decode
import SIP

/// An input for a target.
public struct Seed: Hashable, Sendable {
  /// What it is for.
  public var target: FuzzTarget
  /// Its bytes.
  public var bytes: [UInt8]
}

/// Turns captures and messages into inputs to begin from.
public struct SeedMaker {
  /// Longer inputs are slow, and show nothing that shorter ones do not.
  private static let longest = 4000
  /// Frames of one capture that become inputs, each of its own and all together.
  private static let mostFrames = 24
  /// What was made so far, each once.
  public private(set) var seeds: Set<Seed> = []

  /// A maker that begins with a few inputs that need no capture.
  public init() {
    for story in Self.stories { add(.pipeline, story) }
    // Two halves in order, in the wrong order, twice, overlapping; IPv4 and IPv6.
    for kind in [0, 0x10, 0x30] as [UInt8] {
      let first: [UInt8] = [0, kind, 0, 2, 0x13, 0xC4, 0x13, 0xC4, 0, 32, 0, 0] + Self.filler(8)
      let last: [UInt8] = [0, kind | 1, 2, 2] + Self.filler(16)
      for order in [first + last, last + first, first + first + last + last] {
        add(.fragments, order)
      }
    }
    add(payloadOfState: Array(Self.knownBinding.utf8))
  }

  // A binding as a state has it: no capture holds the facts in its body.
  private static let knownBinding =
    ([
      "REGISTER sip:192.0.2.1:5060 SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-state",
      "From: <sip:1001@192.0.2.1>;tag=state", "To: <sip:1001@192.0.2.1>", "Call-ID: a@10.0.0.1",
      "CSeq: 7 REGISTER", "Contact: <sip:1001@198.51.100.1:5060>;expires=3600",
      "Content-Type: application/x-regsift-state", "",
    ]
    + [
      "requested 1799998000000000000", "refreshed 1799998000100000000",
      "from 1799990000000000000", "expires 1800001600000000000", "last-life 1799998900000000000",
      "granted 3600", "asked 3600", "grant-source 0", "first-cseq 1", "last-cseq 7",
      "kept-call-ids 3", "fresh-call-ids 0", "longest-open 60000000000", "silences 30000,60000",
      "marks 1", "",
    ]).joined(separator: "\r\n")

  /// Takes the frames of the capture `path`.
  public mutating func take(capture path: String) throws(CaptureError) {
    let reader = try CaptureReader(path: path, file: 0)
    var decoder = Decoder(seed: 1)
    var script = ScriptWriter()
    while let header = reader.next(), reader.framesRead <= Self.mostFrames {
      let bytes = Array(reader.bytes.indices.map { reader.bytes[$0] })
      take(frame: bytes, header)
      guard case .datagram(let datagram) = decoder.decode(header, bytes.span) else { continue }
      let payload = decoder.payload(of: datagram, in: bytes.span)
      let text = payload.indices.map { payload[$0] }
      if SIPParser.looksLikeSIP(payload) { take(message: text) }
      script.add(datagram, text, at: header.time)
    }
    add(.pipeline, script.bytes)
  }

  /// Takes a whole capture file.
  public mutating func take(file bytes: [UInt8]) { add(.capture, bytes) }

  /// Takes a saved state.
  public mutating func take(state bytes: [UInt8]) { add(.state, [0] + bytes) }

  /// Takes the text of a profile.
  public mutating func take(profile bytes: [UInt8]) { add(.profile, bytes) }

  private mutating func take(frame bytes: [UInt8], _ header: FrameHeader) {
    let types = FrameTarget.linkTypes
    guard let type = types.firstIndex(of: header.linkType.rawValue) else { return }
    add(.frame, [UInt8(type), header.isCut ? 1 : 0] + bytes)
    add(.redaction, [UInt8(type)] + bytes)
  }

  /// Takes a message: whole, and each of its headers.
  public mutating func take(message bytes: [UInt8]) {
    add(.sip, [0] + bytes)
    add(.redaction, [0x80] + bytes)
    add(payloadOfState: bytes)
    let lines = bytes.split(separator: 10).map { line in line.last == 13 ? line.dropLast() : line }
    if let first = lines.first { add(.startLine, [0] + first) }
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      guard let (target, choice) = Self.headers[name] else { continue }
      add(target, [choice] + line[(colon + 1)...].drop { $0 == 32 })
    }
    add(.host, Array("192.0.2.1:5060".utf8))
    add(.host, Array("[2001:db8::1]:5060".utf8))
  }

  private mutating func add(payloadOfState bytes: [UInt8]) {
    add(.state, [1, 8] + Packets.pair(UInt16(clamping: bytes.count & 0x7FF)) + bytes)
  }

  private static let headers: [String: (FuzzTarget, UInt8)] = [
    "via": (.via, 0), "v": (.via, 1), "from": (.address, 0), "f": (.address, 1),
    "to": (.address, 2),
    "t": (.address, 3), "contact": (.contact, 0), "m": (.contact, 1), "cseq": (.cseq, 0),
    "call-id": (.cseq, 1), "i": (.cseq, 2), "www-authenticate": (.challenge, 0),
    "proxy-authenticate": (.challenge, 1), "authorization": (.credentials, 0),
    "proxy-authorization": (.credentials, 1), "expires": (.seconds, 0),
    "min-expires": (.seconds, 1), "retry-after": (.seconds, 2), "content-length": (.seconds, 4),
  ]

  private mutating func add(_ target: FuzzTarget, _ bytes: [UInt8]) {
    let longest = target == .capture || target == .pipeline ? 10 * Self.longest : Self.longest
    if bytes.count <= longest { seeds.insert(Seed(target: target, bytes: bytes)) }
  }

  private static func filler(_ count: Int) -> [UInt8] { Array(repeating: 65, count: count) }
}

extension SeedMaker {
  /// Conversations of templates: a phone registers with and without challenge, is probed in vain,
  /// comes back elsewhere; a switch registers upstream and is refused.
  fileprivate static var stories: [[UInt8]] {
    let toSwitch: UInt8 = 1 << 2
    let toPhone: UInt8 = 1 << 5
    let register: [UInt8] = [toSwitch, 3, 0, 0, 1, 0x0A]
    let challenge: [UInt8] = [toPhone, 2, 0x81, 0, 1, 0x0A]
    let credentials: [UInt8] = [toSwitch, 2, 0, 0x20, 2, 0x0A]
    let accepted: [UInt8] = [toPhone, 2, 0x80, 0x80, 2, 0x0A]
    let probe: [UInt8] = [toPhone, 13, 1, 4, 5, 0]
    let answer: [UInt8] = [toSwitch, 2, 0x80, 4, 0x45, 0]
    let call: [UInt8] = [toPhone, 14, 2, 8, 7, 0]
    let elsewhere: [UInt8] = [2 << 2, 16, 0, 0x20, 3, 0x12]
    let grantedThere: [UInt8] = [2 << 5, 2, 0x80, 0x80, 3, 0x12]
    let upstream: [UInt8] = [5 << 5, 13, 0, 0x29, 9, 0x05]
    let refused: [UInt8] = [5 << 2, 2, 0x85, 0x29, 9, 0x05]
    let begin = register + challenge + credentials + accepted
    let interrupted: [UInt8] = [3 | 4 << 2, 5, 3, 17]
    return [
      begin, begin + probe + answer,
      begin + probe + probe + probe + call + elsewhere + grantedThere,
      begin + interrupted + probe + probe, upstream + refused + upstream + refused,
      begin + begin + accepted + challenge,
    ].map { [0] + $0 }
  }
}

/// Writes datagrams of a capture as a conversation.
private struct ScriptWriter {
  private(set) var bytes: [UInt8] = [0]
  private var last: Timestamp?
  private var places: [Endpoint: UInt8] = [:]

  mutating func add(_ datagram: Datagram, _ payload: [UInt8], at time: Timestamp) {
    let pause = last.map { (time - $0).wholeNanoseconds / 1_000_000 } ?? 0
    last = time
    let nearest = Conversation.pauses.indices.min {
      abs(Conversation.pauses[$0] - pause) < abs(Conversation.pauses[$1] - pause)
    }
    let source = place(datagram.source)
    let destination = place(datagram.destination)
    bytes += [1 | source << 2 | destination << 5, UInt8(nearest ?? 0)]
    bytes += Packets.pair(UInt16(clamping: payload.count)) + payload
  }

  private mutating func place(_ end: Endpoint) -> UInt8 {
    if let place = places[end] { return place }
    let place = UInt8(places.count % Conversation.ends.count)
    places[end] = place
    return place
  }
}
