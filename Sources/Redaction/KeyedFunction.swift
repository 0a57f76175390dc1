/// HMAC with SHA-256 (RFC 2104): without the key its values tell nothing of what they stand for.
struct KeyedFunction {
  private var inner = SHA256()
  private var outer = SHA256()

  init(key: [UInt8]) {
    var block = key.count > SHA256.block ? SHA256().finalize(key) : key
    block += repeatElement(0, count: SHA256.block - block.count)
    inner.update(block: block.map { $0 ^ 0x36 })
    outer.update(block: block.map { $0 ^ 0x5C })
  }

  /// The 32 bytes that stand for `text`.
  func value(_ text: [UInt8]) -> [UInt8] { outer.finalize(inner.finalize(text)) }
}
