import Decode
import SIP

/// The users and hosts that a message names, to be looked for where it may name them again.
struct MessageNames {
  /// Letters from which on a name is looked for inside of a word, and a word inside of a name.
  private static let shortest = 4
  /// How much is looked at of a name.
  private static let longest = 128

  /// In lower case, without those that every device may write.
  private var names: [[UInt8]] = []

  /// The names of `message`, which was read from `bytes`.
  init(_ message: borrowing SIPMessage, in bytes: Bytes) {
    let users = [
      message.requestURI.user, message.from.user, message.to.user, message.firstContact.user,
      message.credentials?.username ?? .none,
    ]
    let hosts = [
      message.requestURI.host, message.from.host, message.to.host, message.firstContact.host,
      message.via.host, message.via.received, message.secondVia?.host ?? .none,
      message.credentials?.realm ?? .none, message.challenge?.realm ?? .none,
    ]
    for range in users {
      for part in bytes.part(range.start, Int(range.length)).split(separator: UInt8(ascii: "@")) {
        add(part)
      }
    }
    for range in hosts { add(host: bytes.part(range.start, Int(range.length))) }
  }

  private mutating func add(_ bytes: Bytes) {
    let name = Array(bytes.prefix(Self.longest)).lowercased
    guard name.count > 1, !names.contains(name), !Vocabulary.isProduct(name) else { return }
    names.append(name)
  }

  /// A host, and the labels of its name but the last, which is often an organisation's.
  private mutating func add(host: Bytes) {
    add(host)
    guard IPAddress.parse(Array(host).span) == nil else { return }
    let labels = host.prefix(Self.longest).split(separator: UInt8(ascii: "."))
    for label in labels.dropLast() where label.count >= Self.shortest { add(label) }
  }

  /// Whether `word` tells one of them, or a part of it.
  func areTold(by word: Bytes) -> Bool {
    let word = Array(word).lowercased
    if names.contains(where: { $0 == word || ($0.count >= Self.shortest && word.holds($0)) }) {
      return true
    }
    return word.split(whereSeparator: { !$0.isLetter && !$0.isDigit }).contains { piece in
      guard piece.count >= Self.shortest - 1, !Vocabulary.isProduct(Array(piece)) else {
        return false
      }
      // Three letters may be a user's; three digits are too often a version's.
      return piece.count >= Self.shortest
        ? names.contains { Self.begins($0, with: piece) }
        : piece.contains(where: \.isLetter) && names.contains { $0[...] == piece }
    }
  }

  /// Whether a part of `name` begins with `piece`; an extension may be a number's end as well.
  private static func begins(_ name: [UInt8], with piece: Bytes) -> Bool {
    let isNumber = piece.allSatisfy(\.isDigit)
    return name.split(whereSeparator: { !$0.isLetter && !$0.isDigit }).contains {
      $0.starts(with: piece) || (isNumber && $0.suffix(piece.count) == piece)
    }
  }
}

extension [UInt8] {
  /// Whether `text` stands anywhere in it.
  fileprivate func holds(_ text: some Collection<UInt8>) -> Bool {
    guard let first = text.first, text.count <= count else { return false }
    return (0...count - text.count).contains { self[$0] == first && self[$0...].starts(with: text) }
  }
}
