import Capture
import Decode
import Parameters
import Registrations
import SIP

/// One row of unanswered requests of an account, told apart by what was seen around it.
///
/// The rules on reachability share this reading, so that one row is never reported as two faults.
struct OutageReading {
  enum Cause: Equatable {
    /// The device was alive behind its NAT; the mapping was gone.
    case pinholeLost
    /// The device was not heard again.
    case notHeardAgain
    /// The device was heard again as after a restart.
    case restarted
    /// The account was registered again from elsewhere.
    case moved
    /// Later requests were answered over the same flow.
    case transient
    /// Too little for an outage: one request without an answer.
    case packetLoss
    /// The device sends but never answers requests of this kind.
    case requestsIgnored
    /// The capture cannot tell, and why.
    case undecided(String)

    var leavesPinholeOpen: Bool {
      switch self {
      case .notHeardAgain, .undecided: true
      default: false
      }
    }
  }

  let binding: Binding
  let flow: Flow
  let run: UnansweredRun
  let cause: Cause
  /// The packet with which the device or account came back.
  let back: Moment?
  /// The binding it came back with, where that is another one.
  let successor: Binding?
  let capture: CaptureContext

  var from: Timestamp { run.first.time }

  /// When the account could be reached again or was no longer held; `nil` while it goes on.
  var to: Timestamp? {
    if let back { return back.time }
    if let ended = run.ended { return ended.time }
    return binding.validUntil <= capture.end ? binding.validUntil : nil
  }

  var duration: Duration { max((to ?? capture.end) - from, .zero) }

  /// All rows of unanswered requests of the account that began while a binding was valid.
  static func all(
    of account: Account, _ bindings: Bindings, _ capture: CaptureContext,
    _ profile: Profile
  ) -> [OutageReading] {
    var readings: [OutageReading] = []
    var seen: Set<FrameReference> = []
    // Of several bindings on one flow the newest is the one the requests were for.
    for (index, observed) in bindings.enumerated().reversed() {
      guard let flow = observed.flow else { continue }
      for run in flow.runs.kept where observed.binding.isValid(at: run.first.time) {
        guard seen.insert(run.first.frame).inserted else { continue }
        let later = bindings[(index + 1)...].map(\.binding)
        if isLeftBehind(observed.binding, later, at: run.first.time) { continue }
        readings.append(
          Classifier(
            binding: observed.binding, flow: flow, run: run, later: later,
            account: account, capture: capture, profile: profile
          ).reading())
      }
    }
    return readings.sorted { $0.from < $1.from }
  }

  /// The device had registered anew by then: what its old binding does not answer cuts nobody off.
  private static func isLeftBehind(
    _ binding: Binding, _ later: [Binding], at time: Timestamp
  ) -> Bool {
    later.contains {
      $0.from.time <= time && !$0.isOnlyListed
        && (binding.isSuperseded || $0.isSameDevice(as: binding))
    }
  }
}

/// How often an account's flows were tested by requests, counted once for all rules that ask.
struct FlowTests: Sendable {
  /// Requests answered.
  private(set) var answered = 0
  /// Whether a request was open at the end on a flow that had answered others, or on one that had not.
  private(set) var isOverdueWhereAnswered = false
  private(set) var isOverdueWhereSilent = false
  /// Whether any request was too young to be judged.
  private(set) var isUndecided = false
  /// Whether packets lost on the way to the capture may hide an outage.
  private(set) var mayHideOutage = false

  /// Timer F: how long a request sent at the end of a binding may stay open (RFC 3261 17.1.2.2).
  private static let timerF = Duration.seconds(32)

  /// Counts nothing.
  init() {}

  init(_ bindings: Bindings, end: Timestamp) {
    for (index, observed) in bindings.enumerated().reversed() {
      guard let flow = observed.flow else { continue }
      // Several bindings share a flow.
      let path = observed.binding.path
      mayHideOutage = mayHideOutage || flow.mayHideOutage
      if bindings[(index + 1)...].contains(where: { $0.binding.path == path }) { continue }
      answered += flow.answered
      // Requests after a binding's end do not test it.
      if observed.binding.validUntil + Self.timerF < end { continue }
      isUndecided = isUndecided || flow.undecided > 0
      guard flow.overdue > 0 else { continue }
      if flow.answered > 0 { isOverdueWhereAnswered = true } else { isOverdueWhereSilent = true }
    }
  }
}

extension OutageReading {
  /// What the rules on reachability say of an account none of whose rows is an outage.
  static func verdictWithoutOutage(_ subject: Subject, _ readings: [OutageReading]) -> Verdict {
    let flows = subject.flowTests
    if flows.mayHideOutage { return .undecided("packets were lost when answers were due") }
    let ignored = readings.count { $0.cause == .requestsIgnored }
    if flows.isOverdueWhereAnswered || (flows.isOverdueWhereSilent && ignored == 0) {
      return .undecided("the capture ends before an answer was due")
    }
    let tests = ignored + flows.answered
    if tests > 0 { return .held(tests: tests) }
    return flows.isUndecided
      ? .undecided("the capture ends before an answer was due") : .notObserved
  }
}

