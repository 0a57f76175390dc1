/// The headers between an IPv6 header and its transport (RFC 8200 4).
enum IPv6Extensions {
  private static let hopByHop: UInt8 = 0
  private static let routing: UInt8 = 43
  private static let fragment: UInt8 = 44
  private static let authentication: UInt8 = 51
  private static let noNextHeader: UInt8 = 59
  private static let destinationOptions: UInt8 = 60
  private static let mobility: UInt8 = 135

  /// Where a walk along the headers ended.
  enum End {
    /// At a transport and its bytes.
    case upper(UInt8, Window)
    /// At a fragment header, with its identification and the bytes behind it.
    case fragment(Fragment, UInt32, Window)
    /// At something that is not a transport: encrypted, or nothing more.
    case unknown
    /// At a header that could not be read.
    case failed(Decoded)
  }

  /// Whether a fragmented packet that starts with this header can carry UDP.
  static func mayLeadToUDP(_ header: UInt8) -> Bool {
    switch header {
    case Transport.udp, hopByHop, routing, authentication, destinationOptions: true
    default: false
    }
  }

  /// Goes from the header of kind `first` at the start of `window` to the transport.
  @inline(__always)
  static func walk(_ bytes: Span<UInt8>, _ window: Window, _ first: UInt8, limit: Int) -> End {
    if first == Transport.udp { return .upper(first, window) }
    return walkHeaders(bytes, window, first, limit: limit)
  }

  private static func headerLength(_ kind: UInt8, field: Int) -> Int {
    switch kind {
    case fragment: 8
    case authentication: (field + 2) * 4  // RFC 4302 2.2
    default: (field + 1) * 8
    }
  }

  private static func walkHeaders(
    _ bytes: Span<UInt8>, _ window: Window, _ first: UInt8, limit: Int
  ) -> End {
    var rest = window
    var kind = first
    for _ in 0...limit {
      switch kind {
      case hopByHop, routing, destinationOptions, mobility, authentication, fragment: break
      case noNextHeader: return .unknown
      default: return .upper(kind, rest)
      }
      guard rest.count >= 8 else { return .failed(rest.missing(8)) }
      let length = headerLength(kind, field: Int(bytes[rest.offset + 1]))
      guard rest.count >= length else { return .failed(rest.missing(length)) }
      let start = rest.offset
      let next = bytes[start]
      // Extension headers have a limit of their own.
      rest.offset += length
      if kind == fragment {
        let field = bytes.uint16(at: start + 2)
        // RFC 6946: neither an offset nor more to come, so nothing was fragmented.
        if field & 0xFFF9 != 0 {
          let part = Fragment(
            offset: Int(field & 0xFFF8), isLast: field & 1 == 0, nextHeader: next)
          return .fragment(part, bytes.uint32(at: start + 4), rest)
        }
      }
      kind = next
    }
    return .failed(.failure(.badExtensionHeaders))
  }
}
