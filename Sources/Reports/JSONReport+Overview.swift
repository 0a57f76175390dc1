import Capture
import Parameters
import Registrations
import Rules

extension JSONWriter {
  /// Writes what is said of all accounts together.
  mutating func write(_ overview: Overview) {
    write(overview.checklist)
    key("causes")
    beginArray()
    for cause in overview.causes { write(cause) }
    end()
    write(overview.fleet)
  }

  /// Writes what a parameter was observed to be; null where nothing shows it.
  mutating func write(_ observed: ObservedValue?) {
    guard let observed else { return null() }
    beginObject(onOneLine: true)
    key("value")
    write(observed.value)
    put("support", observed.support)
    put("lowest", observed.spread?.lowerBound)
    put("highest", observed.spread?.upperBound)
    put("is_lower_bound", observed.isLowerBound)
    put("refresh_percent", observed.refreshPercent)
    key("agrees")
    if let agrees = observed.agrees { value(agrees) } else { null() }
    put("basis", observed.basis)
    end()
  }

  private mutating func write(_ checklist: [ChecklistItem]) {
    key("checklist")
    beginArray()
    for item in checklist {
      beginObject(onOneLine: true)
      put("item", item.name)
      put("text", item.text)
      put("answer", item.answer.word)
      put("because", item.answer.reason)
      end()
    }
    end()
  }

  private mutating func write(_ cause: CauseGroup) {
    beginObject()
    put("kind", cause.kind.rawValue)
    put("place", cause.place)
    put("rule", cause.rule)
    put("from", cause.from)
    put("to", cause.to)
    key("findings")
    beginArray()
    for position in cause.findings { value(Finding.identifier(position + 1)) }
    end()
    key("accounts")
    beginArray()
    for account in cause.accounts { value(account) }
    end()
    end()
  }

  private mutating func write(_ fleet: Fleet) {
    key("fleet")
    beginObject()
    key("states")
    beginObject(onOneLine: true)
    for state in AccountState.all {
      key(named: state.rawValue)
      value(fleet.states[state] ?? 0)
    }
    end()
    put("inbound", fleet.directions[.inbound] ?? 0)
    put("outbound", fleet.directions[.outbound] ?? 0)
    put("bound", fleet.bound)
    put("behind_nat", fleet.behindNAT)
    key("user_agents")
    beginArray()
    for agent in fleet.userAgents {
      beginObject(onOneLine: true)
      put("user_agent", agent.name.isEmpty ? nil : agent.name)
      put("accounts", agent.accounts)
      end()
    }
    end()
    key("worst")
    beginArray()
    for account in fleet.worst {
      beginObject(onOneLine: true)
      put("account", account.account)
      put("unreachable_seconds", account.time)
      end()
    }
    end()
    write("registrations", fleet.registrations)
    write("probes", fleet.probes)
    end()
  }

  private mutating func write(_ name: StaticString, _ series: RateSeries) {
    key(name)
    beginObject()
    put("start", series.start)
    put("span_seconds", series.span)
    key("counts")
    beginArray()
    for count in series.counts { value(count) }
    end()
    end()
  }
}

extension ChecklistItem.Answer {
  /// The word reports use.
  var word: String {
    switch self {
    case .confirmed: "confirmed"
    case .contradicted: "contradicted"
    case .notVisible: "not-visible"
    }
  }

  /// What shows it, or why nothing does.
  var reason: String {
    switch self {
    case .confirmed(let reason), .contradicted(let reason), .notVisible(let reason): reason
    }
  }
}

extension AccountState {
  /// Every state, in the order reports list them.
  static var all: [AccountState] {
    [.registered, .removed, .unknown, .expired, .refused, .unanswered]
  }
}
