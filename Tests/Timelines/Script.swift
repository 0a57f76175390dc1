/// One party of a timeline.
struct Host: Sendable {
  var name: String
  /// The address seen in the capture: outside of a NAT.
  var outside: Place
  /// The address the party believes to have, inside of a NAT.
  var inside: Place
  /// The account it registers; `nil` for a switch or a server.
  var user: String?
  var options: Options
}

/// What a line asks for, at a time.
struct Event: Sendable {
  /// Microseconds after the start of the timeline.
  var time: Int64
  /// The line it comes from, from 1.
  var line: Int
  var action: Action
}

/// The two ends of a message: index of a host, and an address other than the host's own.
struct Way: Sendable {
  var source: Int
  var sourcePlace: Place?
  var destination: Int
  var destinationPlace: Place?
}

/// What happens.
enum Action: Sendable {
  case request(Way, method: String, Options)
  case response(Way, status: Int, Options)
  case datagram(Way, bytes: [UInt8], Options)
  /// The last message on this way once more, byte by byte.
  case again(Way, Options)
  /// An ICMP error about the last datagram from `to` to `quoted`.
  case icmp(reporter: Place, to: Int, quoted: Int, reason: ICMPReason, Options)
  case move(host: Int, outside: Place, inside: Place?)
  case restart(host: Int)
}

/// Why an ICMP error was sent.
enum ICMPReason: String, CaseIterable, Sendable {
  case portUnreachable = "port-unreachable"
  case hostUnreachable = "host-unreachable"
  case networkUnreachable = "network-unreachable"
  case prohibited
  case timeExceeded = "time-exceeded"
}

/// The named options of a line.
struct Options: Sendable {
  let line: Int
  private var values: [String: [[Word]]] = [:]

  /// How many words follow each option, and whether it may stand more than once.
  typealias Grammar = [String: (arity: Int, isRepeatable: Bool)]

  /// What a host line may say.
  static let host: Grammar = [
    "inside": (1, false), "user": (1, false), "domain": (1, false), "agent": (1, false),
    "contact": (1, false), "instance": (1, false), "expires": (1, false), "realm": (1, false),
    "call-id": (1, false), "via": (1, false),
  ]

  /// What a message line may say.
  static let message: Grammar = [
    "auth": (0, false), "stale": (0, false), "no-rport": (0, false), "no-agent": (0, false),
    "no-received": (0, false), "unseen": (0, false), "ladder": (0, false),
    "unchallenged": (0, false), "preauth": (0, false),
    "copies": (1, false), "as": (1, false), "to": (1, false), "in": (1, false), "for": (1, false),
    "user": (1, false), "call-id": (1, false), "cseq": (1, false), "expires": (1, false),
    "expires-header": (1, false), "contact": (1, true), "branch": (1, false), "via": (1, false),
    "from-header": (1, false), "to-header": (1, false), "uri": (1, false), "realm": (1, false),
    "nonce": (1, false), "header": (1, true), "agent": (1, false), "reason": (1, false),
    "retry-after": (1, false), "min-expires": (1, false), "body": (1, false),
    "answered": (1, false), "after": (1, false), "granted": (1, false), "lists": (2, true),
  ]

  init(_ words: ArraySlice<Word>, grammar: Grammar, line: Int) throws(TimelineError) {
    self.line = line
    var rest = words
    while let name = rest.popFirst()?.text {
      guard let (arity, isRepeatable) = grammar[name] else {
        throw TimelineError(line: line, message: "unknown option \(name)")
      }
      guard rest.count >= arity else {
        throw TimelineError(line: line, message: "\(name) needs \(arity) more word(s)")
      }
      guard isRepeatable || values[name] == nil else {
        throw TimelineError(line: line, message: "\(name) stands twice")
      }
      values[name, default: []].append(Array(rest.prefix(arity)))
      rest = rest.dropFirst(arity)
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }
  func text(_ name: String) -> String? { values[name]?.first?.first?.text }
  func all(_ name: String) -> [[Word]] { values[name] ?? [] }

  func number(_ name: String) throws(TimelineError) -> Int? {
    guard let text = text(name) else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw TimelineError(line: line, message: "\(name) needs a number, not \(text)")
    }
    return number
  }

  func place(_ name: String) throws(TimelineError) -> Place? {
    guard let text = text(name) else { return nil }
    guard let place = Place(text) else {
      throw TimelineError(line: line, message: "\(name) needs an address, not \(text)")
    }
    return place
  }

  /// These options with `name` set to `value`, or taken away.
  func setting(_ name: String, to value: String?) -> Options {
    var copy = self
    copy.values[name] = value.map { [[Word(text: $0)]] }
    return copy
  }

  /// Only the options named.
  func only(_ names: Set<String>) -> Options {
    var copy = self
    copy.values = values.filter { names.contains($0.key) }
    return copy
  }

  /// All options but those named.
  func without(_ names: Set<String>) -> Options {
    var copy = self
    copy.values = values.filter { !names.contains($0.key) }
    return copy
  }
}
