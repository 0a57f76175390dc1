extension Parameter {
  /// Thresholds of regsift's own rules: each with its unit and the reason for its default.
  static let settings: [Parameter] =
    bindingSettings + failureSettings + timingSettings + crowdSettings + retrySettings
    + outboundSettings

  private static let bindingSettings: [Parameter] = [
    Parameter(
      "FLAPPING_CHANGES", .integer(unit: "changes", range: 2...1000), 4,
      because: "a restart or a single move makes at most two or three",
      "Changes of a binding within FLAPPING_WINDOW from which a registration counts as flapping."),
    Parameter(
      "FLAPPING_WINDOW", .seconds(range: 10...86_400), 600,
      because: "two devices that refresh every 300 s still meet twice in it",
      "Time within which changes of a binding are counted together."),
    Parameter(
      "FLOOD_INTERVAL", .seconds(range: 1...3600), 20,
      because: "the lowest expiry the switch can be set to ask for is 20 s",
      "Successful registrations of an account closer together than this may be a flood."),
    Parameter(
      "FLOOD_SHARE", .integer(unit: "%", range: 1...100), 25,
      because: "clients refresh at half of the granted time or later; a quarter is needless",
      "Share of the granted expiry below which a refresh comes far too early."),
    Parameter(
      "FLOOD_RUN", .integer(unit: "registrations", range: 2...1000), 5,
      because: "a start with retries can make three or four in a row",
      "Registrations in a row, each far too early, from which they are a flood."),
    Parameter(
      "THIN_MARGIN_RUN", .integer(unit: "refreshes", range: 2...1000), 3,
      because: "one or two may have waited for a network that was away",
      "Refreshes in a row, each less than TRANSACTION_TIMEOUT before the expiry, that are a habit."),
    Parameter(
      "CALL_DROP_WINDOW", .seconds(range: 1...600), 5,
      because:
        "the switch ends the calls of a replaced binding at once; a BYE may be retransmitted",
      source: "VOS3000 Registration Replace",
      "Time after a replacement in which a BYE of the switch is its doing."),
    Parameter(
      "NAT_SAFE_IDLE", .seconds(range: 1...3600), 25,
      because: "the shortest NAT timeouts in the field are 30 s",
      source: "RFC 5626 4.4.2; Hatonen et al., IMC 2010",
      "Longest silence in a flow that every common NAT survives."),
    Parameter(
      "NAT_SURELY_OPEN", .seconds(range: 1...60), 5,
      because: "no NAT forgets a mapping this soon after a packet from inside",
      "Silence after which a request that stays unanswered cannot be the NAT's doing."),
    Parameter(
      "ALG_MAPPINGS", .integer(unit: "mappings", range: 1...1000), 2,
      because: "one may have been learnt from an answer to another request",
      "New mappings named in Contact before the device could know them that show a SIP ALG."),
  ]

  private static let failureSettings: [Parameter] = [
    Parameter(
      "AUTH_LOOP_FAILURES", .integer(unit: "challenges", range: 2...1000), 3,
      because: "one challenge is normal and a stale nonce makes a second",
      "Refused credentials in a row, without a success, from which a client loops."),
    Parameter(
      "CREDENTIALS_GRACE", .seconds(range: 1...3600), 60,
      because: "a person who mistypes a password has put it right by then",
      "Time after refused credentials in which a success clears the refusal."),
    Parameter(
      "UNANSWERED_REQUESTS", .integer(unit: "requests", range: 1...100), 2,
      because: "one unanswered request is packet loss",
      "Requests in a row that must stay unanswered before an outage is believed."),
    Parameter(
      "REGISTER_LADDER_COPIES", .integer(unit: "transmissions", range: 1...11), 3,
      because: "a lone REGISTER may be a capture that lost the answer",
      source: "RFC 3261 17.1.2.2: up to 11 transmissions in 32 s",
      "Fewest transmissions of a REGISTER before its silence is believed."),
  ]

  private static let retrySettings: [Parameter] = [
    Parameter(
      "RETRY_RUN", .integer(unit: "attempts", range: 1...1000), 3,
      because: "one early attempt may be a person who pressed a button",
      "Attempts that follow a failed registration too soon from which they are a fault.")
  ]

  private static let outboundSettings: [Parameter] = [
    Parameter(
      "REFRESH_SHARE", .integer(unit: "%", range: 1...100), 50,
      because: "the switch refreshes a fixed expiry at about half of it",
      source: "SIP Outbound Registration Parameters",
      "Share of a fixed expiry after which the switch refreshes its registration upstream."),
    Parameter(
      "REFRESH_SPREAD", .integer(unit: "%", range: 0...50), 5,
      because: "about half is taken for 45 to 55 %",
      "Share of a fixed expiry by which its refresh may come sooner or later."),
    Parameter(
      "FEWEST_REFRESHES", .integer(unit: "refreshes", range: 1...1000), 2,
      because: "a single one may be a person who pressed a button",
      "Refreshes at the same wrong time from which they are taken for regular."),
    Parameter(
      "OUTBOUND_NAT_EXPIRY", .seconds(range: 20...7200), 300,
      because: "fixed 120 to 300 s are advised for a switch behind NAT",
      source: "SIP Outbound Registration Parameters",
      "Longest expiry for registrations upstream of a switch behind NAT."),
  ]

  private static let timingSettings: [Parameter] = [
    Parameter(
      "EXPIRY_SLACK", .seconds(range: 0...60), 1,
      because: "granted times are whole seconds and the 2xx takes time to arrive",
      "Time past the granted expiry in which a refresh still counts as in time."),
    Parameter(
      "TRANSACTION_TIMEOUT", .seconds(range: 1...600), 32,
      because: "Timers B and F are 64*T1 with T1 = 500 ms", source: "RFC 3261 17, table 4",
      "Time without a final response after which a request is unanswered."),
    Parameter(
      "FEWEST_PROBES", .integer(unit: "probes", range: 2...1000), 3,
      because: "one gap or one lost answer tells nothing of the next",
      "Probes of one device from which what they have in common is taken for a habit."),
    Parameter(
      "FEWEST_SILENCES", .integer(unit: "silences", range: 1...1000), 2,
      because: "a single silence may be chance",
      "Silences or gaps between keepalives, each too long, from which they are taken for regular."),
    Parameter(
      "GHOST_INTERVALS", .integer(unit: "intervals", range: 1...100), 2,
      because: "a round of probes that has begun is finished",
      "Intervals for which probes or keepalives may go on after the end of a binding."),
    Parameter(
      "INTERVAL_TOLERANCE", .integer(unit: "%", range: 0...100), 10,
      because: "senders add jitter and timers are coarse",
      "Share by which a measured interval may differ from the one it is compared with."),
    Parameter(
      "INTERVAL_TOLERANCE_FLOOR", .seconds(range: 0...600), 2,
      because: "for short intervals a share alone would be less than a retransmission takes",
      "Difference between intervals that is always tolerated."),
  ]

  private static let crowdSettings: [Parameter] = [
    Parameter(
      "PROBE_LOAD_ENDPOINTS", .integer(unit: "endpoints", range: 1...10_000_000), 10_000,
      because: "from there on an interval of 120 to 300 s is advised",
      source: "Lightweight Registration Interval",
      "Endpoints up to which a switch may probe each more often than PROBE_LOAD_INTERVAL."),
    Parameter(
      "PROBE_LOAD_INTERVAL", .seconds(range: 1...86_400), 120,
      because: "the shortest interval advised for more than 10,000 endpoints",
      source: "Lightweight Registration Interval",
      "Interval of probes below which more than PROBE_LOAD_ENDPOINTS are a load."),
    Parameter(
      "SCAN_WINDOW", .seconds(range: 1...3600), 60,
      because: "a scanner tries several accounts a second; a person none a minute",
      "Time within which the failed registrations of one address are counted together."),
    Parameter(
      "SCAN_ACCOUNTS", .integer(unit: "accounts", range: 2...1000), 10,
      because: "a phone has up to half a dozen lines, all with the same wrong settings",
      "Accounts whose registration one address fails with in SCAN_WINDOW before it is a scan."),
    Parameter(
      "SCAN_FAILURES", .integer(unit: "failures", range: 2...1000), 20,
      because: "a client with a wrong password tries every few seconds at most",
      "Failed registrations of one address in SCAN_WINDOW before they are a scan."),
    Parameter(
      "SYNCHRONIZED_WINDOW", .seconds(range: 1...60), 2,
      because: "devices that started together stay together within their own jitter",
      "Time within which refreshes count as simultaneous."),
    Parameter(
      "SYNCHRONIZED_ACCOUNTS", .integer(unit: "accounts", range: 2...1_000_000), 20,
      because: "20 REGISTERs with their challenges are a burst that small links and servers feel",
      "Accounts that refresh within SYNCHRONIZED_WINDOW from which they are a herd."),
    Parameter(
      "SYNCHRONIZED_SHARE", .integer(unit: "%", range: 1...100), 50,
      because: "where one registrar has fewer accounts, half of them at once is no chance",
      "Share of one registrar's accounts that make a herd where they are fewer."),
    Parameter(
      "SYNCHRONIZED_FEWEST", .integer(unit: "accounts", range: 2...1000), 5,
      because: "two or three lines of one phone refresh together by nature",
      "Accounts of one registrar below which nothing is called a herd."),
    Parameter(
      "SYNCHRONIZED_EXCESS", .integer(unit: "times", range: 2...1000), 5,
      because: "among many thousand accounts dozens meet in any two seconds by chance",
      "How many times more accounts than an even spread must refresh together."),
  ]

  private init(
    _ name: String, _ kind: Kind, _ value: Int, because reason: String,
    source: String = "regsift", _ summary: String
  ) {
    self.init(
      name: name, otherNames: [], kind: kind, documentedDefault: .integer(value),
      isDisputed: false, defaultNote: reason, source: source, summary: summary, isSetting: true)
  }
}
