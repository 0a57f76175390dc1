import Decode
import Registrations
import SIP

/// Calls: one event from the INVITE to whatever ends it.
extension TimelineLedger {
  func leg(_ callID: UInt64, _ sighting: Sighting) -> Leg {
    Leg(callID: callID, flow: Flow(sighting.source, sighting.destination))
  }

  mutating func beginCall(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, _ leg: Leg, at sighting: Sighting,
    _ isNamed: Bool
  ) {
    if calls[leg] != nil {
      calls[leg]?.event.transmissions += 1
      calls[leg]?.event.last = sighting.moment
      if isNamed { calls[leg]?.event.isNamed = true }
      return
    }
    // An INVITE within a call that began before the capture.
    guard message.to.tag.isEmpty else { return }
    let accounts = accounts(of: message, bytes, at: sighting)
    guard !accounts.isEmpty else { return }
    guard calls.count < Self.mostOpen else {
      for account in accounts { events[account].noteLeftOut() }
      return
    }
    var event = TimelineEvent(
      .call, "INVITE", isFromDevice: devices.contains(sighting.source), at: sighting.moment)
    event.isNamed = isNamed
    calls[leg] = OpenCall(event: event, accounts: accounts)
  }

  mutating func answerCall(
    _ leg: Leg, _ status: UInt16, at sighting: Sighting, _ isNamed: Bool
  ) {
    guard var call = calls[leg] else { return }
    call.event.status = status
    call.event.last = sighting.moment
    call.event.isNamed = call.event.isNamed || isNamed
    if 200..<300 ~= status, call.event.answered == nil { call.event.answered = sighting.moment }
    calls[leg] = call
    // After a challenge the INVITE comes again (RFC 3261 22.2).
    guard status >= 300, status != 401, status != 407, call.event.answered == nil else { return }
    endCall(leg, .refused, at: sighting, isNamed)
  }

  /// The caller, or the switch, gives up: after no answer at all nobody will hang up.
  mutating func cancelCall(_ leg: Leg, at sighting: Sighting, _ isNamed: Bool) {
    guard calls[leg]?.event.status == 0 else { return }
    endCall(leg, .unanswered, at: sighting, isNamed)
  }

  mutating func endCall(
    _ leg: Leg, _ outcome: TimelineEvent.Outcome, at sighting: Sighting, _ isNamed: Bool
  ) {
    guard var call = calls.removeValue(forKey: leg) else { return }
    call.event.last = sighting.moment
    call.event.outcome = outcome
    call.event.isNamed = call.event.isNamed || isNamed
    if call.event.isNamed, outcome == .unanswered { named.append((call.event.first.frame, true)) }
    for account in call.accounts { events[account].append(call.event) }
  }
}
