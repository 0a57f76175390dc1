import Capture

extension Decoder {
  /// GRE (RFC 2784, RFC 2890): flags, protocol, then the optional fields the flags announce.
  mutating func gre(_ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window) -> Decoded {
    guard window.count >= 4 else { return window.missing(4) }
    let flags = bytes.uint16(at: window.offset)
    let type = bytes.uint16(at: window.offset + 2)
    // Version 1 is PPTP's (RFC 2637); source routing (RFC 1701) went out of use with RFC 2784.
    guard flags & 0x0007 == 0, flags & 0x4000 == 0 else { return .nothing }
    let hasSequence = flags & 0x1000 != 0
    var length = 4
    if flags & 0x8000 != 0 { length += 4 }
    if flags & 0x2000 != 0 { length += 4 }
    if hasSequence { length += 4 }
    guard window.count >= length else { return window.missing(length) }
    let inner = window.skipping(length)
    switch type {
    // ERSPAN type I has no header of its own and no GRE sequence number
    // (draft-foschiano-erspan-03, section 4).
    case 0x88BE: return hasSequence ? erspan(header, bytes, inner) : ethernet(header, bytes, inner)
    case 0x22EB: return erspan(header, bytes, inner)
    default: return etherType(type, header, bytes, inner)
    }
  }

  /// ERSPAN types II (version 1) and III (version 2), draft-foschiano-erspan-03.
  private mutating func erspan(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    guard window.count >= 8 else { return window.missing(8) }
    switch bytes[window.offset] >> 4 {
    case 1: return ethernet(header, bytes, window.skipping(8))
    case 2:
      guard window.count >= 12 else { return window.missing(12) }
      // The lowest bit says that eight bytes about the platform follow.
      let length = bytes[window.offset + 11] & 1 == 1 ? 20 : 12
      guard window.count >= length else { return window.missing(length) }
      return ethernet(header, bytes, window.skipping(length))
    default: return .failure(.badTunnelHeader)
    }
  }

  /// What VXLAN carries (RFC 7348 5), or `nil` when these are not bytes of VXLAN.
  mutating func vxlan(_ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window) -> Decoded? {
    guard window.count >= 8 + 14, window.layersLeft > 0 else { return nil }
    // Only the flag for a valid network identifier; everything reserved is zero.
    guard bytes.uint32(at: window.offset) == 0x0800_0000, bytes[window.offset + 7] == 0 else {
      return nil
    }
    switch ethernet(header, bytes, window.skipping(8)) {
    case .failure, .nothing: return nil
    case let inner: return inner
    }
  }
}
