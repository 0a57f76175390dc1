import Capture
public import Decode
import Registrations
import SIP

/// How findings and reports put numbers into words.
public enum Wording {
  /// A span as a person says it: `29 ms`, `0.4 s`, `69 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
  public static func span(_ duration: Duration) -> String {
    let milliseconds = max(duration.wholeNanoseconds, 0) / 1_000_000
    if milliseconds > 0 && milliseconds < 50 { return "\(milliseconds) ms" }
    if milliseconds < 9950 {
      let tenths = (milliseconds + 50) / 100
      return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
    let seconds = (milliseconds + 500) / 1000
    if seconds < 120 { return "\(seconds) s" }
    if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
    if seconds < 86_400 { return pair(seconds / 3600, "h", seconds % 3600 / 60, "min") }
    return pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
  }

  private static func pair(_ large: Int64, _ unit: String, _ small: Int64, _ rest: String) -> String
  {
    small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(rest)"
  }

  /// A number with its noun: `1 call`, `3 calls`.
  static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(plural ?? noun + "s")"
  }

  /// How often something happened: `once`, `twice`, `5 times`.
  static func times(_ number: Int) -> String {
    switch number {
    case 1: "once"
    case 2: "twice"
    default: "\(number) times"
    }
  }

  /// Words that follow one another: `a`, `a and b`, `a, b and c`.
  public static func list(_ words: [String]) -> String {
    guard let last = words.last else { return "" }
    return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// A device's name for a sentence: its user agent, or what else tells it apart.
  static func agent(_ userAgent: String) -> String {
    userAgent.isEmpty ? "a device without User-Agent" : userAgent
  }

  /// The name of a method.
  static func method(_ method: SIPMethod) -> String {
    switch method {
    case .options: "OPTIONS"
    case .invite: "INVITE"
    case .notify: "NOTIFY"
    case .bye: "BYE"
    case .message: "MESSAGE"
    case .info: "INFO"
    case .update: "UPDATE"
    case .refer: "REFER"
    case .subscribe: "SUBSCRIBE"
    default: "request"
    }
  }

  /// What an ICMP error said.
  public static func reason(_ reason: ICMPError.Reason) -> String {
    switch reason {
    case .portUnreachable: "port unreachable"
    case .hostUnreachable: "host unreachable"
    case .networkUnreachable: "network unreachable"
    case .administrativelyProhibited: "administratively prohibited"
    case .timeExceeded: "time exceeded"
    case .fragmentationNeeded: "fragmentation needed"
    case .other: "error"
    }
  }
}
