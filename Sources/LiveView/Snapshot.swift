package import Capture
package import Parameters
import Registrations
package import Reports
package import Rules

/// What the view shows, as of one judging: plain values, so that neither packets nor histories are
/// kept alive by what is on a screen.
package struct Snapshot: Sendable {
  /// The interfaces captured from, with what went wrong there.
  package var inputs: [(name: String, error: String?)]
  package var span: ClosedRange<Timestamp>?
  package var frames: UInt64
  package var drops: UInt64
  package var rates: Rates
  /// What limits the conclusions.
  package var notes: [String]
  package var accounts: [AccountRow]
  package let findings: [Finding]
  /// The places of those that are not over for whom they are about.
  package let current: [Int]
  package var profile: Profile
  /// What is known of the accounts that were asked for.
  package var details: [String: AccountDetail]

  /// Takes from `diagnosis` what is shown; the accounts `wanted` with their registrations.
  package init(_ diagnosis: Diagnosis, rates: Rates, wanted: Set<String> = []) {
    let capture = diagnosis.capture
    inputs = capture.files.map { ($0.name, $0.error) }
    span = capture.span
    frames = capture.frames
    drops = capture.drops ?? 0
    self.rates = rates
    notes = capture.notes.map(\.text)
    accounts = diagnosis.accounts.indices.map { index in
      let overview = diagnosis.accounts.overview(at: index)
      return AccountRow(
        name: overview.addressOfRecord, standing: AccountStanding(overview, at: index))
    }
    findings = diagnosis.findings
    current = Self.current(findings, accounts)
    profile = diagnosis.profile
    details = [:]
    guard !wanted.isEmpty else { return }
    for row in accounts where wanted.contains(row.name) {
      details[row.name] = AccountDetail(diagnosis.accounts[row.standing.index])
    }
  }

  /// What goes on, and what put an account out of service that nobody has tried to register since:
  /// that is over as an event, and not for the account.
  private static func current(_ findings: [Finding], _ accounts: [AccountRow]) -> [Int] {
    let lost = Set(accounts.lazy.filter(\.standing.isOutOfService).map(\.name))
    var last: [String: Timestamp] = [:]
    for finding in findings {
      guard let account = finding.account, lost.contains(account), let to = finding.to else {
        continue
      }
      last[account] = max(last[account] ?? to, to)
    }
    return findings.indices.filter { place in
      let finding = findings[place]
      guard let to = finding.to else { return true }
      return finding.account.map { last[$0] == to } ?? false
    }
  }
}

/// One account in the list.
package struct AccountRow: Sendable {
  package let name: String
  package let standing: AccountStanding
}

/// How often things happen, as of the last minute.
package struct Rates: Sendable {
  package var packets = 0.0
  package var registrations = 0.0
  package var probes = 0.0

  package init() {}
}

/// Measures rates from numbers that only grow.
struct RateMeter {
  private struct Sample {
    let time: ContinuousClock.Instant
    let packets: Double
    let registrations: Double
    let probes: Double
  }

  /// Long enough to be calm, short enough to show a flood.
  private static let window = Duration.seconds(60)
  private var samples: [Sample]

  init(start: ContinuousClock.Instant) {
    samples = [Sample(time: start, packets: 0, registrations: 0, probes: 0)]
  }

  /// The rates per second up to `time`.
  mutating func take(_ diagnosis: Diagnosis, at time: ContinuousClock.Instant) -> Rates {
    let fleet = diagnosis.overview.fleet
    let sample = Sample(
      time: time, packets: Double(diagnosis.capture.frames),
      registrations: Double(fleet.registrations.counts.reduce(0, +)),
      probes: Double(fleet.probes.counts.reduce(0, +)))
    // One sample older than the window stays: it is where the window begins.
    while samples.count > 1, samples[1].time + Self.window <= time { samples.removeFirst() }
    let first = samples.first ?? sample
    samples.append(sample)
    var rates = Rates()
    let seconds = (time - first.time) / .seconds(1)
    guard seconds > 0 else { return rates }
    rates.packets = max(sample.packets - first.packets, 0) / seconds
    rates.registrations = max(sample.registrations - first.registrations, 0) / seconds
    rates.probes = max(sample.probes - first.probes, 0) / seconds
    return rates
  }
}
