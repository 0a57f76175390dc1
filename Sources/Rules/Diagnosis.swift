public import Capture
public import Decode
public import Parameters

/// Everything a report says: the capture, the accounts, the findings.
public struct Diagnosis: Sendable {
  /// What was read.
  public var capture: CaptureSummary
  /// The hosts taken for switches.
  public var switches: [SwitchHost]
  /// The values the rules compared with.
  public var profile: Profile
  /// The accounts selected, in the order they were first seen.
  public var accounts: AccountSummaries
  /// The findings, by level, then time.
  public var findings: [Finding]
  /// Findings that are not among these, since there were too many.
  public var findingsLeftOut = 0
  /// What each rule says of the accounts.
  public var rules: [RuleTally]
  /// What is said of all accounts together.
  public var overview: Overview

  /// Joins the parts of a diagnosis.
  public init(
    capture: CaptureSummary, switches: [SwitchHost], profile: Profile,
    accounts: AccountSummaries, findings: [Finding], rules: [RuleTally], overview: Overview
  ) {
    self.capture = capture
    self.switches = switches
    self.profile = profile
    self.accounts = accounts
    self.findings = findings
    self.rules = rules
    self.overview = overview
  }
}

extension Diagnosis {
  /// What the rule called `identifier` says of the account at `position`; `nil` when there is no
  /// such rule.
  public func verdict(of identifier: String, at position: Int) -> Verdict? {
    RuleCatalogue.named(identifier).map {
      $0.decide(accounts.subject(at: position, profile), profile)
    }
  }

  /// What the rule called `identifier` says of all accounts together; `nil` when there is no such
  /// rule.
  public func verdict(ofCaptureRule identifier: String) -> Verdict? {
    RuleCatalogue.ofCapture.first { $0.summary.identifier == identifier }?
      .judge(accounts.population, profile)
  }
}

/// One input, as far as it could be read.
public struct FileSummary: Sendable {
  /// Its name as given.
  public var name: String
  /// Such as `pcap` or `pcapng.gz`; `nil` when it could not be opened.
  public var format: String?
  /// Frames read from it.
  public var frames: UInt64
  /// Bytes read from it, as stored.
  public var bytes: UInt64
  /// Why it could not be read, or not to its end; `nil` when all is well.
  public var error: String?
  /// Whether it is an interface that nothing can be captured from just now.
  public var isDown = false

  /// Describes one input.
  public init(name: String, format: String?, frames: UInt64, bytes: UInt64, error: String?) {
    self.name = name
    self.format = format
    self.frames = frames
    self.bytes = bytes
    self.error = error
  }
}

/// Something about the capture that limits what can be concluded from it.
public struct CaptureNote: Hashable, Sendable {
  /// A fixed word for scripts, such as `one-direction`.
  public var note: String
  /// What it means for the reader.
  public var text: String

  /// States one note.
  public init(_ note: String, _ text: String) {
    self.note = note
    self.text = text
  }
}

/// What was captured.
public struct CaptureSummary: Sendable {
  /// The inputs in the order given.
  public var files: [FileSummary]
  /// Time of the first and the last frame; `nil` when there was none.
  public var span: ClosedRange<Timestamp>?
  /// Frames in all files.
  public var frames: UInt64
  /// UDP datagrams.
  public var datagrams: UInt64
  /// SIP messages over UDP.
  public var messages: UInt64
  /// Keepalives on signalling flows.
  public var keepalives: UInt64
  /// Packets lost on the way to the program; `nil` when nobody counts them.
  public var drops: UInt64?
  /// Copies of packets left out.
  public var duplicates: UInt64
  /// What could not be decoded, by reason, in a fixed order.
  public var undecodable: [(reason: String, count: UInt64)]
  /// What limits the conclusions.
  public var notes: [CaptureNote]
  /// What was left out since a limit was reached, by limit, in a fixed order.
  public var limits: [(limit: String, count: UInt64)] = []

  /// Describes a capture.
  public init(
    files: [FileSummary], span: ClosedRange<Timestamp>?, frames: UInt64, datagrams: UInt64,
    messages: UInt64, keepalives: UInt64, drops: UInt64? = nil, duplicates: UInt64,
    undecodable: [(reason: String, count: UInt64)], notes: [CaptureNote]
  ) {
    self.files = files
    self.span = span
    self.frames = frames
    self.datagrams = datagrams
    self.messages = messages
    self.keepalives = keepalives
    self.drops = drops
    self.duplicates = duplicates
    self.undecodable = undecodable
    self.notes = notes
    self.drops = drops
  }
}

/// A host taken for a switch, and why.
public struct SwitchHost: Hashable, Sendable {
  /// Its address.
  public var address: IPAddress
  /// Its port; `nil` for any.
  public var port: UInt16?
  /// Why it was taken.
  public var why: String

  /// Names a switch.
  public init(address: IPAddress, port: UInt16?, why: String) {
    self.address = address
    self.port = port
    self.why = why
  }
}

/// What one rule says over all accounts selected; one that judges them together counts as one account.
public struct RuleTally: Equatable, Sendable {
  /// The rule.
  public var rule: String
  /// Accounts for which it was violated.
  public var violated = 0
  /// Accounts for which it was tested and held.
  public var held = 0
  /// How many tests that were.
  public var tests = 0
  /// Accounts for which nothing tests it.
  public var notObserved = 0
  /// Accounts for which the capture cannot tell.
  public var undecided = 0
  /// Why the capture cannot tell, most frequent reason first.
  public var reasons: [String: Int] = [:]

  /// An empty tally of one rule.
  public init(rule: String) { self.rule = rule }

  /// Why it is undecided where it is, in one line; `nil` where it is not.
  public var why: String? {
    let ordered = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard !ordered.isEmpty else { return nil }
    return ordered.map { "\($0.key) (\($0.value))" }.joined(separator: "; ")
  }

  /// Counts what a rule for single accounts says of all of them together, where that is something
  /// none of them shows alone.
  mutating func countTogether(_ verdict: Verdict) {
    switch verdict {
    case .violated, .undecided: count(verdict)
    case .held, .notObserved: break
    }
  }

  mutating func count(_ verdict: Verdict) {
    switch verdict {
    case .violated: violated += 1
    case .held(let number):
      held += 1
      tests += number
    case .notObserved: notObserved += 1
    case .undecided(let reason):
      undecided += 1
      reasons[reason, default: 0] += 1
    }
  }
}

/// In which state an account was when the capture ended.
public enum AccountState: String, Sendable {
  /// It has a valid binding.
  case registered
  /// Its last binding ran out.
  case expired
  /// Its last binding was removed.
  case removed
  /// Its last registration was refused.
  case refused
  /// Its last registration got no answer.
  case unanswered
  /// The capture does not show it.
  case unknown
}

/// One account in a report.
public struct AccountSummary: Sendable {
  /// The account with its bindings and flows.
  public var subject: Subject
  /// Its state at the end.
  public var state: AccountState
  /// Seconds in which it had a valid binding and nothing showed it unreachable; `nil` when unknown.
  public var reachable: Duration?
  /// Seconds in which it could not be reached as far as the findings show; `nil` when unknown.
  public var unreachable: Duration?
}
