import Glibc
import LiveOutputs
import Reports
import Rules

/// A finding that belongs into a bundle.
struct BundleWish: Sendable {
  let number: Int
  let rule: String
  let account: String?
}

/// Writes what `report` writes from the packets in the ring, on a thread beside the capture.
///
/// A thread and not a program of its own: the profile was read as another user maybe, and so was
/// the program.
final class BundleWriter {
  private let work: BackgroundWork
  private let desk: Desk

  /// Prepares for bundles in `folder`.
  init(folder: BundleFolder, ring: PacketRing, timeZone: ReportTimeZone) throws {
    work = try opening("--bundle") { () throws(OutputError) in try BackgroundWork() }
    desk = Desk(folder: folder, ring: ring, timeZone: timeZone)
  }

  /// Whether no bundle is being written.
  var isIdle: Bool { work.isIdle }

  /// Begins to write a bundle on these findings, of which there must be one; `question` is that of
  /// the capture.
  func begin(_ wish: [BundleWish], _ question: AnalysisQuestion) {
    let question = question.only(on: wish)
    // Only the thread that writes uses the desk and this question.
    nonisolated(unsafe) let (desk, own) = (desk, question)
    work.begin { desk.write(wish, own) }
  }

  /// Writes a last bundle on what is left, and waits for it; trouble is it where any could not be
  /// written.
  func finish(_ wish: [BundleWish], _ question: AnalysisQuestion) -> ExitStatus {
    work.finish()
    if !wish.isEmpty { desk.write(wish, question.only(on: wish)) }
    return desk.hasFailed ? .trouble : .clean
  }
}

/// Where bundles are written.
private final class Desk {
  private let folder: BundleFolder
  private let ring: PacketRing
  private let timeZone: ReportTimeZone
  private var isTroubleKnown = false
  /// Whether any bundle could not be written.
  private(set) var hasFailed = false

  init(folder: BundleFolder, ring: PacketRing, timeZone: ReportTimeZone) {
    self.folder = folder
    self.ring = ring
    self.timeZone = timeZone
  }

  func write(_ wish: [BundleWish], _ question: AnalysisQuestion) {
    guard let first = wish.first else { return }
    guard !folder.isFull else {
      return complain("it holds \(BundleFolder.most) bundles; none is written until some are gone")
    }
    // Nothing from the wire: a rule's name is one of the catalogue's.
    let name = "\(utcName(time(nil)))-\(first.rule)-F\(first.number)"
    do {
      try write(to: folder.begin(name), question)
      _ = try folder.finish(name)
      isTroubleKnown = false
    } catch {
      folder.abandon(name)
      complain("a bundle could not be written: \(error)")
    }
  }

  private func write(to path: String, _ question: AnalysisQuestion) throws {
    let files = ring.completeFiles()
    guard !files.isEmpty else { throw UsageError("the ring holds no packets") }
    let bundle = try Bundle(folder: path, sparing: [])
    let outcome = AnalysisRun(inputs: Inputs(opening: files, say: { _ in }), question: question)
      .run()
    let plan = ReportPlan(outcome.diagnosis)
    let (excerpt, evidence) = SecondReading(
      names: files, plan: plan, diagnosis: outcome.diagnosis, question: question
    ).run()
    var complaints: [String] = []
    let written = bundle.write(
      outcome.diagnosis, excerpt, evidence, plan, timeZone: timeZone, say: { complaints.append($0) }
    )
    guard written == .clean else { throw UsageError(complaints.first ?? "cannot write") }
  }

  private func complain(_ what: String) {
    hasFailed = true
    guard !isTroubleKnown else { return }
    isTroubleKnown = true
    StandardError.say("--bundle: \(what)")
  }
}

extension AnalysisQuestion {
  /// The same question about the accounts of some findings, or about all where one has no account.
  fileprivate func only(on wish: [BundleWish]) -> AnalysisQuestion {
    var selection = selection
    let accounts = Set(wish.compactMap(\.account))
    if wish.allSatisfy({ $0.account != nil }) {
      selection.includesAccount = { accounts.contains($0) }
    }
    // Packets in the ring have passed the filter.
    return AnalysisQuestion(
      profile: profile, switches: switches, selection: selection, filter: nil,
      redaction: redaction, showsProgress: false)
  }
}
