import Decode
import Registrations

/// Where the switch sent its calls while one of its upstream servers had it not registered.
///
/// Calls are known by time only in whole spans, so a call at the edge of an outage counts for none.
struct CallsInOutages {
  /// Calls to an upstream that was out.
  private var own = 0
  /// Calls to another upstream in that time, and those of them that were answered.
  private var other = 0
  private var answered = 0
  /// Calls to the same other upstream when none was out.
  private var usual = 0
  private let hasOutages: Bool
  private let hasOthers: Bool

  init(_ failing: [ChecklistTally.Span], _ registered: [ChecklistTally.Span], _ history: History) {
    let outages = UpstreamOutages(failing, registered)
    hasOutages = !outages.isEmpty
    let upstreams = Set((failing + registered).map(\.upstream))
    hasOthers = upstreams.count > 1
    guard hasOutages else { return }
    for registrar in history.registrars where upstreams.contains(registrar.endpoint.address) {
      guard let calls = registrar.calls.first else { continue }
      let address = registrar.endpoint.address
      own += calls.sent.total { outages.covers($0, $1, at: address) }
      let instead = calls.sent.total { outages.covers($0, $1, beside: address) }
      guard instead > 0 else { continue }
      other += instead
      answered += calls.answered.total { outages.covers($0, $1, beside: address) }
      usual += calls.sent.total { !outages.touches($0, $1, beside: address) }
    }
  }

  var isBackupUsed: ChecklistItem.Answer {
    if let why { return .notVisible(why) }
    if other > 0 {
      let calls = "\(Wording.count(other, "call")) over another one while one was out"
      return usual == 0
        ? .confirmed("\(calls), none at other times")
        : .notVisible("\(calls), but \(usual) at other times as well")
    }
    return own > 0
      ? .contradicted("\(Wording.count(own, "call")) to the upstream that was out, none elsewhere")
      : .notVisible("no call upstream is known to have begun in an outage")
  }

  var isFailoverWorking: ChecklistItem.Answer {
    if let why { return .notVisible(why) }
    guard other > 0 else {
      return .notVisible("no call over another upstream is known to have begun in an outage")
    }
    return answered > 0
      ? .confirmed("\(answered) of \(Wording.count(other, "call")) answered")
      : .contradicted("none of \(Wording.count(other, "call")) was answered")
  }

  private var why: String? {
    if !hasOutages { return "no upstream lost all its registrations" }
    return hasOthers ? nil : "registered at one upstream only"
  }
}
