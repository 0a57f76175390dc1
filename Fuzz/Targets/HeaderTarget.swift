import Decode
import Registrations
import SIP

/// Reads one header value in a message that is otherwise in order.
enum HeaderTarget {
  static func run(_ target: FuzzTarget, _ bytes: [UInt8]) throws(BrokenPromise) {
    var dealer = Dealer(bytes)
    let choice = dealer.byte()
    let value = dealer.rest()
    if target == .startLine {
      return try MessageTarget.read(
        value + Array("\r\n\(rest(leavingOut: [], choice))".utf8), isCut: false)
    }
    let names = names(of: target)
    let name = names[Int(choice) % names.count]
    if name.isEmpty {
      let line = Array("OPTIONS ".utf8) + value + Array(" SIP/2.0\r\n".utf8)
      return try MessageTarget.read(line + Array(rest(leavingOut: [], choice).utf8), isCut: false)
    }
    let head = "REGISTER sip:example.com SIP/2.0\r\n\(rest(leavingOut: names, choice, ending: ""))"
    let bytes = Array("\(head)\(name): ".utf8) + value + Array("\r\n\r\n".utf8)
    try MessageTarget.read(bytes, isCut: false)
    // The same as the last thing that the snap length left.
    try MessageTarget.read(Array(bytes.dropLast(4)), isCut: true)
  }

  /// The headers that share a grammar, short forms too; the empty name is the Request-URI.
  private static func names(of target: FuzzTarget) -> [String] {
    switch target {
    case .via: ["Via", "v"]
    case .address: ["From", "f", "To", "t", ""]
    case .contact: ["Contact", "m"]
    case .cseq: ["CSeq", "Call-ID", "i"]
    case .challenge: ["WWW-Authenticate", "Proxy-Authenticate"]
    case .credentials: ["Authorization", "Proxy-Authorization"]
    default: ["Expires", "Min-Expires", "Retry-After", "Flow-Timer", "Content-Length", "l"]
    }
  }

  private static func rest(
    leavingOut names: [String], _ choice: UInt8, ending: String = "\r\n"
  ) -> String {
    let headers = [
      ("Via", "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport"), ("From", "<sip:1@a>;tag=1"),
      ("To", "<sip:1@a>"), ("Call-ID", "1@a"), ("CSeq", "1 REGISTER"), ("Contact", "<sip:1@b>"),
    ]
    // Beside what is tried, a second header of its kind in half of the inputs.
    return headers.filter { choice & 0x80 != 0 || !names.contains($0.0) }
      .map { "\($0.0): \($0.1)\r\n" }.joined() + ending
  }
}

/// Reads an address, and a datagram that may be a keepalive.
enum HostTarget {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    _ = Keepalive.classify(bytes.span)
    if let address = IPAddress.parse(bytes.span) {
      try demand(IPAddress(address.description) == address, "\(address) is read as it is written")
    }
    for port in [nil, 5060] as [UInt16?] {
      guard let endpoint = Endpoint.parse(bytes.span, defaultPort: port) else { continue }
      try demand(
        Endpoint(endpoint.description) == endpoint, "\(endpoint) is read as it is written")
    }
  }
}
