import Capture
import Parameters
import Registrations
import Rules

/// All accounts, what was tested, what was measured.
extension HTMLPage {
  /// Accounts that are listed; the others are in report.json.
  private static let mostAccounts = 300

  func writeAccounts() {
    guard !diagnosis.accounts.isEmpty else { return }
    let positions = listed
    let left = diagnosis.accounts.count - positions.count
    html.open(.section, .id("accounts"))
    html.write {
      Tag.h2 { "All accounts" }
      left > 0
        ? Tag.p {
          "Listed are \(Words.grouped(positions.count)), those with findings first; "
          "\(Words.grouped(left)) more are counted above and told in report.json."
        } : nil
      Self.wideTable(
        "Accounts at the end of the capture", class: "sort",
        head: ["Account", "State", "Unreachable", "Reachable", "Findings", "Where, device"],
        rows: positions.map(row))
    }
    html.close()
  }

  /// Those with findings in the order of these, then the others as they were seen.
  private var listed: [Int] {
    var positions = plan.groups.compactMap { $0.account.flatMap { plan.positions[$0] } }
    let faulty = Set(positions)
    positions = Array(positions.prefix(Self.mostAccounts))
    for position in diagnosis.accounts.indices where positions.count < Self.mostAccounts {
      if !faulty.contains(position) { positions.append(position) }
    }
    return positions
  }

  private func row(_ position: Int) -> Markup {
    let account = diagnosis.accounts[position]
    let name = account.subject.account.addressOfRecord
    let group = plan.groups.first { $0.account == name }
    return Tag.tr(.data("data-find", name)) {
      Tag.th(.scope("row")) { name }
      Tag.td { account.state.rawValue }
      Self.cell(account.unreachable)
      Self.cell(account.reachable)
      Tag.td { Self.links(group?.findings ?? []) }
      Tag.td { facts.place(of: account) }
    }
  }

  /// A span, with its seconds to sort by.
  private static func cell(_ span: Duration?) -> Markup {
    let seconds = span.map { $0.wholeNanoseconds / 1_000_000_000 } ?? -1
    return Tag.td(.class("nb"), .data("data-sort", "\(seconds)")) {
      span.map { $0 == .zero ? "-" : Wording.span($0) } ?? "not known"
    }
  }

  // MARK: What was tested

  func writeTests() {
    guard !diagnosis.rules.isEmpty else { return }
    let undecided = Conclusion(diagnosis).undecided
    html.write(
      Tag.section(.id("tests")) {
        Tag.h2 { "What was tested, and what could not be decided" }
        Tag.p {
          "Good news is not the same as no news. "
          Tag.em { "Held" }
          " means that packets in this capture put the rule to the test and it passed; "
          Tag.em { "not seen" }
          " that nothing here tests it; "
          Tag.em { "undecided" }
          " that the capture cannot tell."
        }
        undecided.isEmpty ? nil : Tag.h3 { "Not decided, and why" }
        undecided.isEmpty
          ? nil
          : Tag.ul {
            undecided.map { why, rules in
              Tag.li {
                Tag.strong { rules.joined(separator: ", ") }
                ": \(why)"
              }
            }
          }
        Tag.details(Attribute("open")) {
          Tag.summary { "All rules, in accounts" }
          Self.wideTable(
            "What each rule says, in accounts", class: "sort",
            head: ["Rule", "What it finds", "Violated", "Held", "Tests", "Not seen", "Undecided"],
            rows: diagnosis.rules.map(Self.row))
        }
      })
  }

  private static func row(_ tally: RuleTally) -> Markup {
    func cell(_ number: Int) -> Markup { Tag.td { number == 0 ? "-" : Words.grouped(number) } }
    let summary = RuleCatalogue.summary(named: tally.rule)
    return Tag.tr {
      Tag.th(.scope("row")) { tally.rule }
      Tag.td { summary?.title ?? "" }
      Tag.td(.class(tally.violated > 0 ? summary?.level.tone.style ?? "" : "")) {
        tally.violated == 0 ? "-" : Words.grouped(tally.violated)
      }
      cell(tally.held)
      cell(tally.tests)
      cell(tally.notObserved)
      cell(tally.undecided)
    }
  }

  // MARK: Parameters

  func writeParameters() {
    let effective = diagnosis.overview.effective
    let entries = diagnosis.profile.entries.filter { effective.values[$0.parameter.name] != nil }
    guard !entries.isEmpty else { return }
    html.write(
      Tag.section(.id("parameters")) {
        Tag.h2 { "Parameters as the traffic shows them" }
        Self.wideTable(
          "Measured against configured, all parameters that can be seen",
          head: ["Parameter", "Configured", "Measured", "How", "Fits"],
          rows: entries.compactMap { entry in
            effective.values[entry.parameter.name].map { Self.row(entry, $0) }
          })
      })
  }

  private static func row(_ entry: Profile.Entry, _ observed: ObservedValue) -> Markup {
    let unit = entry.parameter.unit.isEmpty ? "" : " \(entry.parameter.unit)"
    let isDefault = entry.source == .documented
    var measured = (observed.isLowerBound ? "at least " : "") + "\(observed.value)\(unit)"
    if let spread = observed.spread, spread.lowerBound < spread.upperBound {
      measured += " (\(spread.lowerBound) to \(spread.upperBound))"
    }
    return Tag.tr {
      Tag.th(.scope("row")) { Tag.code { entry.parameter.name } }
      Tag.td {
        entry.value.map { "\($0)\(unit)\(isDefault ? " (documented default)" : "")" }
          ?? "not known"
      }
      Tag.td { measured }
      Tag.td { "\(observed.basis), seen \(Words.count(observed.support, "time"))" }
      Tag.td(.class(observed.agrees == false ? "w" : "")) {
        observed.agrees.map { $0 ? "yes" : "no" } ?? "not known"
      }
    }
  }

  func writeChecklist() {
    guard diagnosis.overview.fleet.directions[.outbound] ?? 0 > 0 else { return }
    html.write(
      Tag.section(.id("checklist")) {
        Tag.h2 { "Checklist for outbound registrations" }
        Self.wideTable(
          "What such a deployment needs", head: ["Point", "Answer", "Because"],
          rows: diagnosis.overview.checklist.map { item in
            Tag.tr {
              Tag.th(.scope("row")) { item.text }
              Tag.td(.class(item.answer.word == "contradicted" ? "w" : "")) { item.answer.word }
              Tag.td { item.answer.reason }
            }
          })
      })
  }

  // MARK: Words

  /// What a reader who does not live in SIP has to know.
  private static let words: [(word: String, meaning: String)] = [
    (
      "Registration",
      "a phone or trunk tells the switch where it can be reached, for so many seconds"
    ),
    ("Binding", "what the switch remembers of it: this account is at that address until then"),
    ("REGISTER", "the message that makes, refreshes or removes a binding"),
    (
      "Challenge (401, 407)",
      "the switch asks for the password; the device then sends REGISTER again"
    ),
    ("NAT, pinhole", "a router hides the device and lets packets in only while others went out"),
    ("Keepalive", "a small packet that holds the pinhole open"),
    ("Probe (OPTIONS)", "the switch asks a device whether it is there"),
    ("Undecided", "the capture does not hold what would answer the question"),
  ]

  func writeReading() {
    html.write(
      Tag.section(.id("words")) {
        Tag.h2 { "Words used here" }
        Tag.dl(.class("words")) {
          Self.words.map { word, meaning in
            Tag.div {
              Tag.dt { word }
              Tag.dd { meaning }
            }
          }
        }
      })
  }
}
