import Analysis
import Capture
import Evidence
import Redaction
import Reports
import Rules
import Testing

@Suite(
  "No output of a redacted capture tells whose it is",
  .enabled(if: Wireshark.isInstalled, "needs tshark to collect what must not be told"))
struct RedactionLeakTests {
  @Test("Lab captures", arguments: NamedCapture.lab)
  func lab(_ capture: NamedCapture) throws { try check(capture) }

  // One of each kind of traffic: tshark takes its time for every one.
  private static let chosen = NamedCapture.samples.filter {
    [
      "trunk-outage/violated", "proxy-challenge/violated", "contact-takeover/violated",
      "third-party-contact/violated", "call-dropped-by-reregistration/violated",
      "registration-scan/violated", "keepalive-one-sided/violated",
    ].contains($0.name)
  }

  @Test("Samples with findings", arguments: chosen)
  func samples(_ capture: NamedCapture) throws { try check(capture) }

  @Test(
    "Captures of other projects",
    .enabled(if: !NamedCapture.others.isEmpty, "needs the public captures beside the repository"),
    arguments: NamedCapture.others)
  func others(_ capture: NamedCapture) throws { try check(capture) }

  private func check(_ capture: NamedCapture) throws {
    let secrets = try Secrets(path: capture.path)
    let (frames, map) = redact(try storedFrames(path: capture.path))
    // A byte between two frames, so that no text stands across them.
    let inFrames = secrets.leaks(in: frames.flatMap { $0.bytes + [0] }, map: map)
    #expect(inFrames.isEmpty, "in frames: \(inFrames.prefix(12))")
    // A user called "probe" is no leak where every report has that word.
    var secretsOfReports = secrets
    secretsOfReports.texts = secrets.texts.filter { !Self.words.holds($0) }
    let inReports = secretsOfReports.leaks(in: Self.outputs(frames), map: map)
    #expect(inReports.isEmpty, "in reports: \(inReports.prefix(12))")
  }

  /// What reports say of no capture at all.
  private static let words = Haystack(outputs([]))

  /// Everything that is written of these frames, one after the other.
  private static func outputs(_ frames: [StoredFrame]) -> [UInt8] {
    let diagnosis = diagnose(frames)
    var outputs = ReportBuffer()
    TextReport.write(diagnosis, to: &outputs, options: ReportOptions())
    JSONReport.write(diagnosis, to: &outputs)
    let plan = ReportPlan(diagnosis)
    let wish = TimelinePass.Wish(
      accounts: plan.drawn.map { (diagnosis.accounts[$0.position], $0.window) },
      packets: plan.packets, eventsPerLane: plan.eventsPerLane)
    var timelines = TimelinePass(wish, timeout: .seconds(32))
    for frame in frames { timelines.take(frame.header, frame.bytes.span) }
    let excerpt = timelines.finish()
    HTMLReport.write(diagnosis, excerpt, plan, to: &outputs, options: ReportOptions())
    MarkdownReport.write(diagnosis, excerpt, plan, to: &outputs, options: ReportOptions())
    CSVReport.writeFindings(diagnosis, to: &outputs)
    CSVReport.writeAccounts(diagnosis, to: &outputs)
    var evidence = EvidencePass(diagnosis: diagnosis)
    for frame in frames { evidence.take(frame.header, frame.bytes.span) }
    evidence.finish().write(to: &outputs)
    return outputs.bytes
  }
}