/// Tells the causes of a row of unanswered requests apart (model, "Stale, lost, gone").
private struct Classifier {
  let binding: Binding
  let flow: Flow
  let run: UnansweredRun
  let later: [Binding]
  let account: Account
  let capture: CaptureContext
  let profile: Profile

  /// T1: until then a request went to the old place once, and may have been lost or crossed the
  /// REGISTER (RFC 3261 17.1.2.2).
  private static let firstRepetition = Duration.milliseconds(500)

  func reading() -> OutageReading {
    guard flow.isHeard else {
      return made(.undecided("packets from the device are not in the capture"))
    }
    if let known = binding.carriedOver, run.first.time >= known {
      return made(.undecided("its registration may have run out before these requests"))
    }
    switch run.end {
    case .answered:
      if run.requests == 1, let ended = run.ended, run.last.time > ended.time {
        return made(.requestsIgnored)
      }
      return made(isOutage ? .transient : .packetLoss, back: run.ended)
    case .deviceSpoke: return made(causeAfterDeviceSpoke, back: run.ended)
    case nil: return readingOfOpenRun()
    }
  }

  private func made(
    _ cause: OutageReading.Cause, back: Moment? = nil, successor: Binding? = nil
  ) -> OutageReading {
    OutageReading(
      binding: binding, flow: flow, run: run, cause: cause, back: back, successor: successor,
      capture: capture)
  }

  /// Two requests in a row, one that was sent again and again, or an ICMP error: no packet loss.
  ///
  /// One must have gone unanswered for the whole of Timer F; the others may still be running out.
  private var isOutage: Bool {
    run.requests + run.overdue >= profile.count(.unansweredRequests) || run.refusals > 0
      || isLadder
  }

  private var isLadder: Bool {
    run.transmissions - run.requests + 1 >= profile.count(.registerLadderCopies)
  }

  private var causeAfterDeviceSpoke: OutageReading.Cause {
    switch run.endedBy {
    case .registerAfterRestart, .registerOfNewSeries:
      if !binding.takesFreshCallIDs { return isOutage ? causeOfNewSeries : .packetLoss }
    default: break
    }
    guard isOutage else { return .packetLoss }
    if run.outlastedLife && run.requests == 1 { return .requestsIgnored }
    if mayIgnoreProbes {
      return ignoresProbes
        ? .requestsIgnored
        : .undecided("the device answers no request: filtered, or its mapping closes each time")
    }
    return (binding.isBehindNAT || closesAgain) && outlivedMapping ? .pinholeLost : .transient
  }

  /// A device that was not heard since before this capture may have begun its new series before it.
  private var causeOfNewSeries: OutageReading.Cause {
    run.lastLife.frame == .earlier
      ? .undecided("the device may have restarted before this capture began") : .restarted
  }

  /// The flow closes after about the same silence again and again and opens with the device's own
  /// packet: a NAT or firewall, though the messages show none (a SIP ALG has rewritten them).
  private var closesAgain: Bool {
    guard let open = flow.longestOpen, let closed = flow.shortestClosed, open < closed else {
      return false
    }
    return flow.runs.kept.count { $0.end == .deviceSpoke } >= 2
  }

  /// A mapping that survived longer silences than this one cannot have timed out.
  private var outlivedMapping: Bool {
    guard let longest = flow.longestOpen else { return true }
    return run.first.time - run.lastLife.time >= longest
  }

  private func readingOfOpenRun() -> OutageReading {
    if let successor = later.first(where: { isReturn($0) }) {
      let back = successor.fromRequest
      // Sent when the device had shown its new place: what the old one does not answer is no fault.
      guard back.time > run.first.time else { return made(.packetLoss) }
      guard isSameDevice(successor) else {
        let isSameHost = successor.source.address == binding.source.address
        let cause = causeOfNewSeries == .restarted && !isSameHost ? .moved : causeOfNewSeries
        return isOutage ? made(cause, back: back, successor: successor) : made(.packetLoss)
      }
      // A device that ignores requests on an open flow tells nothing of its mapping.
      if mayIgnoreProbes && hasSpokenBetween {
        return made(ignoresProbes ? .requestsIgnored : .undecided("the device answers no probe"))
      }
      // The same series from another port of the same host: only a NAT moves a device that way.
      let isRemapped = successor.source.address == binding.source.address
      let isTranslated = binding.isBehindNAT || successor.isBehindNAT || isRemapped
      if isTranslated, run.refusals == 0, back.time - run.first.time < Self.firstRepetition {
        return made(.undecided("the device registered anew before a request was sent again"))
      }
      return made(isTranslated ? .pinholeLost : .moved, back: back, successor: successor)
    }
    guard isOutage else {
      return made(.undecided("a single request unanswered and nothing after it"))
    }
    if hasRegisteredUnseen {
      return made(.undecided("a registration of that time is not whole in the capture"))
    }
    if run.lastLife.frame == .earlier, !isSurelyHeld {
      return made(.undecided("it may have been removed before this capture began"))
    }
    guard !mayIgnoreProbes || hasMissedRefresh else {
      if hasSpokenBetween && ignoresProbes { return made(.requestsIgnored) }
      return made(.undecided("the device has not answered a probe in this capture"))
    }
    return made(.notHeardAgain)
  }

