import SIP
import Testing

/// A datagram and what became of it, with texts for comparing.
struct Parsed {
  let bytes: [UInt8]
  let result: SIPParseResult

  init(_ bytes: [UInt8], isCut: Bool = false) {
    self.bytes = bytes
    result = SIPParser.parse(bytes.span, isCut: isCut)
  }

  /// Parses `bytes` as they stand in memory with `tail` behind them.
  init(_ bytes: [UInt8], followedBy tail: [UInt8]) {
    self.bytes = bytes
    let whole = bytes + tail
    result = SIPParser.parse(whole.span.extracting(first: bytes.count))
  }

  /// Parses `text`, whose line feeds become CRLF.
  init(_ text: String, isCut: Bool = false) {
    self.init(Array(wire(text)), isCut: isCut)
  }

  var message: SIPMessage? {
    if case .message(let message) = result { message } else { nil }
  }

  var failure: SIPParseFailure? {
    if case .failure(let failure, _) = result { failure } else { nil }
  }

  /// The message, or what was recognised of a refused one.
  var recognised: SIPMessage? {
    switch result {
    case .message(let message), .failure(_, let message): message
    case .notSIP: nil
    }
  }

  var isNotSIP: Bool {
    if case .notSIP = result { true } else { false }
  }

  func text(_ range: ByteRange?) -> String {
    range.map { bytes.span.string($0) } ?? "nil"
  }

  var contacts: [SIPContact] {
    var all: [SIPContact] = []
    recognised?.forEachContact(in: bytes.span) { all.append($0) }
    return all
  }
}

/// The bytes of `text` with CRLF for each line feed.
func wire(_ text: String) -> [UInt8] {
  text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
}

/// A REGISTER with everything a message must have and `headers` behind it, one a line.
func register(_ headers: String..., line: String = "REGISTER sip:example.com SIP/2.0") -> String {
  ([line] + required + headers + ["", ""]).joined(separator: "\n")
}

/// A REGISTER of which one required header is replaced, or left out with nil.
func register(replacing name: String, with header: String?) -> String {
  let kept = required.compactMap { $0.hasPrefix(name + ":") ? header : $0 }
  return (["REGISTER sip:example.com SIP/2.0"] + kept + ["", ""]).joined(separator: "\n")
}

private let required = [
  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bKnashds7;rport",
  "From: \"Bob\" <sip:bob@example.com>;tag=456248",
  "To: <sip:bob@example.com>",
  "Call-ID: 843817637684230@998sdasdh09",
  "CSeq: 1826 REGISTER",
]

// A span cannot be an operand of `#expect`: these take arrays.
extension [UInt8] {
  func looksLikeSIP() -> Bool { SIPParser.looksLikeSIP(span) }

  func text(_ range: ByteRange) -> String { span.string(range) }

  func equals(_ range: ByteRange, _ other: ByteRange, in bytes: [UInt8]) -> Bool {
    span.equals(range, other, in: bytes.span)
  }

  func equalsIgnoringCase(_ range: ByteRange, _ other: ByteRange) -> Bool {
    span.equalsIgnoringCase(range, other, in: span)
  }

  func equalsIgnoringCase(_ range: ByteRange, _ text: StaticString) -> Bool {
    span.equalsIgnoringCase(range, text)
  }

  func hash(_ range: ByteRange, seed: UInt64) -> UInt64 { span.hash(range, seed: seed) }

  func hashIgnoringCase(_ range: ByteRange, seed: UInt64) -> UInt64 {
    span.hashIgnoringCase(range, seed: seed)
  }
}
