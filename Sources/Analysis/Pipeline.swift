public import Capture
public import Decode
public import Parameters
public import Registrations
public import Rules
public import SIP

/// The way from frames to a diagnosis: reader, decoder, SIP, tracker, rules.
///
/// Give it every frame in order of time, then ask for the diagnosis.
public struct Pipeline: ~Copyable {
  private var reader: ObservationReader
  private var tracker: Tracker
  private var profile: Profile
  private var span: ClosedRange<Timestamp>?
  private var last: Timestamp?
  private var silence = Silence()
  private var links = Links()
  private var untimed = UntimedFrames()
  private var earlierRun: EarlierRun?
  private let seed: UInt64
  /// How far time may go back within one capture, in nanoseconds.
  private static let clockTolerance = TrackerLimits().clockTolerance.wholeNanoseconds
  /// Notes of packets, where somebody collects them.
  private var log: PacketLog?

  /// Where each file first uses a link type that cannot be decoded, by file.
  public var unknownLinks: [UnknownLink] { links.unknown }

  /// A pipeline at the start of a capture; `seed` keys its tables and changes no result.
  ///
  /// `memory` is how long what is over is remembered; `nil` for ever.
  public init(
    profile: Profile, memory: Duration? = nil, seed: UInt64 = .random(in: 0...UInt64.max)
  ) {
    self.profile = profile
    self.seed = seed
    reader = ObservationReader(seed: seed)
    var limits = TrackerLimits(profile)
    limits.memory = memory
    tracker = Tracker(limits: limits, seed: seed)
  }

  /// How many frames early `expect` wants to be told of a frame.
  public static var foresight: Int { Tracker.foresight }

  /// Whether it wants to be told at all: it does while it follows many accounts.
  public var wantsForesight: Bool { tracker.wantsForesight }

  /// Prepares for a frame that is still to come; `bytes` are empty when it is not known.
  ///
  /// Changes nothing but the time it takes.
  public mutating func expect(_ bytes: Span<UInt8>) {
    tracker.expect(Decoder.ends(ofPlain: bytes))
  }

  /// Judges by this profile from here on.
  ///
  /// What histories are built by (how long a transaction may take, what is too fast) stays as it
  /// was: half of a history could not be compared with the other.
  public mutating func adopt(_ profile: Profile) { self.profile = profile }

  /// Takes note of every packet from here on, for whoever collects them; at most `most` wait.
  public mutating func keepNotes(_ most: Int) { log = PacketLog(most: most, seed: seed) }

  /// The notes since the last time; `nil` where none are taken.
  public mutating func collectNotes() -> PacketLog? { log?.handOver() }

  /// Takes in one frame.
  ///
  /// One without a time is only counted: nothing that is judged goes without one, and from there on
  /// what was not seen may be in such a frame.
  public mutating func take(_ header: FrameHeader, _ bytes: Span<UInt8>) {
    guard header.hasTime else {
      if untimed.isNews(header) { noteLoss(header.time...Timestamp(nanoseconds: .max)) }
      return
    }
    note(header.time)
    let isNewLink = links.isNew(header)
    if !isNewLink, reader.passesOver(header, bytes, for: &tracker) { return }
    let failed = isNewLink ? reader.decodeCounts[.unknownLinkType] : 0
    let observation = reader.read(header, bytes)
    if isNewLink { links.note(header, isKnown: reader.decodeCounts[.unknownLinkType] == failed) }
    if log != nil { reader.note(observation, bytes, in: &log) }
    reader.hand(observation, bytes, to: &tracker)
  }

  /// Takes note that the clock was set forwards to `time`: no such time has passed.
  public mutating func leapClock(to time: Timestamp) {
    Self.catchUp(&tracker, to: last)
    log?.noteGap(at: time)
    tracker.leapClock(to: time)
    if last != nil { last = time }
  }

  /// Goes on at `begun` where an earlier run ended at `saved`: before its bindings and any frame.
  ///
  /// What happened in between is as unknown as in a silent stretch of a capture.
  public mutating func goOn(from saved: Timestamp, at begun: Timestamp) {
    earlierRun = EarlierRun(saved: saved, begun: max(saved, begun))
    tracker.noteLoss(saved...max(saved, begun))
  }

