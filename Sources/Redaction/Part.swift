/// What one layer may read: the bytes that are there, and how many the snap length took.
struct Part {
  var bytes: Bytes
  /// Bytes that were on the wire behind these.
  var missing: Int

  var count: Int { bytes.count }
  /// How many bytes there were on the wire.
  var wireCount: Int { bytes.count + missing }
  var isCut: Bool { missing > 0 }

  /// What follows a header of `length` bytes, which were checked to be there.
  func behind(_ length: Int) -> Part { Part(bytes: bytes.dropFirst(length), missing: missing) }

  /// The first `length` bytes as the layer's own header states them; beyond the end means cut.
  func limited(to length: Int) -> Part {
    Part(bytes: bytes.prefix(max(length, 0)), missing: max(length - bytes.count, 0))
  }
}
