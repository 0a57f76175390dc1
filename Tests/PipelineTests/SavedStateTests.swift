import Analysis
import Capture
import Decode
import Foundation
import Parameters
import Registrations
import Rules
import SavedState
import Testing
import Timelines

@Suite("A saved state")
struct SavedStateTests {
  private static let hosts = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host phone 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 agent "Acme D7" expires 300
    host desk 198.51.100.90:5060 user 1002 expires 300

    """
  private static let registered =
    hosts + """
      0  phone -> switch  registers
      1  desk -> switch  registers
      20 switch -> phone  OPTIONS answered 200
      """

  private static func frames(_ text: String) throws -> [StoredFrame] {
    try Timeline(text).frames.enumerated().map { index, frame in
      StoredFrame(
        header: FrameHeader(
          reference: FrameReference(file: 0, number: UInt32(clamping: index + 1)),
          time: frame.time, linkType: .ethernet, capturedLength: frame.bytes.count,
          originalLength: frame.bytes.count), bytes: frame.bytes)
    }
  }

  private static func known(_ diagnosis: Diagnosis) -> [KnownBinding] {
    var list: [KnownBinding] = []
    diagnosis.accounts.history.forEachKnownBinding(at: diagnosis.accounts.end) { list.append($0) }
    return list
  }

  private static func refusal(
    _ bytes: [UInt8], host: String = "lab", now: Timestamp = Timestamp(nanoseconds: .max)
  ) throws -> StateRefusal? {
    let scratch = try Scratch()
    let path = try scratch.file(bytes, "state")
    defer { withExtendedLifetime(scratch) {} }
    do {
      _ = try SavedRun(path: path, host: host, now: now)
    } catch {
      return error
    }
    return nil
  }

  @Test("is read as it was written, over IPv6 as well")
  func roundTrip() throws {
    let text =
      Self.hosts + """
        host six [2001:db8::10]:5060
        host far [2001:db8::80]:49000 user 1003 agent "Über Phone" expires 60
        0  phone -> switch  registers
        1  far -> six  registers
        5  phone -> switch  keepalive crlf
        20 switch -> phone  OPTIONS answered 200
        200 phone -> switch  registers
        210 far -> six  registers
        """
    let written = diagnose(try Self.frames(text))
    let scratch = try Scratch()
    let state = try scratch.file(written.state(), "state")
    let run = try SavedRun(path: state, host: "lab", now: Timestamp(nanoseconds: .max))
    #expect(run.bindings == 2)
    #expect(run.saved == written.accounts.end)
    var pipeline = Pipeline(profile: Profile(), seed: 3)
    pipeline.goOn(from: run.saved, at: run.saved + .seconds(1))
    try run.forEachBinding { facts, message, bytes, device, registrar in
      pipeline.restore(facts, message, bytes, from: device, to: registrar)
    }
    let read = Self.known(pipeline.diagnose(files: [], drops: nil))
    let wanted = Self.known(written)
    #expect(read.map(\.facts) == wanted.map(\.facts))
    #expect(read.map(\.addressOfRecord) == ["1001@203.0.113.10", "1003@2001:db8::10"])
    #expect(read.map(\.contact) == wanted.map(\.contact))
    #expect(read.map(\.callID) == wanted.map(\.callID))
    #expect(read.map(\.userAgent) == ["Acme D7", "Über Phone"])
    #expect(read.map(\.source) == wanted.map(\.source))
    #expect(read.map(\.registrar) == wanted.map(\.registrar))
    #expect(read.first?.inside?.description == "192.168.77.21")
    #expect(read.map(\.cseq) == wanted.map(\.cseq))
    #expect(read.first?.facts.marks.isSuperset(of: [.behindNAT, .answers, .keepsAlive]) == true)
  }

  @Test("is refused where it breaks off, and never half believed")
  func truncated() throws {
    let bytes = diagnose(try Self.frames(Self.registered)).state()
    for length in 0..<bytes.count {
      let refusal = try #require(try Self.refusal(Array(bytes[..<length])), "\(length) bytes")
      #expect(refusal.isOfContent)
    }
    #expect(try Self.refusal(bytes) == nil)
  }

  @Test("is refused, or says the same, with any byte changed")
  func damaged() throws {
    let bytes = diagnose(try Self.frames(Self.registered)).state()
    let scratch = try Scratch()
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x15
      let path = try scratch.file(damaged, "state")
      guard let run = try? SavedRun(path: path, host: "lab", now: Timestamp(nanoseconds: .max))
      else { continue }
      var requests: [Int64] = []
      try run.forEachBinding { facts, _, _, _, _ in requests.append(facts.requested.nanoseconds) }
      #expect(requests.count == 2 && run.bindings == 2, "byte \(place)")
    }
  }

  @Test("of another host, another form, the future or another program is refused with the reason")
  func foreign() throws {
    let diagnosis = diagnose(try Self.frames(Self.registered))
    let bytes = diagnosis.state(host: "here")
    #expect(try Self.refusal(bytes, host: "there") == .otherHost("here"))
    #expect(!StateRefusal.otherHost("\u{1B}[2J\u{202E}").description.contains("\u{1B}"))
    let before = diagnosis.accounts.end + .seconds(-5)
    #expect(try Self.refusal(bytes, host: "here", now: before) == .fromTheFuture(by: .seconds(5)))
    let newer = Self.replacing(bytes, "regsift-state 2", "regsift-state 7")
    #expect(try Self.refusal(newer, host: "here") == .otherVersion("7"))
    let capture = try Timeline(Self.registered).captureBytes()
    #expect(try Self.refusal(capture) == .foreign)
    guard case .damaged? = try Self.refusal(Array("no capture".utf8)) else {
      Issue.record("text was taken for a state")
      return
    }
  }

  @Test("tells of no more findings than a run does, the latest, and is refused where it does")
  func findings() throws {
    let most = 200_000
    let told = (0...most).map { number in
      let time = Timestamp(seconds: Int64(number), nanoseconds: 0)
      return ToldFinding(rule: "a", account: "\(number)", from: time, last: time, isOpen: true)
    }
    let written = diagnose(try Self.frames(Self.registered))
    let bytes = written.state(told: told.reversed())
    let scratch = try Scratch()
    let state = try scratch.file(bytes, "state")
    let run = try SavedRun(path: state, host: "lab", now: Timestamp(nanoseconds: .max))
    #expect(Set(run.told) == Set(told.dropFirst()))
    let more = try Self.repeatingBlock(of: "regsift-state-told", in: bytes)
    #expect(
      try Self.refusal(more) == .damaged(reason: "it tells of more findings than any run does"))
  }

  @Test("names no account and no rule that is longer than any")
  func longNames() throws {
    let time = Timestamp(seconds: 1, nanoseconds: 0)
    func told(_ rule: Int, _ account: Int) -> ToldFinding {
      ToldFinding(
        rule: String(repeating: "r", count: rule), account: String(repeating: "a", count: account),
        from: time, last: time, isOpen: true)
    }
    let written = diagnose(try Self.frames(Self.registered))
    let bytes = written.state(told: [told(64, 250), told(65, 1), told(1, 251)])
    let scratch = try Scratch()
    let state = try scratch.file(bytes, "state")
    let run = try SavedRun(path: state, host: "lab", now: Timestamp(nanoseconds: .max))
    #expect(run.told == [told(64, 250)])
  }

  /// The pcapng with the block that `text` is in once more.
  private static func repeatingBlock(of text: String, in bytes: [UInt8]) throws -> [UInt8] {
    let place = try #require(bytes.firstRange(of: Array(text.utf8))).lowerBound
    var start = 0
    while start + 8 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[start + 4 + $1]) << (8 * $1) }
      let end = start + length
      if start..<end ~= place { return Array(bytes[..<end] + bytes[start...]) }
      start = end
    }
    return bytes
  }

  private static func replacing(_ bytes: [UInt8], _ old: String, _ new: String) -> [UInt8] {
    var changed = bytes
    if let place = bytes.firstRange(of: Array(old.utf8)) {
      changed.replaceSubrange(place, with: Array(new.utf8))
    }
    return changed
  }

  @Test(
    "names accounts that begin with what combines with the blank before it",
    arguments: ["\u{301}x@h", "\u{200D}x@h", "\u{FE0F}@h", "\u{1F1E6}@h"])
  func combiningNames(account: String) throws {
    let time = Timestamp(seconds: 1, nanoseconds: 0)
    let finding = ToldFinding(
      rule: "credentials-rejected", account: account, from: time, last: time, isOpen: true)
    let written = diagnose(try Self.frames(Self.registered))
    let scratch = try Scratch()
    let state = try scratch.file(written.state(told: [finding]), "state")
    let run = try SavedRun(path: state, host: "lab", now: Timestamp(nanoseconds: .max))
    #expect(run.told == [finding])
  }

  @Test("is read, too, where a file claims times before 1970, which no packet of it can have")
  func beforeTheEpoch() throws {
    let frames = try Self.frames(Self.registered)
    let first = try #require(frames.first).header.time
    // Seconds before 1970 at which the capture begins, and the bindings that can be written.
    for (before, bindings) in [(Int64(-1), 2), (0, 2), (1, 1), (1000, 0)] {
      let shift = Timestamp(nanoseconds: -before * 1_000_000_000) - first
      let moved = frames.map { frame in
        let header = FrameHeader(
          reference: frame.header.reference, time: frame.header.time + shift,
          linkType: frame.header.linkType, capturedLength: frame.header.capturedLength,
          originalLength: frame.header.originalLength)
        return StoredFrame(header: header, bytes: frame.bytes)
      }
      let scratch = try Scratch()
      defer { withExtendedLifetime(scratch) {} }
      let state = try scratch.file(diagnose(moved).state(), "state")
      let run = try SavedRun(path: state, host: "lab", now: Timestamp(nanoseconds: .max))
      #expect(run.bindings == bindings, "\(before) s before")
    }
  }

  @Test("leaves out what ran out long before the run begins")
  func forgotten() throws {
    let scratch = try Scratch()
    let state = try scratch.file(diagnose(try Self.frames(Self.registered)).state(), "state")
    for (later, kept) in [(60, 2), (500, 2), (700, 0), (90_000, 0)] {
      var frames = try Self.frames(Self.hosts + "0 switch -> phone  OPTIONS")
      frames[0].header.time = frames[0].header.time + .seconds(Int64(later))
      let diagnosis = try diagnose(frames, goingOnFrom: state)
      #expect(diagnosis.accounts.count == kept, "\(later) s later")
    }
  }

  @Test(
    "lets a fault be found that begins after the restart, and cites what was before by its time")
  func foundAfterwards() throws {
    let scratch = try Scratch()
    let state = try scratch.file(diagnose(try Self.frames(Self.registered)).state(), "state")
    let after = try Self.frames(
      Self.hosts + """
        25..235 every 30 switch -> phone  OPTIONS
        30..230 every 30 switch -> desk  OPTIONS answered 200
        """)
    #expect(diagnose(after).findings.isEmpty, "without a state nobody is known")
    let diagnosis = try diagnose(after, goingOnFrom: state)
    let finding = try #require(diagnosis.findings.first { $0.rule == "stale-binding" })
    #expect(finding.account == "1001@203.0.113.10")
    let first = try #require(finding.evidence.first)
    #expect(first.moment.frame == .earlier)
    #expect(first.moment.time < diagnosis.capture.span?.lowerBound ?? first.moment.time)
    #expect(finding.evidence.dropFirst().allSatisfy { $0.moment.frame != .earlier })
    #expect(diagnosis.capture.notes.map(\.note) == ["earlier-run"])
    #expect(!diagnosis.findings.contains { $0.account?.hasPrefix("1002") ?? false })
  }

  @Test("lets a binding be found that nobody refreshes any more, once a refresh cannot be missed")
  func expiredAfterwards() throws {
    let scratch = try Scratch()
    let state = try scratch.file(diagnose(try Self.frames(Self.registered)).state(), "state")
    let probes = "30..150 every 30 switch -> desk  OPTIONS answered 200\n"
    func found(until end: Int) throws -> [String] {
      let text = Self.hosts + probes + "\(end) switch -> phone  OPTIONS"
      return try diagnose(Self.frames(text), goingOnFrom: state).findings
        .filter { $0.account?.hasPrefix("1002") ?? false }.map(\.rule)
    }
    // Granted 300 s at second 1; a refresh in the gap, up to second 30, would have held until 330.
    #expect(try found(until: 320).isEmpty)
    #expect(try found(until: 345) == ["binding-expired"])
  }

  @Test("is not taken for a new device when the next refresh comes, nor counted as one")
  func refreshed() throws {
    let whole = try Self.frames(Self.registered + "\n140 phone -> switch  registers")
    let cut = try #require(
      whole.firstIndex { $0.header.time > whole[0].header.time + .seconds(60) })
    let scratch = try Scratch()
    let state = try scratch.file(diagnose(whole[..<cut]).state(), "state")
    let diagnosis = try diagnose(whole[cut...], goingOnFrom: state)
    let account = try #require(
      diagnosis.accounts.first { $0.subject.account.addressOfRecord.hasPrefix("1001") })
    #expect(account.subject.bindings.count == 1)
    #expect(account.subject.account.accepted == 1)
    #expect(account.subject.account.refreshesInTime == 1)
    #expect(account.subject.bindings.first?.binding.isCarriedOver == false)
    #expect(account.state == .registered)
    #expect(diagnosis.findings.isEmpty)
  }
}
