import ArgumentParser
import LiveOutputs

/// What a running capture leaves behind and whom it calls.
struct OutletOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the last signalling packets in files in this folder.", valueName: "folder"),
    completion: .directory)
  var ring: String?

  @Option(
    help: ArgumentHelp(
      "Let these files take so much together: 200MB, 2GB (default: 200MB).", valueName: "size"))
  var ringSize: String?

  @Option(
    help: ArgumentHelp(
      "Write what 'report' writes into this folder for new errors, from the packets in the ring.",
      valueName: "folder"),
    completion: .directory)
  var bundle: String?

  @Option(
    help: ArgumentHelp(
      "Call this program for each event, with the event as JSON on its standard input.",
      valueName: "path"),
    completion: .file())
  var exec: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Give the program this argument; may be given again.", valueName: "argument"))
  var execArgument: [String] = []

  @Option(
    help: ArgumentHelp(
      "Write each event into the system's log, for this facility, such as daemon.",
      valueName: "facility"),
    transform: SystemLog.Facility.init(option:))
  var syslog: SystemLog.Facility?

  private static let defaultSize = 200_000_000
  private static let units = ["kB": 1000, "MB": 1_000_000, "GB": 1_000_000_000]

  /// Bytes that the ring may take.
  func size() throws -> Int {
    guard let ringSize else { return Self.defaultSize }
    let unit = Self.units.first { ringSize.hasSuffix($0.key) }
    guard let unit, let number = Int(ringSize.dropLast(2)),
      case let (size, overflow) = number.multipliedReportingOverflow(by: unit.value), !overflow,
      size >= PacketRing.leastSize
    else {
      throw UsageError(
        "--ring-size \(ringSize): it takes a size such as 200MB or 2GB, at least 5MB")
    }
    return size
  }

  /// Throws a `UsageError` where one option needs another.
  func validate() throws {
    if ring == nil, bundle != nil { throw UsageError("--bundle: it needs --ring") }
    if ring == nil, ringSize != nil { throw UsageError("--ring-size: it needs --ring") }
    if exec == nil, !execArgument.isEmpty { throw UsageError("--exec-argument: it needs --exec") }
    _ = try size()
  }
}

extension SystemLog.Facility {
  /// The facility of that name.
  init(option text: String) throws {
    guard let facility = Self(rawValue: text) else {
      throw UsageError(text, isNoneOf: Self.allCases.map(\.rawValue))
    }
    self = facility
  }
}
