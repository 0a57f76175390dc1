import Capture
import Registrations
import Rules

/// Pictures, each with a table that says the same.
extension HTMLPage {
  func writeTimeline(at position: Int, _ account: AccountSummary, _ findings: [Int]) {
    let name = account.subject.account.addressOfRecord
    guard let window = plan.drawn.first(where: { $0.position == position })?.window else {
      html.write(
        Tag.p(.class("what")) {
          "Not drawn: only the \(plan.drawn.count) accounts with the worst findings are."
        })
      return
    }
    let model = TimelineModel(
      account, findings.map { (number($0), diagnosis.findings[$0]) }, window: window,
      excerpt?.accounts[name], facts)
    let chart = TimelineChart(model: model, zone: options.timeZone)
    html.write {
      Tag.figure {
        Tag.div(.class("scroll pic"), .focusable, .role("region"), .label("Timeline of \(name)")) {
          chart.markup
        }
        model.remark.map { remark in Tag.figcaption { remark } }
      }
      Tag.details {
        Tag.summary { "This timeline as a table" }
        Self.table(
          "What happened to \(name)", head: ["When", "What", "Frames"], rows: Self.rows(model))
      }
    }
  }

  /// Marks in a row that say the same from which one line of the table stands for them.
  private static let fewestAlike = 4

  /// Findings and their proof have tables of their own.
  private static func rows(_ model: TimelineModel) -> [Markup] {
    let lanes = model.lanes.filter { $0.name != "Findings" && $0.name != "Proof" }
    return lanes.flatMap { lane in
      alike(lane.marks).flatMap { marks -> [Markup] in
        guard marks.count >= fewestAlike, let first = marks.first, let last = marks.last else {
          return marks.map { row(lane.name, $0.when, $0.what, $0.frames) }
        }
        return [
          row(
            lane.name, "\(first.when) to \(last.when)",
            "\(Words.count(marks.count, "time")): \(first.what)",
            "\(first.frames) ... \(last.frames)")
        ]
      }
    }
  }

  private static func alike(_ marks: [TimelineMark]) -> [[TimelineMark]] {
    var rows: [[TimelineMark]] = []
    for mark in marks {
      if let last = rows.last?.last, last.what == mark.what, last.isRun == mark.isRun {
        rows[rows.count - 1].append(mark)
      } else {
        rows.append([mark])
      }
    }
    return rows
  }

  private static func row(
    _ lane: String, _ when: String, _ what: String, _ frames: String
  ) -> Markup {
    Tag.tr {
      Tag.td { when }
      Tag.td { "\(lane): \(what)" }
      Tag.td { frames }
    }
  }

  /// The packets that prove a finding, as arrows and as text.
  func ladder(_ index: Int) -> [Markup] {
    guard plan.quoted.contains(index), let excerpt else { return [] }
    let finding = diagnosis.findings[index]
    let number = number(index)
    let steps = ReportPlan.quotes(of: finding).compactMap { evidence -> Ladder.Step? in
      guard let packet = excerpt.packets[evidence.moment.frame],
        let place = finding.evidence.firstIndex(of: evidence)
      else { return nil }
      return Ladder.Step(
        evidence: evidence, packet: packet,
        target: Self.id(ofFinding: number, proof: place))
    }
    guard !steps.isEmpty else { return [] }
    let name = "The packets that prove \(Finding.identifier(number)), in order"
    let left = finding.evidence.count - steps.count
    return [
      Tag.figure {
        Tag.div(.class("scroll pic"), .focusable, .role("region"), .label(name)) {
          Ladder(steps, finding.direction, facts).markup
        }
        left > 0
          ? Tag.figcaption { "\(Words.count(left, "more packet")) in the table above." } : nil
      },
      Tag.details {
        Tag.summary { "What these packets say" }
        Tag.ol(.class("quotes")) { steps.map(quote) }
      },
    ]
  }

  private func quote(_ step: Ladder.Step) -> Markup {
    let packet = step.packet
    let place = facts.place(step.evidence.moment.frame)
    return Tag.li {
      Tag.p {
        Tag.strong { "\(facts.clock.precise(step.evidence.moment.time)), \(place)" }
        ": \(step.evidence.note) (\(packet.source) to \(packet.destination))"
      }
      packet.startLine.isEmpty
        ? Tag.p { packet.label }
        : Tag.pre(.focusable) {
          Tag.strong { packet.startLine }
          Markup.lineEnd
          packet.fields.flatMap { field in
            [.text("\(field.name): \(field.value)"), Markup.lineEnd]
          }
        }
    }
  }

  /// What the marks of all timelines mean.
  static var legend: Markup {
    Tag.details(.class("legend")) {
      Tag.summary { "How to read the timelines" }
      Tag.ul {
        entry("Shaded", "when something was wrong, from the findings") {
          SVG.rect(2, 2, 20, 16, class: "sh b")
        }
        entry("Bar", "a registration as long as it was valid, a call, an address") {
          SVG.rect(2, 4, 20, 12, class: "bar g")
        }
        entry("Stroke", "a request that was answered, a keepalive") {
          SVG.path("M12 4v12", class: "st g")
        }
        entry("Cross", "a request without an answer, or refused") {
          SVG.path("M7 5l10 10m0-10l-10 10", class: "st b")
        }
        entry("Dot", "a packet that proves a finding") {
          SVG.path("M8 10a4 4 0 1 0 8 0a4 4 0 1 0-8 0", class: "dot b")
        }
        entry("Diamond", "not decided: the answer is not in the capture, or a challenge") {
          SVG.path("M12 7l3 3-3 3-3-3z", class: "st o")
        }
        entry("Line", "a run of the same, close together") {
          SVG.rect(2, 8, 20, 4, class: "run g")
        }
      }
      Tag.p {
        "Point at a mark to see time, frame and packet; the marks that matter can be reached by "
        "keyboard, too. Each picture has a table that says the same."
      }
    }
  }

  private static func entry(
    _ name: String, _ words: String, @MarkupBuilder drawing: () -> [Markup]
  ) -> Markup {
    Tag.li {
      SVG.svg(
        Attribute("viewBox", "0 0 24 20"), .class("key"), Attribute("aria-hidden", "true"),
        content: drawing)
      Tag.strong { " \(name): " }
      words
    }
  }
}