  /// Takes in a binding that the earlier run knew, see `Tracker.restore`.
  public mutating func restore(
    _ facts: KnownBinding.Facts, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>,
    from source: Endpoint, to registrar: Endpoint
  ) {
    guard let begun = earlierRun?.begun,
      tracker.restore(facts, message, bytes, from: source, to: registrar, until: begun)
    else { return }
    earlierRun?.bindings += 1
  }

  /// How many bindings of an earlier run are of use, and of how many accounts.
  public var known: (bindings: Int, accounts: Int) {
    (earlierRun?.bindings ?? 0, tracker.accounts.count)
  }

  /// Lets time pass without a frame: what was due by `time` and has not come is judged.
  public mutating func wait(until time: Timestamp) {
    // Before the first frame no time counts.
    if last != nil { tracker.advance(to: time) }
  }

  /// Notes that packets of this time were lost on the way here: what rests on silence then is not
  /// decided.
  public mutating func noteLoss(_ span: ClosedRange<Timestamp>) {
    log?.noteGap(at: span.upperBound)
    tracker.noteLoss(span)
  }

  /// Judges a capture that goes on as if it ended now; `files` are where the frames come from.
  public mutating func diagnoseSoFar(
    files: [FileSummary], drops: UInt64?, switches given: [SwitchHost] = [],
    selection: Selection = Selection()
  ) -> Diagnosis {
    snapshot(files: files, drops: drops).diagnose(switches: given, selection: selection)
  }

  /// The capture as it stands now; what follows leaves no trace in it, nor it in what follows.
  public mutating func snapshot(files: [FileSummary], drops: UInt64?) -> Snapshot {
    var copy = tracker.copy()
    // The copy alone: a frame of a time far ahead that says nothing would be a step of the clock
    // to those after it, for whoever looked in between.
    Self.catchUp(&copy, to: last)
    return Snapshot(copy, reading, files, drops)
  }

  /// Ends the capture and judges it; `files` are the inputs the frames came from.
  public consuming func diagnose(
    files: [FileSummary], drops: UInt64?, switches given: [SwitchHost] = [],
    selection: Selection = Selection()
  ) -> Diagnosis {
    Self.catchUp(&tracker, to: last)
    reader.finish()
    let reading = reading
    return reading.diagnose(tracker, files, drops, given, selection)
  }

  private var reading: Reading {
    Reading(
      decode: reader.decodeCounts, counts: reader.counts, copies: reader.copiesDropped, span: span,
      silence: silence, untimed: untimed.count, earlierRun: earlierRun, profile: profile)
  }

  // The last frame may have been none that the tracker is told of.
  private static func catchUp(_ tracker: inout Tracker, to last: Timestamp?) {
    if let last, last > tracker.now { tracker.advance(to: last) }
  }

  @inline(__always)
  private mutating func note(_ time: Timestamp) {
    // Nearly every frame comes a moment after the one before.
    if let known = span, let before = last, time >= before,
      time.nanosecondsSince(before) <= Silence.notable
    {
      last = time
      if time > known.upperBound {
        span = ClosedRange(uncheckedBounds: (known.lowerBound, time))
      }
    } else {
      noteStep(to: time)
    }
  }

  @inline(never)
  private mutating func noteStep(to time: Timestamp) {
    if let last, time.nanosecondsSince(last) > Silence.notable {
      silence.add(time - last)
      if isUnusual(time.nanosecondsSince(last)) { tracker.noteSilence(from: last, until: time) }
    }
    if let last, last.nanosecondsSince(time) > Self.clockTolerance { reader.forgetCopies() }
    if last == nil, let saved = earlierRun?.saved { tracker.noteSilence(from: saved, until: time) }
    last = time
    span = span.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
  }
}

/// What is known of a capture beside its accounts when it is judged.
struct Reading {
  let decode: DecodeCounts
  let counts: ObservationCounts
  let copies: UInt64
  let span: ClosedRange<Timestamp>?
  let silence: Silence
  let untimed: UInt64
  let earlierRun: EarlierRun?
  let profile: Profile

