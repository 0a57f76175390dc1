import Analysis
import Capture
import Foundation
import Parameters
import Rules
import Testing

@Suite("Memory")
struct MemoryTests {
  /// Bytes of memory this process occupies.
  private static var resident: Int {
    let statistics = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = statistics?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return (pages ?? 0) * Int(getpagesize())
  }

  @Test("What is kept of constant accounts does not grow with the length of the capture")
  func constantPopulation() async {
    // A process of its own, so that no other test's memory is counted.
    await #expect(processExitsWith: .success) {
      var pipeline = Pipeline(profile: Profile(), seed: 7)
      var population = Population()
      // Long enough for every bounded list to be full.
      for _ in 0..<250 { population.play { pipeline.take($0, $1.span) } }
      let early = MemoryTests.resident
      for _ in 0..<1750 { population.play { pipeline.take($0, $1.span) } }
      let late = MemoryTests.resident
      #expect(early > 0)
      // 28,000 rounds of single phones: a record left behind in each would take some megabytes.
      #expect(late - early < 1_000_000, "from \(early) to \(late) bytes in 1750 rounds")
      let diagnosis = pipeline.diagnose(files: [], drops: nil)
      #expect(diagnosis.accounts.count == 16)
      #expect(diagnosis.rules.count { $0.violated > 0 } >= 5)
    }
  }
}
