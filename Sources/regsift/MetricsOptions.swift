import ArgumentParser
import Glibc
import Serving

/// How others learn of a running capture: by HTTP, or from a file.
struct MetricsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Answer HTTP at this port, or address and port: metrics at /metrics, health at /healthz, "
        + "and a page for people at /.", valueName: "address:port"))
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "Write the metrics to this file again and again, as node_exporter's textfile collector "
        + "reads them (*.prom).", valueName: "file"),
    completion: .file())
  var metricsFile: String?

  @Option(
    help: ArgumentHelp(
      "Let the metrics name so many accounts, the worst ones (default: none).",
      valueName: "number"))
  var metricsAccounts: Int?

  /// What a monitoring system takes without harm.
  private static let mostAccounts = 1000

  /// Where to listen; `nil` for nowhere.
  func address() throws -> ListenAddress? {
    guard let listen else { return nil }
    guard let address = ListenAddress(listen) else {
      throw UsageError(
        "--listen \(listen): it takes a port, ADDRESS:PORT or [IPV6]:PORT, in numbers")
    }
    return address
  }

  /// How many accounts are named.
  func accounts() throws -> Int {
    guard let number = metricsAccounts else { return 0 }
    guard listen != nil || metricsFile != nil else {
      throw UsageError("--metrics-accounts: it goes with --listen or --metrics-file")
    }
    guard 1...Self.mostAccounts ~= number else {
      throw UsageError("--metrics-accounts \(number): it takes 1 to \(Self.mostAccounts)")
    }
    return number
  }

  /// Whether there is anything to do.
  var isWanted: Bool { listen != nil || metricsFile != nil || metricsAccounts != nil }
}
