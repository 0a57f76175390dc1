public import Capture
public import Decode
public import Parameters
public import Registrations

/// What a rule is, as `regsift rules` shows it.
public struct RuleSummary: Sendable {
  /// The identifier: fixed, typed by users, carried by reports.
  public let identifier: String
  /// How much its findings matter.
  public let level: Level
  /// What it finds, in one line.
  public let title: String
  /// When it fires, what must not make it fire, how it decides.
  public let explanation: String
  /// What the capture must hold for the rule to be tested at all.
  public let needs: String
  /// Where the requirement comes from.
  public let source: String
  /// Names of the switch parameters and settings it uses.
  public let parameters: [String]
  /// Whether it concludes from a packet that was not seen, without asking the history whether it may
  /// have been lost.
  let restsOnSilence: Bool

  /// Describes a rule.
  public init(
    identifier: String, level: Level, title: String, explanation: String, needs: String,
    source: String, parameters: [String], restsOnSilence: Bool = false
  ) {
    self.identifier = identifier
    self.level = level
    self.title = title
    self.explanation = explanation
    self.needs = needs
    self.source = source
    self.parameters = parameters
    self.restsOnSilence = restsOnSilence
  }
}

/// What a rule says of one account.
public enum Verdict: Sendable {
  /// The rule was broken; the findings say how.
  case violated([Finding])
  /// The rule was tested so many times and held.
  case held(tests: Int)
  /// Nothing in the capture tests it.
  case notObserved
  /// The capture cannot tell, and why.
  case undecided(String)
}

/// A requirement that one account's history is judged by.
public protocol Rule: Sendable {
  /// What it is.
  static var summary: RuleSummary { get }

  /// Judges one account.
  static func judge(_ subject: Subject, _ profile: Profile) -> Verdict
}

/// A binding with the record of its flow, both where the history keeps them.
///
/// A copy of every binding would reach for its strings and lists all over the memory, which cost
/// more than most rules.
public struct ObservedBinding: Sendable {
  private let history: History
  /// Into an array of `history`, which nothing changes: its elements stay where they are.
  private nonisolated(unsafe) let record: UnsafePointer<Binding>

  /// The binding.
  public var binding: Binding {
    @inline(__always)
    unsafeAddress { record }
  }

  /// What is known of its flow; `nil` where only a list in an answer told of the binding.
  public var flow: Flow? { history.flow(of: record.pointee) }

  /// All bindings of the account at `index`, the ended ones first, in order of time.
  static func all(_ history: History, _ index: Int) -> [ObservedBinding] {
    let past = history.accounts[index].past.kept
    let current = history.accounts[index].current
    var all: [ObservedBinding] = []
    all.reserveCapacity(past.count + current.count)
    append(past, of: history, to: &all)
    append(current, of: history, to: &all)
    return all
  }

  private static func append(
    _ list: [Binding], of history: History, to all: inout [ObservedBinding]
  ) {
    list.withUnsafeBufferPointer { records in
      guard let start = records.baseAddress else { return }
      for place in records.indices {
        all.append(ObservedBinding(history: history, record: start + place))
      }
    }
  }
}

/// What a rule may know of the capture around an account.
public struct CaptureContext: Sendable {
  /// Time of the first frame.
  public var start: Timestamp
  /// Time of the last frame.
  public var end: Timestamp
  /// Hosts that were seen to speak SIP over TCP or TLS, which is not analysed.
  public var tcpHosts: Set<IPAddress>
  /// When packets are known to be missing.
  public var losses = Losses()
  /// What was measured of the NATs in it; known once the accounts have been read.
  var nats: NATMeasurements?
  /// Who only tries accounts out; known with `nats`.
  var strangers: Strangers?

  /// Describes the capture.
  public init(start: Timestamp, end: Timestamp, tcpHosts: Set<IPAddress> = []) {
    self.start = start
    self.end = end
    self.tcpHosts = tcpHosts
  }
}

/// One account as rules see it.
///
/// A class, since every rule is handed one and the account in it is large.
public final class Subject: Sendable {
  /// Its history, read where it is kept: a copy of each account would cost more than most rules.
  ///
  /// The place stays what it is as long as `history` lives, which the subject sees to.
  public var account: Account {
    @inline(__always)
    unsafeAddress { record }
  }
  /// Whether it registers at the switch or the switch registers it elsewhere.
  public let direction: Direction
  /// Its bindings in order of time, with their flows.
  public let bindings: [ObservedBinding]
  /// The capture around it.
  public let capture: CaptureContext
  /// What became of requests to its private Contact address.
  let strayFlow: Flow?
  /// Its rows of unanswered requests, told apart once for all rules that ask.
  let outages: [OutageReading]
  let flowTests: FlowTests
  /// How its flows behind a NAT are held open, read once for all rules that ask.
  let upkeep: Upkeep?
  /// Its failures, gathered once, but for what strangers failed with.
  let failureSeries: [FailureSeries]
  /// Whether a stranger tried it.
  private let wasTried: Bool
  private let history: History
  private nonisolated(unsafe) let record: UnsafePointer<Account>

