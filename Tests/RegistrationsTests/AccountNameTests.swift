import Foundation
import SIP
import Testing
import Timelines

@testable import Registrations

@Suite("The name of an account")
struct AccountNameTests {
  private func name(_ user: [UInt8], _ host: String = "h") -> String {
    let bytes = user + Array(host.utf8)
    return AccountName.text(
      user: ByteRange(offset: 0, length: UInt16(user.count)),
      host: ByteRange(offset: UInt16(user.count), length: UInt16(host.utf8.count)), of: bytes.span)
  }

  @Test(
    "spells out what would pass for another's",
    arguments: [
      ("1001", "1001@h"), ("Zoë", "Zoë@h"), ("電話", "電話@h"), ("Zoe\u{308}", "Zoe\\u{308}@h"),
      ("\u{212A}100", "\\u{212A}100@h"), ("\u{301}x", "\\u{301}x@h"),
      ("\u{1100}\u{1161}", "\u{1100}\\u{1161}@h"), ("\u{AC00}", "\u{AC00}@h"),
      ("OFFICE\\anna", "OFFICE\\anna@h"), ("\\u{212A}100", "\\u{5C}u{212A}100@h"),
      ("\\x{E9}", "\\u{5C}x{E9}@h"),
    ])
  func spelled(user: String, expected: String) {
    #expect(Array(name(Array(user.utf8)).utf8) == Array(expected.utf8))
  }

  @Test("spells out what is no UTF-8, byte by byte")
  func bytes() {
    #expect(name([0x5A, 0xE9]) == "Z\\x{E9}@h")
    #expect(name([0x5A, 0xEA]) == "Z\\x{EA}@h")
    #expect(name([0xE2, 0x84, 0x41]) == "\\x{E2}\\x{84}A@h")
    #expect(name([0xFF, 0xC3, 0xA9]) == "\\x{FF}é@h")
    #expect(name([0xC3]) == "\\x{C3}@h")
  }

  @Test("has the host in small letters, of ASCII alone")
  func host() {
    #expect(name([0x31], "EX.Com") == "1@ex.com")
    #expect(name([0xC3, 0xA9], "EX.\u{212A}") == "é@ex.\\u{212A}")
  }

  @Test("leaves nothing that composes with what may stand before it")
  func composition() {
    var composed = 0
    for value in UInt32(0x80)...0x10_FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
      guard parts.count > 1 || parts.first != scalar, let last = parts.last else { continue }
      composed += 1
      // Either the whole is spelled out, or its last part is: never both ways to write it stand.
      #expect(
        !AccountName.standsAlone(scalar) || !AccountName.standsAlone(last), "U+\(value)")
    }
    #expect(composed > 10_000)
  }

  @Test("keeps accounts apart that only Unicode holds to be one")
  func apart() throws {
    let history = try track(
      hosts + """
        host composed  198.51.100.91:5060 user Zo\u{EB} expires 120
        host pieces    198.51.100.92:5060 user Zoe\u{308} expires 120
        host kelvin    198.51.100.93:5060 user \u{212A}1 expires 120
        host letter    198.51.100.94:5060 user K1 expires 120

        0 composed -> switch  REGISTER
        0 switch -> composed  200
        1 pieces -> switch  REGISTER
        1 switch -> pieces  200
        2 kelvin -> switch  REGISTER
        2 switch -> kelvin  200
        3 letter -> switch  REGISTER
        3 switch -> letter  200
        """)
    let names = (0..<history.accounts.count).map { history.accounts[$0].addressOfRecord }
    #expect(names.count == 4)
    #expect(Set(names).count == 4)
  }
}
