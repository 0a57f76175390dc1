import Capture
import Registrations
import Rules
import Testing

/// What is said of all accounts together.
@Suite("All accounts together")
struct OverviewTests {
  private static func population(_ count: Int, behind address: String?) -> String {
    var text = "host switch 203.0.113.10:5060 agent \"Softswitch 2.1\"\n"
    for number in 1...count {
      let place =
        address.map { "\($0):\(40000 + number) inside 192.168.7.\(number):5060" }
        ?? "198.51.100.\(number):5060"
      text += "host p\(number) \(place) user \(1000 + number) agent \"Acme D7\" expires 300\n"
      text += "\(number) p\(number) -> switch registers granted 300\n"
    }
    return text
  }

  private static func losses(_ numbers: [Int]) -> String {
    numbers.map { number in
      """
      \(20 + number) switch -> p\(number) OPTIONS answered 200
      \(60 + number)..\(130 + number) every 10 switch -> p\(number) OPTIONS
      \(150 + number) p\(number) -> switch registers granted 300
      \(160 + number) switch -> p\(number) OPTIONS answered 200

      """
    }.joined()
  }

  @Test("accounts behind one address that fail together are told as one cause, each listed")
  func oneAddress() throws {
    let text = Self.population(4, behind: "198.51.100.80") + Self.losses([1, 2, 3])
    let diagnosis = try diagnose(text)
    let cause = try #require(diagnosis.overview.causes.first { $0.rule == "nat-pinhole-lost" })
    #expect(cause.kind == .address)
    #expect(cause.place == "198.51.100.80")
    #expect(cause.accounts.count == 3)
    #expect(cause.findings.allSatisfy { diagnosis.findings[$0].rule == "nat-pinhole-lost" })
  }

  @Test("a few of many at one registrar are no common cause", arguments: [4, 12])
  func fewOfMany(_ failing: Int) throws {
    var text = Self.population(12, behind: nil)
    for number in 1...failing {
      text += "\(60 + number)..\(250 + number) every 30 switch -> p\(number) OPTIONS\n"
    }
    text += "500 p12 -> switch registers granted 300\n"
    let diagnosis = try diagnose(text)
    let isTold = diagnosis.overview.causes.contains {
      $0.kind == .registrar && $0.rule == "stale-binding"
    }
    #expect(isTold == (failing == 12))
  }

  @Test("numbers of a population: states, directions, NAT, devices, the worst first")
  func fleet() throws {
    let text =
      Self.population(4, behind: "198.51.100.80") + Self.losses([2])
      + "200 p3 -> switch registers expires 0\n"
    let fleet = try diagnose(text).overview.fleet
    #expect(fleet.states[.registered] == 3)
    #expect(fleet.states[.removed] == 1)
    #expect(fleet.directions == [.inbound: 4])
    #expect(fleet.bound == 4)
    #expect(fleet.behindNAT == 4)
    #expect(fleet.userAgents.map(\.name) == ["Acme D7"])
    #expect(fleet.worst.map(\.account) == ["1002@203.0.113.10"])
    #expect(fleet.registrations.counts.reduce(0, +) == 6)
    #expect(fleet.probes.counts.reduce(0, +) == 10)
  }

