import Decode

/// What a redaction replaced by what: the only way back.
public struct RedactionMap: Sendable {
  /// One text or address and what stands for it.
  public struct Entry: Hashable, Sendable {
    /// What it is: `user`, `host`, `address` and so on.
    public let kind: String
    /// As it stood in the capture.
    public let original: [UInt8]
    /// As it stands in the redacted outputs.
    public let replacement: [UInt8]
  }

  /// All of them, by kind and original.
  public let entries: [Entry]
  /// Whether it has every name of a user or host and every address that was replaced, of which a
  /// million each are remembered.
  public let hasAllNames: Bool
  /// Whether it has everything that it was to have.
  public let isComplete: Bool
  private let originals: [String: String]

  init(_ names: Pseudonyms) {
    (hasAllNames, isComplete) = (names.hasAllNames, names.hasAll)
    var entries: [Entry] = []
    for (kind, texts) in names.replacements {
      // The name alone was replaced; what was put behind it makes a host of it.
      let ending = kind == .host ? Array(".invalid".utf8) : []
      entries += texts.map {
        kind == .link
          ? Entry(kind: "link", original: Self.octets($0.key), replacement: Self.octets($0.value))
          : Entry(kind: kind.rawValue, original: $0.key, replacement: $0.value + ending)
      }
    }
    entries += names.replacedAddresses.map {
      Entry(
        kind: "address", original: Array("\($0.key)".utf8), replacement: Array("\($0.value)".utf8))
    }
    self.entries = entries.sorted {
      $0.kind == $1.kind
        ? $0.original.lexicographicallyPrecedes($1.original) : $0.kind < $1.kind
    }
    originals = Dictionary(
      entries.filter { ["user", "host", "address"].contains($0.kind) }.map {
        (
          String(decoding: $0.replacement, as: UTF8.self),
          String(decoding: $0.original, as: UTF8.self)
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The account `user@host` of which `account` is the redacted name.
  public func originalAccount(_ account: String) -> String {
    guard let at = account.lastIndex(of: "@") else { return originals[account] ?? account }
    let (user, host) = (String(account[..<at]), String(account[account.index(after: at)...]))
    return "\(originals[user] ?? user)@\(originals[host] ?? host)"
  }

  /// A line for each entry: kind, original and replacement, with tabs between them.
  ///
  /// Bytes that are no printable ASCII, and backslashes, are written as `\xNN`.
  public var text: String {
    entries.reduce(into: "kind\toriginal\treplacement\n") { text, entry in
      text +=
        "\(entry.kind)\t\(Self.printable(entry.original))\t\(Self.printable(entry.replacement))\n"
    }
  }

  /// A link-layer address as it is usually written.
  private static func octets(_ bytes: [UInt8]) -> [UInt8] {
    let pairs = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return Array(pairs.joined(separator: ":").utf8)
  }

  private static func printable(_ bytes: [UInt8]) -> String {
    bytes.reduce(into: "") { text, byte in
      if 0x20...0x7E ~= byte, byte != UInt8(ascii: "\\") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += byte < 16 ? "\\x0\(String(byte, radix: 16))" : "\\x\(String(byte, radix: 16))"
      }
    }
  }
}
