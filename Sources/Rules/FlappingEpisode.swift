import Capture
import Decode
import Registrations

/// A span in which an account's registration changed too often.
struct FlappingEpisode {
  enum Cause {
    case contest
    case toggle
    case move
  }

  let changes: [OwnershipChange]
  /// With changes that the history has not kept.
  let total: Int
  let cause: Cause

  /// All spans in which each run of `count` changes lies within `window`.
  static func all(
    in list: BoundedList<OwnershipChange>, changes count: Int, window: Duration
  ) -> [FlappingEpisode] {
    // As of nearly all accounts.
    guard list.total >= count else { return [] }
    let left = list.total - list.kept.count
    // What was not kept lies in the middle of what was.
    let early = left > 0 ? list.kept.prefix(list.kept.count / 2) : list.kept[...]
    let before = merged(telling(early, among: list.kept))
    let after = merged(telling(list.kept[early.endIndex...], among: list.kept))
    let changes = before + after
    let gap = left > 0 ? before.count : nil
    return joined(dense(changes, count, window), at: gap).compactMap { range in
      // A registration that goes and does not come back is an end, not one change more.
      let part = Array(changes[range].trimmingSuffix { $0.kind == .removed })
      guard part.count >= count else { return nil }
      let unseen = gap.map { range.lowerBound < $0 && $0 < range.upperBound } ?? false
      return FlappingEpisode(
        changes: part, total: part.count + (unseen ? left : 0), cause: cause(of: part))
    }
  }

  /// The runs of changes of which each `count` lie within `window`.
  private static func dense(
    _ changes: [OwnershipChange], _ count: Int, _ window: Duration
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var begin = 0
    while begin + count <= changes.count {
      guard isDense(changes, begin, count, window) else {
        begin += 1
        continue
      }
      var end = begin + count
      while end < changes.count, isDense(changes, end - count + 1, count, window) { end += 1 }
      ranges.append(begin..<end)
      begin = end
    }
    return ranges
  }

  /// Joins the run before the changes that were not kept with the one right after them.
  ///
  /// Only where it flapped on both sides does that speak for those in between.
  private static func joined(_ ranges: [Range<Int>], at gap: Int?) -> [Range<Int>] {
    guard let gap, let next = ranges.firstIndex(where: { $0.lowerBound == gap }), next > 0,
      ranges[next - 1].upperBound == gap
    else { return ranges }
    var ranges = ranges
    ranges[next - 1] = ranges[next - 1].lowerBound..<ranges[next].upperBound
    ranges.remove(at: next)
    return ranges
  }

  private static func isDense(
    _ changes: [OwnershipChange], _ begin: Int, _ count: Int, _ window: Duration
  ) -> Bool {
    changes[begin + count - 1].moment.time - changes[begin].moment.time <= window
  }

  /// Leaves out the changes of one device that takes a new Contact every time and never comes
  /// back to an old one: to the registrar these are replacements, to the operator one device.
  private static func telling(
    _ part: ArraySlice<OwnershipChange>, among changes: [OwnershipChange]
  ) -> [OwnershipChange] {
    part.filter { change in
      guard change.kind == .replaced, isAlike(change.previous, change.next) else { return true }
      return changes.contains {
        $0.kind == .replaced && $0.moment.time < change.moment.time
          && $0.previous.isSameDevice(as: change.next)
      }
        || changes.contains {
          $0.kind == .replaced && $0.moment.time > change.moment.time
            && $0.next.isSameDevice(as: change.previous)
        }
    }
  }

  /// A client that changes networks removes its binding and makes the new one within seconds.
  private static let moveTime = Duration.seconds(5)

  /// A removal and a return from elsewhere right after it are one move.
  private static func merged(_ changes: [OwnershipChange]) -> [OwnershipChange] {
    var list: [OwnershipChange] = []
    for change in changes {
      if change.kind == .returned, let last = list.last, last.kind == .removed,
        last.previous.source.address != change.next.source.address,
        change.moment.time - last.moment.time < moveTime
      {
        list[list.count - 1].kind = .moved
        list[list.count - 1].moment = change.moment
        list[list.count - 1].next = change.next
      } else {
        list.append(change)
      }
    }
    return list
  }

  private static func isAlike(_ left: Owner, _ right: Owner) -> Bool {
    left.source.address == right.source.address && left.userAgent == right.userAgent
  }

