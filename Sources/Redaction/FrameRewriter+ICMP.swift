import Decode

extension FrameRewriter {
  /// RFC 792: errors with what they quote; of all else only type and code stay.
  mutating func icmp(_ ends: Ends, _ part: Part) -> [UInt8] {
    guard part.count >= 8 else { return blank(part.bytes) }
    var message: [UInt8]
    switch part.bytes.byte(0) {
    case 3, 11, 12: message = part.bytes.part(0, 8) + quotedV4(part.behind(8))
    default: message = part.bytes.part(0, 4) + blank(part.bytes.dropFirst(4))
    }
    message.put16(0, at: 2)
    if !part.isCut {
      var checksum = Checksum()
      checksum.add(message)
      message.put16(checksum.value, at: 2)
    }
    return message
  }

  /// RFC 4443.
  mutating func icmpv6(_ ends: Ends, _ part: Part) -> [UInt8] {
    guard part.count >= 8 else { return blank(part.bytes) }
    var message: [UInt8]
    switch part.bytes.byte(0) {
    case 1...4: message = part.bytes.part(0, 8) + quotedV6(part.behind(8))
    default: message = part.bytes.part(0, 4) + blank(part.bytes.dropFirst(4))
    }
    message.put16(0, at: 2)
    if !part.isCut {
      message.put16(
        Checksum.of(message, transport: Transport.icmpv6, between: ends.new), at: 2)
    }
    return message
  }

  private mutating func quotedV4(_ part: Part) -> [UInt8] {
    guard part.count >= 20, part.bytes.byte(0) >> 4 == 4,
      let size = Self.ipv4HeaderLength(part.bytes), part.count >= size
    else { return blank(part.bytes) }
    var header = ipv4Header(part.bytes, size)
    let rest = part.behind(size)
    let isFirst = part.bytes.uint16(6) & 0x1FFF == 0
    let content =
      isFirst && part.bytes.byte(9) == Transport.udp ? quotedUDP(rest) : blank(rest.bytes)
    header.put16(
      min(max(size, part.bytes.uint16(2) + content.count - rest.count), 0xFFFF), at: 2)
    Self.seal(&header)
    return header + content
  }

  private mutating func quotedV6(_ part: Part) -> [UInt8] {
    guard part.count >= 40, part.bytes.byte(0) >> 4 == 6 else { return blank(part.bytes) }
    var header = ipv6Header(part.bytes)
    var rest = part.behind(40)
    var kind = part.bytes.byte(6)
    var headers: [UInt8] = []
    for _ in 0...limits.extensionHeaders {
      guard case .some(let header) = ExtensionHeader(kind, rest.bytes) else { break }
      // Only the first fragment has ports.
      let isLater = kind == ExtensionHeader.fragment && rest.bytes.uint16(2) & 0xFFF8 != 0
      kind = isLater ? 59 : rest.bytes.byte(0)
      headers += header
      rest = rest.behind(header.count)
    }
    let content = kind == Transport.udp ? quotedUDP(rest) : blank(rest.bytes)
    header.put16(min(max(0, part.bytes.uint16(4) + content.count - rest.count), 0xFFFF), at: 4)
    return header + headers + content
  }

  /// The quoted datagram, of which the end is mostly missing; its checksum cannot be told then.
  private mutating func quotedUDP(_ part: Part) -> [UInt8] {
    guard part.count >= 8 else { return blank(part.bytes) }
    isUnderstood = true
    let length = max(8, part.bytes.uint16(4))
    let payload = part.behind(8).limited(to: length - 8)
    let content = payloads.rewrite(payload.bytes, isCut: payload.isCut)
    var header = Array(part.bytes.prefix(8))
    header.put16(min(length + content.count - payload.count, 0xFFFF), at: 4)
    header.put16(0, at: 6)
    return header + content + blank(part.bytes.dropFirst(8 + payload.count))
  }
}
