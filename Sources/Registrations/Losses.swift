public import Capture

/// Spans of time in which packets are known to be missing from the capture.
///
/// Whoever did not see something in such a span cannot say that it was not there.
public struct Losses: Sendable {
  private var spans: [ClosedRange<Timestamp>] = []
  /// The end of the last span; what begins after it is whole, as nearly everything is.
  private var last = Timestamp(nanoseconds: .min)

  /// Spans told apart; beyond, the two closest are joined.
  private static let most = 64

  /// Nothing is missing.
  public init() {}

  /// Whether nothing is missing.
  public var isEmpty: Bool { spans.isEmpty }

  /// Whether packets may be missing between two times.
  @inline(__always)
  public func touch(_ from: Timestamp, _ to: Timestamp) -> Bool {
    from <= last && spans.contains { $0.lowerBound <= to && from <= $0.upperBound }
  }

  /// Adds a span in which packets were lost.
  mutating func note(_ span: ClosedRange<Timestamp>) {
    var joined = span
    spans.removeAll { other in
      guard other.overlaps(joined) else { return false }
      joined =
        min(other.lowerBound, joined.lowerBound)...max(other.upperBound, joined.upperBound)
      return true
    }
    let place = spans.firstIndex { joined.upperBound < $0.lowerBound } ?? spans.count
    spans.insert(joined, at: place)
    last = spans.last?.upperBound ?? last
    if spans.count > Self.most { joinClosest() }
  }

  private mutating func joinClosest() {
    let closest = spans.indices.dropLast().min {
      spans[$0 + 1].lowerBound - spans[$0].upperBound
        < spans[$1 + 1].lowerBound - spans[$1].upperBound
    }
    guard let closest else { return }
    spans[closest] = spans[closest].lowerBound...spans[closest + 1].upperBound
    spans.remove(at: closest + 1)
  }
}

extension Tracker {
  /// Notes that packets of this time are not in the capture: the host that captured lost them.
  ///
  /// What rests on something not being seen then is not decided. May be told before or after the
  /// packets of that time.
  public mutating func noteLoss(_ span: ClosedRange<Timestamp>) { losses.note(span) }

  /// Whether the time from `time` until now was seen whole and by one clock.
  @inline(__always)
  mutating func isWhole(since time: Timestamp) -> Bool {
    !losses.touch(time, now) && !clockBreaks.touch(time, now)
  }

  /// A REGISTER that follows another one after packets were lost: there may have been more between
  /// them, unless its CSeq shows that there was none.
  mutating func noteLossBefore(_ transaction: RegisterTransaction) {
    let account = Int(transaction.account)
    let last = accounts[account, registrant: transaction.registrant].last
    guard losses.touch(last.sent, transaction.sent.time) else { return }
    let isNext = last.callIDKey == transaction.callIDKey && transaction.cseq == last.cseq &+ 1
    guard !isNext else { return }
    accounts[account, registrant: transaction.registrant].noteMissing()
    for index in accounts[account, registrant: transaction.registrant].runs.indices {
      accounts[account, registrant: transaction.registrant].runs[index].wait = nil
    }
  }

  /// The end of an account's history: what was lost since its devices were heard last.
  mutating func noteLossAtEnd(_ account: Int) {
    guard !losses.isEmpty else { return }
    for index in accounts[account].registrants.indices
    where losses.touch(accounts[account, registrant: index].last.sent, now) {
      accounts[account, registrant: index].noteMissing()
    }
    for number in accounts[account].current.indices
    where accounts[account, binding: number].end == .expired {
      let losses = losses
      accounts[account, binding: number].noteExpiry(losses)
    }
  }
}

extension Binding {
  /// It ran out, unless its refresh is among the packets that were lost.
  mutating func noteExpiry(_ losses: Losses) {
    // What an earlier run left is taken to run out as late as it can.
    guard unknownSince == nil, !isCarriedOver, losses.touch(refreshed.time, expires) else { return }
    unknownSince = Moment(time: expires, frame: refreshed.frame)
  }
}

extension Reachability {
  /// A request whose answer may be among the packets that were lost.
  mutating func noteLostAnswer(_ request: DeviceRequest) {
    rareFacts.facts.silentRow += request.transmissions > 2 ? 2 : 1
    rareFacts.facts.isRowInDoubt = true
    noteDoubt()
  }

  /// Two requests without an answer would be an outage; with one of them in doubt it may be none.
  mutating func noteDoubt() {
    let facts = rareFacts.facts
    if facts.isRowInDoubt, facts.silentRow > 1 { mayHideOutage = true }
  }

  mutating func endSilentRow() {
    guard !rareFacts.isEmpty else { return }
    rareFacts.facts.silentRow = 0
    rareFacts.facts.isRowInDoubt = false
  }
}
