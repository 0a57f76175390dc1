import Capture
import Decode
public import Parameters
import Registrations

/// A live binding is replaced by a device of another make in another network.
public enum ContactTakeover: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "contact-takeover", level: .warning,
    title: "A live registration was taken over by another device in another network",
    explanation: """
      While a binding is valid, a REGISTER with another user agent from another network (/24, for \
      IPv6 /64) takes its place: a move to another device, or somebody who has the password.

      A device that had held the binding before counts once. Does not fire for the same instance id or Call-ID, for the same user agent, within one \
      network, nor where the binding had run out or been removed before.

      Undecided where one of both names no user agent.
      """,
    needs: "a replacement of a live binding", source: "RFC 3261 10.3; VOS3000 Registration Replace",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE"])

  /// What it looks at.
  public static let scope = Scope([.changes, .unaccepted])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let replaced = subject.account.changes.kept.filter { $0.kind == .replaced }
    let apart = replaced.filter { !isSameNetwork($0.previous.source, $0.next.source) }
    let takeovers = apart.filter {
      !$0.previous.userAgent.isEmpty && !$0.next.userAgent.isEmpty
        && $0.previous.userAgent != $0.next.userAgent
    }
    .filter { isFirst($0, in: replaced) }
    if !takeovers.isEmpty, let doubt = subject.doubtOfReplacement { return .undecided(doubt) }
    if !takeovers.isEmpty { return .violated([finding(takeovers, subject)]) }
    if apart.contains(where: { $0.previous.userAgent.isEmpty || $0.next.userAgent.isEmpty }) {
      return .undecided("the user agents that tell devices apart are not named")
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    return replaced.isEmpty ? .notObserved : .held(tests: replaced.count)
  }

  /// A device that wins back what it had held is no newcomer: registration-flapping tells of that.
  private static func isFirst(_ change: OwnershipChange, in all: [OwnershipChange]) -> Bool {
    !all.contains {
      $0.moment.time < change.moment.time
        && ($0.previous.isSameDevice(as: change.next) || $0.next.isSameDevice(as: change.next))
    }
  }

  /// Networks as they are given to one site: /24, in IPv6 /64 (RFC 4291 2.5.1).
  private static func isSameNetwork(_ left: Endpoint, _ right: Endpoint) -> Bool {
    let (one, other) = (left.address, right.address)
    guard one.isIPv4 == other.isIPv4 else { return false }
    return one.isIPv4
      ? one.high == other.high && one.low >> 8 == other.low >> 8 : one.high == other.high
  }

  private static func finding(_ takeovers: [OwnershipChange], _ subject: Subject) -> Finding {
    let first = takeovers[0]
    let count = takeovers.count
    let others = count > 1 ? " and then by \(Wording.count(count - 1, "other device"))" : ""
    let old = "\(first.previous.source) (\(first.previous.userAgent))"
    let new = "\(first.next.source) (\(first.next.userAgent))"
    var evidence = [
      Evidence(first.moment, "200 OK to \(first.next.source): replaces \(first.previous.source)")
    ]
    if count > 1 {
      let last = takeovers[count - 1]
      evidence.append(
        Evidence(last.moment, "200 OK to \(last.next.source): replaces \(last.previous.source)"))
    }
    return subject.finding(
      Self.summary, from: first.moment.time, to: takeovers[count - 1].moment.time,
      summary: "\(subject.name) was taken over by \(new)\(others)",
      explanation: """
        The binding of \(old) was valid when another device in another network registered the \
        account and took its place. Calls belong to the new device since, and calls it makes are \
        charged to this account.
        """,
      remedy: """
        Ask the customer whether this is a device of theirs. If not, change the password at once, \
        look for calls made since, and block \(first.next.source.address).
        """,
      evidence: evidence, count: count)
  }
}
