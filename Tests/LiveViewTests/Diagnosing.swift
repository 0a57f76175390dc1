import Analysis
import Capture
import Foundation
import LiveView
import Parameters
import Registrations
import Reports
import Rules
import Timelines

/// The diagnosis of a capture file, as of an interface called v0.
func diagnosis(of path: String) throws -> Diagnosis {
  let reader = try CaptureReader(path: path, file: 0)
  var pipeline = Pipeline(profile: Profile(), seed: 1)
  let timeline = CaptureTimeline([reader])
  while let header = timeline.next() { pipeline.take(header, timeline.bytes) }
  let summary = FileSummary(
    name: "v0", format: "live", frames: reader.framesRead, bytes: reader.bytesRead, error: nil)
  return pipeline.diagnose(files: [summary], drops: 0)
}

/// The package.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// The capture of one sample.
func sample(_ name: String) -> String {
  root.appendingPathComponent("samples/rules/\(name)/capture.pcap").path
}

/// Captures of real phones beside the package, where they are.
enum LabCaptures {
  static let folder = root.deletingLastPathComponent()
    .appendingPathComponent("shared/captures/lab").path
  static let exist = FileManager.default.fileExists(atPath: folder + "/nat-pinhole-loss.pcap")

  static func path(_ name: String) -> String { "\(folder)/\(name).pcap" }
}

/// The view on a diagnosis, as if it had been up all the time.
func view(on diagnosis: Diagnosis) -> (model: ViewModel, around: Surroundings) {
  var rates = Rates()
  rates.packets = 4.25
  rates.registrations = 0.5
  var news = NewsList()
  for finding in diagnosis.findings.sorted(by: { $0.from < $1.from }) {
    news.add(News("opened", finding))
    if finding.to != nil { news.add(News("closed", finding)) }
  }
  var model = ViewModel(interfaces: ["v0"])
  let names = diagnosis.accounts.map(\.subject.account.addressOfRecord)
  model.show(Snapshot(diagnosis, rates: rates, wanted: Set(names)), news)
  let around = Surroundings(
    now: diagnosis.capture.span?.upperBound ?? Timestamp(nanoseconds: 0), running: .seconds(185),
    memory: 27_300_000, zone: .utc)
  return (model, around)
}

extension ViewModel {
  mutating func press(_ keys: Key...) {
    for key in keys { _ = press(key, at: Timestamp(nanoseconds: 0)) }
  }

  mutating func type(_ text: String) {
    for scalar in text.unicodeScalars { press(.character(scalar)) }
  }
}
