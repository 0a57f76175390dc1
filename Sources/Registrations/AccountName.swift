public import SIP

/// The name of an account as it is shown and grouped by: `user@host`, the host in small letters.
///
/// Swift holds texts to be equal that Unicode does (a letter with its accent in one scalar or in two,
/// the Kelvin sign and `K`), and every byte that is no UTF-8 is read as U+FFFD. RFC 3261 19.1.4
/// compares user parts byte by byte, so a stranger could write a name that passes for another's in
/// reports. What would is spelled out here: accounts of different bytes have names that differ.
public enum AccountName {
  /// The name of the account of a To address (RFC 3261 10.2), cut where it is longer than is kept.
  public static func text(user: ByteRange, host: ByteRange, of bytes: Span<UInt8>) -> String {
    let small = lowercased(bytes.extracting(host))
    return (spelled(copy(bytes.extracting(user))) + "@" + spelled(small))
      .shortened(to: TextStore.longest)
  }

  /// Whether a name is other than the bytes it was made of.
  public static func isSpelled(_ name: String) -> Bool {
    name.utf8.contains(backslash) && (name.contains("\\u{") || name.contains("\\x{"))
  }

  /// Whether nothing of these bytes needs to be spelled out.
  static func isPlain(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where bytes[index] >= 0x80 || bytes[index] == backslash {
      return false
    }
    return true
  }

  /// Whether a character stands in a name as it is: in a text of such characters alone there is
  /// nothing to compose or to reorder, so that two of them are equal only by being the same (the
  /// quick check of Unicode Standard Annex 15, a little stricter).
  static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x300 { return true }
    let properties = scalar.properties
    guard !properties.isFullCompositionExclusion else { return false }
    return switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: false
    default: !joinsWithoutMark(scalar.value)
    }
  }

  /// Second halves of composed characters that are letters by category: Hangul vowels and finals, and
  /// vowel signs of Kirat Rai.
  private static func joinsWithoutMark(_ value: UInt32) -> Bool {
    0x1160...0x11FF ~= value || 0x16D63...0x16D6A ~= value
  }

  private static let backslash = UInt8(ascii: "\\")

  private static func spelled(_ bytes: [UInt8]) -> String {
    var text = ""
    var iterator = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var read = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .emptyInput: return text
      case .error(let length):
        for byte in bytes.dropFirst(read).prefix(length) {
          text += "\\x{\(String(byte, radix: 16, uppercase: true))}"
        }
        read += length
      case .valid(let encoded):
        read += encoded.count
        let scalar = Unicode.UTF8.decode(encoded)
        if standsAlone(scalar), !opensSpelling(scalar, bytes.dropFirst(read)) {
          text.unicodeScalars.append(scalar)
        } else {
          text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
      }
    }
  }

  /// Whether a name has of itself what a spelled character begins with.
  private static func opensSpelling(_ scalar: Unicode.Scalar, _ rest: ArraySlice<UInt8>) -> Bool {
    scalar == "\\" && (rest.starts(with: "u{".utf8) || rest.starts(with: "x{".utf8))
  }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    bytes.withUnsafeBufferPointer { Array($0) }
  }

  /// Of ASCII letters alone, as hosts are compared.
  private static func lowercased(_ bytes: Span<UInt8>) -> [UInt8] {
    copy(bytes).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
  }
}
