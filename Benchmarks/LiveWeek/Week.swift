import Capture

/// Devices and their switch, hour by hour.
struct Week {
  private struct Device {
    var name: UInt32
    var address: UInt32
    var port: UInt16
    var series: UInt32 = 0
    var sequence: UInt32 = 1
    var isDead = false
  }

  private var devices: [Device]
  private var state: UInt64 = 1
  private(set) var packets: UInt32 = 0
  private(set) var accountsSeen: UInt32

  private static let start: Int64 = 1_767_225_600
  private static let hour: Int64 = 3_600_000_000_000

  init(accounts: UInt32) {
    accountsSeen = accounts
    devices = (0..<accounts).map {
      Device(name: $0, address: 0x0A00_0001 &+ $0 &* 7, port: 5060)
    }
  }

  /// The packets of one hour.
  mutating func play(hour: Int, to take: (FrameHeader, Span<UInt8>) -> Void) {
    let begin = Self.start * 1_000_000_000 + Int64(hour) * Self.hour
    let gap = Self.hour / Int64(devices.count)
    for index in devices.indices {
      let time = begin + Int64(index) * gap
      if hour > 0 { live(index, hour) }
      guard !devices[index].isDead else {
        send(probe(index, answered: false), fromSwitch: true, index, time, take)
        continue
      }
      devices[index].sequence += 1
      send(register(index), fromSwitch: false, index, time, take)
      send(accept(index), fromSwitch: true, index, time + 5_000_000, take)
      send(probe(index, answered: false), fromSwitch: true, index, time + 8_000_000, take)
      send(probe(index, answered: true), fromSwitch: false, index, time + 9_000_000, take)
    }
  }

  /// What becomes of a device from one hour to the next.
  private mutating func live(_ index: Int, _ hour: Int) {
    devices[index].isDead = happens(1, in: 100)
    if happens(1, in: 10) { devices[index].port = UInt16(20_000 + next() % 40_000) }
    if happens(1, in: 20) {
      devices[index].series += 1
      devices[index].sequence = 1
    }
    guard happens(1, in: 20 * 24) else { return }
    devices[index] = Device(
      name: accountsSeen, address: 0x0A00_0001 &+ accountsSeen &* 7, port: 5060)
    accountsSeen += 1
  }

  private mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  private mutating func happens(_ times: UInt64, in of: UInt64) -> Bool { next() % of < times }

  // MARK: Messages

  private func head(_ index: Int, _ method: String) -> String {
    let device = devices[index]
    return """
      From: <sip:u\(device.name)@192.0.2.10>;tag=t\(device.series)\r
      To: <sip:u\(device.name)@192.0.2.10>\r
      Call-ID: \(device.name)-\(device.series)@home\r
      CSeq: \(device.sequence) \(method)\r

      """
  }

  private func register(_ index: Int) -> String {
    let device = devices[index]
    return """
      REGISTER sip:192.0.2.10 SIP/2.0\r
      Via: SIP/2.0/UDP 192.168.1.2:5060;rport;branch=z9hG4bK\(device.name)r\(packets)\r
      \(head(index, "REGISTER"))\
      Contact: <sip:u\(device.name)@192.168.1.2:5060>;expires=4500\r
      User-Agent: Phone 1.0\r
      Content-Length: 0\r
      \r

      """
  }

  private func accept(_ index: Int) -> String {
    let device = devices[index]
    return """
      SIP/2.0 200 OK\r
      Via: SIP/2.0/UDP 192.168.1.2:5060;rport=\(device.port);branch=z9hG4bK\(device.name)r\(packets - 1)\r
      \(head(index, "REGISTER"))\
      Contact: <sip:u\(device.name)@192.168.1.2:5060>;expires=4500\r
      Content-Length: 0\r
      \r

      """
  }

  private func probe(_ index: Int, answered: Bool) -> String {
    let device = devices[index]
    let first = answered ? "SIP/2.0 200 OK" : "OPTIONS sip:u\(device.name)@192.168.1.2:5060 SIP/2.0"
    let number = answered ? packets - 1 : packets
    return """
      \(first)\r
      Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK\(device.name)p\(number)\r
      From: <sip:192.0.2.10>;tag=p\(number)\r
      To: <sip:u\(device.name)@192.0.2.10>\r
      Call-ID: p\(number)@192.0.2.10\r
      CSeq: 1 OPTIONS\r
      Content-Length: 0\r
      \r

      """
  }

  /// As raw IPv4 with a UDP header.
  private mutating func send(
    _ text: String, fromSwitch: Bool, _ index: Int, _ time: Int64,
    _ take: (FrameHeader, Span<UInt8>) -> Void
  ) {
    let (device, payload) = (devices[index], Array(text.utf8))
    let own: (UInt32, UInt16) = (0xC000_020A, 5060)
    let (source, destination) =
      fromSwitch
      ? (own, (device.address, device.port)) : ((device.address, device.port), own)
    var bytes: [UInt8] = [0x45, 0]
    bytes += big(UInt16(28 + payload.count))
    bytes += [0, 0, 0, 0, 64, 17, 0, 0]
    for address in [source.0, destination.0] {
      bytes += big(UInt16(address >> 16)) + big(UInt16(truncatingIfNeeded: address))
    }
    bytes += big(source.1) + big(destination.1) + big(UInt16(8 + payload.count)) + [0, 0]
    bytes += payload
    packets += 1
    take(
      FrameHeader(
        reference: FrameReference(file: 0, number: packets), time: Timestamp(nanoseconds: time),
        linkType: .ipv4, capturedLength: bytes.count, originalLength: bytes.count), bytes.span)
  }

  private func big(_ value: UInt16) -> [UInt8] {
    [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
  }
}
