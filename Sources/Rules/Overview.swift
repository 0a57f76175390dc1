import Parameters
public import Registrations

/// What is said of all accounts together: gathered while they are judged one by one.
public struct Overview: Sendable {
  /// All accounts in numbers.
  public private(set) var fleet: Fleet
  /// The parameters as the observed traffic shows them.
  public private(set) var effective: EffectiveParameters
  /// What a deployment needs and whether the capture shows it.
  public private(set) var checklist: [ChecklistItem] = []
  /// Findings that one cause explains.
  public private(set) var causes: [CauseGroup] = []
  /// What was counted of the traffic as a whole.
  public let measures: Measures
  private var tally = ChecklistTally()
  private var places = Places()

  init(_ history: History, _ profile: Profile) {
    fleet = Fleet(history)
    measures = history.measures
    effective = EffectiveParameters(profile)
  }

  /// Takes in one account; without a subject it shows no signs at all.
  mutating func take(
    _ glance: borrowing Glance, _ subject: Subject?, _ standing: Standing, hasFindings: Bool
  ) {
    fleet.take(glance, standing)
    effective.take(glance, subject)
    tally.take(glance, subject)
    places.take(glance, hasFindings: hasFindings)
  }

  mutating func finish(
    _ findings: [Finding], _ told: FindingTally, _ accounts: AccountSummaries,
    at switches: [Registrar]
  ) {
    let history = accounts.history
    places.countAddresses(of: accounts)
    effective.finish(told, history, at: switches)
    checklist = tally.items(effective, findings, told, history)
    causes = CauseGroup.all(findings, places: places)
  }
}
