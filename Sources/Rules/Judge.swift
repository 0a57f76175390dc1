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
  /// Findings kept in full: 200,000 take about a gibibyte.
  public var mostFindings = 200_000
  /// Which accounts are wanted; `nil` for all.
  public var includesAccount: (@Sendable (String) -> Bool)?

  /// Everything.
  public init() {}

  func includes(_ account: borrowing Account) -> Bool {
    includesAccount?(account.addressOfRecord) ?? true
  }

  func includes(_ rule: RuleSummary) -> Bool {
    (rules?.contains(rule.identifier) ?? true) && !withoutRules.contains(rule.identifier)
  }
}

/// Applies the rules to the histories of a tracker.
public struct Judge: Sendable {
  let profile: Profile
  let selection: Selection
  let capture: CaptureContext
  private let switches: SwitchSet

  /// A judge for one capture.
  public init(
    profile: Profile, selection: Selection, capture: CaptureContext, switches: [SwitchHost]
  ) {
    self.profile = profile
    self.selection = selection
    self.capture = capture
    self.switches = SwitchSet(switches)
  }

  /// Everything a judge gives.
  public struct Outcome: Sendable {
    /// The accounts, in the order they were first seen.
    public var accounts: AccountSummaries
    /// The findings, by level, then time.
    public var findings: [Finding] = []
    /// Findings that were told and not kept, since there were too many.
    public var findingsLeftOut = 0
    /// The rules' tallies.
    public var tallies: [RuleTally] = []
    /// All accounts together.
    public var overview: Overview

    /// Takes in the account at `index`; without a subject it shows no signs at all.
    fileprivate mutating func take(
      _ glance: borrowing Glance, _ subject: Subject?, at index: Int, _ standing: Standing,
      told: [Finding], keptIn store: inout FindingStore
    ) {
      accounts.append(standing, glance.direction, at: index, told: told)
      let isKept = !told.isEmpty && store.take(told)
      overview.take(glance, subject, standing, hasFindings: isKept)
    }
  }

  /// Judges every account, then all of them together.
  public func judge(_ history: History) -> Outcome {
    let rules = RuleCatalogue.all.filter { selection.includes($0.summary) }
    let capture = CaptureContext(capture, history, profile)
    let limits = Limits(profile)
    var docket = Docket(rules)
    var store = FindingStore(most: selection.mostFindings)
    var outcome = Outcome(
      accounts: AccountSummaries(history, capture), overview: Overview(history, profile))
    var tallies = rules.map { RuleTally(rule: $0.summary.identifier) }
    // Taken by index: in a loop over the accounts each would be copied once more.
    for index in history.accounts.indices
    where !history.accounts[index].isVacant
      && selection.includes(history.accounts[index])
    {
      history.expect(index + 1)
      let direction = direction(
        from: history.accounts[index].source, to: history.accounts[index].registrar)
      let glance = Glance(history, index, direction, limits, capture.nats)
      let looking = docket.take(glance)
      // As of nearly all accounts: nothing to be looked at.
      guard !glance.signs.isPlain else {
        outcome.take(
          glance, nil, at: index, Standing(glance, nil, [], capture), told: [], keptIn: &store)
        continue
      }
      let subject = Subject(
        history, index, direction: direction, capture: capture, profile: profile)
      var findings: [Finding] = []
      for place in looking {
        let verdict = rules[place].decide(subject, profile)
        tallies[place].count(verdict)
        if case .violated(let found) = verdict { findings += found }
      }
      outcome.take(
        glance, subject, at: index, Standing(glance, subject, findings, capture),
        told: findings.filter { $0.level >= selection.level }, keptIn: &store)
    }
    docket.settle(&tallies)
    outcome.tallies = tallies
    judgeTogether(&outcome, &store)
    outcome.findings = Self.inOrder(store.handOver())
    outcome.findingsLeftOut = store.leftOut
    outcome.overview.finish(
      outcome.findings, store.tally, outcome.accounts, at: registrars(history))
    return outcome
  }

  /// The switches as registrars; upstream servers have their own ways.
  private func registrars(_ history: History) -> [Registrar] {
    history.registrars.filter { switches.contains($0.endpoint) }
  }

  /// Applies the rules that judge all accounts selected at once: each is one test of the capture.
  private func judgeTogether(_ outcome: inout Outcome, _ store: inout FindingStore) {
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
      store.take(ofCapture: findings.filter { $0.level >= selection.level })
    }
  }

  private func direction(from source: Endpoint, to registrar: Endpoint) -> Direction {
    guard switches.isAddress(source.address) else { return .inbound }
    return switches.contains(registrar) ? .inbound : .outbound
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
