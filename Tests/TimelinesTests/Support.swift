import Capture
import Timelines

/// The hosts most tests need: a switch, and a phone behind a NAT.
let hosts = """
  host switch 203.0.113.10:5060 agent "Switch 2.1"
  host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme 1.0" expires 120

  """

/// What a frame holds, read without the code under test: addresses, ports and payload.
struct Packet {
  let source: String
  let destination: String
  let payload: [UInt8]
  /// Seconds after 2026-01-01 00:00:00 UTC, as a timeline counts.
  let seconds: Double

  init?(_ frame: TimelineFrame) {
    let bytes = frame.bytes
    guard bytes.count >= 42, bytes[12] == 8, bytes[13] == 0, bytes[23] == 17 else { return nil }
    func place(_ address: Int, _ port: Int) -> String {
      bytes[address..<address + 4].map(String.init).joined(separator: ".")
        + ":\(Int(bytes[port]) << 8 | Int(bytes[port + 1]))"
    }
    source = place(26, 34)
    destination = place(30, 36)
    payload = Array(bytes[42...])
    seconds = Double(frame.time.nanoseconds - 1_767_225_600_000_000_000) / 1e9
  }

  var text: String { String(decoding: payload, as: UTF8.self) }
  var startLine: String { lines.first ?? "" }
  var lines: [String] { text.split(separator: "\r\n").map(String.init) }

  /// The values of a header, in order.
  func headers(_ name: String) -> [String] {
    lines.filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
  }

  func header(_ name: String) -> String { headers(name).joined(separator: " | ") }
}

/// The packets of a timeline between the usual hosts.
func packets(_ events: String) throws -> [Packet] {
  try Timeline(hosts + events).frames.compactMap { Packet($0) }
}