  /// Joins the account at `index` with what surrounds it; without a profile for a report, not for a
  /// rule.
  init(
    _ history: History, _ index: Int, direction: Direction, capture: CaptureContext,
    profile: Profile?
  ) {
    self.history = history
    record = UnsafePointer(history.accounts.place(of: index))
    bindings = ObservedBinding.all(history, index)
    let series = history.accounts[index].failureSeries
    failureSeries =
      series.isEmpty ? series : series.filter { !(capture.strangers?.sent($0) ?? false) }
    wasTried = failureSeries.count < series.count
    strayFlow = history.accounts[index].strays.first.flatMap { history.flow(of: $0) }
    self.direction = direction
    self.capture = capture
    upkeep =
      profile == nil
      ? nil : Upkeep(bindings, direction, capture.nats?.lifetime(of: bindings))
    flowTests = FlowTests(profile == nil ? [] : bindings, end: capture.end)
    if let profile, bindings.contains(where: { !($0.flow?.runs.isEmpty ?? true) }) {
      outages = OutageReading.all(of: history.accounts[index], bindings, capture, profile)
    } else {
      outages = []
    }
  }

  var name: String { account.addressOfRecord }

  /// How long its NAT keeps a mapping; `nil` when it is behind none.
  public var pinhole: Lifetime? { capture.nats?.lifetime(of: bindings) }

  /// Why nothing can be said of its registrations, where its REGISTERs got no answer that counts.
  var missingAnswers: String? {
    guard account.accepted == 0, account.answersWithoutRequest == 0,
      failureSeries.isEmpty, !wasTried, account.openChallenges == 0
    else { return nil }
    if account.unknownOutcomes > account.pending { return "no answer to REGISTER in the capture" }
    return account.pending > 0 ? "the capture ends before the answer was due" : nil
  }

  /// Why nothing can be said of its failures: nobody shows whose account it is.
  var doubtOfFailures: String? {
    wasTried && account.accepted == 0 && failureSeries.isEmpty
      ? "it was refused only to an address that tried many accounts (registration-scan)" : nil
  }

  /// A comparison with what the switch is set to for registrations at it; `nil` for those it makes
  /// elsewhere, where it does not act.
  func inbound(_ comparison: ParameterComparison) -> ParameterComparison? {
    direction == .inbound ? comparison : nil
  }

  /// Why a replacement is in doubt: a Contact that one answer does not list may be listed by the
  /// next, when packets are lost or late.
  var doubtOfReplacement: String? {
    account.listsSeveral
      ? "the registrar lists several Contacts side by side: the old one may still be valid" : nil
  }

  /// A finding of one episode.
  func finding(
    _ rule: RuleSummary, from: Timestamp, to: Timestamp?, summary: String, explanation: String,
    remedy: String, parameter: ParameterComparison? = nil, evidence: [Evidence], count: Int = 1
  ) -> Finding {
    finding(
      rule, episodes: [Episode(from: from, to: to)], summary: summary, explanation: explanation,
      remedy: remedy, parameter: parameter, evidence: evidence, count: count)
  }

  /// A finding of one or several episodes, which must not be empty.
  func finding(
    _ rule: RuleSummary, episodes: [Episode], summary: String, explanation: String,
    remedy: String, parameter: ParameterComparison? = nil, evidence: [Evidence], count: Int
  ) -> Finding {
    let end = capture.end
    let duration = episodes.reduce(Duration.zero) { $0 + max(($1.to ?? end) - $1.from, .zero) }
    return Finding(
      rule: rule.identifier, level: rule.level, account: name, direction: direction,
      from: episodes.first?.from ?? capture.start, to: episodes.last.flatMap(\.to),
      episodes: episodes, duration: duration, summary: summary, explanation: explanation,
      remedy: remedy, parameter: parameter, evidence: evidence.sorted(by: Evidence.isBefore),
      count: count)
  }
}

extension [Evidence] {
  /// Each packet once, with what was said of it first.
  var uniqued: [Evidence] {
    var seen: Set<Moment> = []
    return filter { seen.insert($0.moment).inserted }
  }
}

extension Evidence {
  static func isBefore(_ left: Evidence, _ right: Evidence) -> Bool {
    (left.moment.time, left.moment.frame) < (right.moment.time, right.moment.frame)
  }
}
