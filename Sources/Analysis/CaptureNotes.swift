import Capture
import Decode
import Registrations
import Rules
import SIP

/// What limits the conclusions from a capture, said at the top of every report.
struct CaptureNotes {
  let files: [FileSummary]
  let drops: UInt64?
  let decode: DecodeCounts
  let reading: ObservationCounts
  let tracking: TrackerCounts
  let copies: UInt64
  let silence: Silence
  let untimed: UInt64
  let earlierRun: EarlierRun?
  let findingsLeftOut: Int

  /// What could not be decoded, by reason.
  var undecodable: [(reason: String, count: UInt64)] {
    let frames = DecodeFailure.allCases.filter { decode[$0] > 0 }.map {
      (reason: $0.description, count: decode[$0])
    }
    let messages = SIPParseFailure.allCases.compactMap { failure in
      reading.malformed[failure].map { (reason: "SIP: \(failure.description)", count: $0) }
    }
    return frames + messages
  }

  /// What was left out since a limit was reached; it never falls, as findings do that are over.
  var limits: [(limit: String, count: UInt64)] {
    [
      ("accounts", UInt64(tracking.accountsLeftOut)),
      ("transactions", UInt64(tracking.transactionsLeftOut)), ("fragments", decode.evicted),
      ("bindings", UInt64(tracking.bindingsLeftOut)),
      ("registrars", UInt64(tracking.registrarsLeftOut)),
      ("user-agents", UInt64(tracking.userAgentsLeftOut)),
      ("sources", UInt64(tracking.sourcesLeftOut)),
    ]
  }

  /// The notes, in a fixed order.
  var list: [CaptureNote] {
    [
      brokenFiles, oneDirection, snapLength, dropped, withoutTime, clock, leaps, gaps, fragments,
      tcp, opaque, garbled, duplicates, translated, left, forgotten, earlier,
    ].compactMap { $0 }
  }

  private var brokenFiles: CaptureNote? {
    let broken = files.compactMap(\.error)
    guard !broken.isEmpty else { return nil }
    return CaptureNote(
      "incomplete-file", "Not everything could be read: \(broken.joined(separator: "; ")).")
  }

  private var oneDirection: CaptureNote? {
    let requests = reading.requests
    let answers = reading.messages - requests
    guard reading.messages > 0 else { return nil }
    if requests > 0, answers > 0 {
      // Those of one side: none of its answers is to a request of its own. So it is, too, where a
      // registrar falls silent as the capture begins.
      guard tracking.answers == 0, tracking.answersWithoutRequest > 0 else { return nil }
      return CaptureNote(
        "one-direction",
        """
        None of the SIP answers in the capture is to a request in it: perhaps only one direction \
        was captured.
        """)
    }
    let seen = requests == 0 ? "answers" : "requests"
    return CaptureNote(
      "one-direction",
      "Only SIP \(seen) are in the capture: what depends on the other direction is undecided.")
  }

  private var snapLength: CaptureNote? {
    guard reading.cutFrames > 0 else { return nil }
    return CaptureNote(
      "cut-packets",
      """
      \(reading.cutFrames) packets are cut by the snap length, \(reading.cutMessages) SIP messages \
      among them: capture with -s 0.
      """)
  }

  private var dropped: CaptureNote? {
    guard let drops, drops > 0 else { return nil }
    return CaptureNote(
      "drops", "The capturing host dropped \(drops) packets: silence in this capture proves little."
    )
  }

  private var withoutTime: CaptureNote? {
    guard untimed > 0 else { return nil }
    return CaptureNote(
      "no-time",
      """
      Packets for which the file states no time (simple packet blocks of pcapng): \(untimed). They \
      are left out, and from the first of them on silence proves little.
      """)
  }

  private var clock: CaptureNote? {
    guard tracking.clockSteps > 0 else { return nil }
    return CaptureNote(
      "clock-backwards",
      """
      The capture's clock went back \(tracking.clockSteps) times, by up to \
      \(Wording.span(tracking.largestClockStep)): nothing is concluded across these steps.
      """)
  }

