import Analysis
import Capture
import Glibc
import Parameters
import Rules

// live-week [ACCOUNTS] [DAYS]: a week of registrations and probes through the live pipeline, judged
// all the while and drawn as the live page does, and the memory it takes at the end of each day.
//
// Every account registers and is probed once an hour. One device in ten has another port behind its
// NAT by then, one in twenty a new Call-ID; each day one account in twenty is gone for good and a
// new one in its place; one in a hundred is dead for a while.

let arguments = CommandLine.arguments.dropFirst()
let accounts = arguments.first.flatMap { UInt32($0) } ?? 20_000
let days = arguments.dropFirst().first.flatMap { Int($0) } ?? 7
let judgings = 4

/// A resident page count is all that /proc/self/statm is read for.
func residentMegabytes() -> Double {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var buffer = [CChar](repeating: 0, count: 128)
  guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
  let words = String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
    separator: " ")
  return Double(words.dropFirst().first.flatMap { Int($0) } ?? 0) * 4096 / 1_000_000
}

var week = Week(accounts: accounts)
var pipeline = Pipeline(profile: Profile(), memory: .seconds(86_400), seed: 7)
var findings = 0
let timelines = LiveTimelines(timeout: .seconds(32))
pipeline.keepNotes(LiveTimelines.mostNotes)

/// Draws what the page shows: the last hour of the first accounts with findings.
func draw(_ diagnosis: Diagnosis, until now: Timestamp) {
  let named = Set(diagnosis.findings.lazy.compactMap(\.account))
  let drawn = diagnosis.accounts.indices.lazy
    .filter { named.contains(diagnosis.accounts.overview(at: $0).addressOfRecord) }
    .prefix(24).map { (account: diagnosis.accounts[$0], window: now + .seconds(-3600)...now) }
  _ = timelines.excerpt(of: Array(drawn), until: now, naming: [], eventsPerLane: 100)
}

print("| day | accounts seen | packets | findings | resident MB |")
print("| ---: | ---: | ---: | ---: | ---: |")
for day in 1...days {
  for hour in 0..<24 {
    week.play(hour: (day - 1) * 24 + hour) { header, bytes in pipeline.take(header, bytes) }
    if let notes = pipeline.collectNotes() { timelines.take(notes) }
    if hour % (24 / judgings) == 0 {
      let diagnosis = pipeline.diagnoseSoFar(files: [], drops: nil)
      findings = diagnosis.findings.count
      draw(diagnosis, until: diagnosis.accounts.end)
    }
  }
  let resident = Int(residentMegabytes().rounded())
  print("| \(day) | \(week.accountsSeen) | \(week.packets) | \(findings) | \(resident) |")
  fflush(nil)
}
