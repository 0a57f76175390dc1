public import Capture
import Registrations
public import Rules

/// A running capture in numbers, as Prometheus reads them.
///
/// Their number is bounded by the program, whatever the traffic: accounts have no labels unless that
/// is asked for, and then no more than asked for.
public enum MetricsReport {
  /// The media type of the text.
  public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  /// What only the running program knows.
  public struct Run: Sendable {
    /// When it began.
    public var start: Timestamp
    /// When it judged what was captured, as the numbers say it.
    public var judged: Timestamp
    /// Memory it occupies; `nil` where the system does not tell.
    public var residentBytes: UInt64?
    /// Findings told since it began.
    public var seen = FindingCounts()
    /// Findings that later packets showed to be none.
    public var withdrawn: UInt64 = 0
    /// The most accounts that are told one by one.
    public var mostAccounts = 0

    /// A run that has told nothing yet.
    public init(start: Timestamp, judged: Timestamp) {
      self.start = start
      self.judged = judged
    }
  }

  /// Writes what `diagnosis` holds.
  public static func write<Sink: ReportSink>(
    _ diagnosis: Diagnosis, _ run: Run, to sink: inout Sink
  ) throws(Sink.Failure) {
    var metrics = MetricsWriter()
    metrics.write(run)
    metrics.write(diagnosis.capture)
    metrics.write(diagnosis.overview.measures)
    metrics.writeAccounts(diagnosis)
    metrics.writeFindings(diagnosis.findings, run)
    if run.mostAccounts > 0 { metrics.writeWorst(diagnosis, most: run.mostAccounts) }
    try metrics.pending.drain(to: &sink, isLast: true)
  }
}

/// How many findings there were of each rule and level.
public struct FindingCounts: Sendable {
  struct Key: Hashable {
    let rule: String
    let level: Level
  }

  private var counts: [Key: UInt64] = [:]

  /// None.
  public init() {}

  /// Counts one finding.
  public mutating func add(_ finding: Finding) {
    counts[Key(rule: finding.rule, level: finding.level), default: 0] += 1
  }

  /// Every rule with the level it usually has, and what else was counted: a rule that found nothing
  /// yet is there with 0, so that a rate can be taken from its first finding on.
  var all: [(key: Key, count: UInt64)] {
    var left = counts
    var rows = RuleCatalogue.summaries.map { summary in
      let key = Key(rule: summary.identifier, level: summary.level)
      return (key, left.removeValue(forKey: key) ?? 0)
    }
    rows += left.sorted { ($0.key.rule, $0.key.level) < ($1.key.rule, $1.key.level) }.map {
      ($0.key, $0.value)
    }
    return rows
  }
}
