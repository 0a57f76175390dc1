/// What regsift needs of one SIP message: numbers, and ranges into the datagram's bytes.
///
/// Ranges are empty, numbers nil or 0 where the message has no such text. A value of a folded
/// header may have the fold inside.
public struct SIPMessage: Sendable {
  /// Whether this is a request.
  public var isRequest = false
  /// Method of the request; for a response that of CSeq.
  public var method = SIPMethod.other
  /// The method as written.
  public var methodText = ByteRange.none
  /// The Request-URI; empty in a response.
  public var requestURI = SIPAddress()
  /// Status code of a response, 100 to 699; 0 for a request.
  public var statusCode: UInt16 = 0
  /// Reason phrase of a response, as written.
  public var reasonPhrase = ByteRange.none

  /// The Call-ID.
  public var callID = ByteRange.none
  /// The CSeq number, below 2**31.
  public var cseq: UInt32 = 0
  /// The From address.
  public var from = SIPAddress()
  /// The To address.
  public var to = SIPAddress()
  /// The topmost Via.
  public var via = SIPVia()
  /// The Via under the topmost; nil where there is one only.
  public var secondVia: SIPVia?
  /// Number of Via values in all headers.
  public var viaCount = 0

  /// Number of contacts in all Contact headers, the wildcard not counted.
  public var contactCount = 0
  /// The first contact; meaningless where `contactCount` is 0.
  public var firstContact = SIPContact()
  /// Whether there is a `Contact: *` (RFC 3261 10.2.2).
  public var hasWildcardContact = false

  /// The Expires header in seconds; 3600 when malformed (RFC 3261 10.2.1.1), at most 2**32-1.
  public var expires: UInt32?
  /// The Min-Expires header in seconds; nil when absent or malformed.
  public var minExpires: UInt32?
  /// The Retry-After header in seconds; nil when absent or malformed.
  public var retryAfter: UInt32?
  /// The Flow-Timer header in seconds (RFC 5626); nil when absent or malformed.
  public var flowTimer: UInt32?
  /// The User-Agent or Server header.
  public var userAgent = ByteRange.none
  /// The first Warning header.
  public var warning = ByteRange.none
  /// The first Privacy header.
  public var privacy = ByteRange.none

  /// The first Digest challenge.
  public var challenge: SIPChallenge?
  /// The first Digest credentials.
  public var credentials: SIPCredentials?
  /// Whether there is a Path header (RFC 3327).
  public var hasPath = false
  /// Whether there is a Service-Route header (RFC 3608).
  public var hasServiceRoute = false
  /// Whether there is a Route header.
  public var hasRoute = false
  /// Whether there is a Require header.
  public var hasRequire = false

  /// The Content-Length header; nil when absent.
  public var contentLength: Int?
  /// Offset of the body: after the empty line, or the end where that is missing.
  public var headerEnd = 0
  /// Whether the empty line after the headers was there.
  public var isHeaderComplete = false
  /// Bytes before the start line: a keepalive glued in front, or line ends.
  public var startOffset = 0

  // Where the first Contact header starts and how many there are, for `SIPContactCursor`.
  var contactHeaderStart = 0
  var contactHeaderCount = 0

  /// A message not read yet.
  public init() {}

  /// Whether this is a response.
  public var isResponse: Bool { !isRequest }

  /// Calls `body` for each contact of all Contact headers, in order; `bytes` is the datagram read.
  public func forEachContact(in bytes: Span<UInt8>, _ body: (SIPContact) -> Void) {
    var contacts = SIPContactCursor(self)
    while let contact = contacts.next(in: bytes) { body(contact) }
  }
}

/// What became of the bytes of one datagram, where the message itself is elsewhere.
public enum SIPParseOutcome: Hashable, Sendable {
  /// The message was read.
  case message
  /// Something else: media, a keepalive, another protocol.
  case notSIP
  /// SIP by its start line, but no message; what could be read is for counting and quoting only.
  case failure(SIPParseFailure)
}

/// What became of the bytes of one datagram.
public enum SIPParseResult: Sendable {
  /// A message.
  case message(SIPMessage)
  /// Something else: media, a keepalive, another protocol.
  case notSIP
  /// SIP by its start line, but no message; `recognised` holds what could be read, for counting
  /// and quoting only.
  case failure(SIPParseFailure, recognised: SIPMessage)
}
