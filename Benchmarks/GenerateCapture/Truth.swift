import Glibc

/// What is wrong in an hour, and with whom.
struct Truth {
  private let lines: [Line]

  init(_ lines: [Line]) { self.lines = lines }

  /// Writes the truth as JSON to the file at `path`; times are seconds since the start.
  func write(to path: String, _ options: Options) {
    var text = """
      {"start": "2026-03-02T08:00:00Z", "seconds": \(Hour.length / 1_000_000), \
      "accounts": \(lines.count), "seed": \(options.seed), "faults": [
      """
    var separator = "\n"
    for line in lines {
      guard let injection = line.injection, let from = injection.from else { continue }
      text += separator
      text += """
        {\(subject(line, injection)), \
        "kind": "\(injection.kind.rawValue)", "from": \(Self.seconds(from)), \
        "to": \(Self.seconds(min(injection.to ?? Hour.length, Hour.length)))}
        """
      separator = ",\n"
    }
    if isTooManyToProbe {
      text += separator
      text += """
        {\(Self.address(Device.switchPlace.address)), "kind": "probe-load", "from": 0, \
        "to": \(Hour.length / 1_000_000)}
        """
    }
    text += "\n]}\n"
    guard let file = fopen(path, "w") else { fail("\(path): \(String(cString: strerror(errno)))") }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else { fail("\(path): cannot write") }
  }

  /// Whether the switch probes more endpoints, more often, than the documentation of
  /// SS_ENDPOINTTIMETOLIVE advises: 10,000 at 120 s.
  private var isTooManyToProbe: Bool {
    lines.count { $0.upstream == nil && (1..<120_000_000).contains($0.device.probeInterval) }
      > 10_000
  }

  /// Whose fault it is: an account's, or for what is no account's own an address's.
  private func subject(_ line: Line, _ injection: Injection) -> String {
    switch injection.kind {
    case .scan: return Self.address(line.device.place.address)
    case .herd:
      let accounts = lines.filter { $0.herd == line.herd }.map { "\"\(Self.account($0))\"" }
      let upstream = line.registrar
      return Self.address(upstream.address, ":\(upstream.port)")
        + ", \"accounts\": [\(accounts.joined(separator: ", "))]"
    default: return "\"account\": \"\(Self.account(line))\""
    }
  }

  private static func account(_ line: Line) -> String {
    "\(line.device.number + 100_000)@sip.example.net"
  }

  private static func address(_ address: UInt32, _ port: String = "") -> String {
    var text = Text()
    text.add(address: address)
    let host = String(decoding: text.bytes, as: UTF8.self)
    return "\"account\": null, \"address\": \"\(host)\(port)\""
  }

  private static func seconds(_ time: Int64) -> String {
    String(Double(time / 1_000) / 1_000)
  }
}
