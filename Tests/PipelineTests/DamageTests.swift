import Foundation
import Rules
import Testing

@Suite("A damaged capture loses findings, but tells nothing untrue")
struct DamageTests {
  /// Five different runs of the dice.
  private static let seeds: ClosedRange<UInt64> = 1...5

  static let damages: [Damage] =
    [1, 5, 10, 20].flatMap { percent in seeds.map { .lost(percent: percent, seed: $0) } }
    + seeds.map { .doubled(percent: 10, seed: $0) }
    + [1, 10].flatMap { percent in seeds.map { .flipped(percent: percent, seed: $0) } }
    + seeds.map { .late(seconds: 2, seed: $0) }
    + [1, 2000].flatMap { time in seeds.map { .delayed(milliseconds: time, seed: $0) } }
    + [96, 128, 256, 512].map { .cut($0) }
    + [.onlyToRegistrar, .onlyFromRegistrar, .firstThirdMissing, .lastThirdMissing]

  @Test(
    "No error on a clean account, none that the truth does not explain",
    arguments: damages, try LabTruth.all(in: Place.lab))
  func noFalseError(_ damage: Damage, _ truth: LabTruth) throws {
    let frames = try storedFrames(path: Place.lab.appending(path: truth.captureFile).path)
    let damaged = damage.applied(to: frames)
    for finding in truth.invented(by: diagnose(damaged)) {
      Issue.record("not true: \(finding.rule) for \(finding.account ?? ""): \(finding.summary)")
    }
  }

  @Test(
    "What can be seen of the damage is said",
    arguments: [
      (Damage.cut(96), "cut-packets"), (.cut(512), "cut-packets"),
      (.doubled(percent: 10, seed: 1), "duplicates"), (.onlyToRegistrar, "one-direction"),
      (.onlyFromRegistrar, "one-direction"),
    ])
  func damageIsSaid(_ damage: Damage, note: String) throws {
    for truth in try LabTruth.all(in: Place.lab) {
      let frames = try storedFrames(path: Place.lab.appending(path: truth.captureFile).path)
      let notes = diagnose(damage.applied(to: frames)).capture.notes.map(\.note)
      #expect(notes.contains(note), "\(truth.captureFile): \(notes)")
    }
  }

  @Test("Every kind of damage changes the capture", arguments: damages)
  func damageIsDone(_ damage: Damage) throws {
    let frames = try storedFrames(path: Place.lab.appending(path: "healthy.pcap").path)
    #expect(damage.applied(to: frames) != frames)
  }
}
