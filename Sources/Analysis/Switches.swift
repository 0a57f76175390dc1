import Decode
import Registrations
import Rules

/// Finds the switches: hosts that receive REGISTERs, but for those that only other switches register at.
func inferredSwitches(_ tracker: borrowing Tracker) -> [SwitchHost] {
  var accountsAt = Counts<IPAddress>()
  for registrar in tracker.registrars {
    accountsAt.add(registrar.endpoint.address, times: registrar.accounts)
  }
  let vendors = Dictionary(
    tracker.registrars.map { ($0.endpoint, Vendor($0)) }, uniquingKeysWith: { first, _ in first })
  // Beyond the registrars that are told apart every account could name one more.
  let hasFurther = tracker.counts.registrarsLeftOut > 0
  func isFollowed(_ registrar: Endpoint) -> Bool { !hasFurther || vendors[registrar] != nil }
  var phonesAt = Counts<IPAddress>()
  // Two fields of each account: copies of whole accounts would cost more than the rest.
  for place in tracker.accounts.indices
  where accountsAt.times(of: tracker.accounts[place].source.address) == nil
    && isFollowed(tracker.accounts[place].registrar)
  {
    phonesAt.add(tracker.accounts[place].registrar.address)
  }
  var inbound = Counts<Endpoint>()
  var outbound = Counts<IPAddress>()
  for place in tracker.accounts.indices {
    let (source, registrar) = (tracker.accounts[place].source, tracker.accounts[place].registrar)
    // A host that receives REGISTERs of its own and sends this one elsewhere is a switch with a trunk.
    let own = accountsAt[source.address]
    let isTrunk =
      own > 0 && source.address != registrar.address
      && (phonesAt.times(of: registrar.address) == nil || own >= accountsAt[registrar.address])
    if isTrunk {
      outbound.add(source.address)
    } else if isFollowed(registrar) {
      inbound.add(registrar)
    }
  }
  let ordered = inbound.all.sorted { ($1.times, $0.key) < ($0.times, $1.key) }
  return ordered.map { endpoint, accounts in
    var why = "receives REGISTERs of \(accounts) account\(accounts == 1 ? "" : "s")"
    if let trunks = outbound.times(of: endpoint.address) {
      why += " and registers \(trunks) elsewhere"
    }
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
