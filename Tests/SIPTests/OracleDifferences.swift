import SIP

/// A frame of a public capture on which the reader and tshark differ, and why that is right.
///
/// tshark shows whatever looks like SIP; the reader refuses what is no message, with method or
/// status kept, so that such frames can be counted. A field is named where its text differs, too.
struct OracleDifference {
  let seen: String
  let why: String

  private static func refused(
    _ reason: SIPParseFailure, _ fields: String..., why: String
  ) -> OracleDifference {
    OracleDifference(seen: (["refused: \(reason)"] + fields).joined(separator: ", "), why: why)
  }

  private static func unlisted(_ reason: SIPParseFailure?, _ why: String) -> OracleDifference {
    let refusal = reason.map { ", refused: \($0)" } ?? ""
    return OracleDifference(seen: "not in the table" + refusal, why: why)
  }

  /// By capture and frame.
  static let all: [String: [Int: OracleDifference]] = [
    "OISF_suricata-verify--sip_header_multi_val.pcap": [
      1: .refused(
        .conflictingHeaders, "To", why: "two To with different addresses: tshark shows both")
    ],
    "marcelocubria_ptavi-p4--register.pcap": barePairs,
    "ntop_nDPI--fuzz-2006-06-26-2594.pcap": fuzzed,
    "zeek_zeek--sip-junk-before-request.pcap": [
      2: .refused(.missingCallID, why: "crafted: hardly any header")
    ],
  ]

  // A student's registrar: a request line and Expires, answered by a bare status line. Nothing
  // ties request and answer together, so neither is a message.
  private static let barePairs = Dictionary(
    uniqueKeysWithValues: [95, 96, 145, 146, 204, 205, 242, 243].map {
      ($0, OracleDifference.refused(.missingCallID, why: "no header but Expires"))
    })

  // Bytes overwritten at random in a real capture.
  private static let fuzzed: [Int: OracleDifference] = [
    19: .refused(
      .missingCSeq, "To",
      why: "the address is overwritten by %s and a NUL; tshark stops at the space"),
    20: .refused(.malformedTo, why: "no closing bracket is left, or no scheme"),
    31: .refused(.malformedFrom, why: "brackets, quotes or scheme are damaged"),
    32: .refused(.missingCSeq, why: "the letters of the name CSeq are damaged"),
    107: .refused(.malformedVia, why: "protocol or sent-by is damaged"),
    108: .unlisted(.malformedVia, "protocol or sent-by is damaged"),
    121: .refused(.malformedVia, why: "protocol or sent-by is damaged"),
    144: .refused(.missingCSeq, why: "the letters of the name CSeq are damaged"),
    154: .unlisted(.badStartLine, "SIP/2.0 or the line end after it is damaged"),
    155: .refused(.malformedCSeq, why: "the number is overwritten"),
    169: .refused(.missingCallID, why: "the letters of the name Call-ID are damaged"),
    181: .unlisted(.badStatusCode, "a digit is overwritten"),
    182: .refused(.missingFrom, "Call-ID", why: "a NUL inside the Call-ID: tshark stops there"),
    223: .unlisted(.badStartLine, "SIP/2.0 or the line end after it is damaged"),
    227: .refused(.methodMismatch, why: "a letter of the method is damaged"),
    247: .refused(.badStartLine, "Call-ID", why: "tshark keeps the space before the line end"),
    249: .refused(.missingCSeq, why: "the letters of the name CSeq are damaged"),
    251: .refused(.missingCSeq, why: "the letters of the name CSeq are damaged"),
    252: .refused(.malformedVia, why: "protocol or sent-by is damaged"),
    253: .refused(.missingCSeq, why: "the letters of the name CSeq are damaged"),
    257: .refused(.missingTo, why: "the letters of the name To are damaged"),
    259: .refused(.malformedFrom, why: "brackets, quotes or scheme are damaged"),
    260: .refused(.missingCallID, why: "the letters of the name Call-ID are damaged"),
    264: .refused(.malformedFrom, why: "brackets, quotes or scheme are damaged"),
    266: .refused(
      .methodMismatch, why: "the line end after CANCEL is damaged, so the next header joins it"),
    274: .unlisted(.badStatusCode, "a digit is overwritten"),
    325: .refused(.malformedFrom, why: "brackets, quotes or scheme are damaged"),
    346: .unlisted(.malformedFrom, "brackets, quotes or scheme are damaged"),
    348: .unlisted(nil, "a NUL in the reason phrase: tshark takes the line for no text"),
    349: .refused(.missingCSeq, why: "the letters of the name CSeq are damaged"),
    421: .refused(.missingCallID, why: "the letters of the name Call-ID are damaged"),
    430: .refused(.missingCallID, why: "the letters of the name Call-ID are damaged"),
    432: .refused(.missingVia, why: "the name Via or the line end before it is damaged"),
    441: .unlisted(.malformedRequestURI, "the scheme is overwritten"),
    453: .refused(.missingCallID, why: "the letters of the name Call-ID are damaged"),
    516: .refused(.missingVia, why: "the name Via or the line end before it is damaged"),
    527: .refused(.missingFrom, why: "the letters of the name From are damaged"),
    539: .refused(.malformedContentLength, why: "bytes stand in for the number"),
    550: .refused(.malformedCSeq, why: "the number is overwritten"),
    558: .unlisted(.badStartLine, "SIP/2.0 or the line end after it is damaged"),
    560: .unlisted(.badStatusCode, "a digit is overwritten"),
    578: .refused(.missingCallID, why: "the letters of the name Call-ID are damaged"),
    602: .refused(.missingCallID, why: "the letters of the name Call-ID are damaged"),
    617: .refused(.malformedVia, why: "protocol or sent-by is damaged"),
    620: .refused(.missingCSeq, why: "the letters of the name CSeq are damaged"),
    621: .refused(.malformedContentLength, why: "bytes stand in for the number"),
    622: .refused(.malformedFrom, why: "brackets, quotes or scheme are damaged"),
    640: .refused(.malformedVia, why: "protocol or sent-by is damaged"),
    648: .refused(.missingCallID, why: "the letters of the name Call-ID are damaged"),
    650: .refused(.malformedFrom, why: "brackets, quotes or scheme are damaged"),
  ]
}
