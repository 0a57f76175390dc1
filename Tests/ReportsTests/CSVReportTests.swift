import Capture
import Foundation
import Rules
import Testing
import Timelines

@testable import Reports

@Suite("The tables for spreadsheets")
struct CSVReportTests {
  private func csv(_ cells: [String]) -> String {
    var writer = CSVWriter()
    writer.row(cells)
    return String(decoding: writer.pending.bytes, as: UTF8.self)
  }

  @Test(
    "are RFC 4180, and no cell is a formula",
    arguments: [
      ("a", "a"), ("", ""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
      ("=1+1", "\"'=1+1\""), ("+49", "\"'+49\""), ("-x", "\"'-x\""), ("@x", "\"'@x\""),
      ("\t=1", "\\u{09}=1"), ("a\r\nb", "a\\u{0D}\\u{0A}b"), ("=\"a\"", "\"'=\"\"a\"\"\""),
      ("＝1+1", "\"'＝1+1\""), ("＋49", "\"'＋49\""), ("－x", "\"'－x\""), ("＠x", "\"'＠x\""),
      ("a＝1", "a＝1"), ("ａ", "ａ"),
    ])
  func cells(text: String, expected: String) {
    #expect(csv([text, "x"]) == expected + ",x\r\n")
  }

  @Test("have every finding and every account")
  func rows() throws {
    let diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "violated-call-lost")])
    var findings = ReportBuffer()
    CSVReport.writeFindings(diagnosis, to: &findings)
    let rows = findings.text.components(separatedBy: "\r\n")
    #expect(rows.count == diagnosis.findings.count + 2)
    #expect(rows[0].hasPrefix("id,rule,level,account,"))
    #expect(rows[1].hasPrefix("F1,nat-pinhole-lost,error,1001@203.0.113.10,inbound,2026-01-01T"))
    #expect(rows[1].hasSuffix(",0:10 0:11 0:15 0:18 0:21"))
    var accounts = ReportBuffer()
    CSVReport.writeAccounts(diagnosis, to: &accounts)
    let lines = accounts.text.components(separatedBy: "\r\n")
    #expect(lines.count == diagnosis.accounts.count + 2)
    #expect(
      lines.contains { $0.hasPrefix("1001@203.0.113.10,inbound,203.0.113.10:5060,registered,") })
    let width = lines[0].split(separator: ",", omittingEmptySubsequences: false).count
    #expect(
      lines.dropLast().allSatisfy {
        $0.split(separator: ",", omittingEmptySubsequences: false).count == width
      })
  }
}
