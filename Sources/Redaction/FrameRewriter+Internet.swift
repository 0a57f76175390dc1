import Decode

/// What the transports need of an IP header: the new addresses, as they stand in a checksum.
struct Ends {
  var new: [UInt8]
  var isIPv4: Bool
  /// Whether the header gives no length.
  var isOpenEnded = false
}

extension FrameRewriter {
  /// IPv4 or IPv6 by the first nibble.
  mutating func ip(_ part: Part) -> [UInt8] {
    guard part.layersLeft > 0 else { return blank(part.bytes) }
    switch part.bytes.byte(0) >> 4 {
    case 4: return ipv4(part)
    case 6: return ipv6(part)
    default: return blank(part.bytes)
    }
  }

  /// A packet whose header is not whole or contradicts itself: what stands before the addresses,
  /// so that it goes on doing so.
  private func headerless(_ part: Part) -> [UInt8] {
    part.bytes.part(0, 8) + blank(part.bytes.dropFirst(8))
  }

  func address(_ bytes: Bytes) -> [UInt8] {
    if bytes.count == 4 {
      let address = names.address(IPAddress(ipv4: bytes.uint32(0)))
      return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: address.low >> $0) }
    }
    let address = names.address(IPAddress(high: bytes.uint64(0), low: bytes.uint64(8)))
    return [address.high, address.low].flatMap { half in
      stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
    }
  }

  /// RFC 791 3.1.
  private mutating func ipv4(_ part: Part) -> [UInt8] {
    guard part.count >= 20, let size = Self.ipv4HeaderLength(part.bytes) else {
      return headerless(part)
    }
    let total = part.bytes.uint16(2)
    let whole = total == 0 ? part : part.limited(to: total)
    guard total == 0 || total >= size, whole.count >= size else { return headerless(part) }
    var header = ipv4Header(part.bytes, size)
    let ends = Ends(
      new: Array(header[12..<20]), isIPv4: true,
      isOpenEnded: total == 0)
    let payload = whole.behind(size)
    let flags = part.bytes.uint16(6)
    var content: [UInt8]
    if flags & 0x3FFF == 0 {
      content = transport(part.bytes.byte(9), ends, payload)
    } else {
      let met = MetFragment(
        ends: Array(part.bytes.part(12, 8)), identification: UInt32(part.bytes.uint16(4)),
        transport: part.bytes.byte(9), offset: (flags & 0x1FFF) * 8,
        isLast: flags & 0x2000 == 0, data: payload.bytes)
      let piece = fragment(met, ends, payload)
      header.put16(flags & 0xE000 | piece.offset / 8, at: 6)
      content = piece.data
    }
    let length = total + content.count - payload.count
    if total > 0 {
      // What grew too long for its own header says nothing any more.
      if length > 0xFFFF { content = .filled(0xFF, payload.count) }
      header.put16(length > 0xFFFF ? total : length, at: 2)
    }
    Self.seal(&header)
    return header + content + blank(part.bytes.dropFirst(whole.count))
  }

  /// Bytes of the header that begins here; `nil` where that is impossible.
  static func ipv4HeaderLength(_ bytes: Bytes) -> Int? {
    let size = Int(bytes.byte(0) & 0x0F) * 4
    return size >= 20 ? size : nil
  }

  /// The header with new addresses and no options, which may hold addresses of their own.
  func ipv4Header(_ bytes: Bytes, _ size: Int) -> [UInt8] {
    // RFC 791 3.1: option 1 is "no operation".
    Array(bytes.prefix(12)) + address(bytes.part(12, 4)) + address(bytes.part(16, 4))
      + .filled(1, size - 20)
  }

  static func seal(_ header: inout [UInt8]) {
    header.put16(0, at: 10)
    var checksum = Checksum()
    checksum.add(header)
    header.put16(checksum.value, at: 10)
  }

  /// RFC 8200 3 and 4.
  private mutating func ipv6(_ part: Part) -> [UInt8] {
    guard part.count >= 40 else { return headerless(part) }
    let length = part.bytes.uint16(4)
    var header = ipv6Header(part.bytes)
    let payload = length == 0 ? part.behind(40) : part.behind(40).limited(to: length)
    let ends = Ends(
      new: Array(header[8..<40]), isIPv4: false,
      isOpenEnded: length == 0)
    var content = extensions(part.bytes.byte(6), ends, payload, of: part.bytes)
    let grown = length + content.count - payload.count
    if length > 0 {
      if grown > 0xFFFF { content = .filled(0xFF, payload.count) }
      header.put16(grown > 0xFFFF ? length : grown, at: 4)
    }
    return header + content + blank(part.bytes.dropFirst(40 + payload.count))
  }

  func ipv6Header(_ bytes: Bytes) -> [UInt8] {
    Array(bytes.prefix(8)) + address(bytes.part(8, 16)) + address(bytes.part(24, 16))
  }

  /// The headers between an IPv6 header and its transport, emptied, and what is behind them.
  private mutating func extensions(
    _ first: UInt8, _ ends: Ends, _ part: Part, of packet: Bytes
  ) -> [UInt8] {
    var out: [UInt8] = []
    var rest = part
    var kind = first
    for _ in 0...limits.extensionHeaders {
      switch ExtensionHeader(kind, rest.bytes) {
      case .none: return out + transport(kind, ends, rest)
      case .broken: return out + blank(rest.bytes)
      case .some(let header):
        let next = rest.bytes.byte(0)
        if kind == ExtensionHeader.fragment, rest.bytes.uint16(2) & 0xFFF9 != 0 {
          return out + fragmentHeader(next, ends, rest, of: packet)
        }
        out += header
        rest = rest.behindExtension(header.count)
        kind = next
      }
    }
    return out + blank(rest.bytes)
  }

  private mutating func fragmentHeader(
    _ next: UInt8, _ ends: Ends, _ part: Part, of packet: Bytes
  ) -> [UInt8] {
    let field = part.bytes.uint16(2)
    let payload = part.behind(8)
    let met = MetFragment(
      ends: Array(packet.part(8, 32)), identification: part.bytes.uint32(4), transport: next,
      offset: field & 0xFFF8, isLast: field & 1 == 0, data: payload.bytes)
    let piece = fragment(met, ends, payload)
    var header = Array(part.bytes.prefix(8))
    header.put16(piece.offset | field & 7, at: 2)
    return header + piece.data
  }

  /// What stands instead of a fragment's data, and where.
  private mutating func fragment(
    _ met: MetFragment, _ ends: Ends, _ payload: Part
  ) -> FragmentPiece {
    isUnderstood = true
    let blanked = FragmentPiece(offset: met.offset, data: .filled(0xFF, payload.count))
    if payload.isCut {
      guard met.offset == 0, met.transport == Transport.udp else { return blanked }
      // The head is all there will be of it; its UDP length counts all the fragments.
      var head = payload
      head.missing = 65_535 - min(payload.count, 65_535)
      return FragmentPiece(offset: 0, data: udp(ends, head))
    }
    fragment = met
    return piece ?? blanked
  }
}

