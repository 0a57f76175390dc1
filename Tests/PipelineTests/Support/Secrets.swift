import Capture
import Decode
import Foundation
import Glibc
import Redaction

/// What a capture tells of those it was taken from, as tshark reads it.
struct Secrets {
  /// Fields of tshark that hold texts.
  private static let texts = [
    "sip.r-uri.user", "sip.r-uri.host", "sip.to.display.info", "sip.to.addr", "sip.to.user",
    "sip.to.host", "sip.to.tag", "sip.from.display.info", "sip.from.addr", "sip.from.user",
    "sip.from.host", "sip.from.tag", "sip.contact.display.info", "sip.contact.uri",
    "sip.contact.user", "sip.contact.host", "sip.Route.host", "sip.Record-Route.host",
    "sip.Path.host", "sip.pai.user", "sip.pai.host", "sip.pai.display.info", "sip.ppi.user",
    "sip.Call-ID", "sip.auth.digest.response", "sip.auth.username", "sip.auth.realm",
    "sip.auth.nonce", "sip.auth.opaque", "sip.auth.cnonce", "sip.auth.uri", "sip.auth.nextnonce",
    "sip.Via.sent-by.address", "sip.Via.branch", "sip.Via.received", "sip.Subject",
    "sip.Organization", "sdp.owner.username", "sdp.owner.address", "sdp.owner.sessionid",
    "sdp.session_name", "sdp.connection_info.address", "sdp.ice_candidate.address",
    "stun.att.username", "stun.att.realm",
  ]
  private static let addresses = ["ip.addr", "ipv6.addr"]
  private static let linkAddresses = ["eth.addr"]

  /// Fields with products, which stay.
  private static let products = ["sip.User-Agent", "sip.Server"]
  /// Words of the protocol that a broken message has in the place of a name, and names of codecs.
  private static let grammar: Set<String> = [
    "CANCEL", "SIP/2.0", "nonce=", "PCMA/8000", "PCMU/8000", "G729/8000", "fe80", "fec0",
  ]

  /// Texts worth looking for.
  var texts: Set<String> = []
  /// Addresses worth looking for.
  var addresses: Set<IPAddress> = []
  /// Link-layer addresses.
  var links: Set<[UInt8]> = []

  /// Collects them from the capture at `path`.
  init(path: String) throws {
    let names = Self.texts + Self.addresses + Self.linkAddresses + Self.products
    var products: Set<String> = []
    for line in try Wireshark.fields(names, of: path) {
      let values = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      for (index, value) in values.enumerated() where !value.isEmpty {
        for part in [value] + value.split(separator: ",").map(String.init) {
          note(part, index)
        }
        if index >= names.count - Self.products.count { products.insert(value) }
      }
    }
    let kept = Haystack(Array(products.joined(separator: "\n").utf8))
    texts = texts.filter { text in
      text.utf8.count >= 4 && !kept.holds(text) && !Self.grammar.contains(text)
        && !Self.isNobody(text)
    }
  }

  /// Whether it is only a host that is the same everywhere.
  private static func isNobody(_ text: String) -> Bool {
    let host = text.split(separator: ":").first { $0 != "sip" && $0 != "sips" } ?? ""
    return ["127.0.0.1", "0.0.0.0", "localhost"].contains(host)
  }

  private mutating func note(_ value: String, _ index: Int) {
    if index < Self.texts.count {
      texts.insert(value.trimmingCharacters(in: CharacterSet(charactersIn: "\"<> ")))
    } else if index < Self.texts.count + Self.addresses.count {
      if let address = IPAddress(value) { addresses.insert(address) }
    } else if index == Self.texts.count + Self.addresses.count {
      let octets = value.split(separator: ":").compactMap { UInt8($0, radix: 16) }
      if octets.count == 6 { links.insert(octets) }
    }
  }

