/// Why a datagram that is SIP by its start line is not taken as a message.
public enum SIPParseFailure: UInt8, CaseIterable, Sendable {
  /// Longer than `SIPLimits.messageBytes`.
  case tooLarge
  /// More headers than `SIPLimits.headers`.
  case tooManyHeaders
  /// A method and a SIP URI, but not a Request-Line (RFC 3261 7.1).
  case badStartLine
  /// A version other than SIP/2.0 (RFC 3261 7.1; a server answers 505).
  case unsupportedVersion
  /// A status code that is not three digits from 100 to 699 (RFC 3261 7.2).
  case badStatusCode
  /// The Request-URI has no scheme or, for sip and sips, no host (RFC 3261 19.1.1).
  case malformedRequestURI
  /// The capture cut the datagram before the headers every message needs.
  case cut
  /// No Call-ID (RFC 3261 8.1.1).
  case missingCallID
  /// No CSeq (RFC 3261 8.1.1).
  case missingCSeq
  /// No From (RFC 3261 8.1.1).
  case missingFrom
  /// No To (RFC 3261 8.1.1).
  case missingTo
  /// No Via (RFC 3261 8.1.1).
  case missingVia
  /// CSeq is not a number and a method (RFC 3261 20.16).
  case malformedCSeq
  /// The CSeq number is not below 2**31 (RFC 3261 8.1.1.5).
  case cseqOutOfRange
  /// CSeq names another method than the Request-Line (RFC 3261 8.1.1.5).
  case methodMismatch
  /// From holds no address that can be read (RFC 3261 20.20).
  case malformedFrom
  /// To holds no address that can be read (RFC 3261 20.39).
  case malformedTo
  /// A Via holds no protocol and sent-by that can be read (RFC 3261 20.42).
  case malformedVia
  /// Call-ID, CSeq, From or To is there twice with different values (RFC 3261 7.3.1).
  case conflictingHeaders
  /// Content-Length is not a number (RFC 3261 20.14).
  case malformedContentLength
  /// Content-Length is there twice with different values.
  case conflictingContentLength
  /// Content-Length reaches past the end of the datagram (RFC 3261 18.3).
  case bodyShorterThanContentLength
}

extension SIPParseFailure: CustomStringConvertible {
  /// The reason in words, to follow "refused: ".
  public var description: String {
    switch self {
    case .tooLarge: "longer than a UDP datagram can be"
    case .tooManyHeaders: "more than \(SIPLimits.headers) headers"
    case .badStartLine: "start line is no Request-Line"
    case .unsupportedVersion: "SIP version is not 2.0"
    case .badStatusCode: "status code is not 100 to 699"
    case .malformedRequestURI: "Request-URI cannot be read"
    case .cut: "cut by the capture before the required headers"
    case .missingCallID: "no Call-ID"
    case .missingCSeq: "no CSeq"
    case .missingFrom: "no From"
    case .missingTo: "no To"
    case .missingVia: "no Via"
    case .malformedCSeq: "CSeq is not a number and a method"
    case .cseqOutOfRange: "CSeq number is not below 2**31"
    case .methodMismatch: "CSeq names another method than the start line"
    case .malformedFrom: "From holds no readable address"
    case .malformedTo: "To holds no readable address"
    case .malformedVia: "a Via cannot be read"
    case .conflictingHeaders: "Call-ID, CSeq, From or To twice with different values"
    case .malformedContentLength: "Content-Length is not a number"
    case .conflictingContentLength: "Content-Length twice with different values"
    case .bodyShorterThanContentLength: "Content-Length reaches past the end of the datagram"
    }
  }
}
