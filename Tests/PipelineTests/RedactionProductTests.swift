@testable import Redaction
import SIP
import Testing

@Suite("User-Agent and Server keep products, and nothing that says whose they are")
struct RedactionProductTests {
  /// What becomes of `product` in a message of zzalice0@zzacme.example, bob and a phone at
  /// 198.51.100.7.
  private static func redacted(_ product: String, header: String = "User-Agent") throws -> String {
    let text = """
      REGISTER sip:zzacme.example SIP/2.0\r
      Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bKx\r
      From: <sip:zzalice0@zzacme.example>;tag=a\r
      To: <sip:zzalice0@zzacme.example>\r
      Call-ID: 1\r
      CSeq: 1 REGISTER\r
      Contact: <sip:bob@198.51.100.7:5060>\r
      \(header): \(product)\r
      \r\n
      """
    let bytes = Array(text.utf8)
    guard case .message(let message) = SIPParser.parse(bytes.span) else { throw Unreadable() }
    let names = Pseudonyms(key: testKey, remembersAll: true)
    let rewritten = MessageRewriter(names: names).rewrite(bytes[...], message)
    let lines = String(decoding: rewritten, as: UTF8.self).split(separator: "\r\n")
    let line = lines.first { $0.hasPrefix("\(header): ") }
    return line.map { String($0.dropFirst(header.count + 2)) } ?? ""
  }

  struct Unreadable: Error {}

  @Test(
    "Products with their versions stay",
    arguments: [
      "Asterisk PBX 18.9.0", "FPBX-16.0.40.7(18.20.0)", "FPBX-13.0.194.2(13.12.1)",
      "Linphone/5.2.1 (belle-sip/5.3.0)", "OpenSIPS (3.2.4 (x86_64/linux))", "VOS3000 V2.1.9.07",
      "MicroSIP/3.21.3", "kamailio (5.6.3 (x86_64/linux))", "baresip v1.0.0 (x86_64/linux)",
      "PJSUA2 2.15.1 lab", "LabPhone 1.0", "Linphonec/5.1.65", "BudgetPhone/0.9", "sipsak 0.9.8.1",
      "OmniPCX Enterprise R11.2.2 l2.300.34.a", "X-Lite 4 release 4.0 stamp 58832",
      "Alcatel-Lucent 8001 DeskPhone V4.2.0.0 11273", "Cirpack/v4.38e (gw_sip)", "VSBC/V1.0",
      "Sip EXpress router (0.8.12 (i386/linux))", "SIP.js/0.11.5", "IPP/v.6.20A.027.012",
      "Huawei SoftX3000 V300R011", "eyeBeam release 1014g stamp 44944", "Acme D7 1.4",
      "Softswitch 2.1", "Carrier SBC", "friendly-scanner", "Zenith Softphone 5",
      "AVM FRITZ!Box 7590 154.07.29 (Jun 10 2021)", "PolycomVVX-VVX_411-UA/5.9.0.9373",
      "Cisco-CP8841/11.5.1", "Grandstream HT802",
    ])
  func products(_ product: String) throws {
    #expect(try Self.redacted(product) == product)
    #expect(try Self.redacted(product, header: "Server") == product)
  }

  @Test(
    "Beside an address, host, user or number the product stays, too",
    arguments: [
      ("Yealink SIP-T46S 66.85.0.5", "Yealink SIP-T46S "), ("Acme D7 10.0.0.5:5060", "Acme D7 "),
      ("Acme D7 (zzalice)", "Acme D7 ("), ("Asterisk PBX/198.51.100.7", "Asterisk PBX/"),
    ])
  func mixed(_ product: String, _ kept: String) throws {
    let redacted = try Self.redacted(product)
    #expect(redacted.hasPrefix(kept) && redacted != product, "\(redacted)")
  }

  @Test(
    "Addresses, hosts, users and numbers do not",
    arguments: [
      ("10.0.0.5:5060", ["10.0.0.5"]), ("host:10.0.0.5", ["10.0.0.5"]),
      ("FPBX/198.51.100.7-1", ["198.51"]), ("203.0.113.9-1", ["203.0"]),
      ("gw-203.0.113.9", ["203.0"]), ("gw203.0.113.9", ["203.0"]), ("203.0.113.9.5060", ["203.0"]),
      ("203.000.113.009", ["113"]), ("ip-203-0-113-9", ["113"]), ("V198.51.100.7", ["198"]),
      ("2001:db8::7%eth0", ["db8"]), ("gw:2001:db8::7", ["db8"]), ("[2001:db8::7]:5060", ["db8"]),
      ("pbx1.zzacme.example", ["zzacme"]), ("(zzacme.example)", ["zzacme"]),
      ("ZZACME-PBX", ["ZZACME"]),
      ("pbx.other.example", ["other"]), ("other.example:5060", ["other"]),
      ("bob%40zzacme.example", ["bob", "zzacme"]), ("zzalice softphone", ["zzalice"]),
      ("phone-of-ZzAlice0", ["Alice"]), ("bob-phone", ["bob"]), ("carol@home", ["carol"]),
      ("iPhone (Carol's)", ["Carol"]), ("Yealink 00 15 65 ab cd ef", ["15", "ab cd"]),
      ("Yealink 001565 abcdef", ["001565", "abcdef"]), ("Yealink 00-15-65-ab-cd-ef", ["15-65"]),
      ("0015.65ab.cdef", ["65ab"]), ("SN1234567", ["1234567"]),
      ("+49-30-123 4567", ["49", "123", "4567"]), ("(030) 123 4567", ["030", "123", "4567"]),
      ("Phone-030-123-4567", ["4567"]), ("555.123.4567", ["4567"]),
      (String(repeating: "Acme ", count: 60) + "Carol", ["Carol"]),
      (String(repeating: "a", count: 300) + "Carol", ["Carol"]),
    ])
  func personal(_ product: String, _ secrets: [String]) throws {
    for header in ["User-Agent", "Server", "user-agent "] {
      let redacted = try Self.redacted(product, header: header)
      for secret in secrets { #expect(!redacted.contains(secret), "\(product): \(redacted)") }
    }
  }
}
