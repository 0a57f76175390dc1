import FuzzTargets
import Testing

/// Ratios of processor time, the best of several trials, far from where they stand: work that is
/// done again for every byte would show as a factor of 60, for every message as one of 40.
@Suite("The cost of a message", .serialized)
struct GrowthTests {
  @Test("does not grow with its length", arguments: HostileMessage.allCases)
  func message(_ kind: HostileMessage) {
    let short = kind.bytes(size: 1024)
    let long = kind.bytes(size: 65_000)
    #expect(long.count > 60_000 && long.count <= 65_535)
    let costs = (
      short: ProcessorTime.ofParsing(short, trials: 3),
      long: ProcessorTime.ofParsing(long, trials: 3)
    )
    #expect(
      costs.long < 8 * costs.short,
      "\(kind.rawValue): \(costs.short) ns a byte became \(costs.long)")
  }

  @Test("does not grow with what its account did before", arguments: HostileHistory.allCases)
  func history(_ kind: HostileHistory) {
    var run = HostileRun(kind)
    _ = run.play(100)
    let early = (0..<5).map { _ in run.play(60) }.min() ?? 0
    _ = run.play(4000)
    let late = (0..<5).map { _ in run.play(60) }.min() ?? 0
    #expect(late < 8 * early, "\(kind.rawValue): \(early) ns a frame became \(late)")
  }

  // Without new registrars: each of them is judged, too. And without what brings so many requests in
  // so little time that all of them are still open: each of those is judged.
  @Test(
    "to judge an account is not what its traffic cost",
    arguments: HostileHistory.allCases.filter {
      ![.registrars, .refusedElsewhere, .errorsOnSome].contains($0)
    })
  func judgement(_ kind: HostileHistory) {
    var run = HostileRun(kind)
    _ = run.play(300)
    let early = (0..<3).map { _ in run.judge() }.min() ?? 0
    _ = run.play(3000)
    let late = (0..<3).map { _ in run.judge() }.min() ?? 0
    #expect(late < 6 * early, "\(kind.rawValue): \(early) ns became \(late)")
  }
}
