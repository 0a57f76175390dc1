import Glibc

/// Where a datagram comes from or goes to.
struct Place {
  var address: UInt32
  var port: UInt16
}

/// Writes datagrams as Ethernet, IPv4 and UDP into a classic pcap file with microseconds.
struct CaptureWriter: ~Copyable {
  private let file: Int32
  private var buffer: [UInt8] = []
  private var identification: UInt16 = 0
  private var lastSize = 0
  private(set) var packets = 0

  /// Bytes gathered before they are written.
  private static let blockSize = 1 << 20
  /// 2026-03-02 08:00:00 UTC, a Monday morning.
  private static let epoch: Int64 = 1_772_438_400
  /// Bytes of Ethernet, IPv4 and UDP headers.
  private static let headerSize = 14 + 20 + 8

  /// Creates the file at `path`; `nil` when that fails, with `errno` set.
  init?(path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { return nil }
    self.file = file
    buffer.reserveCapacity(Self.blockSize + (1 << 16))
    for word: UInt32 in [0xA1B2_C3D4, 2 | 4 << 16, 0, 0, 262_144, 1] { addLittle(word) }
  }

  /// Adds one datagram; `time` is in microseconds from the start.
  ///
  /// The UDP checksum stays 0, which over IPv4 says that there is none (RFC 768).
  mutating func add(
    _ payload: [UInt8], from source: Place, to destination: Place, fromSwitch: Bool, time: Int64
  ) {
    let size = UInt32(Self.headerSize + payload.count)
    addLittle(UInt32(truncatingIfNeeded: Self.epoch + time / 1_000_000))
    addLittle(UInt32(truncatingIfNeeded: time % 1_000_000))
    addLittle(size)
    addLittle(size)
    addEthernet(fromSwitch: fromSwitch)
    addIPv4(source, destination, length: UInt16(truncatingIfNeeded: size - 14), fromSwitch)
    addBig(source.port)
    addBig(destination.port)
    addBig(UInt16(truncatingIfNeeded: payload.count + 8))
    addBig(0)
    buffer.append(contentsOf: payload)
    lastSize = 16 + Int(size)
    packets += 1
    if buffer.count >= Self.blockSize { flush() }
  }

  /// Adds the last datagram once more, as a mirror port that copies both ways does.
  mutating func addCopy() {
    guard buffer.count >= lastSize else { return }
    buffer.append(contentsOf: Array(buffer.suffix(lastSize)))
    packets += 1
  }

  /// Writes what is left and closes the file.
  consuming func finish() {
    flush()
    guard close(file) == 0 else { fail("cannot write: \(String(cString: strerror(errno)))") }
  }

  private mutating func addEthernet(fromSwitch: Bool) {
    let local: [6 of UInt8] = [0x02, 0, 0, 0, 0, 0x10]
    let router: [6 of UInt8] = [0x02, 0, 0, 0, 0, 0x01]
    for index in 0..<6 { buffer.append(fromSwitch ? router[index] : local[index]) }
    for index in 0..<6 { buffer.append(fromSwitch ? local[index] : router[index]) }
    addBig(0x0800)
  }

  private mutating func addIPv4(
    _ source: Place, _ destination: Place, length: UInt16, _ fromSwitch: Bool
  ) {
    identification &+= 1
    let lifetime: UInt16 = fromSwitch ? 64 : 54
    let words: [10 of UInt16] = [
      0x4500, length, identification, 0, lifetime << 8 | 17, 0,
      UInt16(truncatingIfNeeded: source.address >> 16),
      UInt16(truncatingIfNeeded: source.address),
      UInt16(truncatingIfNeeded: destination.address >> 16),
      UInt16(truncatingIfNeeded: destination.address),
    ]
    var sum: UInt32 = 0
    for index in words.indices { sum += UInt32(words[index]) }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    for index in words.indices {
      addBig(index == 5 ? ~UInt16(truncatingIfNeeded: sum) : words[index])
    }
  }

  private mutating func addLittle(_ word: UInt32) {
    for shift: UInt32 in [0, 8, 16, 24] {
      buffer.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  private mutating func addBig(_ word: UInt16) {
    buffer.append(UInt8(truncatingIfNeeded: word >> 8))
    buffer.append(UInt8(truncatingIfNeeded: word))
  }

  private mutating func flush() {
    var written = 0
    while written < buffer.count {
      let count = buffer.span.extracting(written...).withUnsafeBytes {
        write(file, $0.baseAddress, $0.count)
      }
      guard count > 0 || errno == EINTR else {
        fail("cannot write: \(String(cString: strerror(errno)))")
      }
      written += max(count, 0)
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// Says why on standard error and ends with status 2.
func fail(_ reason: String) -> Never {
  let line = Array("generate-capture: \(reason)\n".utf8)
  _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(2)
}