  private static func cause(of changes: [OwnershipChange]) -> Cause {
    // One Contact and user agent from ever new addresses is one device that keeps moving.
    let moved = changes.count { $0.kind == .moved || $0.isLikelyMove(among: changes) }
    let replaced =
      changes.count { $0.kind == .replaced } + changes.count { $0.kind == .moved } - moved
    if replaced * 2 >= changes.count { return .contest }
    return moved * 2 >= changes.count ? .move : .toggle
  }

  /// The devices that took part, each once, in the order they appear.
  var contestants: [Owner] {
    var list: [Owner] = []
    for owner in changes.flatMap({ [$0.previous, $0.next] })
    where !list.contains(where: { $0.isSameDevice(as: owner) }) {
      list.append(owner)
    }
    return list
  }

  /// The middle of the gaps between changes, in seconds.
  var medianGap: Double? {
    let gaps = zip(changes, changes.dropFirst()).map {
      ($1.moment.time - $0.moment.time).inSeconds
    }.sorted()
    return gaps.isEmpty ? nil : gaps[gaps.count / 2]
  }

  /// What happened, for the summary.
  var what: String {
    switch cause {
    case .contest: "changed hands between \(Wording.count(contestants.count, "device"))"
    case .toggle: "came and went"
    case .move: "changed its address"
    }
  }

  /// What happened, with the names.
  var story: String {
    let all = contestants
    var names = all.prefix(4).map { "\($0.source) (\(Wording.agent($0.userAgent)))" }
    if all.count > 4 { names.append("\(all.count - 4) more") }
    switch cause {
    case .contest:
      return """
        A contest: each registration replaces the other's binding: \
        \(Wording.list(names)). Calls reach whichever came last.
        """
    case .toggle:
      let removed = changes.count { $0.kind == .removed }
      let lapsed = changes.count { $0.kind == .lapsed }
      let ways = [(removed, "removal"), (lapsed, "lapse")].filter { $0.0 > 0 }
      return """
        A toggle: the registration goes and comes back \
        (\(Wording.list(ways.map { Wording.count($0.0, $0.1) }))): \(Wording.list(names)). Calls fail while it is \
        gone.
        """
    case .move:
      return """
        A device on the move: it keeps coming from other addresses: \(Wording.list(names)). Calls in \
        progress and calls to the old address are lost at each change.
        """
    }
  }

  private var policy: String {
    " With SS_ENDPOINT_REGISTER_REPLACE Off the first device keeps the account instead."
  }

  func remedy(_ direction: Direction) -> String {
    switch cause {
    case .contest:
      """
      Give each device an account of its own, or take the account out of the device that should \
      not have it; if nobody knows the second device, change the password.\
      \(direction == .inbound ? policy : "")
      """
    case .toggle:
      """
      Look for a device that restarts in a loop, a power or network problem, or a client that \
      unregisters whenever it goes to the background; raise its registration period.
      """
    case .move:
      """
      Look for a device that swaps between networks (mobile and Wi-Fi, two uplinks, \
      load-balanced NAT); pin its traffic to one way out.
      """
    }
  }

  /// The first changes and the last one.
  var evidence: [Evidence] {
    let shown = changes.count > 5 ? changes.prefix(4) + changes.suffix(1) : changes[...]
    return shown.map { change in
      let note =
        switch change.kind {
        case .replaced: "200 OK to \(change.next.source): replaces \(change.previous.source)"
        case .moved: "200 OK to \(change.next.source): moved from \(change.previous.source)"
        case .removed: "200 OK: removed by \(change.previous.source)"
        case .lapsed: "REGISTER from \(change.next.source) after the binding had run out"
        case .returned: "200 OK: registered again from \(change.next.source)"
        }
      return Evidence(change.moment, note)
    }
  }
}

extension OwnershipChange {
  /// A replacement by the same Contact and user agent from a host that is never seen again.
  fileprivate func isLikelyMove(among changes: [OwnershipChange]) -> Bool {
    guard kind == .replaced, previous.contact == next.contact,
      previous.userAgent == next.userAgent
    else { return false }
    return !changes.contains {
      $0.moment.time > moment.time && $0.next.source.address == previous.source.address
    }
  }
}

extension ArraySlice {
  fileprivate func trimmingSuffix(while isLeftOut: (Element) -> Bool) -> ArraySlice {
    var rest = self
    while let last = rest.last, isLeftOut(last) { rest.removeLast() }
    return rest
  }
}
