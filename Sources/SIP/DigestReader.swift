extension Text {
  // Where the pairs start: behind the scheme; nil where that is not Digest (RFC 3261 22.4).
  @inline(always)
  fileprivate func digestPairs(_ start: Int) -> Int? {
    guard word(at: start).begins(with: "digest"),
      self[start &+ 6].isSpace
    else { return nil }
    return start &+ 7
  }
}

extension SIPChallenge {
  /// Reads a WWW-Authenticate or Proxy-Authenticate value; nil where it is not Digest.
  init?(_ bytes: Text, _ start: Int, isProxy: Bool) {
    guard var position = bytes.digestPairs(start) else { return nil }
    self.init()
    self.isProxy = isProxy
    while let pair = Parameter.nextPair(bytes, at: &position) {
      guard pair.nameLength == 5 else { continue }
      if pair.isNamed("realm") {
        realm = pair.value
      } else if pair.isNamed("nonce") {
        nonce = pair.value
      } else if pair.isNamed("stale") {
        isStale = pair.valueLength == 4 && bytes.word(at: pair.valueStart).begins(with: "true")
      }
    }
  }
}

extension SIPCredentials {
  /// Reads an Authorization or Proxy-Authorization value; nil where it is not Digest.
  init?(_ bytes: Text, _ start: Int, isProxy: Bool) {
    guard var position = bytes.digestPairs(start) else { return nil }
    self.init()
    self.isProxy = isProxy
    while let pair = Parameter.nextPair(bytes, at: &position) {
      switch pair.nameLength {
      case 3 where pair.isNamed("uri"): uri = pair.value
      case 5 where pair.isNamed("realm"): realm = pair.value
      case 5 where pair.isNamed("nonce"): nonce = pair.value
      case 8 where pair.isNamed("username"): username = pair.value
      case 8 where pair.isNamed("response"): response = pair.value
      default: break
      }
    }
  }
}
