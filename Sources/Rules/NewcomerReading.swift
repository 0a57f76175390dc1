import Capture
import Decode
import Parameters
import Registrations

/// A REGISTER from a new place, refused while the old binding was valid, told apart from other
/// refusals.
struct NewcomerReading {
  let series: FailureSeries
  let holder: BindingHolder
  /// Why the refusal may have another reason; `nil` when it can have none.
  let doubt: String?

  /// Refusals that blame the REGISTER itself (RFC 3261 21.4), the account, or negotiate: no policy.
  private static let otherReasons: Set<UInt16> = [
    400, 404, 405, 413, 414, 415, 416, 420, 421, 423, 436, 437, 438, 482, 483, 493, 494,
  ]

  /// All such refusals of the account.
  static func all(in subject: Subject) -> [NewcomerReading] {
    guard !subject.failureSeries.isEmpty else { return [] }
    return subject.failureSeries.compactMap { reading($0, subject) }
  }

  private static func reading(_ series: FailureSeries, _ subject: Subject) -> NewcomerReading? {
    guard let holder = series.holder, let first = series.first, series.status < 600,
      !otherReasons.contains(series.status), !isRefused(holder, as: series, subject)
    else { return nil }
    return NewcomerReading(
      series: series, holder: holder, doubt: doubt(series, holder, since: first, subject))
  }

  /// The holder is refused the same way: the place is not the reason.
  private static func isRefused(
    _ holder: BindingHolder, as series: FailureSeries, _ subject: Subject
  ) -> Bool {
    subject.failureSeries.contains {
      $0.source == holder.source && $0.kind == series.kind && $0.status == series.status
    }
  }

  private static func doubt(
    _ series: FailureSeries, _ holder: BindingHolder, since first: FailedAttempt,
    _ subject: Subject
  ) -> String? {
    if series.kind == .forbidden, !series.deviceWasAccepted, !holder.isSameDevice,
      series.success == nil
    {
      return "a 403 may also mean that the credentials are wrong"
    }
    guard series.status >= 500 else { return nil }
    let isServed = subject.bindings.contains {
      $0.binding.source == holder.source && $0.binding.refreshed.time > first.request.time
    }
    return isServed ? nil : "the registrar may be in trouble: the other device was not served since"
  }
}
