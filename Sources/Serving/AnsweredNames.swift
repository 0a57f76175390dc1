/// By which names whoever asks may call the server (the field Host, RFC 9110 7.2).
///
/// A web page can have its own name lead to an address of its reader and then read what is there,
/// since to the browser that is still the page's own place (DNS rebinding). But the browser says by
/// which name it asks, and the page cannot choose another.
enum AnsweredNames {
  /// Any name.
  case all
  /// An address in numbers, `localhost`, or none at all, which no browser sends.
  case addresses

  /// Whether a request with these fields is to be answered.
  func include(_ fields: [String]) -> Bool {
    switch self {
    case .all: true
    case .addresses: fields.allSatisfy(Self.isAddress)
    }
  }

  private static func isAddress(_ field: String) -> Bool {
    let field = field.lowercased()
    return ListenAddress(field) != nil || ListenAddress(field + ":80") != nil
  }
}
