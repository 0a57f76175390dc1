import Glibc

/// The name of a file of the ring: `regsift-20261122T213000Z-000042.pcapng`, UTC and a number that
/// goes on over restarts.
///
/// What is not named like this is somebody else's, and is never touched.
struct RingName: Equatable, Sendable {
  let text: String
  /// Orders the files; a clock that is set back does not matter.
  let number: UInt64

  private static let prefix = "regsift-"
  private static let suffix = ".pcapng"
  private static let digits = 6...18

  /// The name of a file begun at `time`.
  init(number: UInt64, time: Int) {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(Self.digits.lowerBound - digits.utf8.count, 0))
    text = Self.prefix + utcName(time) + "-" + zeros + digits + Self.suffix
    self.number = number
  }

  /// Reads a name; `nil` when it is none of the ring's.
  init?(_ text: String) {
    guard text.hasPrefix(Self.prefix), text.hasSuffix(Self.suffix) else { return nil }
    let rest = text.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
    let digits = rest.dropFirst("20261122T213000Z-".count)
    guard isTimed(rest.utf8), Self.digits ~= digits.utf8.count, digits.utf8.allSatisfy(isDigit),
      let number = UInt64(digits)
    else { return nil }
    self.text = text
    self.number = number
  }
}

/// Whether a name begins with a time as `utcName` writes it and a hyphen.
func isTimed(_ name: Substring.UTF8View) -> Bool {
  name.count > 17
    && name.prefix(17).enumerated().allSatisfy { place, byte in
      switch place {
      case 8: byte == UInt8(ascii: "T")
      case 15: byte == UInt8(ascii: "Z")
      case 16: byte == UInt8(ascii: "-")
      default: isDigit(byte)
      }
    }
}

private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

/// A time in a form that suits file names: `20261122T213000Z`.
public func utcName(_ seconds: Int) -> String {
  var (time, parts) = (time_t(seconds), tm())
  gmtime_r(&time, &parts)
  func padded(_ number: Int32, _ digits: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
  }
  return padded(parts.tm_year + 1900, 4) + padded(parts.tm_mon + 1) + padded(parts.tm_mday) + "T"
    + padded(parts.tm_hour) + padded(parts.tm_min) + padded(parts.tm_sec) + "Z"
}