  /// Whether a switch sends there that goes on for a while after a removal (GHOST_INTERVALS), but
  /// sends no calls then.
  private var isSurelyHeld: Bool {
    run.invites > 0 || run.requests > profile.count(.ghostIntervals)
  }

  /// Nothing but unanswered OPTIONS from the start: the device may not answer them at all.
  private var mayIgnoreProbes: Bool {
    flow.answered == 0 && !flow.hasAnsweredBefore && run.invites == 0 && run.refusals == 0
  }

  /// Without a NAT, or so soon after its own packet that no NAT can have closed the mapping, a
  /// device that is up and does not answer does not want to.
  private var ignoresProbes: Bool {
    guard binding.isBehindNAT, let shortest = flow.shortestClosed else { return true }
    return shortest <= profile.seconds(.natSurelyOpen)
  }

  /// Whether the device was heard on this flow between earlier unanswered requests and these.
  private var hasSpokenBetween: Bool {
    flow.runs.kept.contains { $0.end == .deviceSpoke && $0.first.time < run.first.time }
  }

  /// Whether REGISTERs or their answers name the account after the silence began, from where the
  /// device was, although no binding that the capture shows came of them.
  private var hasRegisteredUnseen: Bool {
    if let unknown = binding.unknownSince, unknown.time > run.first.time { return true }
    return account.lastSeen.time > run.first.time
      && account.source.address == binding.source.address
      && !account.bindings.contains { $0.refreshed.time > run.first.time }
  }

  private func isReturn(_ other: Binding) -> Bool {
    other.from.time > run.first.time && other.source != binding.source && !other.isOnlyListed
  }

  private func isSameDevice(_ other: Binding) -> Bool {
    if other.isSameDevice(as: binding) { return !other.isRestart(of: binding) }
    // A client that takes a new Call-ID for every refresh is known by its Contact.
    return other.hasSameContact(as: binding)
      && ([binding, other] + later).contains {
        $0.hasSameContact(as: binding) && $0.takesFreshCallIDs
      }
  }

  /// Whether the device stayed silent beyond the time in which it would have refreshed.
  private var hasMissedRefresh: Bool { binding.expires <= capture.end }
}

extension OutageReading {
  /// The packets that prove it.
  var evidence: [Evidence] {
    var list = [
      Evidence(run.lastLife, "last packet from \(flow.remote) before the silence"),
      Evidence(run.first, "\(Wording.method(run.firstMethod)) to \(flow.remote): no answer"),
    ]
    if let invite = run.firstInvite, invite != run.first {
      list.append(Evidence(invite, "INVITE to \(flow.remote): no answer"))
    }
    if let answer = run.firstGivenUp {
      list.append(Evidence(answer.moment, "\(answer.status) in the place of the device"))
    }
    if let refusal = run.firstRefusal {
      let words = "ICMP \(Wording.reason(refusal.reason)) from \(refusal.reporter)"
      list.append(Evidence(refusal.moment, words))
    }
    if run.last.frame != run.first.frame && run.last.frame != run.firstInvite?.frame {
      list.append(Evidence(run.last, "still no answer from \(flow.remote)"))
    }
    if let back { list.append(Evidence(back, returnNote)) }
    return list
  }

  private var returnNote: String {
    if let successor { return "REGISTER from \(successor.source)" }
    switch run.endedBy {
    case .answer: return "answer from \(flow.remote): reachable again"
    case .register: return "REGISTER from \(flow.remote)"
    case .registerOfNewSeries, .registerAfterRestart:
      return "REGISTER with a new Call-ID from \(flow.remote)"
    case .request: return "request from \(flow.remote)"
    case .datagram, nil: return "datagram from \(flow.remote)"
    }
  }

  /// What came back instead of an answer of the device, to follow "got no answer".
  var instead: String {
    var words = ""
    if let answer = run.firstGivenUp {
      words += " from the device, \(answer.status) from \(flow.remote.address) in its place"
    }
    if let refusal = run.firstRefusal {
      words += " and \(refusal.reporter) reported \(Wording.reason(refusal.reason))"
    }
    return words
  }

  /// How the device was heard again, in a sentence that speaks for all episodes up to `last`.
  func returned(_ last: OutageReading) -> String {
    guard let successor = last.successor else {
      return "Its own next packet from the same address opened the way again."
    }
    if successor.source.address == last.flow.remote.address {
      return """
        Then the same device registered from port \(successor.source.port) instead of \
        \(last.flow.remote.port): the old mapping was gone.
        """
    }
    return "Then the same device registered from \(successor.source): the old mapping was gone."
  }
}
