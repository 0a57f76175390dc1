import Analysis
import Capture
import Foundation
import Parameters
import Reports
import Rules
import Testing
import Timelines

/// The diagnosis of capture files, made the way the command makes it.
func diagnosis(
  of paths: [String], profile: Profile = Profile(), seed: UInt64 = 1
) -> Diagnosis {
  var readers: [CaptureReader] = []
  var places: [Int: Int] = [:]
  var files = paths.map { FileSummary(name: $0, format: nil, frames: 0, bytes: 0, error: nil) }
  for (index, path) in paths.enumerated() {
    do {
      places[index] = readers.count
      readers.append(try CaptureReader(path: path, file: UInt32(index)))
    } catch {
      places[index] = nil
      files[index].error = error.description
    }
  }
  var pipeline = Pipeline(profile: profile, seed: seed)
  let timeline = CaptureTimeline(readers)
  while let header = timeline.next() { pipeline.take(header, timeline.bytes) }
  for (index, place) in places {
    let reader = readers[place]
    files[index].format = reader.format
    files[index].frames = reader.framesRead
    files[index].bytes = reader.bytesRead
    files[index].error = reader.failure?.description
  }
  return pipeline.diagnose(files: files, drops: nil)
}

/// The report for scripts on `diagnosis`.
func json(_ diagnosis: Diagnosis) -> [UInt8] {
  var buffer = ReportBuffer()
  JSONReport.write(diagnosis, to: &buffer)
  return buffer.bytes
}

/// The report for a person on `diagnosis`.
func text(_ diagnosis: Diagnosis, options: ReportOptions = ReportOptions()) -> String {
  var buffer = ReportBuffer()
  TextReport.write(diagnosis, to: &buffer, options: options)
  return buffer.text
}

/// The capture of one sample.
func sample(_ rule: String, _ name: String) throws -> String {
  let samples = try Sample.all()
  return try #require(samples.first { $0.rule == rule && $0.name == name }).capturePath
}

/// The package.
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// Captures for the reader, whole and broken ones.
let capturesFolder = root.appendingPathComponent("samples/captures").path

/// Captures of real phones beside the package, where they are.
enum LabCaptures {
  static let paths: [String] = {
    let folder = root.deletingLastPathComponent().appendingPathComponent("shared/captures/lab").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".pcap") }.sorted().map { folder + "/" + $0 }
  }()
  static let exist = !paths.isEmpty
}
