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
        {\(Self.subject(line, injection)), \
        "kind": "\(injection.kind.rawValue)", "from": \(Self.seconds(from)), \
        "to": \(Self.seconds(min(injection.to ?? Hour.length, Hour.length)))}
        """
      separator = ",\n"
    }
    text += "\n]}\n"
    guard let file = fopen(path, "w") else { fail("\(path): \(String(cString: strerror(errno)))") }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else { fail("\(path): cannot write") }
  }

  /// Whose fault it is: an account's, or for a stranger who has none an address's.
  private static func subject(_ line: Line, _ injection: Injection) -> String {
    guard injection.kind == .scan else {
      return "\"account\": \"\(line.device.number + 100_000)@sip.example.net\""
    }
    var address = Text()
    address.add(address: line.device.place.address)
    return "\"account\": null, \"address\": \"\(String(decoding: address.bytes, as: UTF8.self))\""
  }

  private static func seconds(_ time: Int64) -> String {
    String(Double(time / 1_000) / 1_000)
  }
}