  func diagnose(
    _ tracker: consuming Tracker, _ files: [FileSummary], _ drops: UInt64?,
    _ given: [SwitchHost], _ selection: Selection
  ) -> Diagnosis {
    let start = span?.lowerBound ?? Timestamp(nanoseconds: 0)
    let context = CaptureContext(
      start: start, end: max(tracker.now, start), tcpHosts: counts.tcpHosts)
    let switches = given.isEmpty ? inferredSwitches(tracker) : given
    let tracking = tracker.counts
    let outcome = Judge(
      profile: profile, selection: selection, capture: context, switches: switches
    ).judge(tracker.history())
    let notes = CaptureNotes(
      files: files, drops: drops, decode: decode, reading: counts, tracking: tracking,
      copies: copies, silence: silence, untimed: untimed, earlierRun: earlierRun,
      findingsLeftOut: outcome.findingsLeftOut)
    var diagnosis = Diagnosis(
      capture: CaptureSummary(
        files: files, span: span, frames: decode.frames, datagrams: counts.datagrams,
        messages: counts.messages, keepalives: UInt64(tracking.keepalives), drops: drops,
        duplicates: copies + UInt64(tracking.translatedCopies + tracking.forwardedCopies),
        undecodable: notes.undecodable, notes: notes.list),
      switches: switches, profile: profile, accounts: outcome.accounts,
      findings: outcome.findings, rules: outcome.tallies, overview: outcome.overview)
    diagnosis.capture.limits = notes.limits
    diagnosis.findingsLeftOut = outcome.findingsLeftOut
    return diagnosis
  }
}

/// A frame of a link type that cannot be decoded.
public struct UnknownLink: Hashable, Sendable {
  /// The first such frame of its file.
  public let frame: FrameReference
  /// The link type.
  public let linkType: LinkType
}

/// Frames that state no time, and when the first of them can have been captured.
struct UntimedFrames {
  private(set) var count: UInt64 = 0
  private var first = Timestamp(nanoseconds: .max)

  /// Counts one, and says whether it can be earlier than all before.
  mutating func isNews(_ header: FrameHeader) -> Bool {
    count &+= 1
    guard header.time < first else { return false }
    first = header.time
    return true
  }
}

/// Which link types the files use; looks only at frames whose file or link type is not the last one's.
struct Links {
  private var last: (file: UInt32, linkType: LinkType)?
  private var firstUnknown: [UInt32: UnknownLink] = [:]

  var unknown: [UnknownLink] { firstUnknown.values.sorted { $0.frame < $1.frame } }

  func isNew(_ header: FrameHeader) -> Bool {
    guard let last else { return true }
    return header.linkType != last.linkType || header.reference.file != last.file
  }

  mutating func note(_ header: FrameHeader, isKnown: Bool) {
    last = (header.reference.file, header.linkType)
    guard !isKnown, firstUnknown[header.reference.file] == nil else { return }
    firstUnknown[header.reference.file] = UnknownLink(
      frame: header.reference, linkType: header.linkType)
  }
}

extension Pipeline {
  /// Whether a busy capture would have had many frames in that time; a capture of one quiet phone
  /// is silent by nature.
  private func isUnusual(_ pause: Int64) -> Bool {
    guard let span, let last else { return false }
    let before = max(Double(last.nanosecondsSince(span.lowerBound)), 1)
    return Double(reader.decodeCounts.frames) * Double(pause) / before >= Silence.missedFrames
  }
}

/// The run before this one, whose bindings are known.
struct EarlierRun {
  /// Until when it is known what happened.
  let saved: Timestamp
  /// From when on it is known again.
  let begun: Timestamp
  var bindings = 0
}

/// Spans in which nothing at all was captured.
struct Silence {
  /// A pause from which it is worth a note, in nanoseconds.
  static let notable: Int64 = 60 * 1_000_000_000
  /// Frames that would have been expected in a pause from which it is no quiet phone's.
  static let missedFrames = 20.0
  var pauses = 0
  var longest = Duration.zero

  mutating func add(_ pause: Duration) {
    pauses += 1
    longest = max(longest, pause)
  }
}

extension TrackerLimits {
  /// The limits with what the profile says is unusual.
  init(_ profile: Profile) {
    self.init()
    transactionTimeout = profile.seconds(.transactionTimeout)
    rushInterval = profile.seconds(.floodInterval)
    rushShare = profile.count(.floodShare)
    fastRetry = RetryPolicy(profile).fastest
    scanWindow = profile.seconds(.scanWindow)
    scanAccounts = profile.count(.scanAccounts)
    scanFailures = profile.count(.scanFailures)
  }
}