  private var leaps: CaptureNote? {
    guard tracking.clockLeaps > 0 else { return nil }
    return CaptureNote(
      "clock-forwards",
      """
      The capture's clock was set forwards \(tracking.clockLeaps) times, by up to \
      \(Wording.span(tracking.largestClockLeap)): nothing is concluded across these steps.
      """)
  }

  private var gaps: CaptureNote? {
    guard silence.pauses > 0 else { return nil }
    let times = silence.pauses == 1 ? "once" : "\(silence.pauses) times"
    return CaptureNote(
      "gap",
      """
      Nothing at all was captured for more than 60 s \(times), the longest for \
      \(Wording.span(silence.longest)).
      """)
  }

  private var fragments: CaptureNote? {
    guard decode.neverCompleted + decode.evicted > 0 else { return nil }
    let cause =
      decode.onlyFirstFragment > 0
      ? " A capture filter on a port loses all fragments but the first: filter by host instead."
      : ""
    return CaptureNote(
      "incomplete-fragments",
      "\(decode.neverCompleted + decode.evicted) fragmented datagrams were never complete.\(cause)")
  }

  private var tcp: CaptureNote? {
    guard reading.tcpMessages + reading.tlsSegments > 0 else { return nil }
    return CaptureNote(
      "sip-over-tcp",
      """
      SIP over TCP or TLS was seen between \(reading.tcpHosts.count) hosts \
      (\(reading.tcpMessages) segments with SIP, \(reading.tlsSegments) on the TLS port) and is not \
      analysed: accounts that use it are missing here.
      """)
  }

  private var opaque: CaptureNote? {
    guard tracking.opaqueDatagrams > 0 else { return nil }
    return CaptureNote(
      "opaque",
      """
      \(tracking.opaqueDatagrams) datagrams on signalling flows are neither SIP nor a known \
      keepalive (vendor encryption?).
      """)
  }

  private var garbled: CaptureNote? {
    guard tracking.garbledAnswers > 0 else { return nil }
    return CaptureNote(
      "garbled-answers",
      """
      Answers to REGISTER that contradict their request or themselves, as if packets had been \
      damaged: \(tracking.garbledAnswers). What they answered is taken for unknown.
      """)
  }

  private var duplicates: CaptureNote? {
    guard copies > 0 else { return nil }
    return CaptureNote("duplicates", "\(copies) copies of packets were left out.")
  }

  private var translated: CaptureNote? {
    let copies = tracking.translatedCopies + tracking.forwardedCopies
    guard copies > 0 else { return nil }
    return CaptureNote(
      "several-legs",
      """
      \(copies) REGISTERs were seen on two legs (before and after a NAT, or a proxy): each counts \
      once.
      """)
  }

  private var earlier: CaptureNote? {
    guard let earlierRun else { return nil }
    let unseen = earlierRun.begun - earlierRun.saved
    return CaptureNote(
      "earlier-run",
      """
      Registrations known from an earlier run: \(earlierRun.bindings). What happened in the \
      \(Wording.span(unseen)) between both is not known.
      """)
  }

  private var forgotten: CaptureNote? {
    guard tracking.accountsForgotten > 0 else { return nil }
    return CaptureNote(
      "forgotten",
      "\(tracking.accountsForgotten) accounts of which nothing was heard for long were forgotten.")
  }

  private var left: CaptureNote? {
    let left = [
      (tracking.accountsLeftOut, "REGISTERs of further accounts"),
      (tracking.transactionsLeftOut, "transactions"),
      (tracking.bindingsLeftOut, "times a further Contact of an account"),
      (tracking.registrarsLeftOut, "times the address of a further registrar"),
      (tracking.userAgentsLeftOut, "times a further name of a device"),
      (tracking.sourcesLeftOut, "addresses with refused REGISTERs"),
      (findingsLeftOut, "findings"),
    ].filter { $0.0 > 0 }
    guard !left.isEmpty else { return nil }
    let list = left.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return CaptureNote("limit", "Limits were reached; left out: \(list).")
  }
}
