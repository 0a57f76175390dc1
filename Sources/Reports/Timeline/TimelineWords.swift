import Capture
import Decode
import Registrations
import Rules

/// Makes marks with words of what an account's history and packets hold.
struct TimelineWords {
  private let facts: ReportFacts
  private let window: ClosedRange<Timestamp>
  private let end: Timestamp
  /// Who registers, and where.
  private let client: String
  private let registrar: String

  init(_ facts: ReportFacts, _ window: ClosedRange<Timestamp>, _ subject: Subject) {
    self.facts = facts
    self.window = window
    end = subject.capture.end
    (client, registrar) =
      subject.direction == .outbound ? ("switch", "upstream") : ("device", "switch")
  }

  /// What a lane is called beside a timeline.
  func name(_ lane: TimelineEvent.Lane) -> String {
    switch lane {
    case .register: "REGISTER"
    case .probe: "To \(client)"
    case .keepalive: "Keepalive"
    case .call: "Calls"
    }
  }

  private func isShown(_ from: Timestamp, _ to: Timestamp) -> Bool {
    to >= window.lowerBound && from <= window.upperBound
  }

  private func mark(
    _ from: Timestamp, _ to: Timestamp, _ tone: Tone, _ what: String, frames: String
  ) -> TimelineMark? {
    guard isShown(from, to) else { return nil }
    let when = from == to ? facts.clock.precise(from) : facts.clock.episode(from, to)
    let place = frames.isEmpty ? "" : ", \(frames)"
    return TimelineMark(
      from: max(from, window.lowerBound), to: min(to, window.upperBound), tone: tone,
      what: what, words: "\(when)\(place): \(what)", when: when, frames: frames)
  }

  // MARK: Findings

  func episodes(_ number: Int, _ finding: Finding) -> [TimelineMark] {
    finding.episodes.compactMap { episode in
      let name = Finding.identifier(number)
      let words = "\(name) \(finding.level.word): \(finding.summary)"
      var mark = mark(episode.from, episode.to ?? end, finding.level.tone, words, frames: "")
      mark?.label = name
      mark?.target = HTMLPage.id(ofFinding: number)
      return mark
    }
  }

  func proofs(_ number: Int, _ finding: Finding) -> [TimelineMark] {
    finding.evidence.enumerated().compactMap { index, evidence in
      let time = evidence.moment.time
      let words = "\(Finding.identifier(number)): \(evidence.note)"
      var mark = mark(
        time, time, finding.level.tone, words, frames: facts.place(evidence.moment.frame))
      mark?.target = HTMLPage.id(ofFinding: number, proof: index)
      return mark
    }
  }

  // MARK: Bindings

  /// Rules whose episodes are times without a registration, however the client tried.
  private static let rulesOfGaps: Set = ["trunk-outage", "binding-expired"]

  func bindings(
    _ subject: Subject, _ findings: [(number: Int, finding: Finding)]
  ) -> [TimelineMark] {
    let gaps = findings.filter { Self.rulesOfGaps.contains($0.finding.rule) }.flatMap {
      number, finding in
      finding.episodes.compactMap { episode in
        mark(
          episode.from, episode.to ?? end, .bad,
          "no registration: \(Finding.identifier(number))", frames: "")
      }
    }
    return subject.bindings.map(\.binding).flatMap { marks($0, gaps) }.sorted { $0.from < $1.from }
  }

  /// A binding's life, in parts where it had run out before it was refreshed.
  private func marks(_ binding: Binding, _ others: [TimelineMark]) -> [TimelineMark] {
    let until = max(min(binding.validUntil, end), binding.from.time)
    var marks: [TimelineMark?] = []
    var from = binding.from.time
    let gaps = (binding.lapses.kept.compactMap(mark) + others).sorted { $0.from < $1.from }
    for gap in gaps where gap.from >= from && gap.to <= until && gap.from < gap.to {
      marks += [bar(binding, from, gap.from), gap]
      from = gap.to
    }
    marks.append(bar(binding, from, until))
    return marks.compactMap { $0 }
  }

  private func mark(_ lapse: Lapse) -> TimelineMark? {
    mark(
      lapse.expired, lapse.next.time, .bad,
      "registration ran out: \(lapse.grantedSeconds) s were granted, the next REGISTER came late",
      frames: facts.place(lapse.next.frame))
  }

  private func bar(_ binding: Binding, _ from: Timestamp, _ to: Timestamp) -> TimelineMark? {
    var bar = mark(
      from, max(to, from), tone(of: binding), words(binding),
      frames: facts.place(binding.from.frame))
    bar?.label = binding.isOnlyListed ? binding.contact : binding.source.description
    return bar
  }

  private func tone(of binding: Binding) -> Tone {
    if binding.isOnlyListed { return .open }
    return switch BindingOutcome(binding).word {
    case "expired": .warning
    case "replaced": .notice
    default: binding.unknownSince == nil ? .good : .open
    }
  }

