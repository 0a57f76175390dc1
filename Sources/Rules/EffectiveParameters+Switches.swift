import Capture
import Parameters
import Registrations

/// What the switches themselves show, whatever the accounts.
extension EffectiveParameters {
  /// Fewest repetitions after one wait that tell of a timer, and how many times as many they must be
  /// as those after another one.
  private static let fewestResends = 3
  private static let resendMajority = 10

  /// The waits before repetitions; several switches with different ones have no single value.
  mutating func settleResends(_ switches: [Registrar]) {
    var lists: Set<String> = []
    var support = 0
    for registrar in switches {
      let steps = registrar.resends.seen.prefix {
        $0.alike >= Self.fewestResends && $0.alike >= $0.unlike * Self.resendMajority
      }
      guard let first = steps.first else { continue }
      support += first.alike
      lists.insert(steps.map { Self.seconds($0.wait) }.joined(separator: ","))
    }
    guard lists.count == 1, let list = lists.first else { return }
    settle(
      "SS_SIP_RESEND_INTERVAL", .text(list), support: support, .beginning,
      basis: "waits before OPTIONS without an answer were sent again")
  }

  /// In seconds to a tenth, without a zero behind the point.
  private static func seconds(_ milliseconds: Int64) -> String {
    let tenths = (milliseconds + 50) / 100
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// Credentials that came late and were accepted show how long the switch waits at least; those of
  /// a device, which come at once, do not.
  mutating func settleCredentials(_ switches: [Registrar]) {
    guard let slowest = switches.map(\.slowestCredentials).max(), slowest >= .seconds(1) else {
      return
    }
    settle(
      "SS_SIP_AUTHENTICATION_TIMEOUT", .integer(Int(slowest.inSeconds)), support: 1, .lowerBound,
      basis: "accepted so long after the challenge")
  }

  /// Who tries account after account from one port is no endpoint of the switch.
  mutating func settleStrangers(_ scans: [ScanReading]) {
    let answered = scans.filter { $0.kind == .accounts && !$0.mayBeManyPhones }
      .flatMap(\.bursts).reduce(0) { $0 + $1.failures }
    guard answered > 0 else { return }
    settle(
      "SS_REPLY_UNAUTHORIZED", .flag(true), support: answered,
      basis: "REGISTERs of strangers were answered")
  }
}
