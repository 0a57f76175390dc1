import Capture
import Parameters
import Registrations

/// After how many failed logins accounts were shut out, and for how long.
struct LockoutTally: Sendable {
  /// Failed logins before each suspension that the capture shows whole.
  private(set) var failures = ValueTally()
  /// How long an account was still shut out, at the longest, and after what time none was, in seconds.
  private(set) var least = ValueTally()
  private(set) var most = ValueTally()

  /// Failed logins of a device in a row, and the most under one Call-ID, that were challenged anew;
  /// single ones say nothing.
  private(set) var rows = ValueTally()
  private(set) var dialogues = ValueTally()

  mutating func take(_ subject: Subject, _ profile: Profile) {
    for series in subject.failureSeries where series.kind == .authentication {
      let row = series.rejectedCredentials - series.agedNonces
      if row > 1 { rows.add(row) }
      if series.longestDialogue > 1 { dialogues.add(series.longestDialogue) }
    }
    for reading in SuspensionReading.all(in: subject, profile) where reading.doubt == nil {
      guard let first = reading.refused.first, let last = reading.refused.last,
        let success = reading.refused.success
      else { continue }
      let wrong = reading.run?.last?.answer?.time ?? first.request.time
      let begun = min(wrong, first.request.time)
      least.add(Int(max(last.request.time - begun, .zero).inSeconds.rounded(.down)))
      most.add(Int((success.time - begun).inSeconds.rounded(.up)))
      // Of a device that was never accepted before, earlier failures may not be in the capture.
      if reading.refused.deviceWasAccepted { failures.add(reading.rejected) }
    }
  }
}

extension EffectiveParameters {
  /// A suspension began with the last failed login and ended between the last refusal and the
  /// success: the time lies within what all of them allow.
  mutating func settleLockouts(_ lockouts: LockoutTally) {
    if let failures = lockouts.failures.mode {
      settle(
        "SS_AUTHENTICATION_MAX_RETRY", .integer(failures.value), support: failures.times,
        spread: lockouts.failures.lowest...lockouts.failures.highest,
        basis: "failed logins before an account was shut out")
    } else if !lockouts.rows.isEmpty {
      settle(
        "SS_AUTHENTICATION_MAX_RETRY", .integer(lockouts.rows.highest),
        support: lockouts.rows.total, spread: lockouts.rows.lowest...lockouts.rows.highest,
        .lowerBound, basis: "failed logins of one account in a row, each challenged again")
    }
    if !lockouts.dialogues.isEmpty {
      settle(
        "SS_SIP_AUTHENTICATION_RETRY", .integer(lockouts.dialogues.highest),
        support: lockouts.dialogues.total,
        spread: lockouts.dialogues.lowest...lockouts.dialogues.highest, .lowerBound,
        basis: "wrong credentials under one Call-ID in a row, each challenged again")
    }
    let (low, high) = (lockouts.least.highest, lockouts.most.lowest)
    guard !lockouts.least.isEmpty, low <= high else { return }
    settle(
      "SS_AUTHENTICATION_FAILED_SUSPEND", .integer(low + (high - low) / 2),
      support: lockouts.least.total, spread: low...high, .withinSpread,
      basis: "between the last refusal and the success after an account was shut out")
  }
}
