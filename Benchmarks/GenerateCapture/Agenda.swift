/// What happens next.
enum Action: UInt8 {
  /// The device sends REGISTER.
  case register
  /// The switch answers 401; `count` is 1 when credentials were sent.
  case challenge
  /// The device sends REGISTER with credentials; `count` says how many copies went before.
  case authorize
  /// The switch answers 200 to REGISTER.
  case accept
  /// The switch probes the device.
  case probe
  /// The switch sends the probe once more.
  case probeAgain
  /// The device answers a probe.
  case probeAnswer
  /// The device sends a keepalive.
  case keepalive
  /// The switch sends the device a keepalive.
  case switchKeepalive
  /// The device calls its neighbour.
  case call
  /// The device hangs up.
  case hangUp
  /// The switch sends a call to a device that cannot be reached.
  case callInVain
  /// The switch forgets the device's registration.
  case bindingLost
  /// The switch refuses a call for the device as if nobody were registered.
  case callRefused
  /// A stranger tries an account; `count` says how many went before.
  case scan
  /// The device's NAT forgets the mapping.
  case mappingLost
  /// The device cannot be reached, and hears of nothing.
  case outageBegins
  /// The device can be reached again.
  case outageEnds
}

/// One event of one device.
struct Event {
  /// Microseconds since the start of the capture.
  var time: Int64
  var device: UInt32
  /// CSeq of the request the event belongs to.
  var sequence: UInt32
  var action: Action
  var count: UInt8 = 0
}

/// The events to come, the earliest first: a binary heap.
struct Agenda {
  private var heap: [Event] = []

  mutating func add(_ event: Event) {
    var hole = heap.count
    heap.append(event)
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard heap[parent].time > event.time else { break }
      heap[hole] = heap[parent]
      hole = parent
    }
    heap[hole] = event
  }

  mutating func next() -> Event? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].time < heap[child].time { child += 1 }
      guard heap[child].time < last.time else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = last
    return first
  }
}