  /// What of it stands in `bytes`; `map` tells what is there as a replacement of something else.
  func leaks(in bytes: [UInt8], map: RedactionMap) -> [String] {
    let bytes = Haystack(bytes)
    let replaced = Set(map.entries.map { String(decoding: $0.replacement, as: UTF8.self) })
    let kept = Set(
      map.entries.filter { $0.original == $0.replacement }
        .map { String(decoding: $0.original, as: UTF8.self) })
    let texts = texts.union(addresses.map(\.description))
      .filter { !replaced.contains($0) && !kept.contains($0) }
    var leaks = texts.sorted().compactMap { text in
      Self.place(of: Array(text.utf8), in: bytes, isWord: true).map {
        "\(text) in \(Self.surroundings(bytes.bytes, $0))"
      }
    }
    // Bytes like 10.0.0.1 are numbers of all kinds of fields.
    let hidden = addresses.filter {
      !replaced.contains("\($0)") && !kept.contains("\($0)") && Set($0.octets).count >= 3
        && !$0.octets.contains(0)
    }
    leaks += hidden.compactMap { address in
      Self.place(of: address.octets, in: bytes, isWord: false).map {
        "\(address) in bytes \(bytes.bytes[max(0, $0 - 12)..<min(bytes.bytes.count, $0 + 12)])"
      }
    }
    let links = links.filter {
      $0.contains { $0 != 0 && $0 != 0xFF } && $0[0] & 1 == 0 && Set($0).count > 2
    }
    leaks += links.filter { Self.place(of: $0, in: bytes, isWord: false) != nil }.map {
      "link \($0)"
    }
    return leaks
  }

  private static func surroundings(_ bytes: [UInt8], _ place: Int) -> String {
    let part = bytes[max(0, place - 40)..<min(bytes.count, place + 40)]
    return String(decoding: part.map { 0x20...0x7E ~= $0 ? $0 : 0x7E }, as: UTF8.self)
  }

  /// Where `text` stands in `bytes`; as a word where it is not in the middle of another.
  private static func place(of text: [UInt8], in bytes: Haystack, isWord: Bool) -> Int? {
    var start = 0
    while let place = bytes.find(text, from: start) {
      if !isWord || !(bytes.isWordByte(place - 1) || bytes.isWordByte(place + text.count)) {
        return place
      }
      start = place + 1
    }
    return nil
  }
}

/// Bytes to be searched by the C library, which takes a zero for the end: it sees ones instead.
struct Haystack {
  let bytes: [UInt8]
  private let searched: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    searched = bytes.map { max($0, 1) } + [0]
  }

  /// Whether `text` stands anywhere in it.
  func holds(_ text: String) -> Bool { find(Array(text.utf8), from: 0) != nil }

  func find(_ text: [UInt8], from start: Int) -> Int? {
    let needle = text.map { max($0, 1) } + [0]
    var start = start
    while let place = findOnes(needle, from: start) {
      if bytes[place...].starts(with: text) { return place }
      start = place + 1
    }
    return nil
  }

  private func findOnes(_ needle: [UInt8], from start: Int) -> Int? {
    guard start < searched.count else { return nil }
    return searched.withUnsafeBytes { all in
      needle.withUnsafeBytes { needle in
        guard let base = all.bindMemory(to: CChar.self).baseAddress,
          let text = needle.bindMemory(to: CChar.self).baseAddress,
          let found = strstr(base + start, text)
        else { return nil }
        return UnsafePointer(found) - base
      }
    }
  }

  func isWordByte(_ place: Int) -> Bool {
    bytes.indices.contains(place) && bytes[place].isWordByte
  }
}

extension UInt8 {
  fileprivate var isWordByte: Bool {
    0x30...0x39 ~= self || 0x41...0x5A ~= self || 0x61...0x7A ~= self
  }
}

extension IPAddress {
  /// As it stands in a header.
  fileprivate var octets: [UInt8] {
    let all = [high, low].flatMap { half in
      stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
    }
    return isIPv4 ? Array(all.suffix(4)) : all
  }
}
