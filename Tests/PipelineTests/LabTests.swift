import Foundation
import Parameters
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

  @Test(
    "What the registrar was set to is read off the packets",
    arguments: try LabTruth.all(in: Place.lab))
  func parameters(_ truth: LabTruth) throws {
    let path = Place.lab.appending(path: truth.captureFile).path
    let values = try diagnose(paths: [path]).overview.effective.values
    let interval = try #require(values["SS_ENDPOINTTIMETOLIVE"])
    #expect(interval.value == .integer(Int(try #require(truth.probeInterval))))
    let granted = Set(
      truth.accounts.flatMap { $0.granted ?? [] }.map { ParameterValue.integer(Int($0)) })
    for name in ["SS_ENDPOINT_EXPIRE", "SS_ENDPOINT_NAT_EXPIRE"] {
      guard let expiry = values[name] else { continue }
      #expect(granted.contains(expiry.value), "\(name) \(expiry.value)")
    }
    #expect(
      values["SS_ENDPOINT_EXPIRE"] != nil || values["SS_ENDPOINT_NAT_EXPIRE"] != nil)
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
