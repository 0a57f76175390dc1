import Capture
import Decode

/// Rewrites one frame layer by layer, with the same idea of layers as the decoder: what is not
/// understood is blanked, and every layer states the length and checksum of what it now holds.
struct FrameRewriter {
  let names: Pseudonyms
  let payloads: PayloadRewriter
  let limits = DecodeLimits()
  /// What stands instead of the fragment that the frame holds; `nil` where it is not known.
  private(set) var piece: FragmentPiece?
  /// The fragment met last.
  var fragment: MetFragment?
  /// Whether a transport or fragment was reached that the decoder knows.
  var isUnderstood = false

  init(names: Pseudonyms, keepaliveText: [UInt8]) {
    self.names = names
    payloads = PayloadRewriter(names: names, keepaliveText: keepaliveText)
  }

  /// The redacted bytes of a frame, with `piece` instead of the fragment it holds.
  mutating func rewrite(
    _ header: FrameHeader, _ bytes: [UInt8], _ piece: FragmentPiece? = nil
  ) -> [UInt8] {
    self.piece = piece
    fragment = nil
    isUnderstood = false
    let whole = Part(
      bytes: bytes[...], missing: max(0, header.originalLength - bytes.count),
      layersLeft: limits.layers)
    return link(header.linkType, whole)
  }

  // MARK: Link layers

  private mutating func link(_ type: LinkType, _ part: Part) -> [UInt8] {
    switch type {
    case .ethernet: return ethernet(part)
    case .linuxSLL: return cooked(part, size: 16, type: 14, address: 6..<14)
    case .linuxSLL2: return cooked(part, size: 20, type: 0, address: 12..<20)
    case .raw, .ipv4, .ipv6: return ip(part)
    case .null, .loop: return loopback(part)
    default: break
    }
    switch type.rawValue {
    case 12, 14: return ip(part)
    case 9, 50: return ppp(part)
    case 51: return pppoe(part)
    case 104: return cooked(part, size: 4, type: 2, address: 0..<0)
    default: return blank(part.bytes)
    }
  }

  /// Bytes of which only the number stays.
  func blank(_ bytes: Bytes) -> [UInt8] { .filled(0, bytes.count) }

  mutating func ethernet(_ part: Part) -> [UInt8] {
    guard part.count >= 14 else { return blank(part.bytes) }
    return names.linkAddress(part.bytes.part(0, 6)) + names.linkAddress(part.bytes.part(6, 6))
      + part.bytes.part(12, 2) + etherType(part.bytes.uint16(12), part.behind(14))
  }

  mutating func etherType(_ type: Int, _ part: Part) -> [UInt8] {
    guard part.layersLeft > 0 else { return blank(part.bytes) }
    switch type {
    case 0x0800, 0x86DD: return ip(part)
    // IEEE 802.1Q and 802.1ad tags, 802.1BR.
    case 0x8100, 0x88A8, 0x9100, 0x9200, 0x8926:
      let size = type == 0x8926 ? 6 : 4
      guard part.count >= size else { return blank(part.bytes) }
      return part.bytes.part(0, size)
        + etherType(part.bytes.uint16(size - 2), part.behind(size))
    case 0x8847, 0x8848: return mpls(part)
    case 0x8864: return pppoe(part)
    case 0x6558: return ethernet(part)
    case ..<0x0600: return logicalLink(part)
    default: return blank(part.bytes)
    }
  }

  private mutating func logicalLink(_ part: Part) -> [UInt8] {
    guard part.count >= 8 else { return blank(part.bytes) }
    if part.bytes.uint32(0) == 0xAAAA_0300, part.bytes.uint16(4) == 0 {
      return part.bytes.part(0, 8) + etherType(part.bytes.uint16(6), part.behind(8))
    }
    if part.bytes.uint16(0) == 0x0606, part.bytes.byte(2) == 3 {
      return part.bytes.part(0, 3) + ip(part.behind(3))
    }
    return blank(part.bytes)
  }

  private mutating func cooked(
    _ part: Part, size: Int, type: Int, address: Range<Int>
  ) -> [UInt8] {
    guard part.count >= size else { return blank(part.bytes) }
    var header = Array(part.bytes.prefix(size))
    if !address.isEmpty {
      // The eight bytes hold an address of six and padding, or one this program does not know.
      header.put(
        names.linkAddress(part.bytes.part(address.lowerBound, 6)) + [0, 0], at: address.lowerBound)
    }
    return header + etherType(part.bytes.uint16(type), part.behind(size))
  }

  private mutating func loopback(_ part: Part) -> [UInt8] {
    guard part.count >= 4 else { return blank(part.bytes) }
    let family = part.bytes.uint32(0)
    switch family > 0xFFFF ? family.byteSwapped : family {
    case 2, 10, 24, 28, 30: return part.bytes.part(0, 4) + ip(part.behind(4))
    default: return blank(part.bytes)
    }
  }

  /// MPLS labels stay: they name paths of the network that captured, not hosts.
  private mutating func mpls(_ part: Part) -> [UInt8] {
    var labels: [UInt8] = []
    var rest = part
    while true {
      guard rest.layersLeft > 0, rest.count >= 5 else { return labels + blank(rest.bytes) }
      let isLast = rest.bytes.byte(2) & 1 == 1
      labels += rest.bytes.part(0, 4)
      rest = rest.behind(4)
      if isLast { break }
    }
    switch rest.bytes.byte(0) >> 4 {
    case 4, 6: return labels + ip(rest)
    case 0 where rest.count >= 4: return labels + rest.bytes.part(0, 4) + ethernet(rest.behind(4))
    default: return labels + blank(rest.bytes)
    }
  }

  private mutating func pppoe(_ part: Part) -> [UInt8] {
    guard part.count >= 6, part.bytes.uint16(0) == 0x1100 else { return blank(part.bytes) }
    let length = part.bytes.uint16(4)
    let inside = part.behind(6).limited(to: length)
    let content = ppp(inside)
    var header = Array(part.bytes.prefix(6))
    header.put16(min(length + content.count - inside.count, 0xFFFF), at: 4)
    return header + content + blank(part.bytes.dropFirst(6 + inside.count))
  }

  private mutating func ppp(_ part: Part) -> [UInt8] {
    if part.bytes.uint16(0) == 0xFF03 {
      return part.bytes.part(0, 2) + pppProtocol(part.behind(2))
    }
    return pppProtocol(part)
  }

  private mutating func pppProtocol(_ part: Part) -> [UInt8] {
    guard part.count >= 2 else { return blank(part.bytes) }
    let isShort = part.bytes.byte(0) & 1 == 1
    let type = isShort ? Int(part.bytes.byte(0)) : part.bytes.uint16(0)
    let size = isShort ? 1 : 2
    let header = Array(part.bytes.prefix(size))
    switch type {
    case 0x0021, 0x0057: return header + ip(part.behind(size))
    case 0x0281: return header + mpls(part.behind(size))
    default: return header + blank(part.bytes.dropFirst(size))
    }
  }
}
