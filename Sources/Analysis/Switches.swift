import Decode
import Registrations
import Rules

/// Finds the switches: hosts that receive REGISTERs, but for those that only other switches register at.
func inferredSwitches(_ tracker: borrowing Tracker) -> [SwitchHost] {
  var accountsAt: [IPAddress: Int] = [:]
  for registrar in tracker.registrars {
    accountsAt[registrar.endpoint.address, default: 0] += registrar.accounts
  }
  var phonesAt: [IPAddress: Int] = [:]
  // Two fields of each account: copies of whole accounts would cost more than the rest.
  let ends = tracker.accounts.indices.map {
    (source: tracker.accounts[$0].source, registrar: tracker.accounts[$0].registrar)
  }
  for account in ends where accountsAt[account.source.address] == nil {
    phonesAt[account.registrar.address, default: 0] += 1
  }
  let vendors = Dictionary(
    tracker.registrars.map { ($0.endpoint, Vendor($0)) }, uniquingKeysWith: { first, _ in first })
  var inbound: [Endpoint: Int] = [:]
  var outbound: [IPAddress: Int] = [:]
  for account in ends {
    // A host that receives REGISTERs of its own and sends this one elsewhere is a switch with a trunk.
    let own = accountsAt[account.source.address] ?? 0
    let isTrunk =
      own > 0 && account.source.address != account.registrar.address
      && (phonesAt[account.registrar.address] == nil
        || own >= accountsAt[account.registrar.address] ?? 0)
    if isTrunk {
      outbound[account.source.address, default: 0] += 1
    } else {
      inbound[account.registrar, default: 0] += 1
    }
  }
  let ordered = inbound.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
  return ordered.map { endpoint, accounts in
    var why = "receives REGISTERs of \(accounts) account\(accounts == 1 ? "" : "s")"
    if let trunks = outbound[endpoint.address] { why += " and registers \(trunks) elsewhere" }
    why += vendors[endpoint]?.words ?? ""
    return SwitchHost(address: endpoint.address, port: endpoint.port, why: why)
  }
}

/// Whether a registrar is a softswitch of the kind whose parameters are checked, as far as it shows.
private struct Vendor {
  /// What the switch puts into Server and User-Agent.
  private static let name = "VOS3000"
  /// SS_QOS_SIGNAL as documented: the type of service of its SIP packets.
  private static let typeOfService: UInt8 = 0xa0

  /// What is to be said of it beside what it does.
  let words: String

  init(_ registrar: Registrar) {
    let isNamed = registrar.server.uppercased().contains(Self.name)
    let hasType = registrar.trafficClass == Self.typeOfService
    switch (isNamed, hasType) {
    case (true, true): words = "; calls itself \(registrar.server) and sends with ToS 0xa0"
    case (true, false): words = "; calls itself \(registrar.server)"
    case (false, true): words = "; sends with ToS 0xa0 as \(Self.name) does"
    case (false, false): words = ""
    }
  }
}
