import Capture
import Decode
import Parameters
import Registrations

/// Two bindings that were valid for one account at the same time, of different devices.
struct SideBySide {
  let older: ObservedBinding
  let newer: ObservedBinding
  let from: Timestamp
  let to: Timestamp

  /// All such pairs, and why others could not be told.
  static func all(
    in subject: Subject, _ profile: Profile
  ) -> (pairs: [SideBySide], doubt: String?) {
    guard subject.bindings.count > 1 else { return ([], nil) }
    let floor = profile.seconds(.intervalToleranceFloor)
    let made = subject.bindings.filter { !$0.binding.isOnlyListed }
      .sorted { $0.binding.from.time < $1.binding.from.time }
    var pairs: [SideBySide] = []
    var doubt: String?
    for (index, older) in made.enumerated() {
      for newer in made[(index + 1)...] {
        let from = newer.binding.from.time
        let to = min(
          older.binding.validUntil, newer.binding.validUntil, subject.capture.end)
        guard from + floor < to,
          older.binding.registrar.address == newer.binding.registrar.address
        else { continue }
        switch areDifferent(older, newer) {
        case true?: pairs.append(SideBySide(older: older, newer: newer, from: from, to: to))
        case false?: continue
        case nil:
          // An old binding that ran out alone was left behind.
          guard older.binding.validUntil > subject.capture.end else { continue }
          doubt = "a second Contact may be another device or the same one after a move"
        }
      }
    }
    return (pairs, doubt)
  }

  /// Whether these are two devices; `nil` where the capture does not show it.
  private static func areDifferent(_ older: ObservedBinding, _ newer: ObservedBinding) -> Bool? {
    let (old, new) = (older.binding, newer.binding)
    // RFC 5626: one instance may hold several flows.
    if let isSame = old.hasSameInstance(as: new) { return !isSame }
    // What only an earlier run knew may have been removed before the newer one came.
    if old.isCarriedOver { return nil }
    if old.isSameDevice(as: new) || old.isSuperseded || old.hasSameContact(as: new) { return false }
    let isElsewhere = old.source.address != new.source.address
    let isOtherAgent = old.userAgent != new.userAgent
    if isElsewhere, isOtherAgent, !old.userAgent.isEmpty, !new.userAgent.isEmpty { return true }
    guard isAlive(older, after: newer) else { return nil }
    if isElsewhere || isOtherAgent { return true }
    // One host with several sockets or transports, unless a NAT stands before many.
    guard old.isBehindNAT && new.isBehindNAT else { return false }
    return host(of: old.contact) != host(of: new.contact) ? true : nil
  }

  /// Whether the older one was still refreshed or heard on its own flow when the newer was there.
  private static func isAlive(_ older: ObservedBinding, after newer: ObservedBinding) -> Bool {
    let begin = newer.binding.from.time
    if older.binding.refreshed.time > begin { return true }
    guard let flow = older.flow, older.binding.source != newer.binding.source else { return false }
    return flow.lastLife.time > begin
  }

  /// The host of a Contact URI, as written.
  private static func host(of uri: String) -> Substring {
    let start = uri.lastIndex(of: "@").map(uri.index(after:)) ?? uri.startIndex
    let rest = uri[start...]
    if rest.hasPrefix("[") { return rest.prefix { $0 != "]" } }
    return rest.prefix { $0 != ":" && $0 != ";" }
  }
}

extension Binding {
  /// Who it is, for a sentence.
  var holderName: String { "\(source) (\(Wording.agent(userAgent)))" }
}