/// An IPv6 extension header without what it says (RFC 8200 4).
enum ExtensionHeader {
  case none
  case broken
  case some([UInt8])

  static let fragment: UInt8 = 44

  /// Reads the header of that kind at the start of `bytes`; `none` where it is a transport's.
  init(_ kind: UInt8, _ bytes: Bytes) {
    let field = Int(bytes.byte(1))
    let length: Int
    switch kind {
    case 0, 43, 60, 135: length = (field + 1) * 8
    case 51: length = (field + 2) * 4
    case Self.fragment: length = 8
    default:
      self = .none
      return
    }
    guard bytes.count >= 8, bytes.count >= length else {
      self = .broken
      return
    }
    // Options and routes hold addresses; the kind and length of the header stay.
    self =
      kind == Self.fragment
      ? .some(Array(bytes.prefix(8))) : .some(bytes.prefix(2) + .filled(0, length - 2))
  }
}

enum Transport {
  static let icmp: UInt8 = 1
  static let ipv4: UInt8 = 4
  static let tcp: UInt8 = 6
  static let udp: UInt8 = 17
  static let ipv6: UInt8 = 41
  static let gre: UInt8 = 47
  static let icmpv6: UInt8 = 58
}

extension Bytes {
  fileprivate func uint64(_ offset: Int) -> UInt64 {
    UInt64(uint32(offset)) << 32 | UInt64(uint32(offset + 4))
  }
}
