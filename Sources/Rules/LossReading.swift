import Capture
import Parameters
import Registrations

extension Rule {
  /// What is said of one account where packets may have been lost on the way to the capture.
  ///
  /// Most rules learn of it from the history, transaction by transaction. Those that conclude from
  /// a packet that has not been seen at all are not decided where one may have been lost.
  static func decide(_ subject: Subject, _ profile: Profile) -> Verdict {
    let verdict = judge(subject, profile)
    guard !subject.capture.losses.isEmpty, summary.restsOnSilence,
      case .violated(let findings) = verdict
    else { return verdict }
    let certain = findings.filter { !$0.isTouched(by: subject.capture.losses) }
    return certain.isEmpty ? .undecided("packets were lost at that time") : .violated(certain)
  }
}

extension Finding {
  /// Longer than a transaction takes (RFC 3261 17.1.2.2): what was waited for in vain.
  private static var patience: Duration { .seconds(64) }

  fileprivate func isTouched(by losses: Losses) -> Bool {
    let first = min(evidence.first?.moment.time ?? from, from)
    let last = max(evidence.last?.moment.time ?? from, to ?? from)
    return losses.touch(first, last + Self.patience)
  }
}
