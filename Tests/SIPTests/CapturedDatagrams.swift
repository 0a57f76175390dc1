import Foundation

/// A UDP payload of a capture file and the frame it came in.
struct CapturedDatagram {
  let frame: Int
  let payload: [UInt8]
  let isCut: Bool
}

/// Walks through the plain UDP datagrams of a capture: classic pcap of either byte order and
/// pcapng; Ethernet, Linux cooked v1 and loopback; IPv4 and IPv6, whole datagrams only.
///
/// Just enough to try the SIP reader on real traffic by itself. Everything else is left out.
struct CapturedDatagrams {
  private let file: [UInt8]
  private var isSwapped = false

  init(file: [UInt8]) {
    self.file = file
  }

  mutating func all() -> [CapturedDatagram] {
    switch number32(0) {
    case 0xA1B2_C3D4, 0xA1B2_3C4D: return classic()
    case 0xD4C3_B2A1, 0x4D3C_B2A1:
      isSwapped = true
      return classic()
    case 0x0A0D_0D0A: return nextGeneration()
    default: return []
    }
  }

  private func classic() -> [CapturedDatagram] {
    let linkType = number32(20)
    var datagrams: [CapturedDatagram] = []
    var position = 24
    var frame = 0
    while position + 16 <= file.count {
      frame += 1
      let captured = number32(position + 8)
      let start = position + 16
      guard start + captured <= file.count else { break }
      let isCut = captured < number32(position + 12)
      if let payload = datagram(start..<start + captured, linkType) {
        datagrams.append(CapturedDatagram(frame: frame, payload: payload, isCut: isCut))
      }
      position = start + captured
    }
    return datagrams
  }

  private func nextGeneration() -> [CapturedDatagram] {
    var linkTypes: [Int] = []
    var datagrams: [CapturedDatagram] = []
    var position = 0
    var frame = 0
    while position + 12 <= file.count {
      let length = number32(position + 4)
      guard length >= 12, position + length <= file.count else { break }
      switch number32(position) {
      case 1: linkTypes.append(number32(position + 8) & 0xFFFF)
      case 6:
        frame += 1
        let interface = number32(position + 8)
        let captured = number32(position + 20)
        let start = position + 28
        guard interface < linkTypes.count, start + captured <= position + length else { break }
        if let payload = datagram(start..<start + captured, linkTypes[interface]) {
          let isCut = captured < number32(position + 24)
          datagrams.append(CapturedDatagram(frame: frame, payload: payload, isCut: isCut))
        }
      default: break
      }
      position += length
    }
    return datagrams
  }

  private func datagram(_ frame: Range<Int>, _ linkType: Int) -> [UInt8]? {
    var start = frame.lowerBound
    switch linkType {
    case 0: start += 4
    case 1:
      start += 14
      while start < frame.upperBound, [0x8100, 0x88A8].contains(network16(start - 2)) { start += 4 }
      guard [0x0800, 0x86DD].contains(network16(start - 2)) else { return nil }
    case 101, 228, 229: break
    case 113: start += 16
    default: return nil
    }
    guard start + 20 <= frame.upperBound else { return nil }
    return file[start] >> 4 == 4
      ? internet4(start, frame.upperBound) : internet6(start, frame.upperBound)
  }

  private func internet4(_ start: Int, _ end: Int) -> [UInt8]? {
    let isFragment = network16(start + 6) & 0x3FFF != 0
    guard file[start] >> 4 == 4, file[start + 9] == 17, !isFragment else { return nil }
    return user(start + Int(file[start] & 15) * 4, min(end, start + network16(start + 2)))
  }

  private func internet6(_ start: Int, _ end: Int) -> [UInt8]? {
    guard file[start] >> 4 == 6, start + 40 <= end, file[start + 6] == 17 else { return nil }
    return user(start + 40, end)
  }

  private func user(_ start: Int, _ end: Int) -> [UInt8]? {
    guard start + 8 <= end else { return nil }
    let stop = min(end, start + network16(start + 4))
    return stop >= start + 8 ? Array(file[(start + 8)..<stop]) : nil
  }

  private func network16(_ position: Int) -> Int {
    position + 2 <= file.count ? Int(file[position]) << 8 | Int(file[position + 1]) : 0
  }

  private func number32(_ position: Int) -> Int {
    guard position + 4 <= file.count else { return 0 }
    let bytes = file[position..<position + 4]
    return (isSwapped ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | Int($1) }
  }
}
