import Foundation
import Rules
import Testing

@Suite("Lab captures are diagnosed as they truly were")
struct LabTests {
  private static let besideRepository = (try? LabTruth.all(in: Place.sharedLab)) ?? []

  @Test("The copies among the samples", arguments: try LabTruth.all(in: Place.lab))
  func samples(_ truth: LabTruth) throws {
    try check(truth, in: Place.lab)
  }

  @Test(
    "Those beside the repository",
    .enabled(if: !besideRepository.isEmpty, "needs the lab captures beside the repository"),
    arguments: besideRepository)
  func shared(_ truth: LabTruth) throws {
    try check(truth, in: Place.sharedLab)
  }

  @Test("Every capture among the samples has its truth beside it")
  func complete() throws {
    let truths = try LabTruth.all(in: Place.lab).map(\.captureFile)
    #expect(truths == Place.captureNames(in: Place.lab))
    #expect(!truths.isEmpty)
  }

  private func check(_ truth: LabTruth, in folder: URL) throws {
    let diagnosis = try diagnose(paths: [folder.appending(path: truth.captureFile).path])
    let missed = truth.missed(by: diagnosis)
    #expect(missed.isEmpty, "not found: \(missed.joined(separator: "; "))")
    for finding in truth.invented(by: diagnosis) {
      Issue.record("not true: \(finding.rule) for \(finding.account ?? ""): \(finding.summary)")
    }
  }
}
