import Capture
import Decode
import SIP

/// Bindings that a registrar seems to have forgotten before their time.
extension Tracker {
  /// Answers to a caller that say that nobody is there (RFC 3261 21.4.5, 21.4.11, 21.4.18).
  private static func saysNobodyIsThere(_ status: UInt16) -> Bool {
    status == 404 || status == 410 || status == 480
  }

  /// A final answer to an INVITE: whether it denies an account that has a binding.
  mutating func noteRefusedCall(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    guard Self.saysNobodyIsThere(message.statusCode), !message.to.user.isEmpty,
      let account = knownAccount(of: message, bytes),
      let position = deniedBinding(account, at: sighting)
    else { return }
    let call = bytes.hash(message.callID, seed: seed)
    let binding = accounts[account, binding: position]
    guard let path = binding.path else { return }
    let open = accounts[account].refusedCalls.kept.last
    if let open, !open.isSettled, open.path == path {
      // The same answer again, until its ACK comes.
      guard open.callKey != call else { return }
      accounts[account].refusedCalls.updateLast {
        $0.calls += 1
        $0.last = sighting.moment
        $0.callKey = call
      }
      return
    }
    accounts[account].refusedCalls.append(
      RefusedCalls(
        status: message.statusCode, first: sighting.moment, last: sighting.moment,
        source: binding.source, userAgent: binding.userAgent, granted: binding.refreshed,
        grantedSeconds: binding.grantedSeconds, expires: binding.expires,
        sentBefore: sent(on: path), probing: probing(on: path), callKey: call,
        callIDKey: binding.callIDKey, path: path, pathKey: paths[path].key))
  }

  private mutating func sent(on path: UInt32) -> Int {
    paths[path].requests + paths[path].switchKeepalives
  }

  private mutating func probing(
    on path: UInt32
  ) -> (last: Timestamp, longest: Duration, probes: Int)? {
    guard let last = paths[path].lastProbe, !paths[path].probeGaps.isEmpty else { return nil }
    let longest = Duration.milliseconds(Int64(gaps.longest(of: paths[path].probeGaps)))
    return (last.time, longest, paths[path].probes)
  }

  /// The binding that should have got the call, where nothing else explains the answer: each valid
  /// one is reachable as far as known, and no INVITE went to the account in the time of the call.
  private mutating func deniedBinding(_ account: Int, at sighting: Sighting) -> Int? {
    if let invite = accounts[account].lastInvite,
      sighting.moment.time - invite < limits.ringing
    {
      return nil
    }
    var found: Int?
    for index in accounts[account].current.indices
    where accounts[account, binding: index].isValid(at: now) {
      let binding = accounts[account, binding: index]
      guard binding.registrar.address == sighting.source.address,
        binding.source != sighting.destination, binding.unknownSince == nil,
        !binding.isCarriedOver,
        let path = binding.path, isUndisturbed(path)
      else { return nil }
      found = index
    }
    return found
  }

  /// Whether a flow is one account's own and no request on it has failed or waits for an answer.
  private mutating func isUndisturbed(_ path: UInt32) -> Bool {
    !isCrowded(path) && !paths[path].hasOpenRun && paths[path].firstPending == DeviceRequest.none
  }

  /// An accepted REGISTER, or the end: what came of calls refused before.
  mutating func settleLostBindings(
    _ account: Int, _ transaction: RegisterTransaction?, at moment: Moment
  ) {
    if let last = accounts[account].refusedCalls.kept.last, !last.isSettled {
      let isKnown = paths[last.path].key == last.pathKey
      let since = isKnown ? sent(on: last.path) - last.sentBefore : 0
      let isHeard = isKnown && paths[last.path].lastLife.time > last.first.time
      accounts[account].refusedCalls.updateLast { calls in
        calls.isSettled = true
        calls.sentSince = since
        calls.wasHeardSince = isHeard
        guard let transaction else { return }
        calls.restored = moment
        calls.isSameDevice =
          transaction.source == calls.source && transaction.callIDKey == calls.callIDKey
      }
    }
    guard let transaction else { return }
    accounts[account].unlisted.updateLast { binding in
      if binding.restored == nil, binding.contactKey == transaction.contactKey,
        binding.callIDKey == transaction.callIDKey
      {
        binding.restored = moment
      }
    }
  }

  /// Whether a Contact that is left out of a list was lost, and not replaced or removed.
  ///
  /// Its registrar keeps Contacts side by side: it had listed both. A third one may have pushed it
  /// out, and one that does not answer may have been taken out.
  mutating func isLost(_ old: Binding, _ account: Int, own: UInt64) -> Bool {
    guard old.listedBeside == own, old.unknownSince == nil, !old.isCarriedOver, old.expires > now,
      let path = old.path, isUndisturbed(path)
    else { return false }
    for registrant in accounts[account].registrants.indices
    where accounts[account, registrant: registrant].hasAskedForRemoval {
      return false
    }
    for entry in listed
    where !accounts[account].current.contains(where: { $0.contactKey == entry.key }) {
      return false
    }
    return true
  }

  mutating func noteUnlisted(
    _ account: Int, _ old: Binding, _ transaction: RegisterTransaction, at moment: Moment
  ) {
    accounts[account].unlisted.append(
      UnlistedBinding(
        source: old.source, userAgent: old.userAgent, contact: old.contact,
        granted: old.refreshed, grantedSeconds: old.grantedSeconds, expires: old.expires,
        noticed: moment, other: transaction.source, contactKey: old.contactKey,
        callIDKey: old.callIDKey))
  }

  /// A Contact in a list that nobody registered since it fell out of one.
  mutating func noteListedAgain(_ account: Int, _ key: UInt64) {
    accounts[account].unlisted.updateLast { binding in
      if binding.contactKey == key, binding.restored == nil { binding.isListedAgain = true }
    }
  }
}
