import Foundation
import Parameters
import Reports
import Rules
import Testing
import Timelines

@Suite("Every sample's report")
struct SampleReportTests {
  /// With `REGSIFT_RECORD=1` the reports are written anew, and the run fails on purpose.
  @Test("is exactly the one beside it", arguments: try Sample.all())
  func report(_ sample: Sample) throws {
    var profile = Profile()
    for setting in sample.settings {
      try profile.set(setting.name, to: setting.value, source: .commandLine)
    }
    var diagnosis = diagnosis(of: [sample.capturePath], profile: profile)
    // The folder a checkout stands in is no part of the report.
    diagnosis.capture.files[0].name = "capture.pcap"
    var options = ReportOptions()
    options.timeZone = .utc
    let report = text(diagnosis, options: options)
    let place = URL(fileURLWithPath: sample.folder + "/report.txt")
    if Sample.isRecording {
      try report.write(to: place, atomically: true, encoding: .utf8)
      Issue.record("recorded \(sample)")
      return
    }
    let committed = try String(contentsOf: place, encoding: .utf8)
    #expect(report == committed, "REGSIFT_RECORD=1 records it, if the new one is better")
  }
}
