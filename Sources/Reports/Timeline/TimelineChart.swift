import Capture

/// Draws a timeline: lanes of marks above a time axis, faults shaded behind them.
///
/// Every mark says what it is when the pointer rests on it; marks that matter can also be reached
/// by keyboard, and say it in the line below the axis.
struct TimelineChart {
  private static let width = 1000
  private static let left = 96.0
  private static let right = 990.0
  private static let rowHeight = 20.0
  private static let laneGap = 6.0
  /// Units a letter of a label takes.
  private static let letter = 6.8
  private static let ticks = 8
  private static let mostTold = 145

  let model: TimelineModel
  let zone: ReportTimeZone

  /// The picture.
  var markup: Markup {
    var y = 8.0
    var parts: [Markup] = []
    for lane in model.lanes {
      parts += draw(lane, at: y)
      y += Double(lane.rows.count) * Self.rowHeight + Self.laneGap
    }
    let bottom = y
    // Marks stand last: the line that tells what they are must not be covered.
    let picture = shades(to: bottom) + axis(at: bottom) + parts
    return SVG.picture(Self.width, Int(bottom + 46), class: "tl") { picture }
  }

  private func x(_ time: Timestamp) -> Double {
    let length = Double(max(model.window.upperBound.nanosecondsSince(model.window.lowerBound), 1))
    let share = Double(time.nanosecondsSince(model.window.lowerBound)) / length
    return Self.left + min(max(share, 0), 1) * (Self.right - Self.left)
  }

  private func shades(to bottom: Double) -> [Markup] {
    model.episodes.filter { $0.to >= model.window.lowerBound && $0.from <= model.window.upperBound }
      .map { from, to, tone in
        SVG.rect(x(from), 2, max(x(to) - x(from), 2), bottom - 2, class: "sh \(tone.style)")
      }
  }

  private func axis(at y: Double) -> [Markup] {
    let axis = TimeAxis(model.window, zone, most: Self.ticks)
    var parts = [SVG.line(Self.left, y, Self.right, y, class: "ax")]
    for tick in axis.ticks {
      let place = x(tick.time)
      parts.append(SVG.line(place, 2, place, y + 4, class: "gr"))
      // A label at the very end would be cut.
      let end = place > Self.right - 30
      parts.append(
        SVG.text(end ? Self.right : place, y + 18, tick.label, class: end ? "tk end" : "tk"))
    }
    return parts
  }

  private func draw(_ lane: TimelineLane, at y: Double) -> [Markup] {
    var parts = [SVG.text(0, y + 14, lane.name, class: "ln")]
    for (row, marks) in lane.rows.enumerated() {
      let top = y + Double(row) * Self.rowHeight
      if lane.shape != .bar {
        parts.append(SVG.line(Self.left, top + 10, Self.right, top + 10, class: "gr"))
      }
      // What matters lies above what does not.
      for mark in marks.filter({ !$0.matters }) + marks.filter(\.matters) {
        switch mark.isUnknown ? .bar : lane.shape {
        case .bar: parts.append(bar(mark, at: top))
        case .tick: parts.append(tick(mark, at: top))
        case .dot: parts.append(dot(mark, at: top))
        }
      }
    }
    return parts
  }

  private func bar(_ mark: TimelineMark, at y: Double) -> Markup {
    let start = x(mark.from)
    let width = max(x(mark.to) - start, 3)
    let room = Int((width - 8) / Self.letter)
    let label = mark.label.count <= room ? mark.label : ""
    return described(mark) {
      SVG.rect(start, y + 2, width, Self.rowHeight - 4, class: "bar \(mark.tone.style)")
      label.isEmpty ? nil : SVG.text(start, y + 14.5, label, class: "bl")
    }
  }

  /// Good ones are strokes, others crosses or rings: no picture may depend on colour alone.
  private func tick(_ mark: TimelineMark, at y: Double) -> Markup {
    let start = x(mark.from)
    let number = SVG.decimal(start)
    let end = x(mark.to)
    return described(mark) {
      if mark.isRun, end - start > 3 {
        SVG.rect(start, y + 8, end - start, 4, class: "run \(mark.tone.style)")
      }
      switch mark.tone {
      case .good: SVG.path("M\(number) \(SVG.decimal(y + 4))v12", class: "st g")
      case .open:
        SVG.path("M\(number) \(SVG.decimal(y + 7))l3 3-3 3-3-3z", class: "st o")
      default:
        SVG.path(
          "M\(number) \(SVG.decimal(y + 10))m-5-5l10 10m0-10l-10 10", class: "st \(mark.tone.style)"
        )
      }
    }
  }

  private func dot(_ mark: TimelineMark, at y: Double) -> Markup {
    described(mark) {
      SVG.path(
        "M\(SVG.decimal(x(mark.from))) \(SVG.decimal(y + 10))m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
        class: "dot \(mark.tone.style)")
    }
  }

  private func described(
    _ mark: TimelineMark, @MarkupBuilder _ drawing: () -> [Markup]
  ) -> Markup {
    let title = SVG.title { mark.words }
    guard mark.matters else {
      return SVG.g {
        title; drawing()
      }
    }
    let told = SVG.text(0, tellingLine, Self.cut(mark.words), class: "tip")
    guard let target = mark.target else {
      return SVG.g(.class("m"), .focusable, .role("img")) {
        title
        drawing()
        told
      }
    }
    return SVG.a(.class("m"), .href(to: target)) {
      title
      drawing()
      told
    }
  }

  /// What fits on the telling line.
  private static func cut(_ words: String) -> String {
    words.count > mostTold ? words.prefix(mostTold) + "..." : words
  }

  private var tellingLine: Double {
    let rows = model.lanes.reduce(0.0) {
      $0 + Double($1.rows.count) * Self.rowHeight + Self.laneGap
    }
    return 8 + rows + 38
  }
}

extension TimelineMark {
  /// Whether a reader has to be able to get to it by keyboard.
  fileprivate var matters: Bool { target != nil || tone != .good || isRun }
}

extension Tone {
  /// Its class in pages.
  var style: String {
    switch self {
    case .good: "g"
    case .open: "o"
    case .warning: "w"
    case .bad: "b"
    case .notice: "n"
    }
  }
}
