import Capture
import Decode
import Parameters
import Registrations

/// An address whose REGISTERs are refused as densely as an attack's, and what that may be.
struct ScanReading: Sendable {
  enum Kind {
    /// One account after the other.
    case accounts
    /// Many passwords for accounts that other devices have registered elsewhere.
    case passwords
    /// As many, for accounts whose own device it may be.
    case mayBeOwn
  }

  let source: IPAddress
  let kind: Kind
  /// Accounts that did register from there.
  let accepted: Int
  /// The rows of failures, in order of time.
  let bursts: [SourceFailures.Burst]

  /// Whether there were about as many ports as accounts: behind a NAT each phone has one of its own
  /// (RFC 4787 REQ-1), while who searches mostly uses one.
  var mayBeManyPhones: Bool {
    kind == .accounts && bursts.contains { $0.ports * 2 > $0.accounts }
  }

  /// All such addresses.
  static func all(in history: History, _ profile: Profile) -> [ScanReading] {
    let suspects = history.sources.filter { !$0.bursts.isEmpty }
    guard !suspects.isEmpty else { return [] }
    let accepted = accepted(history, from: Set(suspects.map(\.source)))
    return suspects.compactMap {
      reading($0, accepted: accepted[$0.source] ?? 0, history, profile)
    }
  }

  private static func accepted(
    _ history: History, from suspects: Set<IPAddress>
  ) -> [IPAddress: Int] {
    var accepted: [IPAddress: Int] = [:]
    // By index, field by field: an account is large.
    for index in history.accounts.indices where history.accounts[index].accepted > 0 {
      let source = history.accounts[index].source.address
      // Its last REGISTER may be the stranger's; what counts is who was let in.
      if suspects.contains(source),
        history.accounts[index].bindings.contains(where: { $0.source.address == source })
      {
        accepted[source, default: 0] += 1
      }
    }
    return accepted
  }

  private static func reading(
    _ source: SourceFailures, accepted: Int, _ history: History, _ profile: Profile
  ) -> ScanReading? {
    let bursts = source.bursts.kept.sorted { $0.from.time < $1.from.time }
    let accounts = bursts.map(\.accounts).max() ?? 0
    // The phones of an office or behind a proxy succeed after all: they fail once or twice each.
    let isPersistent = source.failures > 4 * max(accounts, accepted)
    guard accounts > 0, isPersistent || accepted * 2 < accounts else { return nil }
    let kind: Kind =
      if accounts >= profile.count(.scanAccounts) {
        .accounts
      } else {
        isAnothers(bursts, source.source, history) ? .passwords : .mayBeOwn
      }
    return ScanReading(source: source.source, kind: kind, accepted: accepted, bursts: bursts)
  }

  /// Whether devices of another kind had the accounts registered elsewhere meanwhile.
  ///
  /// A device of the same kind may be the same one, moved.
  private static func isAnothers(
    _ bursts: [SourceFailures.Burst], _ source: IPAddress, _ history: History
  ) -> Bool {
    bursts.allSatisfy { burst in
      [(burst.firstAccount, burst.from), (burst.lastAccount, burst.to)].allSatisfy {
        account, tried in
        guard history.hasKept(account, since: tried.time) else { return false }
        let agents = Set(
          history.accounts[account].failureSeries.filter { $0.source.address == source }
            .map(\.userAgent))
        return history.accounts[account].bindings.contains { binding in
          binding.source.address != source && !binding.isOnlyListed
            && binding.from.time <= burst.to.time && binding.validUntil >= burst.from.time
            && !agents.contains(binding.userAgent)
        }
      }
    }
  }
}

extension History {
  /// Whether an account is the one that was tried at `time`, and not another in the place of that
  /// one, which was forgotten.
  func hasKept(_ account: Int, since time: Timestamp) -> Bool {
    counts.accountsForgotten == 0
      || (!accounts[account].isVacant && accounts[account].firstSeen.time <= time)
  }
}

/// Addresses whose failures say nothing of the accounts they tried.
struct Strangers: Sendable {
  private var spans: [IPAddress: (from: Timestamp, to: Timestamp)] = [:]

  init(_ history: History, _ profile: Profile) {
    for scan in ScanReading.all(in: history, profile)
    where scan.kind != .mayBeOwn && !scan.mayBeManyPhones {
      guard let first = scan.bursts.first,
        let end = scan.bursts.map(\.to.time).max()
      else { continue }
      spans[scan.source] = (first.from.time, end)
    }
  }

  /// Whether a stranger sent all of these REGISTERs, and no device of the account's.
  func sent(_ series: FailureSeries) -> Bool {
    guard !spans.isEmpty, let span = spans[series.source.address], !series.deviceWasAccepted,
      series.success == nil, let first = series.first, let last = series.last
    else { return false }
    return first.request.time >= span.from && last.request.time <= span.to
  }
}
