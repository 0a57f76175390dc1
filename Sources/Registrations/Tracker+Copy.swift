extension Tracker {
  /// A tracker that has seen the same and goes its own way from here.
  ///
  /// To judge a capture that goes on: judging ends a tracker. What stays out is memory that only
  /// makes the next packet faster.
  public func copy() -> Tracker {
    var copy = Tracker(limits: limits, seed: seed)
    copy.accounts = accounts.copy()
    copy.paths = paths.copy()
    copy.gaps = gaps.copy()
    copy.registers = registers.copy()
    copy.requests = requests.copy()
    copy.deadlines = deadlines.copy()
    copy.early = early.copy()
    copyIndices(to: &copy)
    copyPlain(to: &copy)
    return copy
  }

  private func copyIndices(to copy: inout Tracker) {
    copy.accountIndex = accountIndex.copy()
    copy.registrarIndex = registrarIndex.copy()
    copy.sourceIndex = sourceIndex.copy()
    copy.pathIndex = pathIndex.copy()
    copy.switchPorts = switchPorts
    copy.insideIndex = insideIndex.copy()
    copy.registerIndex = registerIndex.copy()
    copy.requestIndex = requestIndex.copy()
    copy.callIndex = callIndex.copy()
    copy.userAgentIndex = userAgentIndex.copy()
  }

  private func copyPlain(to copy: inout Tracker) {
    copy.counts = counts
    copy.registrars = registrars
    copy.now = now
    copy.start = start
    copy.sources = sources
    copy.userAgents = userAgents
    copy.serial = serial
    copy.registrations = registrations
    copy.probes = probes
    copy.measures = measures
    copy.switchKeepalives = switchKeepalives
    copy.lastSilence = lastSilence
    copy.epoch = epoch
    copy.losses = losses
    copy.clockBreaks = clockBreaks
    // A copy is there to be judged: it forgets nothing more.
    copy.nextTurn = .max
  }
}
