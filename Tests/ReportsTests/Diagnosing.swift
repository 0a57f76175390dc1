import Analysis
import Capture
import Parameters
import Reports
import Rules

/// The diagnosis of capture files, made the way the command makes it.
func diagnosis(of paths: [String], selection: Selection = Selection()) -> Diagnosis {
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
  var pipeline = Pipeline(profile: Profile(), seed: 1)
  let timeline = CaptureTimeline(readers)
  while let header = timeline.next() { pipeline.take(header, timeline.bytes) }
  for (index, place) in places {
    let reader = readers[place]
    files[index].format = reader.format
    files[index].frames = reader.framesRead
    files[index].bytes = reader.bytesRead
    files[index].error = reader.failure?.description
  }
  return pipeline.diagnose(files: files, drops: nil, selection: selection)
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
