import Capture
import Parameters
import Registrations

/// How long a device's NAT keeps a mapping, bracketed from what worked and what did not.
struct Lifetime {
  /// The longest silence after which the device could still be reached.
  let longestOpen: Duration?
  /// The shortest silence after which it could not.
  let shortestClosed: Duration?

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
    if let longestOpen, longestOpen.inSeconds < closed, longestOpen.inSeconds >= 5 {
      return max(1, min(usual, Int64(longestOpen.inSeconds * 0.8)))
    }
    return max(1, min(usual, Int64(closed * 0.5)))
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
