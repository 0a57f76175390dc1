import CPrefetch
public import Decode

/// Flows told of early, so that what their messages need is fetched while others are read.
///
/// With tens of thousands of accounts no cache holds their records, and to wait for memory takes as
/// long as to read a message. One step for each frame, since each address stands in what the
/// step before has fetched. Nothing here changes what is found.
struct Foresight {
  /// A flow told of, and what was found out so far; 0 where it is none.
  struct Step {
    var toDevice: UInt64 = 0
    var fromDevice: UInt64 = 0
    var path = Reachability.none
  }

  /// The flow told of last, the one before, and so on.
  var steps = InlineArray<2, Step>(repeating: Step())
}

extension Tracker {
  /// How many frames before its own a datagram is to be told of: one for each step.
  public static var foresight: Int { 3 }

  /// Whether being told early is worth it: the records of few accounts are in the cache anyway.
  public var wantsForesight: Bool { accounts.count > 1000 }

  /// Tells the ends of a datagram that is still to come; `nil` when they are not known.
  ///
  /// To be called once for every frame while `wantsForesight`.
  public mutating func expect(_ ends: (source: Endpoint, destination: Endpoint)?) {
    fetchAccount(foresight.steps[1].path)
    foresight.steps[1] = fetchPath(foresight.steps[0])
    foresight.steps[0] = fetchSlots(ends)
  }

  private mutating func fetchSlots(
    _ ends: (source: Endpoint, destination: Endpoint)?
  ) -> Foresight.Step {
    var step = Foresight.Step()
    guard let (source, destination) = ends else { return step }
    // Where both may be the switch it is not known yet which of them is.
    if switchPorts.contains(source.port) {
      step.toDevice = keys.flow(source, destination)
      pathIndex.fetch(step.toDevice)
    }
    if switchPorts.contains(destination.port) {
      step.fromDevice = keys.flow(destination, source)
      pathIndex.fetch(step.fromDevice)
    }
    return step
  }

  private mutating func fetchPath(_ step: Foresight.Step) -> Foresight.Step {
    var found: UInt32?
    if step.toDevice != 0 { found = pathIndex.find(step.toDevice) }
    if found == nil, step.fromDevice != 0 { found = pathIndex.find(step.fromDevice) }
    guard let path = found else { return step }
    var step = step
    step.path = path
    paths.fetch(path)
    return step
  }

  private mutating func fetchAccount(_ path: UInt32) {
    guard path != Reachability.none else { return }
    accounts.fetch(Int(paths[path].account))
    gaps.fetch(paths[path].probeGaps)
    gaps.fetch(paths[path].silences)
  }
}

extension History {
  /// Fetches what will be read of the account at `place` and of the two after it.
  ///
  /// To be called for one account after the other: what one step fetches tells the next where to
  /// look.
  public func expect(_ place: Int) {
    accounts.fetch(place + 2)
    guard place < accounts.count, !accounts[place].current.isEmpty,
      let path = accounts[place, binding: 0].path
    else { return }
    fetchFlow(path)
  }
}

extension Chunks {
  /// Fetches the first bytes of a record, if there is one.
  @inline(__always)
  func fetch(_ index: Int) {
    if index < count { Memory.fetch(place(of: index), bytes: MemoryLayout<Element>.stride) }
  }
}

/// Memory that is asked for early.
enum Memory {
  /// A cache line of nearly every processor; on others more is asked for than need be, or less.
  private static var line: Int { 64 }

  @inline(__always)
  static func fetch(_ address: UnsafeRawPointer, bytes: Int) {
    for offset in stride(from: 0, to: bytes, by: line) { prefetch_line(address + offset) }
  }
}