  private func words(_ binding: Binding) -> String {
    var words = binding.isOnlyListed ? "listed by the registrar" : "registered"
    words += " \(binding.contact)"
    if !binding.isOnlyListed { words += " from \(binding.source)" }
    words += ", granted \(binding.grantedSeconds) s"
    if binding.refreshes > 0 { words += ", \(Words.count(binding.refreshes, "time")) refreshed" }
    switch BindingOutcome(binding).word {
    case "refreshed": words += ", then refreshed from another address"
    case "replaced": words += ", then replaced by another registration"
    case "removed": words += ", then removed"
    case "expired": words += ", then lapsed: no refresh came"
    default: words += binding.unknownSince == nil ? ", \(valid)" : ", end not known"
    }
    return words
  }

  private var valid: String { facts.isLive ? "still valid" : "valid at the end" }

  /// The addresses it registered from, one after the other; none where there was one only.
  func addresses(_ subject: Subject) -> [TimelineMark] {
    let bindings = subject.bindings.map(\.binding).filter { !$0.isOnlyListed }
    var spans: [(binding: Binding, to: Timestamp)] = []
    for binding in bindings.sorted(by: { $0.from.time < $1.from.time }) {
      let until = min(binding.validUntil, end)
      guard let last = spans.last else {
        spans.append((binding, until))
        continue
      }
      // Another device beside the first is no change of address.
      let follows = binding.isSameDevice(as: last.binding) || last.to <= binding.from.time
      guard follows else { continue }
      if last.binding.source == binding.source {
        spans[spans.count - 1].to = max(last.to, until)
      } else {
        spans[spans.count - 1].to = min(last.to, binding.from.time)
        spans.append((binding, until))
      }
    }
    return spans.count > 1 ? spans.enumerated().compactMap(addressMark) : []
  }

  private func addressMark(
    _ index: Int, _ span: (binding: Binding, to: Timestamp)
  ) -> TimelineMark? {
    let binding = span.binding
    var mark = mark(
      binding.from.time, max(span.to, binding.from.time), index == 0 ? .good : .notice,
      "\(index == 0 ? "first address" : "address changed to") \(binding.source)",
      frames: facts.place(binding.from.frame))
    mark?.label = binding.source.description
    return mark
  }

  // MARK: Packets

  /// The time before `start`, of which packets are not kept; `nil` where none of it is drawn.
  func unknown(before start: Timestamp) -> TimelineMark? {
    guard start > window.lowerBound else { return nil }
    var mark = mark(
      window.lowerBound, start, .open, "packets of this time are not kept", frames: "")
    mark?.label = "not kept"
    mark?.isUnknown = true
    return mark
  }

  func mark(_ event: TimelineEvent) -> TimelineMark? {
    var frames = facts.place(event.first.frame)
    if event.last.frame != event.first.frame {
      frames +=
        event.last.frame.file == event.first.frame.file
        ? " to \(event.last.frame.number)" : " to \(facts.place(event.last.frame))"
    }
    // An exchange is a moment, a call or a run a span.
    let isSpan = event.count > 1 || event.lane == .call
    var mark = mark(
      event.first.time, isSpan ? event.last.time : event.first.time, tone(of: event),
      words(event), frames: frames)
    mark?.isRun = event.count > 1
    if event.lane == .call { mark?.label = event.isFromDevice ? "out" : "in" }
    return mark
  }

  private func tone(of event: TimelineEvent) -> Tone {
    switch event.outcome {
    case .good: .good
    case .open: .open
    // A call that was refused, by a busy phone for one, shows that the phone is there.
    case .refused: event.lane == .call ? .open : .bad
    case .unanswered: .bad
    }
  }

  private func words(_ event: TimelineEvent) -> String {
    let number = event.count > 1 ? "\(Words.grouped(event.count)) x " : ""
    switch event.lane {
    case .keepalive where event.outcome == .good && event.status == 0:
      return
        "\(number)keepalive (\(event.what)) from the \(event.isFromDevice ? client : registrar)"
    case .call: return number + call(event)
    default: return "\(number)\(event.what)\(outcome(of: event))"
    }
  }

  private func outcome(of event: TimelineEvent) -> String {
    let status = event.status == 0 ? "" : " with \(event.status)"
    let tries =
      event.count == 1 && event.transmissions > 1 ? " (sent \(event.transmissions) times)" : ""
    switch event.outcome {
    case .good where event.lane == .register:
      return " accepted\(status)\(event.wasChallenged ? " after a challenge" : "")\(tries)"
    case .good: return " answered\(status)\(tries)"
    case .refused: return " refused\(status)\(tries)"
    case .unanswered: return " without an answer\(tries)"
    case .open:
      return event.wasChallenged
        ? " challenged\(status), nothing followed at once" : "\(awaited)\(tries)"
    }
  }

  private func call(_ event: TimelineEvent) -> String {
    let way = "call \(event.isFromDevice ? "from" : "to") the \(client)"
    switch event.outcome {
    case .good:
      guard let answered = event.answered else { return way }
      return "\(way), answered, \(Wording.span(event.last.time - answered.time))"
    case .refused: return "\(way), ended with \(event.status)"
    case .unanswered: return "\(way), no answer at all (sent \(event.transmissions) times)"
    case .open: return "\(way), not over \(facts.isLive ? "yet, as far as was seen" : "at the end")"
    }
  }

  private var awaited: String {
    facts.isLive ? ", no answer was seen so far" : ", answer not in the capture"
  }
}
