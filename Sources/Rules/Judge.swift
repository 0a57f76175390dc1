import Capture
import Decode
public import Parameters
public import Registrations

/// What of a diagnosis is wanted.
public struct Selection: Sendable {
  /// Identifiers of the rules to apply; `nil` for all.
  public var rules: Set<String>?
  /// Identifiers of rules to leave out.
  public var withoutRules: Set<String> = []
  /// The least level a finding must have to be kept.
  public var level = Level.notice
  /// Which accounts are wanted.
  public var includesAccount: @Sendable (String) -> Bool = { _ in true }

  /// Everything.
  public init() {}

  func includes(_ rule: RuleSummary) -> Bool {
    (rules?.contains(rule.identifier) ?? true) && !withoutRules.contains(rule.identifier)
  }
}

/// Applies the rules to the histories of a tracker.
public struct Judge: Sendable {
  let profile: Profile
  let selection: Selection
  let capture: CaptureContext
  let switches: [SwitchHost]
  private let switchAddresses: Set<IPAddress>

  /// A judge for one capture.
  public init(
    profile: Profile, selection: Selection, capture: CaptureContext, switches: [SwitchHost]
  ) {
    self.profile = profile
    self.selection = selection
    self.capture = capture
    self.switches = switches
    switchAddresses = Set(switches.map(\.address))
  }

  /// Everything a judge gives.
  public struct Outcome: Sendable {
    /// The accounts, in the order they were first seen.
    public var accounts: AccountSummaries
    /// The findings, by level, then time.
    public var findings: [Finding] = []
    /// The rules' tallies.
    public var tallies: [RuleTally] = []
    /// All accounts together.
    public var overview: Overview
  }

  /// Judges every account, then all of them together.
  public func judge(_ history: History) -> Outcome {
    let rules = RuleCatalogue.all.filter { selection.includes($0.summary) }
    let capture = CaptureContext(capture, history, profile)
    let limits = Limits(profile)
    var docket = Docket(rules)
    var outcome = Outcome(
      accounts: AccountSummaries(history, capture), overview: Overview(history, profile))
    var tallies = rules.map { RuleTally(rule: $0.summary.identifier) }
    // Taken by index: in a loop over the accounts each would be copied once more.
    for index in history.accounts.indices
    where !history.accounts[index].isVacant
      && selection.includesAccount(history.accounts[index].addressOfRecord)
    {
      history.expect(index + 1)
      let direction = direction(
        from: history.accounts[index].source, to: history.accounts[index].registrar)
      let looking = docket.take(Glance(history, index, direction, limits, capture.nats))
      let subject = Subject(
        history, index, direction: direction, capture: capture, profile: profile)
      var findings: [Finding] = []
      for place in looking {
        let verdict = rules[place].decide(subject, profile)
        tallies[place].count(verdict)
        if case .violated(let found) = verdict { findings += found }
      }
      let told = findings.filter { $0.level >= selection.level }
      let standing = Standing(subject, findings)
      outcome.accounts.append(standing, subject.direction, at: index, told: told)
      outcome.overview.take(subject, standing, told)
      outcome.findings += told
    }
    docket.settle(&tallies)
    outcome.tallies = tallies
    judgeTogether(&outcome)
    outcome.findings = Self.inOrder(outcome.findings)
    outcome.overview.finish(outcome.findings, history, at: registrars(history))
    return outcome
  }

  /// The switches as registrars; upstream servers have their own ways.
  private func registrars(_ history: History) -> [Registrar] {
    history.registrars.filter { registrar in
      switches.contains { $0.contains(registrar.endpoint) }
    }
  }

  /// Applies the rules that judge all accounts selected at once: each is one test of the capture.
  private func judgeTogether(_ outcome: inout Outcome) {
    let rules = RuleCatalogue.ofCapture.filter { selection.includes($0.summary) }
    guard !rules.isEmpty else { return }
    let population = outcome.accounts.population
    for rule in rules {
      let verdict = rule.judge(population, profile)
      let identifier = rule.summary.identifier
      if let known = outcome.tallies.firstIndex(where: { $0.rule == identifier }) {
        outcome.tallies[known].countTogether(verdict)
      } else {
        var tally = RuleTally(rule: identifier)
        tally.count(verdict)
        outcome.tallies.append(tally)
      }
      guard case .violated(let findings) = verdict else { continue }
      outcome.findings += findings.filter { $0.level >= selection.level }
    }
  }

