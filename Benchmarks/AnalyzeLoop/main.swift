import Analysis
import Capture
import Glibc
import Parameters
import Rules

func fail(_ reason: String) -> Never {
  let line = Array("analyze-loop: \(reason)\n".utf8)
  _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(2)
}

func run(_ path: String) throws(CaptureError) {
  let reader = try CaptureReader(path: path, file: 0)
  let timeline = CaptureTimeline([reader])
  var pipeline = Pipeline(profile: Profile(), seed: 1)
  while let header = timeline.next() {
    if pipeline.wantsForesight {
      pipeline.expect(timeline.bytes(after: Pipeline.foresight - 1))
    }
    pipeline.take(header, timeline.bytes)
  }
  let file = FileSummary(
    name: reader.name, format: reader.format, frames: reader.framesRead, bytes: reader.bytesRead,
    error: reader.failure?.description)
  let diagnosis = pipeline.diagnose(files: [file], drops: reader.drops)
  print(
    "\(diagnosis.capture.frames) frames, \(diagnosis.capture.messages) messages,",
    "\(diagnosis.capture.keepalives) keepalives, \(diagnosis.accounts.count) accounts,",
    "\(diagnosis.findings.count) findings")
  var tally: [String: Int] = [:]
  for finding in diagnosis.findings { tally["\(finding.rule)", default: 0] += 1 }
  for (rule, count) in tally.sorted(by: { $0.key < $1.key }) { print("  \(rule): \(count)") }
}

guard CommandLine.arguments.count == 2 else { fail("usage: analyze-loop CAPTURE") }
do { try run(CommandLine.arguments[1]) } catch { fail("\(error)") }
