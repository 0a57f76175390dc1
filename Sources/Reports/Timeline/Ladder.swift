import Capture
import Decode
import Registrations
import Rules

/// Draws the packets that prove a finding as arrows between those who sent and received them.
struct Ladder {
  /// One packet with what the finding says of it.
  struct Step {
    let evidence: Evidence
    let packet: QuotedPacket
    /// Where it is listed.
    let target: String
  }

  private static let width = 860.0
  private static let timeColumn = 190.0
  private static let stepHeight = 44.0
  private static let top = 52.0
  /// Columns at most; further parties share the last one.
  private static let mostParties = 5
  /// A time without a packet from which the picture says how long it was.
  private static let pause = Duration.seconds(1)

  let steps: [Step]
  let facts: ReportFacts
  /// What parties are that are no switches.
  private let others: String
  private let parties: [Endpoint]

  init(_ steps: [Step], _ direction: Direction?, _ facts: ReportFacts) {
    self.steps = steps
    others =
      switch direction {
      case .inbound: "device"
      case .outbound: "upstream"
      case nil: "host"
      }
    self.facts = facts
    var parties: [Endpoint] = []
    for step in steps {
      for party in [step.packet.source, step.packet.destination] where !parties.contains(party) {
        parties.append(party)
      }
    }
    // Who reports an error has no port, and may be one of the others.
    let hosts = Set(parties.filter { $0.port != 0 }.map(\.address))
    parties.removeAll { $0.port == 0 && hosts.contains($0.address) }
    // Switches stand right, as in the documents of most of them.
    let isSwitch = { (party: Endpoint) in facts.switchSet.contains(party) }
    self.parties = parties.filter { !isSwitch($0) } + parties.filter(isSwitch)
  }

  private var columns: Int { min(max(parties.count, 2), Self.mostParties) }

  private func x(_ party: Endpoint) -> Double {
    let place =
      parties.firstIndex(of: party) ?? parties.firstIndex { $0.address == party.address } ?? 0
    let index = min(place, columns - 1)
    let room = Self.width - Self.timeColumn
    return Self.timeColumn + room * (Double(index) + 0.5) / Double(columns)
  }

  /// The picture.
  var markup: Markup {
    let bottom = Self.top + Double(steps.count) * Self.stepHeight
    var parts = heads(to: bottom)
    for (index, step) in steps.enumerated() {
      let y = Self.top + Double(index) * Self.stepHeight + 26
      if index > 0 { parts += pause(before: index, at: y - Self.stepHeight / 2) }
      parts += arrow(step, at: y)
    }
    return SVG.picture(Int(Self.width), Int(bottom + 8), class: "ld") { parts }
  }

  private func heads(to bottom: Double) -> [Markup] {
    parties.prefix(columns).enumerated().flatMap { index, party in
      let isLast = index == columns - 1 && parties.count > columns
      let address = party.port == 0 ? party.address.description : party.description
      let isSwitch = facts.switchSet.contains(party)
      let place = x(party)
      return [
        SVG.line(place, 40, place, bottom, class: "ll"),
        SVG.text(
          place, 16,
          isLast ? "and others" : isSwitch ? "switch" : party.port == 0 ? "router" : others,
          class: "lr"),
        SVG.text(place, 33, isLast ? "" : address, class: "lh"),
      ]
    }
  }

  private func pause(before index: Int, at y: Double) -> [Markup] {
    let gap = steps[index].evidence.moment.time - steps[index - 1].evidence.moment.time
    guard gap >= Self.pause else { return [] }
    return [SVG.text(Self.timeColumn, y + 4, "\(Wording.span(gap)) later", class: "lp end")]
  }

  private func arrow(_ step: Step, at y: Double) -> [Markup] {
    let from = x(step.packet.source)
    let to = x(step.packet.destination)
    let isLost = step.packet.isUnanswered == true
    let tip = from < to ? to - 2 : to + 2
    let back = from < to ? -9.0 : 9.0
    let style = isLost ? "ar b" : "ar"
    let label = step.packet.label + (isLost ? " - no answer" : "")
    let place = facts.place(step.evidence.moment.frame)
    let words = "\(facts.clock.precise(step.evidence.moment.time)), \(place): \(step.evidence.note)"
    return [
      SVG.text(8, y - 2, facts.clock.precise(step.evidence.moment.time), class: "lt"),
      SVG.text(8, y + 11, place, class: "lp"),
      SVG.a(.class("m"), .href(to: step.target)) {
        SVG.title { words }
        SVG.path(
          "M\(SVG.decimal(from)) \(SVG.decimal(y))H\(SVG.decimal(tip))m\(SVG.decimal(back))-5l\(SVG.decimal(-back)) 5 \(SVG.decimal(back)) 5",
          class: style)
        isLost
          ? SVG.path(
            "M\(SVG.decimal((from + to * 3) / 4)) \(SVG.decimal(y))m-6-6l12 12m0-12l-12 12",
            class: style)
          : nil
        SVG.text((from + to) / 2, y - 6, Self.short(label), class: isLost ? "la b" : "la")
      },
    ]
  }

  private static func short(_ label: String) -> String {
    label.count > 48 ? String(label.prefix(45)) + "..." : label
  }
}
