import Capture
import Registrations
import Rules

/// The findings, account by account.
extension HTMLPage {
  func writeFindingsStart() {
    html.write {
      Tag.h2 { plan.groups.isEmpty ? "The accounts over time" : "What was found, and the proof" }
      diagnosis.overview.causes.map(together)
      plan.drawn.isEmpty ? nil : Self.legend
    }
  }

  /// What the accounts of a cause share.
  static func place(of cause: CauseGroup) -> String {
    switch cause.kind {
    case .address: "behind one address, \(cause.place), and had it at the same time"
    case .registrar: "registered at \(cause.place) and had it at the same time"
    case .parameter: "alike in what \(cause.place) is about"
    }
  }

  private func together(_ cause: CauseGroup) -> Markup {
    return Tag.div(.class("note")) {
      Tag.p {
        Tag.strong { "Together: " }
        "\(Words.count(cause.accounts.count, "account")) are \(Self.place(of: cause)) (\(cause.rule)). Look for one "
        "cause there first: "
        Self.links(cause.findings)
      }
    }
  }

  /// One account with its timeline and its findings.
  mutating func writeGroup(_ index: Int) {
    let group = plan.groups[index]
    let told = group.findings.filter(plan.told.contains)
    guard !told.isEmpty else { return }
    html.open(
      .article, .class("account"), .id(Self.id(ofGroup: index)),
      .data("data-find", group.account ?? ""))
    html.write(Tag.h3 { group.account ?? "The capture as a whole" })
    if let name = group.account, let position = plan.positions[name] {
      let account = diagnosis.accounts[position]
      html.write(Tag.p(.class("what")) { standing(account) })
      writeTimeline(at: position, account, group.findings)
    }
    for finding in told { write(finding) }
    html.close()
  }

  /// What is not told in full, by rule; there may be a row for every account.
  func writeFurther<Sink: ReportSink>(to sink: inout Sink) throws(Sink.Failure) {
    for (rule, findings) in plan.further(diagnosis.findings) {
      let like = diagnosis.findings.indices.first {
        plan.told.contains($0) && diagnosis.findings[$0].rule == rule
      }
      html.write {
        Tag.h3 { "Further findings: \(rule)" }
        Tag.p(.class("what")) {
          "Why and what to do as for "
          Self.links(like.map { [$0] } ?? [])
          "; report.json tells each in full."
        }
      }
      openWideTable("Further findings of \(rule)", head: ["Finding", "What", "When", "Proof"])
      for finding in findings {
        html.write(line(finding))
        try html.pending.drain(to: &sink)
      }
      closeWideTable()
    }
  }

  private func line(_ index: Int) -> Markup {
    let finding = diagnosis.findings[index]
    let frames = finding.evidence.map { facts.place($0.moment.frame) }.joined(separator: ", ")
    return Tag.tr(
      .id(Self.id(ofFinding: index + 1)), .data("data-level", finding.level.word),
      .data("data-find", finding.account ?? "")
    ) {
      Tag.th(.scope("row")) { Finding.identifier(index + 1) }
      Tag.td { finding.summary }
      Tag.td { facts.when(finding) }
      Tag.td { frames }
    }
  }

  private func standing(_ account: AccountSummary) -> String {
    var words =
      "\(facts.isLive ? "Now" : "At the end") \(account.state.rawValue), \(facts.place(of: account))"
    if let time = account.unreachable, time > .zero {
      words += "; could not be reached for \(Wording.span(time))"
    }
    if let time = account.reachable { words += "; reachable for \(Wording.span(time))" }
    return words + "."
  }

  /// Timelines of accounts without findings, where there is room: to compare with, and to show what
  /// was seen.
  func writeHealthyTimelines() {
    let faulty = Set(plan.positions.values)
    let healthy = plan.drawn.filter { !faulty.contains($0.position) }
    guard !healthy.isEmpty else { return }
    if !plan.groups.isEmpty { html.write(Tag.h3 { "Accounts without findings, to compare" }) }
    for (position, _) in healthy {
      let account = diagnosis.accounts[position]
      let name = account.subject.account.addressOfRecord
      html.open(.article, .class("account"), .data("data-find", name))
      html.write {
        plan.groups.isEmpty ? Tag.h3 { name } : Tag.h4 { name }
        Tag.p(.class("what")) { standing(account) }
      }
      writeTimeline(at: position, account, [])
      html.close()
    }
  }

  private mutating func write(_ index: Int) {
    let finding = diagnosis.findings[index]
    let number = number(index)
    let name = Finding.identifier(number)
    let remedy = remedy(finding, index)
    html.open(
      .section, .class("finding \(finding.level.tone.style)"), .id(Self.id(ofFinding: number)),
      .data("data-level", finding.level.word))
    html.write {
      Tag.h4 {
        Self.badge(finding.level)
        " \(name): \(finding.summary)"
      }
      Tag.p(.class("what")) {
        "\(facts.when(finding)). Rule "
        Tag.code { finding.rule }
        finding.count > 1 ? ", \(Words.count(finding.count, "time"))" : ""
      }
      Tag.h5 { "Why" }
      Tag.p { finding.explanation }
      finding.failover.map(whatIf)
      Tag.h5 { "Proof" }
      proof(finding, number)
      ladder(index)
      Tag.h5 { "What to do" }
      remedy
      finding.parameter.map(comparison)
    }
    html.close()
  }

  private mutating func remedy(_ finding: Finding, _ index: Int) -> Markup {
    if let first = remedies[finding.remedy] {
      return Tag.p {
        "As for "
        Tag.a(.href(to: Self.id(ofFinding: number(first)))) {
          Finding.identifier(number(first))
        }
        "."
      }
    }
    remedies[finding.remedy] = index
    return Tag.p { finding.remedy }
  }

  private func proof(_ finding: Finding, _ number: Int) -> Markup {
    Self.table(
      "Packets that prove \(Finding.identifier(number))", class: "proof",
      head: ["Time", "Frame", "What it shows"],
      rows: finding.evidence.enumerated().map { index, evidence in
        Tag.tr(.id(Self.id(ofFinding: number, proof: index))) {
          Tag.td(.class("nb")) { facts.clock.precise(evidence.moment.time) }
          Tag.td(.class("nb")) { facts.place(evidence.moment.frame) }
          Tag.td { evidence.note }
        }
      })
  }

  private func comparison(_ parameter: ParameterComparison) -> Markup {
    func value(_ text: String?) -> String { facts.value(text, of: parameter.name) ?? "-" }
    return Self.table(
      "Measured against configured", head: ["Parameter", "Configured", "Measured", "Set to"],
      rows: [
        Tag.tr {
          Tag.th(.scope("row")) { Tag.code { parameter.name } }
          Tag.td { facts.configured(parameter) ?? "not known" }
          Tag.td { value(parameter.observed) }
          Tag.td { value(parameter.recommended) }
        }
      ])
  }

  private func whatIf(_ failover: Failover) -> Markup {
    func range(_ low: String, _ high: String) -> String { low == high ? low : "\(low) to \(high)" }
    return Self.table(
      "When the registration would have been back with another delay",
      head: ["Retry delay", "Back after", "Attempts"],
      rows: failover.rows.map { row in
        Tag.tr {
          Tag.td { Wording.span(row.delay) }
          Tag.td { range(Wording.span(row.earliest), Wording.span(row.latest)) }
          Tag.td { range("\(row.fewest)", "\(row.most)") }
        }
      })
  }
}
