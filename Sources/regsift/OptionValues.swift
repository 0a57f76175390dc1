import Decode
import Glibc
import Parameters
import Rules

/// In which form a report is written.
enum ReportFormat: String, CaseIterable {
  case text, json, markdown, html, csv

  /// The format of that name.
  init(option text: String) throws {
    guard let format = Self(rawValue: text) else {
      throw UsageError(text, isNoneOf: Self.allCases.map(\.rawValue))
    }
    self = format
  }
}

/// In which form a list is written.
enum ListFormat: String, CaseIterable {
  case text, json

  /// The format of that name.
  init(option text: String) throws {
    guard let format = Self(rawValue: text) else {
      throw UsageError(text, isNoneOf: Self.allCases.map(\.rawValue))
    }
    self = format
  }
}

/// Whether a report has colour.
enum ColorChoice: String, CaseIterable {
  case auto, always, never

  /// The choice of that name.
  init(option text: String) throws {
    guard let choice = Self(rawValue: text) else {
      throw UsageError(text, isNoneOf: Self.allCases.map(\.rawValue))
    }
    self = choice
  }

  /// Whether to write colour; with `auto` to a terminal that has some, unless NO_COLOR is set
  /// (no-color.org: set and not empty).
  func isOn(forTerminal isTerminal: Bool) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto: isTerminal && isEmpty("NO_COLOR") && environment("TERM") != "dumb"
    }
  }

  private func isEmpty(_ name: String) -> Bool { environment(name)?.isEmpty ?? true }

  private func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// From which level on findings make the exit status 1.
enum FailLevel: Equatable {
  case from(Level)
  case never

  static let words = Level.words + ["never"]

  /// Whether one of the findings is of that level or above.
  func isReached(by findings: [Finding]) -> Bool {
    guard case .from(let level) = self else { return false }
    return findings.contains { $0.level >= level }
  }

  /// The level of that name, or `never`.
  init(option text: String) throws {
    if let level = Level.allCases.first(where: { $0.word == text }) {
      self = .from(level)
    } else if text == "never" {
      self = .never
    } else {
      throw UsageError(text, isNoneOf: Self.words)
    }
  }
}

extension Level {
  /// The words of the levels, worst first.
  static var words: [String] { allCases.sorted(by: >).map(\.word) }

  /// The level of that name.
  init(option text: String) throws {
    guard let level = Self.allCases.first(where: { $0.word == text }) else {
      throw UsageError(text, isNoneOf: Self.words)
    }
    self = level
  }
}

extension SwitchHost {
  /// The host `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT`.
  init(option text: String) throws {
    let why = "named on the command line"
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
    if let address = IPAddress(isBracketed ? String(text.dropFirst().dropLast()) : text) {
      self.init(address: address, port: nil, why: why)
    } else if let endpoint = Endpoint(text), endpoint.port != 0 {
      self.init(address: endpoint.address, port: endpoint.port, why: why)
    } else {
      throw UsageError(
        "it takes ADDRESS or ADDRESS:PORT, such as 192.0.2.1:5060 or [2001:db8::1]:5060")
    }
  }
}

extension Scenario {
  /// The scenario of that name.
  init(option text: String) throws {
    guard let scenario = Scenario.named(text) else {
      throw UsageError(text, isNoneOf: Self.allCases.map(\.rawValue))
    }
    self = scenario
  }
}

/// Which accounts are wanted: shell patterns on `user@host` or on the user alone.
struct AccountPatterns: Sendable {
  let patterns: [String]

  /// Whether any pattern fits `account`; no patterns fit every one.
  func include(_ account: String) -> Bool {
    guard !patterns.isEmpty else { return true }
    let user = account.lastIndex(of: "@").map { String(account[..<$0]) } ?? account
    return patterns.contains { fnmatch($0, account, 0) == 0 || fnmatch($0, user, 0) == 0 }
  }
}

/// The identifier of a rule there is.
struct RuleName {
  let identifier: String

  /// The rule of that name.
  init(option text: String) throws {
    guard RuleCatalogue.summary(named: text) != nil else { throw UsageError(noRule: text) }
    identifier = text
  }
}

extension UsageError {
  /// There is no rule called `name`.
  init(noRule name: String) {
    let known = RuleCatalogue.summaries.map(\.identifier)
    // Who types half of a name means the whole, however many letters are missing.
    let nearest =
      Spelling.nearest(to: name, among: known)
      ?? known.first { !name.isEmpty && ($0.contains(name) || name.contains($0)) }
    let hint = nearest.map { "the nearest is \($0)" } ?? "'regsift rules' lists them"
    self.init("there is no rule of this name; \(hint)")
  }
}
