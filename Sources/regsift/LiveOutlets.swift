import Glibc
import LiveOutputs
import Parameters
import Reports
import Rules

/// What a running capture leaves behind and whom it calls, as the options say.
struct LiveOutlets {
  /// Keeps the packets; `nil` when nobody asked for it.
  let ring: PacketRing?
  /// Tells a service manager; `nil` when none has started the program.
  let service: LiveService?
  private let bundles: LiveBundles?
  private let watch: RingWatch?
  private let calls: LiveCalls?
  private let log: LiveLog?

  /// Opens everything; throws `CannotWrite` with what cannot be used, or a `UsageError` with what
  /// makes no sense.
  ///
  /// Call it as the user who is to write, and before other threads run.
  init(
    _ options: OutletOptions, inputs: [String], question: AnalysisQuestion,
    profile: @escaping () throws -> Profile, timeZone: ReportTimeZone
  ) throws {
    service = ServiceNotifier().map(LiveService.init)
    Capabilities.keepFromOthers()
    calls = try options.exec.map { try LiveCalls($0, options.execArgument) }
    log = try options.syslog.map { try LiveLog($0) }
    let size = try options.size()
    let folder = try options.bundle.map { path in
      try opening("--bundle \(path)") { () throws(OutputError) in try BundleFolder(path) }
    }
    let ring = try options.ring.map { path in
      let plan = PacketRing.Options(
        folder: path, size: size, inputs: inputs, application: "regsift \(regsiftVersion)")
      return try opening("--ring \(path)") { () throws(OutputError) in
        try PacketRing(plan) { StandardError.say("--ring \(path): \($0)") }
      }
    }
    self.ring = ring
    watch = ring.flatMap { ring in options.ring.map { RingWatch(ring: ring, path: $0) } }
    bundles = try folder.flatMap { folder in
      try ring.map {
        try LiveBundles(
          BundleWriter(folder: folder, ring: $0, timeZone: timeZone), question: question,
          profile: profile)
      }
    }
  }

  /// Who is told what happens.
  var listeners: [any LiveListener] {
    // The service comes last: when it tells that something was reopened, it was.
    let all: [(any LiveListener)?] = [calls, log, bundles, watch, service]
    return all.compactMap { $0 }
  }

  /// Whether anything but standard output comes of the run.
  var isAny: Bool { ring != nil || calls != nil || log != nil }

  /// Ends everything: what waits is written and called, for a while.
  ///
  /// Trouble is it where packets were not kept or a bundle could not be written.
  func finish() -> ExitStatus {
    let bundled = bundles?.finish() ?? .clean
    ring?.finish()
    log?.finish()
    calls?.finish()
    return ring?.isComplete == false ? .trouble : bundled
  }
}

/// Tells what is wrong with the ring, which is given its packets elsewhere.
private struct RingWatch: LiveListener {
  let ring: PacketRing
  let path: String

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {}

  var trouble: String? { ring.trouble.map { "--ring \(path): \($0)" } }
}

/// Opens something that `option` names; throws `CannotWrite` with the reason when the system refuses,
/// a `UsageError` when it makes no sense.
func opening<Outlet: ~Copyable>(
  _ option: String, _ open: () throws(OutputError) -> Outlet
) throws -> Outlet {
  do {
    return try open()
  } catch {
    guard error.number != 0 else { throw UsageError("\(option): \(error)") }
    // Root has become nobody by now, and is surprised.
    let user = error.number == EACCES ? Privileges.user.map { " (as the user \($0))" } : nil
    throw CannotWrite("\(option): \(error)\(user ?? "")")
  }
}