  private func direction(from source: Endpoint, to registrar: Endpoint) -> Direction {
    guard switchAddresses.contains(source.address) else { return .inbound }
    return switches.contains { $0.contains(registrar) } ? .inbound : .outbound
  }

  /// The findings by level, then time, then account; sorted by keys, since a finding has many parts
  /// that each exchange of two would have to count.
  private static func inOrder(_ findings: [Finding]) -> [Finding] {
    let keys = findings.indices.map {
      (level: findings[$0].level, from: findings[$0].from, place: $0)
    }
    let ordered = keys.sorted { left, right in
      if left.level != right.level { return left.level > right.level }
      if left.from != right.from { return left.from < right.from }
      let (name, other) = (findings[left.place].account, findings[right.place].account)
      if name != other { return (name ?? "") < (other ?? "") }
      return findings[left.place].rule < findings[right.place].rule
    }
    return ordered.map { findings[$0.place] }
  }
}

/// How an account stood in the capture and at its end.
struct Standing {
  let state: AccountState
  let reachable: Duration?
  let unreachable: Duration?

  /// Sums up one account from its history and what was found.
  init(_ subject: Subject, _ findings: [Finding]) {
    state = Self.state(of: subject)
    let end = subject.capture.end
    let isKnown = !subject.bindings.isEmpty
    let lost =
      findings.isEmpty
      ? Intervals([])
      : Intervals(
        findings.filter { Self.speaksOfReachability($0.rule) }.flatMap {
          $0.episodes.map { (from: $0.from, to: min($0.to ?? end, end)) }
        })
    unreachable = isKnown || !lost.isEmpty ? lost.total : nil
    if lost.isEmpty, subject.bindings.count == 1, !subject.bindings[0].binding.isOnlyListed {
      // As nearly all accounts: nothing to join.
      let until = min(subject.bindings[0].binding.validUntil, end)
      let from = max(subject.bindings[0].binding.from.time, subject.capture.start)
      reachable = max(until - from, .zero)
    } else {
      reachable = isKnown ? Self.registered(subject).subtracting(lost).total : nil
    }
  }

  /// The spans in which the account had a valid binding.
  private static func registered(_ subject: Subject) -> Intervals {
    Intervals(
      subject.bindings.filter { !$0.binding.isOnlyListed }.map {
        (
          from: max($0.binding.from.time, subject.capture.start),
          to: min($0.binding.validUntil, subject.capture.end)
        )
      })
  }

  private static func speaksOfReachability(_ rule: String) -> Bool {
    let rules = [
      NATPinholeLost.summary, StaleBinding.summary, RefreshAfterExpiry.summary,
      BindingExpired.summary, TrunkOutage.summary,
    ]
    return rules.contains { $0.identifier == rule }
  }

  // nil where no binding is valid. By index: a loop over the bindings would copy each.
  private static func validState(_ bindings: [Binding], at end: Timestamp) -> AccountState? {
    guard bindings.indices.contains(where: { bindings[$0].isValid(at: end) }) else { return nil }
    return bindings.indices.contains { bindings[$0].unknownSince == nil } ? .registered : .unknown
  }

  private static func state(of subject: Subject) -> AccountState {
    let end = subject.capture.end
    if let state = validState(subject.account.current, at: end) { return state }
    if subject.bindings.isEmpty && subject.failureSeries.isEmpty { return .unknown }
    let failing = subject.failureSeries.filter { $0.success == nil }.compactMap(\.last)
    if let last = failing.max(by: { $0.request.time < $1.request.time }),
      last.request.time >= subject.account.lastAccepted?.time ?? subject.capture.start
    {
      return last.answer == nil ? .unanswered : .refused
    }
    if let last = subject.bindings.max(by: { $0.binding.validUntil < $1.binding.validUntil }) {
      switch last.binding.end {
      case .removed: return .removed
      case .expired: return last.binding.unknownSince == nil ? .expired : .unknown
      default: break
      }
    }
    return .unknown
  }
}
