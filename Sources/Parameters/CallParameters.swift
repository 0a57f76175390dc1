extension Parameter {
  /// How the switch sends and probes, whoever the other side is.
  static let transportParameters: [Parameter] = [
    Parameter(
      "SS_SIP_RESEND_INTERVAL", .delays, default: nil,
      note: "not published; RFC 3261 would have 0.5,1,2,4,4,4,4,4,4,4",
      source: "SIP Resend Interval (V2.1.9.07)",
      "Waits before each repetition of a message of the switch that gets no answer."),
    Parameter(
      "SS_SIP_OPTIONS_CHECK_PERIOD", .seconds(range: nil), default: nil,
      note: "not published", source: "SIP OPTIONS Online Check (V2.1.9.07)",
      "Interval of the OPTIONS with which the switch checks its routing gateways."),
    Parameter(
      "SS_QOS_SIGNAL", .integer(unit: "", range: 0...255), default: .integer(0xA0),
      note: "0xa0 is DSCP 40, class CS5", source: "QoS Configuration (V2.1.9.07); RFC 791 3.1",
      "ToS byte of the packets with which the switch signals."),
    Parameter(
      "SERVER_LOGIN_FAILED_DISABLE_TIME", .seconds(range: nil), default: nil,
      note: "not published; concerns logins of operators, never REGISTER",
      source: "Login lockout (V2.1.9.07)",
      "How long a login of the management client is locked after failures."),
  ]

  /// What decides about calls: seen beside registrations, and easily taken for their parameters.
  static let callParameters: [Parameter] = [
    Parameter(
      "SS_SIP_SESSION_TTL", .seconds(range: nil), default: nil, note: "not published",
      source: "SIP Session Timer (V2.1.9.07)",
      "Session expiry of calls; refreshes within a call do not keep a registration alive."),
    Parameter(
      "SS_SIP_SESSION_UPDATE_SEGMENT", .integer(unit: "", range: nil), default: nil,
      note: "neither default nor unit is published", source: "SIP Session Timer (V2.1.9.07)",
      "When within the session expiry of a call it is refreshed."),
    Parameter(
      "SS_SIP_SESSION_TIMEOUT_EARLY_HANGUP", .seconds(range: nil), default: nil,
      note: "neither default nor unit is published", source: "SIP Session Timer (V2.1.9.07)",
      "How early a call is hung up whose session is about to expire."),
    Parameter(
      "SS_SIP_NO_TIMER_REINVITE_INTERVAL", .seconds(range: nil), default: nil,
      note: "not published", source: "SIP Session Timer (V2.1.9.07)",
      "Longest call with a peer that does not know session timers."),
    Parameter(
      "SS_SIP_PUBLISH_EXPIRE", .seconds(range: 30...7200), default: .integer(300),
      source: "SIP Publish Expire (V2.1.9.07)",
      "Expiry of the state a gateway publishes (RFC 3903); no registration."),
    timeout(
      "INVITE", 10, "How long an INVITE may stay without any answer before the next way is tried."),
    timeout("TRYING", 20, "How long a call may stay at 100 Trying."),
    timeout("SESSION_PROGRESS", 20, "How long a call may stay at 183 without media."),
    timeout("SESSION_PROGRESS_SDP", 120, "How long a call may stay at 183 with media."),
    timeout("RINGING", 120, "How long a call may ring."),
    Parameter(
      "SS_MEDIAPROXYMODE", .choice(["Off", "On", "Auto", "Must On"]), default: nil,
      note: "not published", source: "Media Proxy and System Parameters (V2.1.9.07)",
      "Whether media of calls run through the switch; one-way audio is no registration fault."),
  ]

  private static func timeout(_ name: String, _ seconds: Int, _ summary: String) -> Parameter {
    Parameter(
      "SS_SIP_TIMEOUT_\(name)", .seconds(range: nil), default: .integer(seconds),
      source: "SIP Call Progress Timeout (V2.1.9.07)", summary)
  }
}
