/// The scheme of a URI, as far as it matters here.
public enum SIPScheme: UInt8, Sendable {
  /// No URI was read.
  case none
  /// `sip:`
  case sip
  /// `sips:`
  case sips
  /// `tel:` (RFC 3966).
  case tel
  /// Any other; its parts are not read.
  case other
}

/// The address in From, To or the Request-URI.
public struct SIPAddress: Hashable, Sendable {
  /// The whole URI, without `<` and `>`.
  public var uri = ByteRange.none
  /// The scheme of the URI.
  public var scheme = SIPScheme.none
  /// The user part as written, without password; the number of a tel URI.
  public var user = ByteRange.none
  /// The host, an IPv6 address without its brackets.
  public var host = ByteRange.none
  /// The port; 0 when absent or no port number.
  public var port: UInt16 = 0
  /// The tag parameter; empty in a Request-URI.
  public var tag = ByteRange.none

  /// An address not read yet.
  public init() {}
}

/// One Via: who sent the message and where the answer goes (RFC 3261 20.42, RFC 3581).
public struct SIPVia: Hashable, Sendable {
  /// The transport as written, such as `UDP`.
  public var transport = ByteRange.none
  /// Host of sent-by, an IPv6 address without its brackets.
  public var host = ByteRange.none
  /// Port of sent-by; 0 when absent or no port number.
  public var port: UInt16 = 0
  /// The branch parameter.
  public var branch = ByteRange.none
  /// The received parameter, an IPv6 address without its brackets.
  public var received = ByteRange.none
  /// Value of the rport parameter; 0 when it has none.
  public var rport: UInt16 = 0
  /// Whether there is an rport parameter, with or without value.
  public var hasRport = false
  /// Whether the branch has more than the `z9hG4bK` that marks RFC 3261 transactions (8.1.1.7).
  public var hasMagicCookie = false

  /// A Via not read yet.
  public init() {}
}

/// One address of a Contact header (RFC 3261 20.10, RFC 5626).
public struct SIPContact: Hashable, Sendable {
  /// The whole URI, without `<` and `>`.
  public var uri = ByteRange.none
  /// The scheme of the URI.
  public var scheme = SIPScheme.none
  /// The user part as written, without password; the number of a tel URI.
  public var user = ByteRange.none
  /// The host, an IPv6 address without its brackets.
  public var host = ByteRange.none
  /// The port; 0 when absent or no port number.
  public var port: UInt16 = 0
  /// The transport parameter of the URI.
  public var transport = ByteRange.none
  /// The expires parameter in seconds; nil when absent, 3600 when malformed (RFC 3261 20.10).
  public var expires: UInt32?
  /// The +sip.instance parameter without quotes and angle brackets.
  public var instance = ByteRange.none
  /// The reg-id parameter; nil when absent or no number.
  public var regID: UInt32?
  /// The q parameter in thousandths, 0 to 1000; nil when absent or no qvalue.
  public var q: UInt16?

  /// A contact not read yet.
  public init() {}
}

/// A Digest challenge in a 401 or 407 (RFC 3261 22).
public struct SIPChallenge: Hashable, Sendable {
  /// The realm between its quotes, escapes as written.
  public var realm = ByteRange.none
  /// The nonce between its quotes.
  public var nonce = ByteRange.none
  /// Whether it says `stale=true`: the nonce was too old, the password not in question.
  public var isStale = false
  /// Whether it stood in Proxy-Authenticate.
  public var isProxy = false

  /// A challenge not read yet.
  public init() {}
}

/// The Digest credentials of a request (RFC 3261 22).
public struct SIPCredentials: Hashable, Sendable {
  /// The username between its quotes, escapes as written.
  public var username = ByteRange.none
  /// The realm between its quotes.
  public var realm = ByteRange.none
  /// The nonce between its quotes.
  public var nonce = ByteRange.none
  /// The digest-uri between its quotes.
  public var uri = ByteRange.none
  /// The response between its quotes.
  public var response = ByteRange.none
  /// Whether they stood in Proxy-Authorization.
  public var isProxy = false

  /// Credentials not read yet.
  public init() {}
}
