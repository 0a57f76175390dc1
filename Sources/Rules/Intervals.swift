import Capture

/// Spans of time joined where they overlap.
struct Intervals {
  private(set) var spans: [(from: Timestamp, to: Timestamp)] = []

  init(_ list: [(from: Timestamp, to: Timestamp)]) {
    if list.count == 1 {
      spans = list[0].from < list[0].to ? list : []
      return
    }
    for span in list.filter({ $0.from < $0.to }).sorted(by: { $0.from < $1.from }) {
      if let last = spans.last, span.from <= last.to {
        spans[spans.count - 1].to = max(last.to, span.to)
      } else {
        spans.append(span)
      }
    }
  }

  var isEmpty: Bool { spans.isEmpty }

  var total: Duration { spans.reduce(.zero) { $0 + ($1.to - $1.from) } }

  /// What of these spans is in none of `others`.
  func subtracting(_ others: Intervals) -> Intervals {
    if others.isEmpty { return self }
    var rest: [(from: Timestamp, to: Timestamp)] = []
    for span in spans {
      var from = span.from
      for other in others.spans where other.to > from && other.from < span.to {
        if other.from > from { rest.append((from, other.from)) }
        from = max(from, other.to)
      }
      if from < span.to { rest.append((from, span.to)) }
    }
    return Intervals(rest)
  }
}
