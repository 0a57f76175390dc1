import Capture
import Redaction
import Registrations
import Rules

/// A key that is no secret.
let testKey = Array("a key for tests only".utf8)

/// The frames of a capture as a redactor gives them, and its map.
func redact(
  _ frames: [StoredFrame], key: [UInt8] = testKey
) -> (frames: [StoredFrame], map: RedactionMap) {
  var redactor = Redactor(key: key, remembersAll: true)
  var redacted: [StoredFrame] = []
  for frame in frames {
    redactor.take(frame.header, frame.bytes.span)
    while let next = redactor.next() {
      redacted.append(StoredFrame(header: next.header, bytes: next.bytes))
    }
  }
  redactor.finish()
  while let next = redactor.next() {
    redacted.append(StoredFrame(header: next.header, bytes: next.bytes))
  }
  return (redacted, redactor.map)
}

extension Diagnosis {
  /// What it says of whom, without the names: findings with times and frames, verdicts, states.
  var nameless: [String] {
    let findings = findings.map { finding in
      let frames = finding.evidence.map { "\($0.moment.frame) \($0.moment.time.nanoseconds)" }
      return "finding \(finding.rule) \(finding.level) \(finding.account == nil)"
        + " \(finding.from.nanoseconds) \(String(describing: finding.to)) \(finding.duration)"
        + " \(finding.episodes) \(finding.count) \(frames)"
    }
    let rules = rules.map {
      "rule \($0.rule) \($0.violated) \($0.held) \($0.tests) \($0.notObserved) \($0.undecided)"
    }
    let accounts = accounts.map {
      "account \($0.state) \($0.subject.direction) \(String(describing: $0.reachable))"
        + " \(String(describing: $0.unreachable)) \($0.subject.account.firstSeen.frame)"
        + " \($0.subject.bindings.count)"
    }
    let counts = [
      "\(capture.frames) \(capture.datagrams) \(capture.messages) \(capture.keepalives)"
        + " \(capture.duplicates) \(capture.notes.map(\.note)) \(switches.count)"
    ]
    return counts + (findings + rules + accounts).sorted()
  }
}
