/// What one layer may read: the bytes that are there, and how many the snap length took.
struct Part {
  var bytes: Bytes
  /// Bytes that were on the wire behind these.
  var missing: Int
  /// How many more layers may be opened, counted as the decoder counts them.
  var layersLeft: Int

  var count: Int { bytes.count }
  /// How many bytes there were on the wire.
  var wireCount: Int { bytes.count + missing }
  var isCut: Bool { missing > 0 }

  /// What follows a header of `length` bytes, which were checked to be there.
  func behind(_ length: Int) -> Part {
    var rest = behindExtension(length)
    rest.layersLeft -= 1
    return rest
  }

  /// The same behind an extension header, of which there is a limit of its own.
  func behindExtension(_ length: Int) -> Part {
    var rest = self
    rest.bytes = bytes.dropFirst(length)
    return rest
  }

  /// The first `length` bytes as the layer's own header states them; beyond the end means cut.
  func limited(to length: Int) -> Part {
    var part = self
    part.bytes = bytes.prefix(max(length, 0))
    part.missing = max(length - bytes.count, 0)
    return part
  }
}
