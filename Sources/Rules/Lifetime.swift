import Capture
import Parameters
import Registrations

/// How long a device's NAT keeps a mapping, bracketed from what worked and what did not.
struct Lifetime {
  /// The longest silence after which the device could still be reached.
  let longestOpen: Duration?
  /// The shortest silence after which it could not.
  let shortestClosed: Duration?

  /// Share of the longest silence survived that is safe, and of the shortest that was not where
  /// nothing else is known (parameters, "Values an analyzer should recommend").
  private static let marginBelowOpen = 0.8
  private static let marginBelowClosed = 0.5

  init(_ losses: [OutageReading]) {
    let flows = losses.map(\.flow)
    longestOpen = flows.compactMap(\.longestOpen).max()
    shortestClosed = flows.compactMap(\.shortestClosed).min()
  }

  /// The largest gap between the device's packets that is safe, in seconds: 0.8 of the lower
  /// bound where both bounds were measured, else the setting.
  func safeIdle(_ profile: Profile) -> Int64 {
    let usual = Int64(profile.seconds(.natSafeIdle).inSeconds)
    guard let shortestClosed else { return usual }
    let closed = shortestClosed.inSeconds
    if let longestOpen, longestOpen.inSeconds < closed,
      longestOpen >= profile.seconds(.natSurelyOpen)
    {
      return max(1, min(usual, Int64(longestOpen.inSeconds * Self.marginBelowOpen)))
    }
    return max(1, min(usual, Int64(closed * Self.marginBelowClosed)))
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
