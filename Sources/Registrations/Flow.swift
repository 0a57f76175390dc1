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

  /// What the record says.
  @inlinable @inline(__always)
  public subscript<Value>(dynamicMember member: KeyPath<Reachability, Value>) -> Value {
    history.flows.place(of: path).pointee[keyPath: member]
  }
}
