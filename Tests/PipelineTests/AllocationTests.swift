import Analysis
import CAllocations
import Capture
import Parameters
import Rules
import Testing

/// What packets and accounts leave in memory, counted by the allocator: the same on every machine.
///
/// How often packets allocate is counted by `scripts/allocations` in the release build: without
/// optimisation Swift itself allocates.
@Suite("Allocations", .enabled(if: allocations_are_counted()))
struct AllocationTests {
  /// Bytes that a stretch of steady traffic may leave behind, however long it is.
  private static let fewBytes: Int64 = 4_096
  /// Bytes that one more account may take while packets are read; CONTRIBUTING.md states it.
  private static let bytesPerAccount = 1_200
  /// Bytes that one more account may take when it is judged, too.
  private static let bytesPerJudgedAccount = 1_400

  private static var tally: allocation_tally { allocation_tally_of_this_thread() }

  @Test("The counter sees an allocation that Swift makes, and its end")
  func counterCounts() {
    let before = Self.tally
    var block = [UInt8](repeating: 1, count: 100_000)
    block[99_999] = 2
    let during = Self.tally
    block = []
    let after = Self.tally
    #expect(during.calls > before.calls)
    #expect(during.kept - before.kept >= 100_000)
    #expect(after.kept <= during.kept - 100_000)
  }

  @Test("Packets of known accounts leave nothing behind", arguments: ["0", "80"])
  func steadyTraffic(rtp: String) throws {
    let capture = try GeneratedCapture(
      "--accounts", "20", "--packets", "20000", "--faults", "0", "--rtp", rtp)
    let timeline = CaptureTimeline([try CaptureReader(path: capture.path, file: 0)])
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    func read(_ packets: Int) -> Int64 {
      let before = Self.tally.kept
      for _ in 0..<packets {
        guard let header = timeline.next() else { break }
        pipeline.take(header, timeline.bytes)
      }
      return Self.tally.kept - before
    }
    let growing = read(8_000)
    let first = read(4_000)
    let twiceAsMany = read(8_000)
    #expect(growing > 20 * 100)
    #expect(timeline.next() == nil)
    #expect(first <= Self.fewBytes, "\(first) bytes of 4,000 packets")
    #expect(twiceAsMany <= Self.fewBytes, "\(twiceAsMany) bytes of 8,000 packets")
  }

  @Test("Devices whose faults go on for ever leave nothing behind once their histories are full")
  func steadyFaults() {
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    var population = Population()
    func play(_ rounds: Int) -> Int64 {
      var kept: Int64 = 0
      for _ in 0..<rounds {
        population.play { header, bytes in
          let before = Self.tally.kept
          pipeline.take(header, bytes.span)
          kept += Self.tally.kept - before
        }
      }
      return kept
    }
    #expect(play(280) > 16 * 100)
    let first = play(30)
    let twiceAsMany = play(60)
    #expect(first <= Self.fewBytes, "\(first) bytes of 30 rounds")
    #expect(twiceAsMany <= Self.fewBytes, "\(twiceAsMany) bytes of 60 rounds")
  }

  @Test("One more account takes no more memory than stated")
  func memoryPerAccount() throws {
    let accounts = 1_024
    let few = try Self.memory(of: accounts)
    let many = try Self.memory(of: 2 * accounts)
    let each = (many.read - few.read) / accounts
    #expect(each <= Self.bytesPerAccount)
    #expect((many.judged - few.judged) / accounts <= Self.bytesPerJudgedAccount)
    #expect(each > 100, "nobody can keep an account in \(each) bytes")
  }

  /// The most bytes kept while `accounts` were read, 12 packets each, and then judged.
  private static func memory(of accounts: Int) throws -> (read: Int, judged: Int) {
    let capture = try GeneratedCapture("--accounts", "\(accounts)", "--packets", "\(12 * accounts)")
    let before = tally.kept
    allocation_tally_restart_peak()
    let timeline = CaptureTimeline([try CaptureReader(path: capture.path, file: 0)])
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    while let header = timeline.next() { pipeline.take(header, timeline.bytes) }
    let read = tally.peak - before
    let diagnosis = pipeline.diagnose(files: [], drops: nil)
    #expect(diagnosis.accounts.count == accounts)
    return (Int(read), Int(tally.peak - before))
  }
}
