import LiveView
import Testing

@Suite("Keys")
struct KeyParserTests {
  private static func keys(_ pieces: [String]) -> [Key] {
    var parser = KeyParser()
    return pieces.flatMap { parser.take($0.utf8) }
  }

  private func take(_ parser: inout KeyParser, _ bytes: some Sequence<UInt8>) -> [Key] {
    parser.take(bytes)
  }

  private func expire(_ parser: inout KeyParser) -> [Key] { parser.expire() }

  @Test(
    "what terminals send becomes keys",
    arguments: [
      ("j", [Key.character("j")]), ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]),
      ("\u{1B}[5~", [.pageUp]), ("\u{1B}[6~", [.pageDown]), ("\u{1B}[H", [.home]),
      ("\u{1B}[4~", [.end]), ("\r", [.enter]), ("\n", [.enter]), ("\t", [.tab]),
      ("\u{7F}", [.backspace]), ("\u{8}", [.backspace]), ("\u{C}", [.redraw]),
      ("電é", [.character("電"), .character("é")]),
      (
        "jk\u{1B}[Bq",
        [
          .character("j"), .character("k"), .down, .character("q"),
        ]
      ),
    ])
  func single(sent: String, keys: [Key]) {
    #expect(Self.keys([sent]) == keys)
  }

  @Test("a sequence may arrive byte by byte")
  func split() {
    var parser = KeyParser()
    var keys: [Key] = []
    for byte in "\u{1B}[5~\u{1B}OA電q".utf8 { keys += parser.take([byte]) }
    #expect(keys == [.pageUp, .up, .character("電"), .character("q")])
    #expect(!parser.isUndecided)
  }

  @Test("an escape alone is the key once nothing has followed")
  func escape() {
    var parser = KeyParser()
    #expect(take(&parser, [0x1B]) == [])
    #expect(parser.isUndecided)
    #expect(expire(&parser) == [.escape])
    #expect(!parser.isUndecided)
    #expect(take(&parser, [0x1B, 0x1B]) == [.escape])
    #expect(expire(&parser) == [.escape])
    // A sequence that broke off is no key, and what follows is not part of it.
    #expect(take(&parser, "\u{1B}[5".utf8) == [] && expire(&parser) == [])
    #expect(take(&parser, "~".utf8) == [.character("~")])
  }

  @Test("what no key sends is passed over, and the next key is understood")
  func noise() {
    #expect(Self.keys(["\u{1B}[200~q"]) == [.character("q")])
    #expect(Self.keys(["\u{1B}[<0;10;10Mq"]) == [.character("q")])
    #expect(Self.keys(["\u{1B}xq"]) == [.character("q")])
    #expect(Self.keys(["\u{1B}[" + String(repeating: "1", count: 1000), "\u{1B}[A"]).last == .up)
    var parser = KeyParser()
    #expect(take(&parser, [0xFF, 0xFE, 0x80, 0x80, 0xC3, 0x28]).last == .character("("))
    for byte in UInt8.min...UInt8.max {
      var parser = KeyParser()
      _ = parser.take([byte, byte, byte])
      _ = parser.expire()
      #expect(take(&parser, [UInt8(ascii: "j")]) == [.character("j")], "after \(byte)")
    }
  }
}
