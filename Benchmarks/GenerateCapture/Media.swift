/// Calls in progress, as far as a capture shows them: RTP packets of G.711, 20 ms each (RFC 3550).
struct Media {
  private struct Stream {
    var sequence: UInt16
    var time: UInt32
  }

  private var streams: [Stream]
  private var next = 0
  private var payload: [UInt8]

  private static let streamCount = 200
  private static let samplesPerPacket = 160

  init(random: inout Random) {
    streams = (0..<Self.streamCount).map { _ in
      Stream(
        sequence: UInt16(truncatingIfNeeded: random.next()),
        time: UInt32(truncatingIfNeeded: random.next()))
    }
    payload = [0x80, 0x08] + [UInt8](repeating: 0xD5, count: 10 + Self.samplesPerPacket)
    for index in 12..<payload.count { payload[index] = UInt8(truncatingIfNeeded: random.next()) }
  }

  /// Writes one packet of the stream whose turn it is; every second one comes from the switch.
  mutating func write(to file: inout CaptureWriter, time: Int64) {
    streams[next].sequence &+= 1
    streams[next].time &+= UInt32(Self.samplesPerPacket)
    put(UInt32(streams[next].sequence), at: 2, count: 2)
    put(streams[next].time, at: 4, count: 4)
    put(0x5EED_0000 + UInt32(next), at: 8, count: 4)
    let local = Place(
      address: Device.switchPlace.address, port: UInt16(truncatingIfNeeded: 10_000 + 2 * next))
    let remote = Place(
      address: 0xC613_FE00 + UInt32(next / 2), port: UInt16(truncatingIfNeeded: 16_384 + 2 * next))
    let fromSwitch = next % 2 == 0
    file.add(
      payload, from: fromSwitch ? local : remote, to: fromSwitch ? remote : local,
      fromSwitch: fromSwitch, time: time)
    next = (next + 1) % streams.count
  }

  private mutating func put(_ number: UInt32, at start: Int, count: Int) {
    for index in 0..<count {
      let shift = UInt32(8 * (count - 1 - index))
      payload[start + index] = UInt8(truncatingIfNeeded: number >> shift)
    }
  }
}
