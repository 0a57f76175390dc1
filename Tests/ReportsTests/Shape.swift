import Foundation
import Testing

/// What a JSON value must look like: keys and types of the report's contract.
indirect enum Shape: Sendable {
  case text
  case time
  case count
  case number
  case flag
  case scalar
  case word([String])
  case orNull(Shape)
  /// A key that is there only where it says something.
  case absentOr(Shape)
  case list(Shape)
  case object([String: Shape])
  case counts

  /// Records an issue for everything in `value` that is not as promised.
  func check(_ value: Any?, at place: String) {
    switch self {
    case .orNull(let shape):
      if !(value is NSNull) { shape.check(value, at: place) }
    case .absentOr(let shape):
      if value != nil { shape.check(value, at: place) }
    case .list(let shape):
      guard let elements = value as? [Any] else { return fail(place, value) }
      for (index, element) in elements.enumerated() {
        shape.check(element, at: "\(place)[\(index)]")
      }
    case .object(let members):
      guard let object = value as? [String: Any] else { return fail(place, value) }
      for (key, shape) in members { shape.check(object[key], at: "\(place).\(key)") }
      for key in object.keys.sorted() where members[key] == nil {
        Issue.record("\(place).\(key) is not in the contract: name it in Shape.swift")
      }
    case .counts:
      guard let object = value as? [String: Any] else { return fail(place, value) }
      for (key, count) in object { Shape.count.check(count, at: "\(place).\(key)") }
    default:
      if !isLeaf(value) { fail(place, value) }
    }
  }

  private func isLeaf(_ value: Any?) -> Bool {
    switch self {
    case .text: return value is String
    case .time: return (value as? String)?.wholeMatch(of: Self.rfc3339) != nil
    case .count: return (value as? Int).map { $0 >= 0 } ?? false
    case .number: return value is Double && !(isBoolean(value))
    case .flag: return isBoolean(value)
    case .scalar: return value is String || value is Double
    case .word(let words): return (value as? String).map(words.contains) ?? false
    default: return false
    }
  }

  /// Foundation reads numbers and truth values alike as NSNumber; their description differs in the text.
  private func isBoolean(_ value: Any?) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return String(cString: number.objCType) == "c"
  }

  private func fail(_ place: String, _ value: Any?) {
    Issue.record("\(place) is \(value.map { "\($0)" } ?? "missing"), wanted \(self)")
  }

  private static var rfc3339: Regex<Substring> {
    /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/
  }
}

extension Shape {
  /// The whole report.
  static let report = Shape.object([
    "schema": .word(["regsift-report/1"]),
    "tool": .object(["name": .word(["regsift"]), "version": .text]),
    "capture": capture,
    "switches": .list(.object(["address": .text, "port": .orNull(.count), "why": .text])),
    "parameters": .list(
      .object([
        "name": .text, "value": .orNull(.scalar), "unit": .orNull(.text),
        "source": .word(["documented", "profile", "command-line"]),
        "observed": .orNull(observed),
        "recommended": .orNull(
          .object([
            "lowest": .orNull(.count), "highest": .orNull(.count), "value": .orNull(.scalar),
            "scenarios": .list(.text), "why": .text, "source": .text,
          ])),
      ])),
    "accounts": .list(account),
    "findings": .list(finding),
    "checklist": .list(
      .object([
        "item": .text, "text": .text, "because": .text,
        "answer": .word(["confirmed", "contradicted", "not-visible"]),
      ])),
    "causes": .list(cause),
    "fleet": fleet,
    "rules": .list(
      .object([
        "rule": .text, "violated": .count, "held": .count, "tests": .count,
        "not_observed": .count, "undecided": .count, "why": .orNull(.text),
      ])),
  ])

  private static let observed = Shape.object([
    "value": .scalar, "support": .count, "lowest": .orNull(.count), "highest": .orNull(.count),
    "is_lower_bound": .flag, "agrees": .orNull(.flag), "refresh_percent": .orNull(.count),
    "basis": .text,
  ])

  private static let cause = Shape.object([
    "kind": .word(["address", "registrar", "parameter"]), "place": .text, "rule": .text,
    "from": .time, "to": .orNull(.time), "findings": .list(.text), "accounts": .list(.text),
  ])

  private static let fleet = Shape.object([
    "states": .counts, "inbound": .count, "outbound": .count, "bound": .count,
    "behind_nat": .count,
    "user_agents": .list(.object(["user_agent": .orNull(.text), "accounts": .count])),
    "worst": .list(.object(["account": .text, "unreachable_seconds": .number])),
    "registrations": rates, "probes": rates,
  ])

  private static let rates = Shape.object([
    "start": .orNull(.time), "span_seconds": .number, "counts": .list(.count),
  ])

  private static let failover = Shape.object([
    "upstream_seconds_least": .number, "waiting_seconds_most": .number,
    "attempt_seconds": .number,
    "what_if": .list(
      .object([
        "delay_seconds": .number, "back_after_seconds_least": .number,
        "back_after_seconds_most": .number, "attempts_least": .count, "attempts_most": .count,
      ])),
  ])

  private static let capture = Shape.object([
    "files": .list(
      .object([
        "name": .text, "format": .orNull(.text), "frames": .count, "bytes": .count,
        "complete": .flag, "error": .orNull(.text),
      ])),
    "first": .orNull(.time), "last": .orNull(.time), "frames": .count, "datagrams": .count,
    "sip_messages": .count, "keepalives": .count, "duplicates": .count, "undecodable": .counts,
    "notes": .list(.object(["note": .text, "text": .text])),
  ])

  private static let account = Shape.object([
    "account": .text, "direction": .word(["inbound", "outbound"]), "registrar": .text,
    "state": .word(["registered", "expired", "removed", "refused", "unanswered", "unknown"]),
    "reachable_seconds": .orNull(.number), "unreachable_seconds": .orNull(.number),
    "bindings": .list(
      .object([
        "contact": .text, "flow": .orNull(.text), "behind_nat": .flag,
        "user_agent": .orNull(.text), "call_id": .orNull(.text), "granted_seconds": .count,
        "refreshes": .count, "only_listed": .flag, "from": .time, "to": .orNull(.time),
        "end": .word(["refreshed", "replaced", "removed", "expired", "open"]),
      ])),
    "binding_count": .count,
    "pinhole": .orNull(
      .object([
        "longest_open_seconds": .orNull(.number), "shortest_closed_seconds": .orNull(.number),
        "recommended_keepalive_seconds": .count, "recommended_expiry_seconds": .count,
      ])),
    "probes": .orNull(
      .object(["sent": .count, "answered": .count, "interval_seconds": .orNull(.number)])),
  ])

  private static let finding = Shape.object([
    "id": .text, "rule": .text, "level": .word(["error", "warning", "notice"]),
    "account": .orNull(.text), "direction": .orNull(.word(["inbound", "outbound"])),
    "from": .time, "to": .orNull(.time), "seconds": .number,
    "episodes": .list(.object(["from": .time, "to": .orNull(.time)])), "summary": .text,
    "explanation": .text, "remedy": .text,
    "parameter": .orNull(
      .object([
        "name": .text, "configured": .orNull(.scalar), "observed": .orNull(.scalar),
        "recommended": .orNull(.scalar),
      ])),
    "evidence": .list(
      .object(["file": .count, "frame": .count, "time": .time, "note": .text])),
    "count": .count, "failover": .absentOr(failover),
  ])
}
