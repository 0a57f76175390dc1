import ArgumentParser
import LiveCapture

/// Where packets come from, and for how long.
struct SniffOptions: ParsableArguments {
  @Option(
    name: [.customShort("i"), .customLong("interface")], parsing: .singleValue,
    help: ArgumentHelp(
      "Capture on this interface, or on 'any'; may be given again. See 'regsift interfaces'.",
      valueName: "interface"))
  var interface: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Take the packets of this capture instead, as if they came now; may be given again.",
      valueName: "file"),
    completion: .file())
  var readBack: [String] = []

  @Option(help: ArgumentHelp("End after this time: 90, 90s, 15m, 8h, 7d.", valueName: "time"))
  var duration: String?

  @Option(help: ArgumentHelp("End after so many packets.", valueName: "number"))
  var packets: UInt64?

  @Option(
    help: ArgumentHelp("Keep so many bytes of each packet (default: all).", valueName: "bytes"))
  var snaplen: Int?

  @Option(
    help: ArgumentHelp(
      "Have the kernel hold so much until it is read (default: 64).",
      valueName: "MiB"))
  var buffer: Int?

  @Flag(help: "Do not switch the interface to promiscuous mode.")
  var noPromiscuous = false

  @Flag(help: "Print the filter that keeps media out of the program, and why, and end.")
  var printFilter = false

  @Option(
    help: ArgumentHelp(
      "Go on as this user once the interfaces are open, when root runs the program "
        + "(default: nobody).", valueName: "user"))
  var user: String?

  /// The least number of bytes of a packet that a SIP message can be told by.
  private static let leastSnapLength = 128
  private static let mostBuffer = 2047

  /// Throws when it is not clear where packets come from.
  func checkSource() throws {
    if interface.isEmpty && readBack.isEmpty {
      throw UsageError("-i: an interface is missing; 'regsift interfaces' lists them")
    }
    if !interface.isEmpty && !readBack.isEmpty {
      throw UsageError("--read-back: takes the place of an interface: give one of them")
    }
    if readBack.count(where: { $0 == "-" }) > 1 {
      throw UsageError("--read-back -: standard input can be read only once")
    }
    if packets == 0 { throw UsageError("--packets 0: it takes 1 or more") }
  }

  /// How long to capture; `nil` where nobody says.
  func time() throws -> Duration? {
    guard let duration else { return nil }
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    let unit = duration.last.flatMap { units[$0] }
    let digits = unit == nil ? duration[...] : duration.dropLast()
    guard let number = Int64(digits), number > 0,
      case let (seconds, overflow) = number.multipliedReportingOverflow(by: unit ?? 1), !overflow,
      seconds <= 100 * 366 * 86_400
    else {
      throw UsageError("--duration \(duration): it takes a time such as 90, 15m, 8h or 7d")
    }
    return .seconds(seconds)
  }

  /// How the interfaces are captured from.
  func live(filter: String?) throws -> LiveOptions {
    var options = LiveOptions()
    if let snaplen {
      guard Self.leastSnapLength...PacketFilter.greatestSnapLength ~= snaplen else {
        throw UsageError(
          "--snaplen \(snaplen): it takes \(Self.leastSnapLength) to \(PacketFilter.greatestSnapLength)"
        )
      }
      options.snapLength = snaplen
    }
    if let buffer {
      guard 1...Self.mostBuffer ~= buffer else {
        throw UsageError("--buffer \(buffer): it takes 1 to \(Self.mostBuffer)")
      }
      options.bufferBytes = buffer << 20
    }
    options.isPromiscuous = !noPromiscuous
    options.filter = filter
    return options
  }
}
