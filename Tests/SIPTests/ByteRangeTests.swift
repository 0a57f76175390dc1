import SIP
import Testing

@Suite("Byte ranges")
struct ByteRangeTests {
  private let text = Array(
    "xAlice@Example.COM alice@example.com alicf@example.com longer text".utf8)
  private let mixed = ByteRange(offset: 1, length: 17)
  private let lower = ByteRange(offset: 19, length: 17)
  private let other = ByteRange(offset: 37, length: 17)

  @Test("texts are compared byte by byte, in one span or two")
  func equality() {
    let copy = Array(text.dropFirst(19))
    let moved = ByteRange(offset: 0, length: 17)
    #expect(text.equals(lower, moved, in: copy))
    #expect(!text.equals(mixed, moved, in: copy))
    #expect(!text.equals(other, moved, in: copy))
    #expect(!text.equals(ByteRange(offset: 19, length: 16), moved, in: copy))
    #expect(text.equals(.none, .none, in: copy))
    #expect(!text.equals(lower, ByteRange(offset: 40, length: 17), in: copy))
  }

  @Test("letter case can be put aside, and nothing else")
  func caseFolding() {
    let bytes = text
    #expect(bytes.equalsIgnoringCase(mixed, lower))
    #expect(!bytes.equalsIgnoringCase(mixed, other))
    #expect(bytes.equalsIgnoringCase(mixed, "ALICE@example.com"))
    #expect(!bytes.equalsIgnoringCase(mixed, "ALICE@example.co"))
    #expect(!bytes.equalsIgnoringCase(mixed, "ALICF@example.com"))
    let all = (UInt8.min...UInt8.max).map { $0 }
    for byte in UInt8.min...UInt8.max {
      for folded in UInt8.min...UInt8.max {
        let isLetter = (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80
        let same = byte == folded || (isLetter && byte ^ folded == 0x20)
        let left = ByteRange(offset: UInt16(byte), length: 1)
        let right = ByteRange(offset: UInt16(folded), length: 1)
        if all.equalsIgnoringCase(left, right) != same {
          Issue.record("\(byte) and \(folded)")
        }
      }
    }
  }

  @Test("the hash depends on every byte, the length and the seed")
  func hashing() {
    let bytes = text
    #expect(bytes.hashIgnoringCase(mixed, seed: 1) == bytes.hashIgnoringCase(lower, seed: 1))
    #expect(bytes.hash(mixed, seed: 1) != bytes.hash(lower, seed: 1))
    var seen: Set<UInt64> = []
    for length in 0...40 {
      let range = ByteRange(offset: 3, length: UInt16(length))
      seen.insert(bytes.hash(range, seed: 7))
      seen.insert(bytes.hash(range, seed: 8))
      for position in 0..<length {
        var changed = text
        changed[3 + position] ^= 1
        seen.insert(changed.hash(range, seed: 7))
      }
    }
    #expect(seen.count == 41 * 2 + (0...40).reduce(0, +))
    let zeros = [UInt8](repeating: 0, count: 32)
    let hashes = (0...32).map { zeros.hash(ByteRange(offset: 0, length: $0), seed: 0) }
    #expect(Set(hashes).count == 33)
  }

  @Test("a range past the end is cut to what is there")
  func pastTheEnd() {
    let short = Array("abc".utf8)
    #expect(short.text(ByteRange(offset: 1, length: 500)) == "bc")
    #expect(short.text(ByteRange(offset: 900, length: 5)) == "")
    _ = short.hash(ByteRange(offset: 900, length: 5), seed: 1)
    #expect(!short.equalsIgnoringCase(ByteRange(offset: 900, length: 5), "abcde"))
  }

  @Test("text that is no UTF-8 can still be quoted")
  func repairedText() {
    let bytes: [UInt8] = [0x61, 0xFF, 0x62]
    #expect(bytes.text(ByteRange(offset: 0, length: 3)) == "a\u{FFFD}b")
  }
}
