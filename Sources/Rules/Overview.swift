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

  mutating func take(_ subject: Subject, _ standing: Standing, _ findings: [Finding]) {
    fleet.take(subject, standing)
    effective.take(subject)
    tally.take(subject)
    places.take(subject, hasFindings: !findings.isEmpty)
  }

  mutating func finish(
    _ findings: [Finding], _ history: History, challenges: (with401: Int, with407: Int)
  ) {
    effective.finish(findings, history, challenges: challenges)
    checklist = tally.items(effective, findings, history)
    causes = CauseGroup.all(findings, places: places)
  }
}
