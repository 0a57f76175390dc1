import Analysis
import Capture
import Glibc
import Rules
import SavedState

/// Keeps in a file whom a running capture watches, so that a restart does not forget them.
final class StateKeeping: LiveListener {
  private let path: String?
  private let isQuiet: Bool
  private let host: String
  private var earlier: SavedRun?
  private let begun: Timestamp
  private var lock: StateLock?
  private var due = ContinuousClock.now + interval
  private var isBroken = false
  /// What earlier runs have told and this one has told to be over.
  private var over: Set<Subject> = []

  private struct Subject: Hashable {
    let rule: String
    let account: String?
  }

  /// What is lost at most when the program is killed.
  private static let interval = Duration.seconds(60)
  /// How long a finding that was told is remembered when it does not come back.
  private static let memory = Duration.seconds(7 * 86_400)
  /// Who is registered from where is nobody else's business.
  private static let mode: mode_t = 0o600

  /// Reads the state `path`, where there is one; nothing is read or kept when it is `nil`.
  ///
  /// Says why and gives `nil` when the file could not be written later. A state of no use is said
  /// to be so and put aside.
  init?(_ path: String?, isQuiet: Bool, clock: any LiveClock = SystemClock()) {
    self.path = path
    self.isQuiet = isQuiet
    host = Self.hostName
    begun = clock.wall
    guard let path else { return }
    if let obstacle = Self.obstacle(to: path) {
      StandardError.say("--state \(path): cannot be kept: \(obstacle)")
      return nil
    }
    do {
      lock = try StateLock(path)
    } catch {
      StandardError.say("--state \(path): \(Self.words(error))")
      return nil
    }
    ReportFile.removeLeftovers(of: path)
    guard access(path, F_OK) == 0 else { return }
    do {
      earlier = try SavedRun(path: path, host: host, now: begun)
    } catch {
      guard Self.setAside(path, error) else { return nil }
    }
  }

  /// What earlier runs have told.
  var told: [ToldFinding] { earlier?.told ?? [] }

  /// Lets `pipeline` begin with what was known, and says how much that is.
  func goOn(_ pipeline: inout Pipeline) {
    guard let path, let earlier else { return }
    pipeline.goOn(from: earlier.saved, at: begun)
    do {
      try earlier.forEachBinding { facts, message, bytes, device, registrar in
        pipeline.restore(facts, message, bytes, from: device, to: registrar)
      }
    } catch {
      StandardError.say("--state \(path): \(error)")
    }
    guard !isQuiet else { return }
    let known = pipeline.known
    let left = earlier.bindings - known.bindings
    StandardError.say(
      "\(path): registrations known: \(known.bindings), accounts: \(known.accounts), saved "
        + "\(Wording.span(begun - earlier.saved)) ago"
        + (left > 0 ? "; \(left) more had run out long before" : ""))
  }

  var trouble: String? { isBroken ? path.map { "--state \($0): cannot be saved" } : nil }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    for event in events where event.kind == .closed && event.finding.evidence.isEmpty {
      over.insert(Subject(rule: event.finding.rule, account: event.finding.account))
    }
    guard due <= .now else { return }
    _ = save(diagnosis)
    due = .now + Self.interval
  }

  /// Saves what stands at the end.
  func end(_ diagnosis: Diagnosis) -> ExitStatus {
    // Without a packet nothing is known better than before.
    diagnosis.capture.span == nil ? .clean : save(diagnosis)
  }

  /// Saves the state; says once that it cannot be, since the capture goes on all the same.
  private func save(_ diagnosis: Diagnosis) -> ExitStatus {
    guard let path else { return .clean }
    do {
      let file = try ReportFile.begin(path, mode: Self.mode)
      var sink = file.output
      let accounts = diagnosis.accounts
      _ = try StateWriter.write(
        accounts.history, told: told(diagnosis), saved: accounts.end, host: host, to: &sink)
      try file.finish()
    } catch {
      if !isBroken {
        StandardError.say(
          "--state \(path): cannot be saved: \(systemMessage(error.number)); it stays as it was")
      }
      isBroken = true
      return .trouble
    }
    if isBroken { StandardError.say("--state \(path): can be saved again") }
    isBroken = false
    return .clean
  }

  /// What runs have told up to now, the last time each was so.
  private func told(_ diagnosis: Diagnosis) -> [ToldFinding] {
    let end = diagnosis.accounts.end
    var all: [Subject: ToldFinding] = [:]
    for var finding in told where finding.last + Self.memory > end {
      let subject = Subject(rule: finding.rule, account: finding.account)
      finding.isOpen = finding.isOpen && !over.contains(subject)
      all[subject] = finding
    }
    var seen: Set<Subject> = []
    for finding in diagnosis.findings {
      let subject = Subject(rule: finding.rule, account: finding.account)
      let known = all[subject]
      // What this run has seen of it counts, not what was so before.
      let wasOpen = seen.insert(subject).inserted ? false : known?.isOpen ?? false
      all[subject] = ToldFinding(
        rule: finding.rule, account: finding.account,
        from: min(known?.from ?? finding.from, finding.from),
        last: max(known?.last ?? finding.from, finding.to ?? end),
        isOpen: wasOpen || finding.to == nil)
    }
    return Array(all.values)
  }
}

extension StateKeeping {
  /// Why no state can be kept in `path`; `nil` where one can.
  private static func obstacle(to path: String) -> String? {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      return "it is no regular file"
    }
    // A file beside it is begun and left: permissions alone do not tell.
    do {
      _ = try ReportFile.begin(path, mode: mode)
      return nil
    } catch {
      return "\(systemMessage(error.number)) (its directory must be writable for \(userName))"
    }
  }

  private static func words(_ failure: StateLock.Failure) -> String {
    switch failure {
    case .taken(let file):
      "another run keeps its state there (it holds \(file)); give each run a file of its own"
    case .impossible(let file, let number):
      "cannot be kept: cannot lock \(file): \(systemMessage(number))"
    }
  }

  /// Moves a state of no use to another name; gives false where it cannot even be read or moved.
  private static func setAside(_ path: String, _ refusal: StateRefusal) -> Bool {
    guard refusal.isOfContent else {
      StandardError.say("--state \(path): \(refusal)")
      return false
    }
    // A link to it stays.
    let file = ReportFile.resolved(path)
    let name = "\(file).refused"
    guard rename(file, name) == 0 else {
      StandardError.say(
        "--state \(path): \(refusal); it cannot be moved to \(name): \(systemMessage(errno))")
      return false
    }
    StandardError.say("--state \(path): \(refusal); kept as \(name), begun afresh")
    return true
  }

  private static var userName: String {
    getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(geteuid())"
  }

  private static var hostName: String {
    var name = [UInt8](repeating: 0, count: 256)
    let status = name.withUnsafeMutableBytes { bytes in
      bytes.bindMemory(to: CChar.self).baseAddress.map { gethostname($0, bytes.count - 1) } ?? -1
    }
    guard status == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
  }
}
