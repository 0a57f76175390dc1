import Capture
import Decode
import Parameters
import Registrations

/// How long a device's NAT keeps a mapping, bracketed from what worked and what did not.
///
/// Devices behind one public address share their NAT, and with it what was measured there.
public struct Lifetime: Hashable, Sendable {
  /// The longest silence after which a device could still be reached.
  public internal(set) var longestOpen: Duration?
  /// The shortest silence after which one that was alive could not.
  public internal(set) var shortestClosed: Duration?
  /// The silence every common NAT survives (NAT_SAFE_IDLE).
  let usual: Duration
  /// The same with what is tolerated, reckoned once: it is what nearly all devices are held to.
  let usualTolerated: Duration
  /// A silence too short to tell of any NAT (NAT_SURELY_OPEN).
  let surelyOpen: Duration
  /// The shortest registration in which a lost transaction can be made up for: twice Timer F.
  let shortestExpiry: Duration

  /// Shares of the longest silence survived that are safe, and of the shortest that was not where
  /// nothing else is known (parameters, "Values an analyzer should recommend").
  private static let marginBelowOpen = 0.8
  private static let marginBelowClosed = 0.5
  /// Clients refresh at half of the granted time or later.
  private static let refreshesPerGrant: Int64 = 2

  init(_ profile: Profile) {
    usual = profile.seconds(.natSafeIdle)
    usualTolerated = profile.allowing(usual)
    surelyOpen = profile.seconds(.natSurelyOpen)
    shortestExpiry = profile.seconds(.transactionTimeout) * 2
  }

  /// Whether the longest silence survived is shorter than the shortest that was not.
  var isBracketed: Bool {
    guard let longestOpen, let shortestClosed else { return false }
    return longestOpen < shortestClosed
  }

  mutating func widen(open: Duration?) {
    if let open { longestOpen = max(longestOpen ?? open, open) }
  }

  mutating func narrow(closed: Duration?) {
    if let closed { shortestClosed = min(shortestClosed ?? closed, closed) }
  }

  /// The largest gap between a device's packets that is safe, in whole seconds: 0.8 of the lower
  /// bound, the setting where none is known.
  public var recommendedKeepalive: Int64 {
    let usual = Int64(usual.inSeconds)
    let open = longestOpen.map { Int64($0.inSeconds * Self.marginBelowOpen) }
    guard let shortestClosed else { return max(usual, open ?? usual) }
    if isBracketed, let open, let longestOpen, longestOpen >= surelyOpen { return max(1, open) }
    return max(1, min(usual, Int64(shortestClosed.inSeconds * Self.marginBelowClosed)))
  }

  /// The registration whose refreshes alone hold the mapping open, in whole seconds; no shorter
  /// than a registration should be, so that short-lived mappings need a keepalive as well.
  public var recommendedExpiry: Int64 {
    max(Int64(shortestExpiry.inSeconds), recommendedKeepalive * Self.refreshesPerGrant)
  }

  /// Whether registrations of the recommended time hold the mapping open by themselves.
  var isHeldByRecommendedExpiry: Bool {
    recommendedExpiry <= recommendedKeepalive * Self.refreshesPerGrant
  }

  /// The longest silence that has been shown to do no harm here, or does none anywhere.
  var harmless: Duration {
    guard let shortestClosed else { return max(usual, longestOpen ?? usual) }
    guard isBracketed, let longestOpen else { return min(usual, shortestClosed) }
    return min(max(usual, longestOpen), shortestClosed)
  }

  var sentence: String {
    switch (longestOpen, shortestClosed) {
    case (let open?, let closed?) where open < closed:
      "The mapping survived \(Wording.span(open)) of silence and was gone after \(Wording.span(closed))."
    case (let open?, let closed?):
      """
      Silences of \(Wording.span(open)) were survived on one occasion and of \
      \(Wording.span(closed)) not on another.
      """
    case (nil, let closed?):
      "The mapping was gone after \(Wording.span(closed)) of silence."
    default: ""
    }
  }
}

/// What pinholes lost behind each public address tell of the NAT there.
///
/// A class, since every account is judged with it at hand.
final class NATMeasurements: Sendable {
  private let measured: [IPAddress: Lifetime]
  private let unmeasured: Lifetime

  /// Reads them from all accounts that left a request unanswered: few in a healthy network.
  init(_ history: History, _ capture: CaptureContext, _ profile: Profile) {
    let unmeasured = Lifetime(profile)
    var measured: [IPAddress: Lifetime] = [:]
    for account in history.failing {
      let subject = Subject(
        history, Int(account), direction: .inbound, capture: capture, profile: profile)
      for loss in subject.outages where loss.cause == .pinholeLost {
        let idle = loss.run.first.time - loss.run.lastLife.time
        measured[loss.flow.remote.address, default: unmeasured].narrow(closed: idle)
      }
    }
    if !measured.isEmpty {
      history.forEachFlow { measured[$0.remote.address]?.widen(open: $0.longestOpen) }
    }
    self.measured = measured
    self.unmeasured = unmeasured
  }

  /// Whether a pinhole was lost behind the address of a flow.
  func hasMeasured(_ flow: Flow) -> Bool {
    !measured.isEmpty && measured[flow.remote.address] != nil
  }

  /// What is known of the NAT these bindings are behind; `nil` when none is behind one.
  func lifetime(of bindings: Bindings) -> Lifetime? {
    var result: Lifetime?
    for observed in bindings {
      guard let flow = observed.flow else { continue }
      let shared = measured.isEmpty ? nil : measured[flow.remote.address]
      guard observed.binding.isBehindNAT || shared != nil else { continue }
      var known = result ?? unmeasured
      known.widen(open: flow.longestOpen)
      known.widen(open: shared?.longestOpen)
      if !Self.outlived(flow, shared) { known.narrow(closed: shared?.shortestClosed) }
      result = known
    }
    return result
  }

  /// Whether this mapping never failed and survived a longer silence than the one lost elsewhere
  /// behind the same address: that one was lost to something else than time.
  private static func outlived(_ flow: Flow, _ shared: Lifetime?) -> Bool {
    guard let closed = shared?.shortestClosed, let open = flow.longestOpen else { return false }
    return flow.runs.isEmpty && open > closed
  }
}
