extension Parameter {
  /// The documented parameters of the switch.
  ///
  /// All sources paraphrase one manual that was not at hand, so every default is a value the user
  /// can override, never a constant, and a range is given only where a source states it.
  /// What is set per gateway or phone (authentication mode, addresses of requests and replies,
  /// kind of registration) is no parameter of the switch and has no row.
  static let switchParameters: [Parameter] =
    registrationParameters + protectionParameters + outboundParameters + keepaliveParameters
    + transportParameters + callParameters

  private static let registrationParameters: [Parameter] = [
    Parameter(
      "SS_ENDPOINT_EXPIRE", .seconds(range: nil), default: .integer(3600), isDisputed: true,
      note: "one article says 3600 throughout, another \"300 / 3600\"",
      source: "Lightweight Registration Interval (V2.1.9.07)",
      "Longest registration granted to an endpoint that is not behind NAT."),
    Parameter(
      "SS_ENDPOINT_NAT_EXPIRE", .seconds(range: nil), default: .integer(300),
      source: "SIP Outbound Registration Parameters (V2.1.9.07)",
      "Longest registration granted to an endpoint behind NAT."),
    Parameter(
      "SS_ENDPOINTTIMETOLIVE", .seconds(range: nil), default: .integer(60),
      note: "30 to 300 is advised; may act outside SIP, so absence of probes proves nothing",
      source: "Lightweight Registration Interval (V2.1.9.07)",
      "Interval at which the switch checks that a registered endpoint still answers."),
    Parameter(
      "SS_ENDPOINT_REGISTER_REPLACE", .onOff, default: .flag(true),
      source: "Registration Replace Kick (V2.1.9.07)",
      "Whether a registration from a new place replaces the live one (On) or is refused (Off)."),
  ]

  private static let protectionParameters: [Parameter] = [
    Parameter(
      "SS_ENDPOINT_REGISTER_SUSPEND", .onOff, default: nil, note: "not published",
      source: "Authentication Suspend (V2.1.9.07)",
      "Whether an endpoint is suspended after repeated failed registrations."),
    Parameter(
      "SS_ENDPOINT_REGISTER_RETRY", .integer(unit: "failures", range: nil), default: nil,
      note: "not published", source: "Authentication Suspend (V2.1.9.07)",
      "Failed registrations tolerated before an endpoint is suspended."),
    Parameter(
      "SS_ENDPOINT_REGISTER_SUSPEND_TIME", .seconds(range: nil), default: nil,
      note: "not published", source: "Authentication Suspend (V2.1.9.07)",
      "How long the suspension of an endpoint lasts."),
    Parameter(
      "SS_AUTHENTICATION_MAX_RETRY", .integer(unit: "failures", range: 0...999),
      default: .integer(6), source: "Authentication Retry Limits (V2.1.9.07)",
      "Failed password attempts tolerated before the endpoint is disabled for a while."),
    Parameter(
      "SS_AUTHENTICATION_FAILED_SUSPEND", .seconds(range: 60...3600), default: .integer(180),
      source: "Authentication Retry Limits (V2.1.9.07)",
      "How long an endpoint stays disabled after too many failed passwords."),
    Parameter(
      "SS_SIP_AUTHENTICATION_RETRY", .integer(unit: "challenges", range: nil), default: nil,
      note: "not published", source: "SIP Authentication Retry / Timeout (V2.1.9.07)",
      "How often one request with wrong credentials is challenged again."),
    Parameter(
      "SS_SIP_AUTHENTICATION_TIMEOUT", .seconds(range: nil), default: nil,
      note: "not published", source: "SIP Authentication Retry / Timeout (V2.1.9.07)",
      "How long the switch waits for the request with credentials after a challenge."),
    Parameter(
      "SS_SIP_AUTHENTICATION_CODE", otherNames: ["SS_AUTHCHALLENGEMODE"], .choice(["401", "407"]),
      default: nil,
      note: "not published; another page calls it SS_AUTHCHALLENGEMODE",
      source: "SIP Authentication Retry / Timeout (V2.1.9.07)",
      "Status code with which the switch asks for credentials."),
    Parameter(
      "SS_REPLY_UNAUTHORIZED", .onOff, default: .flag(true),
      source: "Unauthorized SIP Response (V2.1.9.07)",
      "Whether requests from unknown sources are answered (On) or dropped without a word (Off)."),
  ]

  private static let outboundParameters: [Parameter] = [
    Parameter(
      "SS_SIP_USER_AGENT_EXPIRE", .seconds(range: 20...7200, orAuto: true), default: .auto,
      source: "SIP Outbound Registration Parameters (V2.1.9.07)",
      "Registration time the switch asks of an upstream server; refreshed at about half of it."),
    Parameter(
      "SS_SIP_USER_AGENT_RETRY_DELAY", .seconds(range: 30...600), default: .integer(60),
      source: "SIP Outbound Registration Parameters (V2.1.9.07)",
      "Fixed wait of the switch after a failed registration at an upstream server."),
    Parameter(
      "SS_SIP_USER_AGENT_SEND_UNREGISTER", .onOff, default: .flag(true),
      source: "SIP Outbound Registration Parameters; SIP Send Unregister (V2.1.9.07)",
      "Whether the switch removes its registrations upstream when it stops."),
    Parameter(
      "SS_SIP_USER_AGENT_PRIVACY", .choice(["Ignore", "Id", "None"]), default: .text("Ignore"),
      source: "SIP Outbound Registration Parameters; SIP Privacy Header (V2.1.9.07)",
      "Privacy header of the switch's registrations upstream; Ignore sends none."),
    Parameter(
      "SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT", .onOff, default: nil,
      note: "not published", source: "Call setup (V2.1.9.07), title only",
      "Whether the switch stops trying other gateways once an INVITE timed out."),
  ]

  private static let keepaliveParameters: [Parameter] = [
    Parameter(
      "SS_SIP_NAT_KEEP_ALIVE_MESSAGE", .text, default: .text("HELLO"),
      source: "SIP NAT Keep Alive (V2.1.9.07)",
      "Text the switch sends to endpoints behind NAT to hold their mapping open."),
    Parameter(
      "SS_SIP_NAT_KEEP_ALIVE_PERIOD", .seconds(range: nil), default: .integer(30),
      note: "equal to the shortest common NAT timeout, so without margin there",
      source: "SIP NAT Keep Alive (V2.1.9.07)",
      "Cycle in which every endpoint behind NAT gets its keepalive."),
    Parameter(
      "SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL", .integer(unit: "ms", range: nil), default: nil,
      note: "not published", source: "SIP NAT Keep Alive (V2.1.9.07)",
      "Pause between two bursts of keepalives, so that a cycle is spread out."),
    Parameter(
      "SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME", .integer(unit: "keepalives", range: nil),
      default: nil, note: "not published; sources disagree on per burst or per device",
      source: "SIP NAT Keep Alive (V2.1.9.07)", "Keepalives sent in one burst."),
  ]

  init(
    _ name: String, otherNames: [String] = [], _ kind: Kind, default value: ParameterValue?,
    isDisputed: Bool = false, note: String = "", source: String, _ summary: String
  ) {
    self.init(
      name: name, otherNames: otherNames, kind: kind, documentedDefault: value,
      isDisputed: isDisputed, defaultNote: note, source: source, summary: summary,
      isSetting: false)
  }
}
