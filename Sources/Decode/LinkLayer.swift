import Capture

/// EtherType values (IANA "IEEE 802 Numbers").
private enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let ipv6: UInt16 = 0x86DD
  static let transparentEthernet: UInt16 = 0x6558
  static let mplsUnicast: UInt16 = 0x8847
  static let mplsMulticast: UInt16 = 0x8848
  static let pppoeSession: UInt16 = 0x8864
  static let vlan: UInt16 = 0x8100
  static let serviceVLAN: UInt16 = 0x88A8
  static let oldQinQ: UInt16 = 0x9100
  static let oldQinQ2: UInt16 = 0x9200
  static let vnTag: UInt16 = 0x8926
  /// Smaller numbers are lengths of IEEE 802.3 frames.
  static let smallest: UInt16 = 0x0600
}

extension Decoder {
  /// Link layers by their LINKTYPE_ value, <https://www.tcpdump.org/linktypes.html>.
  @inline(__always)
  mutating func link(_ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window) -> Decoded {
    switch header.linkType {
    case .ethernet: return ethernet(header, bytes, window)
    case .linuxSLL: return cooked(header, bytes, window, size: 16, type: 14)
    case .linuxSLL2: return cooked(header, bytes, window, size: 20, type: 0)
    case .raw, .ipv4, .ipv6: return ip(header, bytes, window)
    case .null, .loop: return loopback(header, bytes, window)
    default: return rareLink(header, bytes, window)
    }
  }

  private mutating func rareLink(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    switch header.linkType.rawValue {
    // What DLT_RAW is on other systems (OpenBSD 14, the rest 12), written by old programs.
    case 12, 14: return ip(header, bytes, window)
    case 9, 50: return ppp(header, bytes, window)
    case 51: return pppoe(header, bytes, window)
    // Cisco HDLC: address, control, EtherType.
    case 104: return cooked(header, bytes, window, size: 4, type: 2)
    default:
      if counts.firstUnknownLinkType == nil { counts.firstUnknownLinkType = header.linkType }
      return .failure(.unknownLinkType)
    }
  }

  /// Two addresses of six bytes, then type or length.
  mutating func ethernet(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    guard window.count >= 14 else { return window.missing(14) }
    let type = bytes.uint16(at: window.offset + 12)
    return etherType(type, header, bytes, window.skipping(14))
  }

  /// What follows an EtherType; tags are peeled off until something else comes.
  mutating func etherType(
    _ type: UInt16, _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    guard window.layersLeft > 0 else { return .failure(.nestedTooDeep) }
    switch type {
    case EtherType.ipv4, EtherType.ipv6: return ip(header, bytes, window)
    case EtherType.vlan, EtherType.serviceVLAN, EtherType.oldQinQ, EtherType.oldQinQ2,
      EtherType.vnTag:
      // IEEE 802.1Q: two bytes of tag and the next type; VN-Tag (802.1BR) has four bytes of tag.
      let size = type == EtherType.vnTag ? 6 : 4
      guard window.count >= size else { return window.missing(size) }
      let inner = bytes.uint16(at: window.offset + size - 2)
      return etherType(inner, header, bytes, window.skipping(size))
    case EtherType.mplsUnicast, EtherType.mplsMulticast: return mpls(header, bytes, window)
    case EtherType.pppoeSession: return pppoe(header, bytes, window)
    case EtherType.transparentEthernet: return ethernet(header, bytes, window)
    case ..<EtherType.smallest: return logicalLink(header, bytes, window)
    default: return .nothing
    }
  }

  /// LLC (IEEE 802.2): SNAP with an EtherType behind it (RFC 1042), or IP itself.
  private mutating func logicalLink(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    guard window.count >= 8 else { return .nothing }
    let start = window.offset
    // DSAP, SSAP and control of SNAP, then an organisation code of zero: an EtherType follows.
    if bytes.uint32(at: start) == 0xAAAA_0300, bytes.uint16(at: start + 4) == 0 {
      return etherType(bytes.uint16(at: start + 6), header, bytes, window.skipping(8))
    }
    if bytes.uint16(at: start) == 0x0606, bytes[start + 2] == 3 {
      return ip(header, bytes, window.skipping(3))
    }
    return .nothing
  }

  /// Linux cooked capture, v1 or v2, and its like: a fixed header with an EtherType at `type`.
  private mutating func cooked(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window, size: Int, type: Int
  ) -> Decoded {
    guard window.count >= size else { return window.missing(size) }
    return etherType(bytes.uint16(at: type), header, bytes, window.skipping(size))
  }

  /// BSD loopback: an address family, in the byte order of whoever wrote the file.
  private mutating func loopback(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    guard window.count >= 4 else { return window.missing(4) }
    let family = bytes.uint32(at: window.offset)
    switch family > 0xFFFF ? family.byteSwapped : family {
    // AF_INET everywhere; AF_INET6 of Linux, OpenBSD and NetBSD, FreeBSD, macOS.
    case 2, 10, 24, 28, 30: return ip(header, bytes, window.skipping(4))
    default: return .nothing
    }
  }

  /// MPLS label stack (RFC 3032): what is in it is not said, so the first nibble must tell.
  private mutating func mpls(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    var rest = window
    while true {
      guard rest.layersLeft > 0 else { return .failure(.nestedTooDeep) }
      guard rest.count >= 5 else { return rest.missing(5) }
      let label = bytes.uint32(at: rest.offset)
      rest = rest.skipping(4)
      if label & 0x100 != 0 { break }
    }
    switch bytes[rest.offset] >> 4 {
    case 4, 6: return ip(header, bytes, rest)
    case 0:
      // RFC 4385 3: a pseudowire's control word starts with 0; here it can only carry Ethernet.
      guard rest.count >= 4 else { return rest.missing(4) }
      return ethernet(header, bytes, rest.skipping(4))
    default: return .nothing
    }
  }

  /// PPPoE session (RFC 2516 4): version and type, code, session, length.
  private mutating func pppoe(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    guard window.count >= 6 else { return window.missing(6) }
    let start = window.offset
    guard bytes.uint16(at: start) == 0x1100 else { return .failure(.badTunnelHeader) }
    let length = Int(bytes.uint16(at: start + 4))
    return ppp(header, bytes, window.skipping(6).limited(to: length))
  }

  /// PPP (RFC 1661 2, RFC 1662 3.1): address and control may be there, the protocol may be short.
  private mutating func ppp(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    var rest = window
    if rest.count >= 2, bytes.uint16(at: rest.offset) == 0xFF03 { rest = rest.skipping(2) }
    guard rest.count >= 2 else { return rest.missing(2) }
    let compressed = bytes[rest.offset]
    let isShort = compressed & 1 == 1
    let type = isShort ? UInt16(compressed) : bytes.uint16(at: rest.offset)
    rest = rest.skipping(isShort ? 1 : 2)
    switch type {
    case 0x0021, 0x0057: return ip(header, bytes, rest)
    case 0x0281: return mpls(header, bytes, rest)
    default: return .nothing
    }
  }
}
