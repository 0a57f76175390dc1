import Capture
import Registrations

/// Calls: one event from the INVITE to whatever ends it.
extension TimelineLedger {
  /// A call without a packet for so long makes room for others: its end was not seen.
  private static let longest = Duration.seconds(3600)
  private static let sweepPause = Duration.seconds(60)

  mutating func beginCall(_ note: PacketNote, _ isNamed: Bool) {
    let leg = Leg(note)
    if calls[leg] != nil {
      calls[leg]?.event.transmissions += 1
      calls[leg]?.event.last = note.moment
      if isNamed { calls[leg]?.event.isNamed = true }
      return
    }
    // An INVITE within a call that began before the capture.
    guard !note.isInDialog else { return }
    let accounts = accounts(of: note)
    guard !accounts.isEmpty else { return }
    guard calls.count < limits.open || sweepCalls(at: note.moment.time) else {
      for account in accounts { events[account].noteLeftOut() }
      return
    }
    var event = TimelineEvent(
      .call, "INVITE", isFromDevice: devices.contains(note.source), at: note.moment)
    event.isNamed = isNamed
    calls[leg] = OpenCall(event: event, accounts: accounts)
  }

  /// Makes room, and says whether there is any.
  private mutating func sweepCalls(at time: Timestamp) -> Bool {
    guard time >= nextSweep else { return false }
    nextSweep = time + Self.sweepPause
    for (leg, call) in calls where call.event.last.time + Self.longest < time {
      calls[leg] = nil
      for account in call.accounts { events[account].append(call.event) }
    }
    return calls.count < limits.open
  }

  mutating func answerCall(_ note: PacketNote, _ isNamed: Bool) {
    guard !calls.isEmpty else { return }
    let leg = Leg(note)
    guard var call = calls[leg] else { return }
    call.event.status = note.status
    call.event.last = note.moment
    call.event.isNamed = call.event.isNamed || isNamed
    if 200..<300 ~= note.status, call.event.answered == nil { call.event.answered = note.moment }
    calls[leg] = call
    // After a challenge the INVITE comes again (RFC 3261 22.2).
    guard note.status >= 300, note.status != 401, note.status != 407, call.event.answered == nil
    else { return }
    endCall(leg, .refused, note, isNamed)
  }

  /// The caller, or the switch, gives up: after no answer at all nobody will hang up.
  mutating func cancelCall(_ note: PacketNote, _ isNamed: Bool) {
    guard calls[Leg(note)]?.event.status == 0 else { return }
    endCall(Leg(note), .unanswered, note, isNamed)
  }

  mutating func endCall(
    _ leg: Leg, _ outcome: TimelineEvent.Outcome, _ note: PacketNote, _ isNamed: Bool
  ) {
    guard var call = calls.removeValue(forKey: leg) else { return }
    call.event.last = note.moment
    call.event.outcome = outcome
    call.event.isNamed = call.event.isNamed || isNamed
    if call.event.isNamed, outcome == .unanswered { named.append((call.event.first.frame, true)) }
    for account in call.accounts { events[account].append(call.event) }
  }
}
