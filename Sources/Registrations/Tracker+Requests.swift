import Capture
import Decode
import SIP

/// Requests to devices and what came of them: probes, calls and everything else but REGISTER.
extension Tracker {
  mutating func observeRequest(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    let method = message.method
    let isOfCall = method == .invite || method == .bye
    if method == .invite { noteUpstreamCall(message, bytes, at: sighting) }
    if let number = pathToDevice(message, bytes, at: sighting) {
      guard message.method != .ack, message.method != .cancel else { return }
      observeRequestToDevice(message, bytes, number, at: sighting.moment)
      if isOfCall {
        followCall(message, bytes, on: number, fromDevice: false, at: sighting.moment)
      }
    } else if let number = strayPath(message, bytes, at: sighting) {
      observeRequestToDevice(message, bytes, number, at: sighting.moment)
    } else if let number = pathFromDevice(message, bytes, at: sighting) {
      paths[number].deviceRequests += 1
      if isOfCall {
        followCall(message, bytes, on: number, fromDevice: true, at: sighting.moment)
      }
      noteLifeOfDevice(number, sighting.moment, .request)
    }
  }

  mutating func observeAnswer(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    if message.method == .invite {
      answerCall(message, bytes, at: sighting)
      noteUpstreamAnswer(message, bytes, at: sighting)
    }
    let key = keys.transaction(message, bytes)
    if let number = requestIndex.find(key) {
      answerRequest(number, status: message.statusCode, at: sighting.moment)
      return
    }
    // Of answers to requests from devices none is missed.
    guard path(from: sighting.destination, to: sighting.source) != nil else {
      counts.answersWithoutRequest += 1
      return
    }
    holdAnswer(key, bytes, at: sighting)
  }

  /// An answer to a request to a device that the capture does not hold.
  mutating func observeLoneAnswer(to sighting: Sighting) {
    counts.answersWithoutRequest += 1
    // An answer to a request the capture does not hold still shows that one had arrived.
    if let number = path(from: sighting.destination, to: sighting.source), !isCrowded(number) {
      noteLife(number, sighting.moment, .answer)
    }
  }

