import Capture
import Registrations
import Rules

extension Diagnosis {
  /// Everything a report may say, line by line, with frames as `number` counts them.
  func lines(number: (FrameReference) -> UInt32) -> [String] {
    var lines = [
      "capture \(String(describing: capture.span)) \(capture.frames) frames",
      "\(capture.datagrams) datagrams \(capture.messages) messages",
      "\(capture.keepalives) keepalives \(capture.duplicates) duplicates",
      "undecodable \(capture.undecodable)",
    ]
    lines += capture.notes.map { "note \($0.note): \($0.text)" }
    lines += switches.map { "switch \($0.address) \(String(describing: $0.port)) \($0.why)" }
    lines += accounts.map { $0.line(number) }
    for finding in findings { lines += finding.lines(number) }
    lines += rules.map {
      "rule \($0.rule) \($0.violated) \($0.held) \($0.tests) \($0.notObserved) \($0.undecided)"
        + " \($0.why ?? "")"
    }
    return lines + overview.lines
  }
}

extension Overview {
  fileprivate var lines: [String] {
    var lines = effective.values.sorted { $0.key < $1.key }.map {
      "parameter \($0.key) \($0.value)"
    }
    lines += causes.map { "cause \($0.kind) \($0.place) \($0.rule) \($0.findings) \($0.accounts)" }
    lines += checklist.map { "checklist \($0.name) \($0.answer)" }
    lines += fleet.worst.map { "worst \($0.account) \($0.time)" }
    lines.append("registrations \(fleet.registrations.counts) probes \(fleet.probes.counts)")
    lines.append("\(fleet.bound) bound, \(fleet.behindNAT) behind NAT, \(fleet.userAgents)")
    return lines
  }
}

extension AccountSummary {
  fileprivate func line(_ number: (FrameReference) -> UInt32) -> String {
    let account = subject.account
    let bindings = subject.bindings.map(\.binding).map {
      "\(number($0.from.frame))..\(number($0.refreshed.frame)) until \($0.validUntil.nanoseconds)"
    }
    return "account \(account.addressOfRecord) \(subject.direction) \(state)"
      + " first \(number(account.firstSeen.frame)) last \(number(account.lastSeen.frame))"
      + " reachable \(String(describing: reachable)) not \(String(describing: unreachable))"
      + " bindings \(bindings)"
  }
}

extension Finding {
  fileprivate func lines(_ number: (FrameReference) -> UInt32) -> [String] {
    [
      "finding \(rule) \(level) \(account ?? "") \(String(describing: direction)) \(count)",
      "  \(from.nanoseconds) to \(String(describing: to)) for \(duration), \(episodes)",
      "  \(summary)", "  \(explanation)", "  \(remedy)", "  \(String(describing: parameter))",
    ] + evidence.map { "  #\(number($0.moment.frame)) \($0.moment.time.nanoseconds) \($0.note)" }
  }
}
