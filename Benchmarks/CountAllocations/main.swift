import Analysis
import CAllocations
import Capture
import Glibc
import Parameters
import Rules

// count-allocations CAPTURE SKIP: what the way from a capture to the histories allocates, counted by
// standing in for malloc.
//
// The first SKIP packets are the time in which tables and lists grow. The rest is counted in two
// stretches, the second twice as long as the first: what is allocated per packet shows twice as
// often there.

func fail(_ reason: String) -> Never {
  let line = Array("count-allocations: \(reason)\n".utf8)
  _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(2)
}

/// What one stretch of packets cost.
struct Stretch {
  var packets = 0
  var allocations: UInt64 = 0
  var bytes: Int64 = 0

  var json: String {
    "{\"packets\": \(packets), \"allocations\": \(allocations), \"bytes_kept\": \(bytes)}"
  }
}

/// Reads as many packets as there are, up to `limit`.
func read(
  _ limit: Int, _ timeline: CaptureTimeline, into pipeline: inout Pipeline
) -> Stretch {
  var stretch = Stretch()
  let before = allocation_tally_of_this_thread()
  while stretch.packets < limit, let header = timeline.next() {
    if pipeline.wantsForesight {
      pipeline.expect(timeline.bytes(after: Pipeline.foresight - 1))
    }
    pipeline.take(header, timeline.bytes)
    stretch.packets += 1
  }
  let after = allocation_tally_of_this_thread()
  stretch.allocations = after.calls - before.calls
  stretch.bytes = after.kept - before.kept
  return stretch
}

func packets(in path: String) throws(CaptureError) -> Int {
  let reader = try CaptureReader(path: path, file: 0)
  var count = 0
  while reader.next() != nil { count += 1 }
  return count
}

func run(_ path: String, skipping skipped: Int) throws(CaptureError) {
  let rest = try packets(in: path) - skipped
  guard rest >= 3 else { fail("\(path): holds no more than the packets to skip") }
  let start = allocation_tally_of_this_thread().kept
  allocation_tally_restart_peak()
  let timeline = CaptureTimeline([try CaptureReader(path: path, file: 0)])
  var pipeline = Pipeline(profile: Profile(), seed: 1)
  let growing = read(skipped, timeline, into: &pipeline)
  let first = read(rest / 3, timeline, into: &pipeline)
  let second = read(rest / 3 * 2, timeline, into: &pipeline)
  let read = allocation_tally_of_this_thread().peak - start
  let diagnosis = pipeline.diagnose(files: [], drops: nil)
  let judged = allocation_tally_of_this_thread().peak - start
  print(
    """
    {"growing": \(growing.json), "first": \(first.json), "second": \(second.json),
     "accounts": \(diagnosis.accounts.count), "findings": \(diagnosis.findings.count),
     "peak_bytes_read": \(read), "peak_bytes_judged": \(judged)}
    """)
}

guard CommandLine.arguments.count == 3, let skipped = Int(CommandLine.arguments[2]), skipped >= 0
else { fail("usage: count-allocations CAPTURE SKIP") }
guard allocations_are_counted() else { fail("counts with glibc's allocator only") }
do { try run(CommandLine.arguments[1], skipping: skipped) } catch { fail("\(error)") }
