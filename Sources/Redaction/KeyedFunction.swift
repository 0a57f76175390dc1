/// HMAC with SHA-256 (RFC 2104): without the key its values tell nothing of what they stand for.
struct KeyedFunction {
  private let inner: SHA256
  private let outer: SHA256

  init(key: [UInt8]) {
    var block = key
    if block.count > SHA256.block {
      var hash = SHA256()
      hash.update(block)
      block = hash.finalize()
    }
    block += repeatElement(0, count: SHA256.block - block.count)
    var inner = SHA256()
    inner.update(block.map { $0 ^ 0x36 })
    var outer = SHA256()
    outer.update(block.map { $0 ^ 0x5C })
    (self.inner, self.outer) = (inner, outer)
  }

  /// The 32 bytes that stand for `text`.
  func value(_ text: some Collection<UInt8>) -> [UInt8] {
    var hash = inner
    hash.update(text)
    var result = outer
    result.update(hash.finalize())
    return result.finalize()
  }
}
