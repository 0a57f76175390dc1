import Capture
import Decode
public import Parameters
import Registrations

/// The switch probes more endpoints, more often, than the documentation advises.
public enum ProbeLoad: CaptureRule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "probe-load", level: .notice,
    title: "The switch probes more endpoints at a shorter interval than is advised",
    explanation: """
      A switch sends OPTIONS to more than PROBE_LOAD_ENDPOINTS endpoints, and usually more often \
      than every PROBE_LOAD_INTERVAL. Each probe costs CPU, and with thousands of them a second \
      the answers to REGISTERs and calls become slow.

      Counted are the endpoints that were probed until the end of the capture, for each switch \
      alone. Does not fire where no interval is seen: the switch may check endpoints without SIP.

      Undecided while the capture holds one probe each for so many endpoints.
      """,
    needs: "two probes each of the endpoints of a switch",
    source: "Lightweight Registration Interval (V2.1.9.07)",
    parameters: [name, "PROBE_LOAD_ENDPOINTS", "PROBE_LOAD_INTERVAL", "INTERVAL_TOLERANCE"])

  private static let name = "SS_ENDPOINTTIMETOLIVE"

  /// Judges the capture.
  public static func judge(_ population: Population, _ profile: Profile) -> Verdict {
    let most = profile.count(.probeLoadEndpoints)
    let loads = loads(population, profile).sorted { $0.address < $1.address }
    let large = loads.filter { $0.load.endpoints > most }
    let heavy = large.filter { $0.load.isHeavy(profile) }
    if !heavy.isEmpty {
      return .violated(heavy.compactMap { finding($0.address, $0.load, population, profile) })
    }
    if large.contains(where: { $0.load.intervals.total <= most }) {
      return .undecided("the capture is too short to show how often the endpoints are probed")
    }
    let tests = loads.reduce(0) { $0 + $1.load.endpoints }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  /// What one switch does.
  private struct Load {
    var endpoints = 0
    /// The usual gaps between probes, in seconds: one for each endpoint that was probed twice.
    var intervals = ValueTally()
    var first: (probe: Moment, remote: Endpoint)?
    var last: (probe: Moment, remote: Endpoint)?

    mutating func take(_ flow: Flow, _ probe: Moment) {
      endpoints += 1
      if let median = flow.probeGaps.median { intervals.add(Int(median.rounded())) }
      if first.map({ Self.isBefore(probe, $0.probe) }) ?? true { first = (probe, flow.remote) }
      if last.map({ Self.isBefore($0.probe, probe) }) ?? true { last = (probe, flow.remote) }
    }

    private static func isBefore(_ left: Moment, _ right: Moment) -> Bool {
      left.time == right.time ? left.frame < right.frame : left.time < right.time
    }

    var evidence: [Evidence] {
      guard let first, let last else { return [] }
      return [
        Evidence(first.probe, "OPTIONS to \(first.remote)"),
        Evidence(last.probe, "OPTIONS to \(last.remote), the last one"),
      ].uniqued
    }

    func isHeavy(_ profile: Profile) -> Bool {
      guard intervals.total > profile.count(.probeLoadEndpoints), let usual = intervals.median
      else { return false }
      return profile.allowing(.seconds(usual)) < profile.seconds(.probeLoadInterval)
    }
  }

  private static func loads(
    _ population: Population, _ profile: Profile
  ) -> [(address: IPAddress, load: Load)] {
    // Of an account that was probed over several flows one counts.
    var isOpen = [Bool](repeating: false, count: population.history.accounts.count)
    for member in population.members where member.direction == .inbound {
      isOpen[member.account] = true
    }
    // What is probed often enough was probed since.
    let since =
      population.capture.end
      + .nanoseconds(
        -profile.allowing(profile.seconds(.probeLoadInterval)).wholeNanoseconds)
    var loads: [Load] = []
    var switches = Numbering<IPAddress>()
    population.history.forEachFlow { flow in
      let account = Int(flow.account)
      guard let probe = flow.lastProbe, probe.time >= since, isOpen.indices.contains(account),
        isOpen[account]
      else { return }
      isOpen[account] = false
      let number = switches.number(of: flow.local.address)
      if number == loads.count { loads.append(Load()) }
      loads[number].take(flow, probe)
    }
    return zip(switches.keys, loads).map { ($0, $1) }
  }

  private static func finding(
    _ address: IPAddress, _ load: Load, _ population: Population, _ profile: Profile
  ) -> Finding? {
    guard let usual = load.intervals.median else { return nil }
    let entry = profile.entry(named: name)
    let advised =
      (entry?.recommended
      ?? Scenario.manyEndpoints.recommendations.first { $0.parameter == name }?.recommendation)?
      .words
    let rate = load.endpoints / max(usual, 1)
    return population.finding(
      summary, from: population.history.probes.start ?? population.capture.start, to: nil,
      summary: """
        \(address) probes \(load.endpoints) endpoints every \(usual) s: about \
        \(rate > 0 ? Wording.count(rate, "probe") : "one probe") a second
        """,
      explanation: """
        For more than \(profile.count(.probeLoadEndpoints)) endpoints the documentation advises \
        \(advised.map { "\($0) s" } ?? "a longer interval"): each probe and its answer cost the \
        switch CPU, at the expense of registrations and calls.
        """,
      remedy: """
        Set \(name) to \(advised ?? "a longer interval") and watch the CPU of the switch. A device \
        that is gone is then noticed later by as much.
        """,
      parameter: ParameterComparison(
        name, configured: entry?.value?.description, observed: "\(usual)", recommended: advised),
      evidence: load.evidence, count: load.endpoints)
  }
}
