extension Scenario {
  /// What the scenario advises, by the name of the parameter.
  public var recommendations: [(parameter: String, recommendation: Recommendation)] {
    advice.map { ($0.parameter, $0.recommendation(for: self)) }
  }

  // The tables of the documentation, a row each.
  private var advice: [Advice] {
    switch self {
    case .nat:
      .upstream(120...300, retry: 30...60, "keep the pinhole open without flooding")
    case .lan:
      .upstream(600...3600, retry: 60...60, "no NAT, less traffic")
    case .carrierTrunk:
      [
        Advice("SS_SIP_USER_AGENT_EXPIRE", .only(.auto), "the carrier decides", Advice.outbound),
        Advice.retry(60...60, "the carrier decides"),
      ]
    case .unstable:
      .upstream(60...120, retry: 30...30, "fast recovery")
    case .severalTrunks:
      .upstream(300...600, retry: 60...60, "avoid all trunks refreshing together")
    case .primaryTrunk:
      .upstream(120...300, retry: 30...45, "minimise disruption")
    case .backupTrunk:
      [Advice.retry(120...300, "less traffic")]
    case .floodSensitive:
      [Advice.retry(60...120, "the upstream limits rates")]
    case .general:
      [Advice.liveness(60...60, "loss of an endpoint is known within a minute")]
    case .manyEndpoints:
      [Advice.liveness(120...300, "each check costs CPU")]
    case .critical:
      [Advice.liveness(30...30, "loss is known at once; watch the CPU")]
    case .sharedAccounts:
      [Advice.replace(true, "a person registers where they are")]
    case .dedicatedLines:
      [Advice.replace(false, "a stranger cannot take the account over while it is registered")]
    }
  }
}

/// One cell of a table of recommended values.
private struct Advice {
  let parameter: String
  let values: Recommendation.Values
  let reason: String
  let source: String

  init(
    _ parameter: String, _ values: Recommendation.Values, _ reason: String, _ source: String
  ) {
    self.parameter = parameter
    self.values = values
    self.reason = reason
    self.source = source
  }

  private init(
    _ parameter: String, _ range: ClosedRange<Int>, _ reason: String, _ source: String
  ) {
    let isOne = range.count == 1
    self.init(
      parameter, isOne ? .only(.integer(range.lowerBound)) : .range(range), reason, source)
  }

  func recommendation(for scenario: Scenario) -> Recommendation {
    Recommendation(values: values, scenarios: [scenario], reason: reason, source: source)
  }

  static let outbound = "SIP Outbound Registration Parameters (V2.1.9.07)"

  static func expire(_ range: ClosedRange<Int>, _ reason: String) -> Advice {
    Advice("SS_SIP_USER_AGENT_EXPIRE", range, reason, outbound)
  }

  static func retry(_ range: ClosedRange<Int>, _ reason: String) -> Advice {
    Advice("SS_SIP_USER_AGENT_RETRY_DELAY", range, reason, outbound)
  }

  static func liveness(_ range: ClosedRange<Int>, _ reason: String) -> Advice {
    Advice(
      "SS_ENDPOINTTIMETOLIVE", range, reason, "Lightweight Registration Interval (V2.1.9.07)")
  }

  static func replace(_ isOn: Bool, _ reason: String) -> Advice {
    Advice(
      "SS_ENDPOINT_REGISTER_REPLACE", .only(.flag(isOn)), reason,
      "Registration Replace Kick (V2.1.9.07)")
  }
}

extension [Advice] {
  fileprivate static func upstream(
    _ expire: ClosedRange<Int>, retry: ClosedRange<Int>, _ reason: String
  ) -> [Advice] {
    [.expire(expire, reason), .retry(retry, reason)]
  }
}
