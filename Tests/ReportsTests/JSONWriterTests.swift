import Capture
import Foundation
import Testing

@testable import Reports

@Suite("JSON writer")
struct JSONWriterTests {
  private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    body(&json)
    return String(decoding: json.pending.bytes, as: UTF8.self)
  }

  @Test("objects and arrays are indented by two spaces, or kept on one line")
  func layout() {
    let text = written { json in
      json.beginObject()
      json.put("a", 1)
      json.key("b")
      json.beginArray()
      json.beginObject(onOneLine: true)
      json.put("c", true)
      json.key("d")
      json.beginArray()
      json.value(1)
      json.value(2)
      json.end()
      json.end()
      json.value("x")
      json.end()
      json.key("empty")
      json.beginArray()
      json.end()
      json.end()
    }
    #expect(
      text == """
        {
          "a": 1,
          "b": [
            {"c": true, "d": [1, 2]},
            "x"
          ],
          "empty": []
        }

        """)
  }

  @Test(
    "text is escaped so that every parser reads it back",
    arguments: [
      ("plain", "\"plain\""), ("say \"hi\"", "\"say \\\"hi\\\"\""),
      ("back\\slash", "\"back\\\\slash\""),
      ("line\nfeed\rtab\t", "\"line\\nfeed\\rtab\\t\""), ("nul\0", "\"nul\\u0000\""),
      ("esc\u{1B}[31m", "\"esc\\u001B[31m\""), ("delete\u{7F}", "\"delete\\u007F\""),
      ("csi\u{9B}31m", "\"csi\\u009B31m\""), ("turned\u{202E}round", "\"turned\\u202Eround\""),
      ("tag\u{E0041}", "\"tag\\uDB40\\uDC41\""), ("separator\u{2028}", "\"separator\\u2028\""),
      ("Zoë 電話", "\"Zoë 電話\""), ("", "\"\""),
    ])
  func escaping(text: String, expected: String) throws {
    let json = written { $0.value(text) }
    #expect(json == expected)
    let read = try JSONSerialization.jsonObject(
      with: Data(json.utf8), options: .fragmentsAllowed)
    #expect(read as? String == text)
  }

  @Test(
    "spans are plain numbers of seconds with at most six decimals",
    arguments: [
      (Duration.zero, "0"), (.seconds(68), "68"), (.milliseconds(9990), "9.99"),
      (.microseconds(1), "0.000001"), (.nanoseconds(499), "0"), (.nanoseconds(500), "0.000001"),
      (.nanoseconds(999_999_500), "1"), (.milliseconds(-1500), "-1.5"),
      (.nanoseconds(-1), "0"), (.seconds(31_536_000_000), "9223372036.854776"),
      (.nanoseconds(Int64.min), "-9223372036.854776"),
    ])
  func spans(duration: Duration, expected: String) {
    #expect(written { $0.value(duration) } == expected)
  }

  @Test(
    "times are RFC 3339 in UTC with microseconds, before 1970 as well",
    arguments: [
      (Int64(0), "1970-01-01T00:00:00.000000Z"),
      (1_795_345_287_731_120_999, "2026-11-22T11:01:27.731120Z"),
      (-1, "1969-12-31T23:59:59.999999Z"),
      (-1_000_000_000, "1969-12-31T23:59:59.000000Z"),
      (951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z"),
      (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000Z"),
      (-2_203_977_600_000_000_000, "1900-02-28T00:00:00.000000Z"),
      (Int64.max, "2262-04-11T23:47:16.854775Z"),
      (Int64.min, "1677-09-21T00:12:43.145224Z"),
    ])
  func times(nanoseconds: Int64, expected: String) {
    let time = Timestamp(nanoseconds: nanoseconds)
    #expect(written { $0.value(time) } == "\"\(expected)\"")
  }

  @Test("days follow one another through four centuries as Foundation counts them")
  func calendarAgrees() throws {
    let utc = try #require(TimeZone(identifier: "GMT"))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = utc
    // The Julian days Foundation has before 1582 are out of reach: times begin in 1677.
    for day in stride(from: Int64(-106_000), through: 106_000, by: 97) {
      let time = CalendarTime(Timestamp(seconds: day * 86_400, nanoseconds: 0))
      let parts = calendar.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day * 86_400)))
      #expect(parts.year.map(Int64.init) == time.year)
      #expect(parts.month.map(Int64.init) == time.month)
      #expect(parts.day.map(Int64.init) == time.day)
    }
  }

  @Test("what is not known is null")
  func unknowns() {
    let text = written { json in
      json.beginArray(onOneLine: true)
      json.value(nil as String?)
      json.value(nil as Int?)
      json.value(nil as Timestamp?)
      json.value(nil as Duration?)
      json.null()
      json.end()
    }
    #expect(text == "[null, null, null, null, null]\n")
  }
}
