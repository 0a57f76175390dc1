import Decode

/// What the names, numbers and addresses of a capture are replaced by, the same everywhere.
final class Pseudonyms {
  /// What a replaced text was: equal texts of different kinds have nothing in common.
  enum Kind: String, CaseIterable {
    case user, host, realm, display, call, tag, branch, digest, instance, token, header, link
  }

  private let function: KeyedFunction
  private let addresses: AddressMapping
  private var known: [Kind: [[UInt8]: [UInt8]]] = [:]
  /// For names of users and hosts, which lead back to accounts: what else a capture has does not
  /// take it from them.
  private var nameRoom: Room
  private var otherRoom: Room
  private var addressRoom: Room
  /// Kinds that may have a new text in every message, remembered only for the map.
  private static let fleeting: Set<Kind> = [
    .call, .tag, .branch, .digest, .token, .header, .display,
  ]
  private let remembersAll: Bool

  /// How many more texts, and bytes of them, are remembered; others are replaced all the same.
  struct Room {
    var texts = 1 << 20
    var bytes = 128 << 20
    /// Whether some found none.
    private(set) var isFull = false

    /// Whether there is room for a text of `size` bytes, which then has it.
    mutating func take(_ size: Int) -> Bool {
      guard texts > 0, size <= bytes else {
        isFull = true
        return false
      }
      texts -= 1
      bytes -= size
      return true
    }
  }

  /// With room for so many names, so many addresses and so many other texts.
  init(key: [UInt8], remembersAll: Bool, room: Room = Room()) {
    function = KeyedFunction(key: key)
    addresses = AddressMapping(function: function)
    self.remembersAll = remembersAll
    (nameRoom, addressRoom, otherRoom) = (room, room, room)
  }

  /// Whether all names and addresses are remembered.
  var hasAllNames: Bool { !nameRoom.isFull && !addressRoom.isFull }

  /// Whether everything is.
  var hasAll: Bool { hasAllNames && !otherRoom.isFull }

  /// Without `l` and `o`, which are read as digits.
  private static let letters = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

  /// Which texts were replaced by what.
  var replacements: [Kind: [[UInt8]: [UInt8]]] { known }

  /// Which addresses were replaced by what.
  private(set) var replacedAddresses: [IPAddress: IPAddress] = [:]

  // MARK: Addresses

  func address(_ address: IPAddress) -> IPAddress {
    if let known = replacedAddresses[address] { return known }
    let replacement = addresses.replacement(for: address)
    if addressRoom.take(16) { replacedAddresses[address] = replacement }
    return replacement
  }

  /// A link-layer address: one of a group keeps what says so, one of a host says only that it is.
  func linkAddress(_ bytes: Bytes) -> [UInt8] {
    let original = Array(bytes)
    guard original.contains(where: { $0 != 0 && $0 != 0xFF }) else { return original }
    return remembered(.link, original) {
      let value = function.value(Self.text(.link, original))
      // IEEE 802: the lowest bit of the first byte is a group's, the next one local use.
      guard (original.first ?? 0) & 1 == 1 else { return [0x02] + value.prefix(original.count - 1) }
      return Array(original.prefix(3) + value.prefix(max(original.count - 3, 0)))
    }
  }

  // MARK: Names

  /// The user part of a URI.
  func user(_ bytes: Bytes) -> [UInt8] {
    named(.user, Array(bytes), prefix: "u")
  }

  /// A host as written: an address in either family's form, or a name.
  func host(_ bytes: Bytes) -> [UInt8] {
    let original = Array(bytes)
    if let address = IPAddress.parse(original.span) {
      return written(self.address(address), like: original)
    }
    let name = original.lowercased
    guard !name.isEmpty, !Vocabulary.hosts.contains(name) else { return original }
    return named(.host, name, prefix: "h") + Array(".invalid".utf8)
  }

  /// A realm: the host's name where it looks like one, since it often is.
  func realm(_ bytes: Bytes) -> [UInt8] {
    let original = Array(bytes)
    return original == original.lowercased ? host(bytes) : named(.realm, original, prefix: "r")
  }

  /// A text of which only matters whether it is the same.
  func opaque(_ kind: Kind, _ bytes: some Collection<UInt8>, length: Int = 16) -> [UInt8] {
    let original = Array(bytes)
    guard !original.isEmpty else { return [] }
    return remembered(kind, original) { encoded(kind, original, length) }
  }

  /// As many letters as `bytes` has.
  func word(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let original = Array(bytes)
    var letters: [UInt8] = []
    while letters.count < original.count {
      let value = function.value(Self.text(.token, original + letters.suffix(1)))
      letters += value.map { Self.letters[Int($0 & 0x0F)] }
    }
    return Array(letters.prefix(original.count))
  }

  /// A URN as RFC 5626 4.1 wants it for an instance.
  func instance(_ bytes: Bytes) -> [UInt8] {
    let original = Array(bytes)
    guard !original.isEmpty else { return [] }
    return remembered(.instance, original) {
      let digits = Array("0123456789abcdef".utf8)
      let value = function.value(Self.text(.instance, original))
      var text = Array("urn:uuid:".utf8)
      for (index, byte) in value.prefix(16).enumerated() {
        if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
        text += [digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
      }
      return text
    }
  }

  private func named(_ kind: Kind, _ original: [UInt8], prefix: String) -> [UInt8] {
    guard !original.isEmpty, !Vocabulary.users.contains(original) else { return original }
    // 50 bits: a million names share one with a chance of one in two thousand.
    return remembered(kind, original) { Array(prefix.utf8) + encoded(kind, original, 10) }
  }

  private func encoded(_ kind: Kind, _ original: [UInt8], _ length: Int) -> [UInt8] {
    function.value(Self.text(kind, original)).prefix(length).map { Self.letters[Int($0 & 0x1F)] }
  }

  private static func text(_ kind: Kind, _ original: [UInt8]) -> [UInt8] {
    Array(kind.rawValue.utf8) + [0] + original
  }

  private func remembered(
    _ kind: Kind, _ original: [UInt8], _ replacement: () -> [UInt8]
  ) -> [UInt8] {
    if let known = known[kind]?[original] { return known }
    let text = replacement()
    if remembersAll || !Self.fleeting.contains(kind),
      hasRoom(kind, for: original.count + text.count)
    {
      known[kind, default: [:]][original] = text
    }
    return text
  }

  private func hasRoom(_ kind: Kind, for size: Int) -> Bool {
    kind == .user || kind == .host ? nameRoom.take(size) : otherRoom.take(size)
  }

  /// The address in the form `text` had: an IPv4 address may be written as an IPv6 one.
  private func written(_ address: IPAddress, like text: [UInt8]) -> [UInt8] {
    let form = Array("\(address)".utf8)
    guard address.isIPv4, text.contains(UInt8(ascii: ":")) else { return form }
    return Array("::ffff:".utf8) + form
  }
}
