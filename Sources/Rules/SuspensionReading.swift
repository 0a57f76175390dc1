import Capture
import Decode
import Parameters
import Registrations

/// A device that was refused although its credentials were right, after a run of wrong ones.
struct SuspensionReading {
  /// The refusals of right credentials.
  let refused: FailureSeries
  /// The wrong credentials before; `nil` where the capture keeps them no more.
  let run: FailureSeries?
  /// How many of them there were.
  let rejected: Int
  /// Whether another device of the account sent them.
  let isOthersFault: Bool
  /// Why the refusals may have another reason; `nil` when they have none.
  let doubt: String?

  /// Answers by which a registrar can shut an account out; others blame the REGISTER or itself.
  private static let shuttingOut: Set<UInt16> = [401, 403, 407, 429, 480]

  /// All suspensions of the account.
  static func all(in subject: Subject, _ profile: Profile) -> [SuspensionReading] {
    // An upstream that shuts the switch out is the matter of upstream-blocked.
    guard !subject.failureSeries.isEmpty, subject.direction == .inbound else { return [] }
    return subject.failureSeries.compactMap { reading($0, subject, profile) }
  }

  /// Whether a suspension explains the failures.
  static func explains(
    _ series: FailureSeries, _ subject: Subject, _ profile: Profile
  ) -> Bool {
    reading(series, subject, profile).map { $0.doubt == nil } ?? false
  }

  private static func reading(
    _ refused: FailureSeries, _ subject: Subject, _ profile: Profile
  ) -> SuspensionReading? {
    guard subject.direction == .inbound, let first = refused.first,
      !refused.usernameDiffers, !refused.realmDiffers,
      refused.kind == .unanswered || shuttingOut.contains(refused.status)
    else { return nil }
    // A place that another device holds is the matter of replace-refused.
    guard refused.holder == nil || refused.kind == .unanswered else { return nil }
    if let success = refused.success,
      success.time - first.request.time < profile.seconds(.credentialsGrace)
    {
      return nil
    }
    let enough = profile.count(.authLoopFailures)
    if let own = ownRun(before: refused, first, subject, enough) {
      return SuspensionReading(
        refused: refused, run: own, rejected: own.rejectedCredentials, isOthersFault: false,
        doubt: doubt(refused, after: own, wasOthers: false, subject, profile))
    }
    guard refused.rejectedOfOthers >= enough, refused.deviceWasAccepted else { return nil }
    let others = subject.failureSeries.first { isOthers($0, refused, first) }
    return SuspensionReading(
      refused: refused, run: others, rejected: refused.rejectedOfOthers, isOthersFault: true,
      doubt: doubt(refused, after: others, wasOthers: true, subject, profile))
  }

  /// Wrong credentials of the same device until the answers changed.
  private static func ownRun(
    before refused: FailureSeries, _ first: FailedAttempt, _ subject: Subject, _ enough: Int
  ) -> FailureSeries? {
    guard refused.kind != .authentication else { return nil }
    return subject.failureSeries.first { series in
      guard let last = series.last, series.kind == .authentication,
        series.isOfDevice(refused), series.success == refused.success,
        series.rejectedCredentials >= enough
      else { return false }
      return last.request.time <= first.request.time
    }
  }

  private static func isOthers(
    _ series: FailureSeries, _ refused: FailureSeries, _ first: FailedAttempt
  ) -> Bool {
    guard let begin = series.first, series.kind == .authentication, !series.isOfDevice(refused)
    else { return false }
    return series.registrar.address == refused.registrar.address
      && begin.request.time <= first.request.time
  }

  private static func doubt(
    _ refused: FailureSeries, after run: FailureSeries?, wasOthers: Bool, _ subject: Subject,
    _ profile: Profile
  ) -> String? {
    if refused.mayMissSuccess { return "a later REGISTER or its answer is not in the capture" }
    guard refused.success != nil else {
      return "the capture ends before the account was accepted again"
    }
    switch refused.kind {
    case .unanswered:
      guard refused.othersWereAnswered, fits(refused, after: run, profile) else {
        return "silence after wrong passwords may also be the network's"
      }
    case .authentication:
      if refused.rejectedCredentials <= refused.agedNonces || run?.deviceWasAccepted ?? true {
        return "the password may have been changed for all devices of the account"
      }
    case .forbidden where !wasOthers:
      if !refused.deviceWasAccepted || refused.attempts.total < 2 {
        return "a 403 after wrong passwords may still mean a wrong password"
      }
    default: break
    }
    return nil
  }

  /// Whether the documented time lies between the last attempt in vain and the success.
  private static func fits(
    _ refused: FailureSeries, after run: FailureSeries?, _ profile: Profile
  ) -> Bool {
    guard let configured = profile.seconds(.authenticationFailedSuspend),
      let begun = run?.last?.answer?.time ?? refused.first?.request.time,
      let last = refused.last, let success = refused.success
    else { return false }
    let slack = max(
      configured * Double(profile.count(.intervalTolerance)) / 100,
      profile.seconds(.intervalToleranceFloor))
    return last.request.time - begun <= configured + slack
      && success.time - begun >= configured - slack
  }
}

extension FailureSeries {
  /// Whether both are of one device, by host and user agent, at one registrar.
  fileprivate func isOfDevice(_ other: FailureSeries) -> Bool {
    source.address == other.source.address && userAgent == other.userAgent
      && registrar.address == other.registrar.address
  }
}
