/// The record of a flow where the history keeps it: a copy would cost more than most ask of it.
@dynamicMemberLookup
public struct Flow: Sendable {
  @usableFromInline let history: History
  @usableFromInline let path: UInt32

  @inlinable
  init(_ history: History, _ path: UInt32) {
    self.history = history
    self.path = path
  }

  /// Gaps between OPTIONS.
  public var probeGaps: GapSample { history.gaps.sample(of: history.flows[path].probeGaps) }

  /// Times the device was silent for longer than an exchange takes (`TrackerLimits.exchange`).
  public var silences: GapSample { history.gaps.sample(of: history.flows[path].silences) }

  /// What the record says.
  @inlinable @inline(__always)
  public subscript<Value>(dynamicMember member: KeyPath<Reachability, Value>) -> Value {
    history.flows.place(of: path).pointee[keyPath: member]
  }
}
