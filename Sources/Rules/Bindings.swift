public import Registrations

/// A binding with the record of its flow, both where the history keeps them.
///
/// A copy of every binding would reach for its strings and lists all over the memory, which cost
/// more than most rules.
public struct ObservedBinding: Sendable {
  private let history: History
  /// Into a list of `history`, which nothing changes: its elements stay where they are.
  private nonisolated(unsafe) let record: UnsafePointer<Binding>

  @inline(__always)
  fileprivate init(_ history: History, _ record: UnsafePointer<Binding>) {
    self.history = history
    self.record = record
  }

  /// The binding.
  public var binding: Binding {
    @inline(__always)
    unsafeAddress { record }
  }

  /// What is known of its flow; `nil` where only a list in an answer told of the binding.
  public var flow: Flow? { history.flow(of: record.pointee) }
}

/// All bindings of an account, the ended ones first, in order of time.
///
/// A view of the two lists in the history: one of its own for each account would cost as much as
/// several rules.
public struct Bindings: RandomAccessCollection, Sendable {
  private let history: History
  /// Both into lists of `history`, which nothing changes: their elements stay where they are.
  private nonisolated(unsafe) let past: UnsafeBufferPointer<Binding>
  private nonisolated(unsafe) let current: UnsafeBufferPointer<Binding>

  @inline(__always)
  init(_ history: History, _ account: Int) {
    self.history = history
    let place = UnsafePointer(history.accounts.place(of: account))
    past = place.pointee.past.kept.withUnsafeBufferPointer { $0 }
    current = history.currentBindings(of: account)
  }

  /// The first position.
  public var startIndex: Int { 0 }
  /// The position after the last binding.
  public var endIndex: Int { past.count + current.count }

  /// The binding at a position, which must be one of the collection's.
  public subscript(position: Int) -> ObservedBinding {
    @inline(__always)
    get {
      let isPast = position < past.count
      let list = isPast ? past : current
      let index = isPast ? position : position - past.count
      guard list.indices.contains(index), let start = list.baseAddress else {
        preconditionFailure("no such binding")
      }
      return ObservedBinding(history, start + index)
    }
  }
}
