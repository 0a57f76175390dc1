/// Packets that the ring does not hold, and what is said of them: once, not for each.
struct RingLosses: Sendable {
  /// When a disk that refused is tried again.
  private var retry: ContinuousClock.Instant?
  /// Lost since the disk refused.
  private var now = 0
  private(set) var all = 0
  private var isKnownSlow = false
  /// What keeps packets from being written just now; `nil` where nothing does.
  private(set) var trouble: String?

  /// How long a disk that refused is left alone.
  private static let pause = Duration.seconds(5)

  /// Whether the disk may take something now.
  var isWorthTrying: Bool { retry.map { $0 <= .now } ?? true }

  /// Takes note of one batch; what there is to say.
  mutating func note(
    isTried: Bool, failure: OutputError?, lost: Int, omitted: Int
  ) -> String? {
    all += lost + omitted
    now += lost
    if isTried {
      trouble =
        failure.map { "\($0)" } ?? (omitted > 0 ? "the disk is too slow for all packets" : nil)
    }
    if let failure {
      defer { retry = .now + Self.pause }
      return retry == nil ? "\(failure); packets are not kept until it can be written again" : nil
    }
    if isTried, retry != nil {
      defer { (retry, now) = (nil, 0) }
      return "written again; \(now) packets were not kept"
    }
    guard omitted > 0, !isKnownSlow else { return nil }
    isKnownSlow = true
    return "the disk is too slow: not all packets are kept, and the capture goes on"
  }

  /// What to say at the end; `nil` when nothing was lost.
  var summary: String? { all > 0 ? "\(all) packets were not kept in all" : nil }
}