  @Test("the checklist says what a capture confirms, contradicts, and does not show")
  func checklist() throws {
    let diagnosis = try diagnose(
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 expires 120
      host trunk 203.0.113.10:5060 user 9001 domain 192.0.2.40 expires 300
      host carrier 192.0.2.40:5060
      0 phone -> switch registers
      0..600 every 150 trunk -> carrier registers
      """)
    let answers = Dictionary(
      uniqueKeysWithValues: diagnosis.overview.checklist.map { ($0.name, $0.answer) })
    guard case .confirmed = answers["credentials"] else {
      Issue.record("credentials: \(String(describing: answers["credentials"]))")
      return
    }
    guard case .notVisible = answers["recovery"], case .notVisible = answers["keepalive"] else {
      Issue.record("what nothing shows was answered")
      return
    }
  }

  /// A trunk that is refused from second 60 on until `end`, with `calls` meanwhile.
  private func checklist(_ calls: String, hasBackup: Bool = true) throws
    -> [String: ChecklistItem.Answer]
  {
    let backup =
      hasBackup
      ? """
      host spare 203.0.113.10:5060 user 9002 domain 192.0.2.41 expires 600
      host second 192.0.2.41:5060
      2 spare -> second registers
      300 spare -> second registers
      """ : ""
    let diagnosis = try diagnose(
      """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host phone 198.51.100.21:5060 user 1001 expires 3600
      host trunk 203.0.113.10:5060 user 9001 domain 192.0.2.40 expires 120
      host carrier 192.0.2.40:5060
      \(backup)
      0 phone -> switch registers
      1 trunk -> carrier registers
      60..360 every 60 trunk -> carrier REGISTER answered 503
      420 trunk -> carrier registers
      \(calls)
      """)
    return Dictionary(
      uniqueKeysWithValues: diagnosis.overview.checklist.map { ($0.name, $0.answer) })
  }

  @Test("calls over another upstream in an outage confirm the backup path and the failover")
  func backupUsed() throws {
    let answers = try checklist(
      """
      200 spare -> second INVITE for 4930123 answered 200
      230 spare -> second INVITE for 4930124 answered 486
      """)
    guard case .confirmed(let used) = answers["backup-used"],
      case .confirmed(let works) = answers["failover"]
    else {
      Issue.record("\(answers)")
      return
    }
    #expect(used.hasPrefix("2 calls"))
    #expect(works.hasPrefix("1 of 2 calls"))
  }

  @Test("an upstream that gets calls at all times is no backup that was used")
  func sharedLoad() throws {
    let answers = try checklist(
      """
      20 spare -> second INVITE for 4930122 answered 200
      200 spare -> second INVITE for 4930123 answered 200
      """)
    guard case .notVisible = answers["backup-used"], case .confirmed = answers["failover"] else {
      Issue.record("\(answers)")
      return
    }
  }

  @Test("calls to the upstream that is out, and none elsewhere, contradict the backup path")
  func backupUnused() throws {
    let answers = try checklist("200 trunk -> carrier INVITE for 4930123 answered 503")
    guard case .contradicted = answers["backup-used"], case .notVisible = answers["failover"]
    else {
      Issue.record("\(answers)")
      return
    }
  }

  @Test("calls that fail over another upstream as well contradict the failover")
  func failoverFails() throws {
    let answers = try checklist("200 spare -> second INVITE for 4930123 answered 503")
    guard case .confirmed = answers["backup-used"], case .contradicted = answers["failover"] else {
      Issue.record("\(answers)")
      return
    }
  }

  @Test("without calls, or without another upstream, neither is visible", arguments: [true, false])
  func backupNotVisible(_ hasBackup: Bool) throws {
    // A call before the outage tells nothing of it.
    let answers = try checklist(
      "20 trunk -> carrier INVITE for 4930123 answered 200", hasBackup: hasBackup)
    guard case .notVisible = answers["backup-used"], case .notVisible = answers["failover"] else {
      Issue.record("\(answers)")
      return
    }
  }

  @Test("calls over an upstream where another registration is valid say nothing of its outage")
  func sameUpstream() throws {
    let answers = try checklist(
      """
      host twin 203.0.113.10:5060 user 9003 domain 192.0.2.40 expires 600
      3 twin -> carrier registers
      200 twin -> carrier INVITE for 4930123 answered 200
      """)
    guard case .notVisible = answers["backup-used"], case .notVisible = answers["failover"] else {
      Issue.record("\(answers)")
      return
    }
  }

  @Test("strangers who look for accounts have no account in common")
  func strangers() throws {
    var timeline = """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host desk 198.51.100.29:5060 user 1009 expires 600
      0 desk -> switch registers

      """
    for place in 0..<7 {
      let stranger = "stranger\(place)"
      timeline += "host \(stranger) 192.0.2.\(60 + place):5071 user 100 domain 203.0.113.10\n"
      for number in 0..<12 {
        let name = "scan-\(place)-\(number)"
        timeline += """
          \(10 * place + 1).\(100 + number) \(stranger) -> switch REGISTER for \(2000 + 100 * place + number) call-id \(name)
          +0.001 switch -> \(stranger) 404

          """
      }
    }
    let diagnosis = try diagnose(timeline)
    #expect(diagnosis.findings.count { $0.rule == "registration-scan" } == 7)
    #expect(!diagnosis.overview.causes.contains { $0.accounts.isEmpty })
  }
}
