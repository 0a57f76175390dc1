import Analysis
import CAllocations
import Capture
import Decode
import FuzzTargets
import Parameters
import Rules
import Testing
import Timelines

/// Ratios of processor time, the best of several trials, far from where they stand.
@Suite("What strangers did does not make judging it dear", .serialized)
struct JudgementCostTests {
  /// A pipeline that has seen what a timeline tells.
  private func pipeline(_ timeline: String) throws -> Pipeline {
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    for (index, frame) in try Timeline(timeline).frames.enumerated() {
      let header = FrameHeader(
        reference: FrameReference(file: 0, number: UInt32(clamping: index + 1)), time: frame.time,
        linkType: .ethernet, capturedLength: frame.bytes.count,
        originalLength: frame.bytes.count)
      pipeline.take(header, frame.bytes.span)
    }
    return pipeline
  }

  /// Processor time of judging what a timeline tells, in nanoseconds.
  private func cost(_ timeline: String, switch address: String) throws -> Int64 {
    var pipeline = try pipeline(timeline)
    let host = SwitchHost(
      address: try #require(IPAddress(address)), port: nil, why: "as the test says")
    var best = Int64.max
    for _ in 0..<3 {
      let begun = ProcessorTime.now
      _ = pipeline.diagnoseSoFar(files: [], drops: nil, switches: [host])
      best = min(best, ProcessorTime.now - begun)
    }
    return best
  }

  /// As many trunks refused for good, trunks registered for 10 s each, and ports of the same
  /// upstream with a call.
  private func outages(_ count: Int) -> String {
    var timeline = """
      host upstream 198.51.100.7:5060
      host other 198.51.100.8:5060
      host v 10.0.0.1:5060 user v domain up.test expires 360000
      60 v -> other registers unchallenged

      """
    for number in 0..<count {
      let fraction = 1000 + number
      timeline += """
        host port\(number) 198.51.100.7:\(10_000 + number)
        host c\(number) 10.0.0.1:5060 user c\(number) domain up.test
        host o\(number) 10.0.0.1:5060 user o\(number) domain up.test expires 3600
        host g\(number) 10.0.0.1:5060 user g\(number) domain up.test expires 10
        2.\(fraction) c\(number) -> port\(number) REGISTER
        3.\(fraction) c\(number) -> port\(number) INVITE for 100
        50.\(fraction) o\(number) -> upstream REGISTER as o\(number)
        52.\(fraction) upstream -> o\(number) 503 to o\(number)
        \(100 + number * 20) g\(number) -> upstream registers unchallenged

        """
    }
    return timeline
  }

  @Test("by the product of a trunk's outages, its registrations and the ports with calls")
  func outages() throws {
    let few = try cost(outages(40), switch: "10.0.0.1")
    let many = try cost(outages(240), switch: "10.0.0.1")
    // Six times of each: 216 if each met each.
    #expect(many < 20 * few, "\(few) ns became \(many)")
  }

  /// Accounts each with 64 devices that the registrar lists side by side.
  private func crowded(_ accounts: Int) -> String {
    var timeline = "host switch 203.0.113.10:5060\n"
    for account in 0..<accounts {
      for device in 0..<64 {
        let name = "d\(account)x\(device)"
        // That both are kept is said once; the other answers say nothing of Contacts.
        let contacts = device == 1 ? "lists d\(account)x0 30000" : "contact none"
        timeline += """
          host \(name) 100.64.\(account).\(device + 1):5060 user \(account) agent "Agent \(device)" expires 36000
          \(device * 20).\(100 + account) \(name) -> switch REGISTER
          +0.00001 switch -> \(name) 200 expires-header 36000 \(contacts)

          """
      }
    }
    timeline += "2000 d0x63 -> switch keepalive crlf\n"
    return timeline
  }

  /// The most memory that judging took at a time, in bytes.
  private func peak(_ timeline: String) throws -> Int64 {
    let pipeline = try pipeline(timeline)
    let before = allocation_tally_of_this_thread().kept
    allocation_tally_restart_peak()
    let diagnosis = pipeline.diagnose(files: [], drops: nil)
    #expect(diagnosis.findings.contains { $0.rule == "duplicate-registration" })
    return allocation_tally_of_this_thread().peak - before
  }

  @Test(
    "by each pair of the devices an account has side by side",
    .enabled(if: allocations_are_counted()))
  func pairs() throws {
    let each = (try peak(crowded(10)) - peak(crowded(2))) / 8
    #expect(each < 200_000, "\(each) bytes for one more account")
  }
}
