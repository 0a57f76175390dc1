public import Capture
import Decode
import Registrations

/// Findings on several accounts that one cause explains.
public struct CauseGroup: Sendable {
  /// What kind of cause.
  public enum Kind: String, Sendable {
    /// Everything happened at one registrar at one time.
    case registrar
    /// The accounts stand behind one address.
    case address
    /// One parameter of the switch, or of all devices alike, is behind it.
    case parameter
  }

  /// What kind of cause.
  public let kind: Kind
  /// The registrar or the address they share.
  public let place: String
  /// The rule that found them.
  public let rule: String
  /// Positions of the findings in the diagnosis, in its order.
  public let findings: [Int]
  /// When the first began and the last ended, `nil` while one goes on.
  public let from: Timestamp
  /// See `from`.
  public let to: Timestamp?
  /// The accounts, in the order of the findings.
  public let accounts: [String]
}

/// Where the accounts of a capture are: what findings on several of them may share.
struct Places: Sendable {
  private struct Place {
    var registrar: Endpoint
    /// The address its device shows, where a NAT stands before it.
    var address: IPAddress?
  }

  private var registrars = Counts<Endpoint>()
  private var addresses: [IPAddress: Int] = [:]
  /// Those of accounts with findings, by name.
  private var places: [String: Place] = [:]

  mutating func take(_ glance: borrowing Glance, hasFindings: Bool) {
    registrars.add(glance.account.registrar)
    guard hasFindings else { return }
    let address = Self.address(behind: glance.bindings)
    if let address { addresses[address] = 0 }
    places[glance.account.addressOfRecord] = Place(
      registrar: glance.account.registrar, address: address)
  }

  /// Counts who is behind the addresses of those with findings: only they are asked for.
  mutating func countAddresses(of accounts: AccountSummaries) {
    guard !addresses.isEmpty else { return }
    for position in accounts.indices {
      let bindings = accounts.bindings(at: position)
      guard let address = Self.address(behind: bindings), addresses[address] != nil else {
        continue
      }
      addresses[address, default: 0] += 1
    }
  }

  private static func address(behind bindings: Bindings) -> IPAddress? {
    bindings.last { $0.binding.isBehindNAT }?.binding.source.address
  }

  /// The address an account shares with others, and how many accounts are behind it.
  func address(of account: String) -> (name: String, accounts: Int)? {
    places[account]?.address.map { ($0.description, addresses[$0] ?? 0) }
  }

  /// The registrar of an account, and how many accounts it has.
  func registrar(of account: String) -> (name: String, accounts: Int)? {
    places[account].map { ($0.registrar.description, registrars[$0.registrar]) }
  }
}

extension CauseGroup {
  /// How far apart faults of one cause begin at most.
  private static let window = Duration.seconds(60)

  /// Gathers findings of one rule that share an address or a registrar and began together.
  ///
  /// What a few of many have in common with the healthy ones explains nothing: half of the accounts
  /// behind an address must have it, four fifths of those of a registrar.
  static func all(_ findings: [Finding], places: Places) -> [CauseGroup] {
    var groups = ofParameters(findings)
    var taken = Set(groups.flatMap(\.findings))
    for kind in [Kind.address, .registrar] {
      for (key, list) in lists(kind, findings, places) {
        let least =
          kind == .address ? max(3, (key.accounts + 1) / 2) : max(5, key.accounts * 4 / 5)
        for run in runs(list.filter { !taken.contains($0) }, findings, least: least) {
          taken.formUnion(run)
          groups.append(CauseGroup(kind, key, run, findings))
        }
      }
    }
    return groups.sorted { $0.findings.lexicographicallyPrecedes($1.findings) }
  }

  /// Accounts from which a parameter is taken for the cause, and not a device.
  private static let fewestOfParameter = 6

  /// Findings below the level of a fault that speak of one parameter in the same way: what the
  /// switch does to one it does to all, whenever they are seen.
  private static func ofParameters(_ findings: [Finding]) -> [CauseGroup] {
    var lists: [Key: [Int]] = [:]
    // By index, here and below: a loop over the findings would copy each.
    for index in findings.indices
    where findings[index].level < .error && findings[index].account != nil {
      guard let name = findings[index].parameter?.name else { continue }
      lists[Key(rule: findings[index].rule, place: name, accounts: 0), default: []].append(index)
    }
    return lists.filter { $0.value.count >= fewestOfParameter }
      .sorted { $0.value.lexicographicallyPrecedes($1.value) }
      .map { CauseGroup(.parameter, $0.key, $0.value, findings) }
  }

  private struct Key: Hashable {
    var rule: String
    var place: String
    /// How many accounts are there, healthy ones too.
    var accounts: Int
  }

  private static func lists(
    _ kind: Kind, _ findings: [Finding], _ places: Places
  ) -> [(key: Key, value: [Int])] {
    var lists: [Key: [Int]] = [:]
    for index in findings.indices {
      guard let account = findings[index].account,
        let place = kind == .address ? places.address(of: account) : places.registrar(of: account)
      else { continue }
      let key = Key(rule: findings[index].rule, place: place.name, accounts: place.accounts)
      lists[key, default: []].append(index)
    }
    return lists.sorted { $0.value.lexicographicallyPrecedes($1.value) }
  }

  /// The rows of findings each of which began soon after the one before, on enough accounts.
  private static func runs(
    _ list: [Int], _ findings: [Finding], least: Int
  ) -> [[Int]] {
    var runs: [[Int]] = []
    for index in list.sorted(by: { (findings[$0].from, $0) < (findings[$1].from, $1) }) {
      if let last = runs.last?.last, findings[index].from - findings[last].from <= window {
        runs[runs.count - 1].append(index)
      } else {
        runs.append([index])
      }
    }
    return runs.map { $0.sorted() }.filter {
      Set($0.compactMap { findings[$0].account }).count >= least
    }
  }

  private init(_ kind: Kind, _ key: Key, _ run: [Int], _ findings: [Finding]) {
    self.kind = kind
    place = key.place
    rule = key.rule
    self.findings = run
    from = run.map { findings[$0].from }.min() ?? findings[run[0]].from
    let ends = run.map { findings[$0].to }
    to = ends.contains { $0 == nil } ? nil : ends.compactMap { $0 }.max()
    var seen: Set<String> = []
    accounts = run.compactMap { findings[$0].account }.filter { seen.insert($0).inserted }
  }
}
