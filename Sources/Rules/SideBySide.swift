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

  /// Two bindings at one registrar; `nil` where they are at different ones.
  init?(older: ObservedBinding, newer: ObservedBinding, until end: Timestamp) {
    guard older.binding.registrar.address == newer.binding.registrar.address else { return nil }
    self.older = older
    self.newer = newer
    from = newer.binding.from.time
    to = min(older.binding.validUntil, newer.binding.validUntil, end)
  }

  /// Whether these are two devices; `nil` where the capture does not show it.
  var areDifferent: Bool? {
    let (old, new) = (older.binding, newer.binding)
    // RFC 5626: one instance may hold several flows.
    if let isSame = old.hasSameInstance(as: new) { return !isSame }
    // What only an earlier run knew may have been removed before the newer one came.
    if old.isCarriedOver { return nil }
    if old.isSameDevice(as: new) || old.isSuperseded || old.hasSameContact(as: new) { return false }
    let isElsewhere = old.source.address != new.source.address
    let isOtherAgent = old.userAgent != new.userAgent
    if isElsewhere, isOtherAgent, !old.userAgent.isEmpty, !new.userAgent.isEmpty { return true }
    guard isOlderAlive else { return nil }
    if isElsewhere || isOtherAgent { return true }
    // One host with several sockets or transports, unless a NAT stands before many.
    guard old.isBehindNAT && new.isBehindNAT else { return false }
    return Self.host(of: old.contact) != Self.host(of: new.contact) ? true : nil
  }

  /// Whether the older one was still refreshed or heard on its own flow when the newer was there.
  private var isOlderAlive: Bool {
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
