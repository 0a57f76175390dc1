/// What the value of a header field is made of.
enum HeaderKind {
  case via, address, addresses, callID, sequence, product, digest, number, longNumber, words,
    warning
  /// Anything: its name is known, its value is replaced whole.
  case text

  /// By name, in lower case; of any other field the name is replaced as well.
  static let known: [[UInt8]: HeaderKind] = {
    var known: [[UInt8]: HeaderKind] = [:]
    for (kind, names) in list {
      for name in Vocabulary.set(names) { known[name] = kind }
    }
    return known
  }()

  /// Whether the field called `name`, in lower case, says what the body is (RFC 3261 20.15).
  static func statesContentType(_ name: [UInt8]) -> Bool { contentType.contains(name) }

  private static let contentType = Vocabulary.set("content-type c")

  private static let list: [(HeaderKind, String)] = [
    (.via, "via v"),
    (.address, "from f to t reply-to refer-to r referred-by b"),
    (
      .addresses,
      """
      contact m route record-route path service-route p-asserted-identity p-preferred-identity
      p-associated-uri p-called-party-id p-served-user remote-party-id diversion history-info
      """
    ),
    (.callID, "call-id i"),
    (.sequence, "cseq"),
    (.product, "user-agent server"),
    (
      .digest,
      """
      www-authenticate proxy-authenticate authorization proxy-authorization authentication-info
      """
    ),
    (.number, "retry-after flow-timer max-forwards content-length l min-se max-breadth"),
    // These may have any number: what is granted or asked for is compared, the others count up.
    (.longNumber, "expires min-expires session-expires x rseq timestamp"),
    (
      .words,
      """
      allow supported k require proxy-require unsupported allow-events u event o accept
      accept-encoding accept-language content-type c content-encoding e content-disposition
      content-language mime-version privacy subscription-state priority date rack refer-sub
      p-early-media recv-info answer-mode
      """
    ),
    (.warning, "warning"),
    (
      .text,
      """
      accept-contact accept-resource-priority alert-info call-info encryption error-info
      feature-caps geolocation hide identity identity-info in-reply-to info-package join
      organization p-access-network-info p-asserted-service p-charging-function-addresses
      p-charging-vector p-hint p-media-authorization p-preferred-service p-profile-key p-rtp-stat
      p-user-database p-visited-network-id permission-missing policy-contact policy-id reason
      reject-contact replaces request-disposition resource-priority response-key
      security-client security-server security-verify session-id sip-etag sip-if-match subject
      suppress-if-match target-dialog trigger-consent user-to-user s a d j
      """
    ),
  ]
}
