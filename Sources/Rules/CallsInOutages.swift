import Capture
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
  private let hasOutages: Bool
  private let hasOthers: Bool

  init(_ outages: [ChecklistTally.Span], _ registered: [ChecklistTally.Span], _ history: History) {
    hasOutages = !outages.isEmpty
    let upstreams = Set((outages + registered).map(\.upstream))
    hasOthers = upstreams.count > 1
    guard hasOutages else { return }
    for registrar in history.registrars where upstreams.contains(registrar.endpoint.address) {
      guard let calls = registrar.calls.first else { continue }
      let address = registrar.endpoint.address
      for outage in outages where outage.upstream == address {
        own += calls.sent.total(from: outage.from, to: outage.to)
      }
      for outage in outages where outage.upstream != address {
        other += calls.sent.total(from: outage.from, to: outage.to)
        answered += calls.answered.total(from: outage.from, to: outage.to)
      }
    }
  }

  var isBackupUsed: ChecklistItem.Answer {
    if let why { return .notVisible(why) }
    if other > 0 { return .confirmed("\(Wording.count(other, "call")) while one was out") }
    return own > 0
      ? .contradicted("\(Wording.count(own, "call")) to the upstream that was out, none elsewhere")
      : .notVisible("no call upstream was captured in an outage")
  }

  var isFailoverWorking: ChecklistItem.Answer {
    if let why { return .notVisible(why) }
    guard other > 0 else { return .notVisible("no call went over another upstream in an outage") }
    return answered > 0
      ? .confirmed("\(answered) of \(Wording.count(other, "call")) answered")
      : .contradicted("none of \(Wording.count(other, "call")) was answered")
  }

  private var why: String? {
    if !hasOutages { return "no upstream failed" }
    return hasOthers ? nil : "registered at one upstream only"
  }
}
