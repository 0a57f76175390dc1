import Capture
import SIP

extension Reachability {
  /// The longest time without any datagram after which a request was still answered.
  public var longestOpen: Duration? {
    longestOpenNanoseconds < 0 ? nil : .nanoseconds(longestOpenNanoseconds)
  }

  /// The shortest time since the device's last datagram after which requests were not answered.
  public var shortestClosed: Duration? {
    guard !rareFacts.isEmpty, rareFacts.kept[0].shortestClosedNanoseconds >= 0 else { return nil }
    return .nanoseconds(rareFacts.kept[0].shortestClosedNanoseconds)
  }

  /// Takes the judgement of the oldest request into the history.
  mutating func judge(_ request: DeviceRequest) {
    switch request.outcome {
    case .answered: judgeAnswered(request)
    case .unanswered, .refused: judgeUnanswered(request)
    case .undecided, .open: judgeUndecided(request)
    case .lost: noteLostAnswer(request)
    }
    if let moment = request.lifeAfter { noteLife(moment, request.lifeAfterSign) }
  }

  private mutating func judgeAnswered(_ request: DeviceRequest) {
    answered += 1
    endSilentRow()
    if request.method == .options { answeredProbes += 1 }
    let idle = request.sent.time.nanosecondsSince(request.passedBefore)
    longestOpenNanoseconds = max(longestOpenNanoseconds, idle)
    lastOutcomeWasAnswer = true
    if hasOpenRun {
      let answer = request.answer ?? request.sent
      runs.updateLast { run in
        run.end = .answered
        run.ended = answer
        run.endedBy = .answer
      }
      hasOpenRun = false
    } else if !runs.isEmpty {
      runs.updateLast { run in run.wasAnsweredAfterwards = true }
    }
  }

  private mutating func judgeUnanswered(_ request: DeviceRequest) {
    if !hasOpenRun {
      let idle = request.sent.time.nanosecondsSince(request.lifeBefore.time)
      let known = rareFacts.facts.shortestClosedNanoseconds
      rareFacts.facts.shortestClosedNanoseconds = known < 0 ? idle : min(known, idle)
      runs.append(
        UnansweredRun(
          lastLife: request.lifeBefore, first: request.sent, last: request.sent,
          firstMethod: request.method, followedAnAnswer: lastOutcomeWasAnswer))
      hasOpenRun = true
    }
    lastOutcomeWasAnswer = false
    rareFacts.facts.silentRow += 1
    noteDoubt()
    let known = request.failureKnown
    runs.updateLast { run in
      if request.method == .invite, let failed = run.failureKnown, failed < request.sent.time {
        run.hopelessInvites += 1
        run.hopeless = (run.hopeless?.first ?? request.sent, request.sent)
      }
      run.failureKnown = min(run.failureKnown ?? known, known)
      run.requests += 1
      run.last = request.last
      run.transmissions += Int(request.transmissions)
      if request.method == .invite {
        run.invites += 1
        run.firstInvite = run.firstInvite ?? request.sent
      }
      // Longer than an answer takes.
      if let life = request.lifeAfter, request.last.time > life.time + .seconds(2) {
        run.outlastedLife = true
      }
      if request.givenUpStatus != 0, let answer = request.answer {
        run.givenUp += 1
        run.firstGivenUp = run.firstGivenUp ?? (request.givenUpStatus, answer)
      }
      if let refusal = request.refusal {
        run.refusals += 1
        // Requests are judged in the order they time out, not in that of the errors they drew.
        let isFirst = run.firstRefusal.map { refusal.moment.time < $0.moment.time } ?? true
        if isFirst { run.firstRefusal = refusal }
      }
    }
  }

  private mutating func judgeUndecided(_ request: DeviceRequest) {
    undecided += 1
    if request.isOverdue { overdue += 1 }
    guard hasOpenRun else { return }
    runs.updateLast { run in
      run.undecided += 1
      if request.method == .invite { run.undecidedInvites += 1 }
      if request.isOverdue { run.overdue += 1 }
    }
  }

  /// A transmission drew an ICMP error, but its repetition was answered.
  mutating func retractRefusal(at moment: Moment) {
    answered += 1
    guard hasOpenRun else { return }
    runs.updateLast { run in
      run.requests -= 1
      run.refusals -= 1
      run.end = .answered
      run.ended = moment
      run.endedBy = .answer
    }
    hasOpenRun = false
  }

  /// A datagram of the device's own ends a run: it was alive, and it reopened its mapping.
  mutating func noteLife(_ moment: Moment, _ sign: LifeSign) {
    guard hasOpenRun else { return }
    runs.updateLast { run in
      run.end = sign == .answer ? .answered : .deviceSpoke
      run.ended = moment
      run.endedBy = sign
    }
    hasOpenRun = false
  }
}
