extension FrameRewriter {
  mutating func transport(_ kind: UInt8, _ ends: Ends, _ part: Part) -> [UInt8] {
    switch kind {
    case Transport.udp: return udp(ends, part)
    case Transport.tcp: return tcp(ends, part)
    case Transport.icmp where ends.isIPv4: return icmp(ends, part)
    case Transport.icmpv6 where !ends.isIPv4: return icmpv6(ends, part)
    case Transport.ipv4, Transport.ipv6: return ip(part)
    case Transport.gre: return gre(part)
    default: return blank(part.bytes)
    }
  }

  // MARK: UDP

  /// RFC 768: ports stay, length and checksum are those of the new payload.
  ///
  /// A message is drawn out to `fewestBytes` where that can be done.
  mutating func udp(_ ends: Ends, _ part: Part, fewestBytes: Int = 0) -> [UInt8] {
    guard part.count >= 8 else { return blank(part.bytes) }
    var length = part.bytes.uint16(4)
    let isJumbo = length == 0 && ends.isOpenEnded
    if isJumbo { length = part.wireCount }
    guard 8...max(8, part.wireCount) ~= length else {
      return part.bytes.part(0, 8) + blank(part.bytes.dropFirst(8))
    }
    isUnderstood = true
    let datagram = part.limited(to: length)
    let payload = datagram.behind(8)
    var content =
      tunnelled(payload, port: part.bytes.uint16(2))
      ?? payloads.rewrite(
        payload.bytes, isCut: payload.isCut, fewestBytes: fewestBytes - 8)
    if length + content.count - payload.count > 0xFFFF {
      content = payloads.blank(payload.bytes)
    }
    var header = Array(part.bytes.prefix(8))
    if !isJumbo { header.put16(length + content.count - payload.count, at: 4) }
    header.put16(0, at: 6)
    // RFC 768: none was stated; RFC 8200 8.1: IPv6 demands one.
    let hasChecksum = part.bytes.uint16(6) != 0 || !ends.isIPv4
    if hasChecksum, !datagram.isCut {
      let checksum = Checksum.of(header + content, transport: Transport.udp, between: ends.new)
      header.put16(checksum == 0 ? 0xFFFF : checksum, at: 6)
    }
    return header + content + blank(part.bytes.dropFirst(datagram.count))
  }

  /// What VXLAN carries (RFC 7348 5); `nil` where these are not bytes of VXLAN.
  private mutating func tunnelled(_ part: Part, port: Int) -> [UInt8]? {
    guard port == 4789, part.count >= 8 + 14, part.layersLeft > 0,
      part.bytes.uint32(0) == 0x0800_0000, part.bytes.byte(7) == 0
    else { return nil }
    isUnderstood = false
    defer { isUnderstood = true }
    let inside = ethernet(part.behind(8))
    return isUnderstood ? part.bytes.part(0, 8) + inside : nil
  }

  // MARK: TCP

  /// RFC 9293 3.1: everything but the numbers of the header is blanked.
  private mutating func tcp(_ ends: Ends, _ part: Part) -> [UInt8] {
    guard part.count >= 20 else { return blank(part.bytes) }
    let size = Int(part.bytes.byte(12) >> 4) * 4
    guard size >= 20, size <= part.wireCount else {
      return part.bytes.part(0, 20) + blank(part.bytes.dropFirst(20))
    }
    isUnderstood = true
    var segment =
      part.bytes.part(0, 20) + .filled(1, min(size, part.count) - 20)
      + payloads.segment(part.bytes.dropFirst(size))
    segment.put16(0, at: 16)
    if !part.isCut {
      segment.put16(
        Checksum.of(segment, transport: Transport.tcp, between: ends.new), at: 16)
    }
    return segment
  }

  // MARK: GRE

  /// RFC 2784, RFC 2890 and ERSPAN, as the decoder reads them.
  private mutating func gre(_ part: Part) -> [UInt8] {
    guard part.count >= 4 else { return blank(part.bytes) }
    let flags = part.bytes.uint16(0)
    let type = part.bytes.uint16(2)
    let hasSequence = flags & 0x1000 != 0
    let size = [0x8000, 0x2000, 0x1000].reduce(4) { $0 + (flags & $1 != 0 ? 4 : 0) }
    guard flags & 0x4007 == 0, part.count >= size else { return blank(part.bytes) }
    let inside = part.behind(size)
    let content =
      switch type {
      case 0x88BE: hasSequence ? erspan(inside) : ethernet(inside)
      case 0x22EB: erspan(inside)
      default: etherType(type, inside)
      }
    var packet = Array(part.bytes.prefix(size)) + content
    if flags & 0x8000 != 0 {
      packet.put16(0, at: 4)
      var checksum = Checksum()
      checksum.add(packet)
      if !part.isCut { packet.put16(checksum.value, at: 4) }
    }
    return packet
  }

  private mutating func erspan(_ part: Part) -> [UInt8] {
    guard part.count >= 8 else { return blank(part.bytes) }
    var size = 8
    switch part.bytes.byte(0) >> 4 {
    case 1: break
    case 2 where part.count >= 12:
      size = part.bytes.byte(11) & 1 == 1 ? 20 : 12
      guard part.count >= size else { return blank(part.bytes) }
    default: return part.bytes.part(0, 1) + blank(part.bytes.dropFirst(1))
    }
    return part.bytes.part(0, size) + ethernet(part.behind(size))
  }
}
