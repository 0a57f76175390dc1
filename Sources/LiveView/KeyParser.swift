/// A key the view knows.
package enum Key: Hashable, Sendable {
  case up, down, pageUp, pageDown, home, end, enter, tab, backspace, escape
  /// Draw everything anew (Ctrl-L).
  case redraw
  case character(Unicode.Scalar)
}

/// Turns what a terminal sends into keys; sequences and characters may arrive in pieces.
package struct KeyParser: Sendable {
  /// A sequence longer than any key's is noise.
  private static let longest = 16
  private static let escape: UInt8 = 0x1B

  private var pending: [UInt8] = []

  package init() {}

  /// Whether an escape was read that may be a key of its own or the beginning of a sequence: only
  /// time tells.
  package var isUndecided: Bool { !pending.isEmpty }

  /// The keys that `bytes` complete.
  package mutating func take(_ bytes: some Sequence<UInt8>) -> [Key] {
    var keys: [Key] = []
    for byte in bytes { take(byte, &keys) }
    return keys
  }

  /// Nothing has followed for a while: an escape alone was the key.
  package mutating func expire() -> [Key] {
    defer { pending = [] }
    return pending == [Self.escape] ? [.escape] : []
  }

  private mutating func take(_ byte: UInt8, _ keys: inout [Key]) {
    if byte == Self.escape {
      // Two in a row: the first one was pressed alone.
      keys += expire()
      pending = [byte]
    } else if pending.first == Self.escape {
      continueSequence(byte, &keys)
    } else if pending.isEmpty && byte < 0x80 {
      if let key = Self.key(byte) { keys.append(key) }
    } else {
      continueCharacter(byte, &keys)
    }
  }

  /// CSI and SS3 sequences (ECMA-48 5.4): parameters up to a final byte.
  private mutating func continueSequence(_ byte: UInt8, _ keys: inout [Key]) {
    pending.append(byte)
    if pending.count == 2 {
      // Alt with a key is sent as escape and the key: none the view knows.
      if byte != UInt8(ascii: "[") && byte != UInt8(ascii: "O") { pending = [] }
      return
    }
    if 0x40...0x7E ~= byte {
      if let key = Self.key(ofSequence: pending.dropFirst(2)) { keys.append(key) }
      pending = []
    } else if !(0x20...0x3F ~= byte) || pending.count > Self.longest {
      pending = []
    }
  }

  private static func key(ofSequence sequence: ArraySlice<UInt8>) -> Key? {
    switch String(decoding: sequence, as: UTF8.self) {
    case "A": .up
    case "B": .down
    case "H", "1~", "7~": .home
    case "F", "4~", "8~": .end
    case "5~": .pageUp
    case "6~": .pageDown
    case "M": .enter
    default: nil
    }
  }

  private mutating func continueCharacter(_ byte: UInt8, _ keys: inout [Key]) {
    if !pending.isEmpty && !(0x80...0xBF ~= byte) {
      // The character broke off: what follows stands for itself.
      pending = []
      take(byte, &keys)
      return
    }
    pending.append(byte)
    if let text = String(validating: pending, as: UTF8.self), let scalar = text.unicodeScalars.first
    {
      keys.append(.character(scalar))
      pending = []
    } else if pending.count >= 4 {
      pending = []
    }
  }

  private static func key(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x08, 0x7F: .backspace
    case 0x0C: .redraw
    case 0x20..<0x7F: .character(Unicode.Scalar(byte))
    default: nil
    }
  }
}
