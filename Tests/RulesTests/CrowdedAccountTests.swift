import Capture
import Decode
import Registrations
import Rules
import Testing

/// Accounts that more devices, upstreams or bindings share than are told apart (`TrackerLimits`).
@Suite("An account that many use at a time")
struct CrowdedAccountTests {
  @Test("a device's failures are over with its success though others came in between")
  func devices() throws {
    var timeline = """
      host switch 203.0.113.10:5060
      host phone 198.51.100.21:5060 user 1001 expires 300 agent "Phone 1"
      10 phone -> switch REGISTER
      10.1 switch -> phone 503
      20 phone -> switch REGISTER
      20.1 switch -> phone 503
      30 phone -> switch REGISTER

      """
    for number in 1...9 {
      timeline += """
        host s\(number) 192.0.2.\(number):5060 user 1001 agent "S \(number)"
        30.0\(number) s\(number) -> switch REGISTER
        30.0\(number)5 switch -> s\(number) 503

        """
    }
    timeline += """
      30.3 switch -> phone 200
      150..2000 every 120 phone -> switch registers
      """
    let diagnosis = try diagnose(timeline)
    let account = try #require(diagnosis.accounts.first).subject.account
    let series = account.failureSeries.filter { "\($0.source)".hasPrefix("198.51.100.21") }
    #expect(series.map { $0.attempts.total } == [2])
    #expect(series.allSatisfy { $0.success != nil })
    #expect(account.current.count == 1 && account.accepted == 17)
  }

  @Test("an outage at each of twenty upstreams is over with the success there")
  func upstreams() throws {
    var timeline = """
      host trunk 203.0.113.10:5060 user t1 expires 3600

      """
    for number in 10..<30 {
      timeline += """
        host up\(number) 192.0.2.\(number):5060 domain up.example
        \(number) trunk -> up\(number) REGISTER
        \(number).1 up\(number) -> trunk 503
        \(number + 60) trunk -> up\(number) REGISTER
        \(number + 60).1 up\(number) -> trunk 200

        """
    }
    let account = try #require(try diagnose(timeline).accounts.first).subject.account
    #expect(account.failureSeries.count == 20)
    #expect(account.failureSeries.allSatisfy { $0.success != nil })
    #expect(account.failureRuns.allSatisfy { $0.success != nil })
  }

  /// A phone that takes another port under its Call-ID, beside as many others as `others`.
  private func moved(others: Int) -> String {
    var timeline = """
      host switch 203.0.113.10:5060
      host phone 198.51.100.21:5060 user 1001 expires 300 agent "Phone 1"
      host again 198.51.100.21:5070 user 1001 expires 300 agent "Phone 1"
      10 phone -> switch REGISTER call-id moved cseq 1
      10.1 switch -> phone 200 contact none expires-header 300

      """
    for number in 100..<100 + others {
      timeline += """
        host o\(number) 192.0.2.\(number):5060 user 1001 expires 3600 agent "Other \(number)"
        11.\(number) o\(number) -> switch REGISTER
        11.\(number)5 switch -> o\(number) 200 contact none expires-header 3600

        """
    }
    for number in 0..<12 {
      timeline += """
        \(160 + number * 150) again -> switch REGISTER call-id moved cseq \(number + 2)
        \(160 + number * 150).1 switch -> again 200 contact none expires-header 300

        """
    }
    return timeline
  }

  @Test("a phone's newest binding is followed, however many others there are", arguments: [20, 80])
  func bindings(others: Int) throws {
    let diagnosis = try diagnose(moved(others: others))
    #expect(diagnosis.findings.allSatisfy { $0.rule != "binding-expired" })
    let account = try #require(diagnosis.accounts.first).subject.account
    #expect(account.current.contains { $0.source.port == 5070 })
    // None of them is gone without a word.
    #expect(account.past.total + account.current.count == others + 2)
  }

  @Test("bindings that a list does not have any more end, whoever asked for the list")
  func unlisted() throws {
    var timeline = moved(others: 80)
    timeline += """
      2000 again -> switch registers call-id moved cseq 40
      """
    let account = try #require(try diagnose(timeline).accounts.first).subject.account
    #expect(account.current.count == 1)
    #expect(account.past.total == 81)
  }

  @Test("three phones of one model behind one address are no restarts of each other")
  func likePhones() throws {
    var timeline = "host switch 203.0.113.10:5060\n"
    for number in 1...3 {
      timeline += """
        host p\(number) 198.51.100.80:506\(number) inside 192.168.1.\(number):5060 \
        user 1001 expires 300 agent "Model X"

        """
    }
    var steps = [(10, 1), (100, 1), (120, 2), (215, 2), (240, 3)]
    for round in 0..<25 { steps += (1...3).map { (250 + round * 100 + $0 * 10, $0) } }
    for (time, number) in steps {
      let others = (1...3).filter { other in
        other != number && steps.contains { $0.1 == other && $0.0 <= time }
      }
      let lists = others.map { "lists p\($0) 200" }.joined(separator: " ")
      timeline += """
        \(time) p\(number) -> switch REGISTER
        \(time).01 switch -> p\(number) 200 \(lists)

        """
    }
    let found = try diagnose(timeline).findings.map(\.rule)
    #expect(!found.contains("unregister-missing"), "\(found)")
  }
}
