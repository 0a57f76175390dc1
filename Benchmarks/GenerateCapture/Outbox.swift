/// A datagram on its way into the capture.
struct Packet {
  /// Microseconds since the start of the capture.
  var time: Int64
  /// Keeps datagrams of the same time in the order they were sent.
  var number: Int
  var payload: [UInt8]
  var source: Place
  var destination: Place
  var isFromSwitch: Bool

  func isBefore(_ other: Packet) -> Bool {
    (time, number) < (other.time, other.number)
  }
}

/// Datagrams that were sent but not yet written, the earliest first: a binary heap.
struct Outbox {
  private var heap: [Packet] = []
  private var count = 0

  var earliest: Int64? { heap.first?.time }

  mutating func add(
    _ payload: [UInt8], from source: Place, to destination: Place, isFromSwitch: Bool,
    time: Int64
  ) {
    count += 1
    let packet = Packet(
      time: time, number: count, payload: payload, source: source, destination: destination,
      isFromSwitch: isFromSwitch)
    var hole = heap.count
    heap.append(packet)
    while hole > 0, packet.isBefore(heap[(hole - 1) / 2]) {
      heap[hole] = heap[(hole - 1) / 2]
      hole = (hole - 1) / 2
    }
    heap[hole] = packet
  }

  mutating func next() -> Packet? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(last) else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = last
    return first
  }
}