  private mutating func pathToDevice(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> UInt32? {
    // On a crowded flow only the Request-URI tells whom it is for.
    path(
      flow: keys.flow(sighting.source, sighting.destination), user: message.requestURI.user, bytes)
  }

  private mutating func pathFromDevice(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> UInt32? {
    path(
      flow: keys.flow(sighting.destination, sighting.source),
      user: message.contactCount > 0 ? message.firstContact.user : message.from.user, bytes)
  }

  private mutating func observeRequestToDevice(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, _ path: UInt32, at moment: Moment
  ) {
    let key = keys.transaction(message, bytes)
    if let number = requestIndex.find(key) {
      // The same on another flow is a copy that a NAT or proxy sent on, no retransmission.
      guard requests[number].path == path else { return }
      noteResend(number, at: moment)
      requests[number].transmissions &+= 1
      requests[number].last = moment
      return
    }
    guard requests.count < limits.transactions else {
      counts.transactionsLeftOut += 1
      return
    }
    if paths[path].replacedAt <= moment.time.nanoseconds {
      noteUseOfReplaced(message, path, at: moment)
    }
    noteProbe(message.method, path, at: moment)
    if message.method == .invite {
      accounts[Int(paths[path].account)].lastInvite = moment.time
    }
    paths[path].endKeepalives()
    paths[path].requests += 1
    let serial = nextSerial()
    let number = requests.add(
      DeviceRequest(
        key: key, serial: serial, path: path, pathKey: paths[path].key, method: message.method,
        sent: moment,
        last: moment, lifeBefore: paths[path].lastLife, passedBefore: paths[path].lastPassed,
        due: moment.time + limits.transactionTimeout))
    requestIndex.set(key, number)
    schedule(number | Self.requestFlag, serial, sent: moment.time)
    enqueue(number, on: path)
    answerFromBefore(key, moment)
  }

  private mutating func noteResend(_ number: UInt32, at moment: Moment) {
    guard requests[number].method == .options,
      let registrar = registrarNumber(paths[requests[number].path].local)
    else { return }
    registrars[registrar].resends.add(
      requests[number].transmissions,
      milliseconds: moment.time.millisecondsSince(requests[number].last.time))
  }

  private mutating func noteProbe(_ method: SIPMethod, _ path: UInt32, at moment: Moment) {
    guard method == .options else { return }
    paths[path].probes += 1
    probes.count(at: moment.time)
    measures.probes &+= 1
    if let last = paths[path].lastProbe {
      if isWhole(since: last.time) {
        gaps.add(
          milliseconds: moment.time.millisecondsSince(last.time), to: &paths[path].probeGaps)
      }
    }
    paths[path].lastProbe = moment
  }

  private mutating func enqueue(_ number: UInt32, on path: UInt32) {
    if paths[path].lastPending == DeviceRequest.none {
      paths[path].firstPending = number
    } else {
      requests[paths[path].lastPending].next = number
    }
    paths[path].lastPending = number
  }

  private mutating func answerRequest(_ number: UInt32, status: UInt16, at moment: Moment) {
    let path = requests[number].path
    guard paths[path].key == requests[number].pathKey else { return }
    counts.answers += 1
    // What stands between answers 408 for a phone it cannot reach: no sign of life (RFC 3261
    // 16.8). No phone answers an OPTIONS that way itself.
    let isProbe = requests[number].method == .options
    let isGivenUp = (isProbe || isCrowded(path)) && (status == 408 || status == 504)
    if requests[number].outcome == .open {
      requests[number].outcome = isGivenUp ? .unanswered : .answered
      if isGivenUp { requests[number].givenUpStatus = status }
      requests[number].answer = moment
      if isProbe && !isGivenUp { measures.probesAnswered &+= 1 }
      drain(path)
    } else if requests[number].outcome == .refused && requests[number].isJudged {
      paths[path].retractRefusal(at: moment)
    }
    if !isGivenUp { seen(path, at: moment) }
  }

  /// The device showed itself: later idle times count from here.
  private mutating func seen(_ path: UInt32, at moment: Moment) {
    paths[path].isHeard = true
    let silence = moment.time.nanosecondsSince(paths[path].lastLife.time)
    if silence > exchange, paths[path].lastLife.frame == .earlier {
      // Between two runs of the program the device may have spoken: it was not silent for long.
      gaps.add(
        milliseconds: UInt32(clamping: exchange / 1_000_000), to: &paths[path].silences)
    } else if silence > exchange, isWhole(since: paths[path].lastLife.time) {
      let isLongest = gaps.add(
        milliseconds: UInt32(clamping: silence / 1_000_000), to: &paths[path].silences)
      if isLongest { paths[path].longestSilence = (paths[path].lastLife, moment) }
    }
    paths[path].lastLife = moment
    paths[path].lastPassed = moment.time
  }

  /// A datagram the device sent by itself.
  mutating func noteLife(_ path: UInt32, _ moment: Moment, _ sign: LifeSign) {
    seen(path, at: moment)
    let pending = paths[path].lastPending
    if pending == DeviceRequest.none {
      paths[path].noteLife(moment, sign)
    } else if requests[pending].lifeAfter == nil {
      requests[pending].lifeAfter = moment
      requests[pending].lifeAfterSign = sign
    }
  }

  mutating func refuseRequest(on path: UInt32, _ refusal: Refusal) {
    guard let newest = newestOpenRequest(on: path) else {
      refuseKeepalive(on: path, refusal)
      return
    }
    requests[newest].outcome = .refused
    requests[newest].refusal = refusal
    drain(path)
  }

  /// Requests looked at for one that is open: no switch has as many on their way to one device, and
  /// those of an attacker are decided by the timeout.
  private static let requestsTried = 32

  private func newestOpenRequest(on path: UInt32) -> UInt32? {
    let last = paths[path].lastPending
    if last != DeviceRequest.none, requests[last].outcome == .open { return last }
    var number = paths[path].firstPending
    var newest: UInt32?
    for _ in 0..<Self.requestsTried where number != DeviceRequest.none {
      if requests[number].outcome == .open { newest = number }
      number = requests[number].next
    }
    return newest
  }

  /// A keepalive is a probe as well: an ICMP error decides on it (nothing else ever answers it).
  private mutating func refuseKeepalive(on path: UInt32, _ refusal: Refusal) {
    guard let keepalive = paths[path].lastSwitchKeepalive,
      paths[path].firstPending == DeviceRequest.none
    else { return }
    paths[path].endKeepalives()
    var probe = DeviceRequest(
      key: 0, serial: 0, path: path, pathKey: paths[path].key, method: .other,
      sent: keepalive, last: keepalive, lifeBefore: paths[path].lastLife,
      passedBefore: paths[path].lastPassed,
      due: keepalive.time + limits.transactionTimeout)
    probe.outcome = .refused
    probe.refusal = refusal
    paths[path].judge(probe)
  }

  mutating func timeOutRequest(_ number: UInt32) {
    requests[number].isTimedOut = true
    if requests[number].outcome == .open {
      let isLost = losses.touch(requests[number].sent.time, requests[number].due)
      requests[number].outcome = isLost ? .lost : .unanswered
    }
    settle(number)
  }

  mutating func abandonRequest(_ number: UInt32) {
    requests[number].isTimedOut = true
    requests[number].isOverdue = now - requests[number].sent.time > limits.overdueAfter
    if requests[number].outcome == .open { requests[number].outcome = .undecided }
    settle(number)
  }

  private mutating func settle(_ number: UInt32) {
    if requests[number].isJudged {
      forgetRequest(number)
    } else {
      drain(requests[number].path)
    }
  }

  private mutating func forgetRequest(_ number: UInt32) {
    requestIndex.remove(requests[number].key, ifNaming: number)
    requests[number].serial = 0
    requests.release(number)
  }

  /// Judges the flow's requests in the order they were sent, up to the first still open.
  private mutating func drain(_ path: UInt32) {
    while paths[path].firstPending != DeviceRequest.none {
      let number = paths[path].firstPending
      guard requests[number].outcome != .open else { return }
      paths[path].judge(requests[number])
      paths[path].firstPending = requests[number].next
      if paths[path].firstPending == DeviceRequest.none {
        paths[path].lastPending = DeviceRequest.none
      }
      requests[number].isJudged = true
      // One that was answered is done; one that drew an ICMP error may still be answered.
      if requests[number].isTimedOut || requests[number].outcome == .answered {
        forgetRequest(number)
      }
    }
    releaseIfUnused(path)
  }
}

extension Timestamp {
  /// Whole milliseconds since `other`, 0 where that is later, cut to what 32 bits hold (49 days).
  func millisecondsSince(_ other: Timestamp) -> UInt32 {
    UInt32(clamping: nanosecondsSince(other) / 1_000_000)
  }
}

extension Duration {
  /// This span in whole milliseconds, cut to what 32 bits hold (49 days).
  var wholeMilliseconds: UInt32 { UInt32(clamping: wholeNanoseconds / 1_000_000) }
}
