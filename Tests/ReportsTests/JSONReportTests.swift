import Foundation
import Reports
import Testing
import Timelines

@Suite("JSON report")
struct JSONReportTests {
  @Test("every sample gives one valid object of the promised schema", arguments: try Sample.all())
  func isValid(sample: Sample) throws {
    let bytes = json(diagnosis(of: [sample.capturePath]))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(object["schema"] as? String == "regsift-report/1")
  }
}
