import Capture
import Registrations
import Rules

/// How something on a timeline is to be taken.
enum Tone {
  case good, open, warning, bad, notice
}

/// Something on a timeline: a span or a moment, with the words for it.
struct TimelineMark {
  var from: Timestamp
  var to: Timestamp
  var tone: Tone
  /// What it is, and the same with time and packets before it.
  var what: String
  var words: String
  /// The time of it, and the packets, for a table.
  var when: String
  var frames: String
  /// What is written on it where there is room.
  var label = ""
  /// The part of the report that tells more.
  var target: String?
  /// Whether it stands for several.
  var isRun = false
  /// Whether it stands for a time of which nothing is known.
  var isUnknown = false
}

/// A row of a timeline: marks of one kind; those that overlap stand below one another.
struct TimelineLane {
  enum Shape {
    /// Spans.
    case bar
    /// Moments.
    case tick
    /// Packets that prove a finding.
    case dot
  }

  let name: String
  let shape: Shape
  /// Most rows a lane takes; what does not fit stands over the last one.
  private static let mostRows = 5
  private(set) var rows: [[TimelineMark]] = [[]]

  init?(_ name: String, _ shape: Shape, _ marks: [TimelineMark]) {
    guard !marks.isEmpty else { return nil }
    self.name = name
    self.shape = shape
    guard shape == .bar else {
      rows = [marks]
      return
    }
    for mark in marks {
      if let free = rows.firstIndex(where: { $0.last.map { $0.to <= mark.from } ?? true }) {
        rows[free].append(mark)
      } else if rows.count < Self.mostRows {
        rows.append([mark])
      } else {
        rows[rows.count - 1].append(mark)
      }
    }
  }

  /// All marks, row by row.
  var marks: [TimelineMark] { rows.flatMap { $0 } }
}

/// One account over time, ready to be drawn, listed or written as text.
struct TimelineModel {
  let window: ClosedRange<Timestamp>
  let lanes: [TimelineLane]
  /// Spans in which a finding says something was wrong.
  let episodes: [(from: Timestamp, to: Timestamp, tone: Tone)]
  /// What is not drawn, in words; `nil` when everything is.
  let remark: String?

  init(
    _ account: AccountSummary, _ findings: [(number: Int, finding: Finding)],
    window: ClosedRange<Timestamp>, _ timeline: AccountTimeline?, _ facts: ReportFacts
  ) {
    self.window = window
    let words = TimelineWords(facts, window, account.subject)
    var lanes = [
      TimelineLane("Findings", .bar, findings.flatMap(words.episodes)),
      TimelineLane("Proof", .dot, findings.flatMap(words.proofs)),
      TimelineLane("Registered", .bar, words.bindings(account.subject, findings)),
      TimelineLane("Address", .bar, words.addresses(account.subject)),
    ]
    for lane in TimelineEvent.Lane.allCases {
      let events = timeline?.events.filter { $0.lane == lane } ?? []
      let unknown = timeline?.start.flatMap(words.unknown).map { [$0] } ?? []
      lanes.append(
        TimelineLane(
          words.name(lane), lane == .call ? .bar : .tick, unknown + events.compactMap(words.mark)))
    }
    self.lanes = lanes.compactMap { $0 }
    let margin = (window.upperBound - window.lowerBound) / 20
    // What lasts all the time shades nothing that could be compared.
    episodes = findings.flatMap { _, finding in
      finding.episodes.map { episode in
        (episode.from, episode.to ?? account.subject.capture.end, finding.level.tone)
      }
    }.filter { $0.from > window.lowerBound + margin || $0.to < window.upperBound - margin }
    remark = Self.remark(window, timeline, facts)
  }

  private static func remark(
    _ window: ClosedRange<Timestamp>, _ timeline: AccountTimeline?, _ facts: ReportFacts
  ) -> String? {
    var remarks: [String] = []
    if let span = facts.diagnosis.capture.span, span != window {
      remarks.append(
        "Shown is \(facts.clock.episode(window.lowerBound, window.upperBound)), where the faults are"
      )
    }
    if let timeline {
      if let start = timeline.start, start > window.lowerBound {
        remarks.append(
          "Single packets are kept since \(facts.clock.precise(start)); of what came before that, "
            + "only registrations, outages and proof are")
      }
      if timeline.outside > 0 {
        remarks.append("\(Words.count(timeline.outside, "event")) before and after are not drawn")
      }
      if timeline.joined > 0 {
        remarks.append(
          "\(Words.grouped(timeline.joined)) like events close together are drawn as runs")
      }
      if timeline.leftOut > 0 {
        remarks.append("\(Words.count(timeline.leftOut, "event")) could not be followed")
      }
    } else if facts.isLive {
      remarks.append("No single packets are drawn: none are kept of this account")
    } else {
      remarks.append(
        "Made in one reading, without single packets: 'regsift report' draws them")
    }
    return remarks.isEmpty ? nil : remarks.joined(separator: "; ") + "."
  }
}

extension Level {
  var tone: Tone {
    switch self {
    case .error: .bad
    case .warning: .warning
    case .notice: .notice
    }
  }
}
