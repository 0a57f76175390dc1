import Capture
import LiveView
import Reports
import Rules
import Testing

@Suite("Moving about")
struct ModelTests {
  private func drawn(_ model: inout ViewModel, _ around: Surroundings) -> String {
    model.screen(columns: 80, rows: 24, around).text
  }

  private func selected(_ model: inout ViewModel, _ around: Surroundings) -> String? {
    drawn(&model, around).split(separator: "\n").first { $0.hasPrefix("> ") }.map(String.init)
  }

  /// Whether q ends the run here.
  private func ends(_ model: inout ViewModel, _ around: Surroundings) -> Bool {
    model.press(.character("q"), at: around.now)
  }

  @Test("q ends the run from a list, and goes back from everywhere else")
  func quit() throws {
    var (model, around) = view(
      on: try diagnosis(of: sample("nat-expiry-too-long/violated-measured")))
    _ = drawn(&model, around)
    model.press(.enter)
    #expect(!ends(&model, around))
    model.press(.character("?"))
    #expect(!ends(&model, around))
    model.press(.character("/"))
    #expect(!ends(&model, around), "typed into the filter")
    model.press(.enter)
    #expect(ends(&model, around))
  }

  @Test("the cursor stays on its row when the list changes above it")
  func follows() throws {
    var diagnosis = try diagnosis(of: sample("nat-expiry-too-long/violated-measured"))
    var (model, around) = view(on: diagnosis)
    _ = drawn(&model, around)
    model.press(.down)
    let before = try #require(selected(&model, around))
    var first = try #require(diagnosis.findings.first)
    first.rule = "one-more"
    first.to = nil
    first.summary = "something worse"
    diagnosis.findings.insert(first, at: 0)
    model.show(Snapshot(diagnosis, rates: Rates()), model.news)
    #expect(selected(&model, around) == before)
    model.press(.home)
    #expect(selected(&model, around)?.contains("something worse") == true)
  }

  @Test("a filter shows what has all its words, and Esc takes it away")
  func filter() throws {
    var (model, around) = view(
      on: try diagnosis(of: sample("nat-expiry-too-long/violated-measured")))
    let all = drawn(&model, around)
    model.press(.character("/"))
    model.type("ERROR nat-exp")
    #expect(drawn(&model, around).contains("nothing fits the filter"))
    model.press(.escape)
    model.press(.character("/"))
    model.type("warning Nat-Exp")
    model.press(.enter)
    let some = drawn(&model, around)
    #expect(some.contains("filter: warning Nat-Exp  shows 1 of "))
    #expect(some.contains("\n> warning "))
    model.press(.escape)
    #expect(drawn(&model, around) == all)
  }

  @Test("a stopped display shows nothing new until it goes on")
  func pause() throws {
    let diagnosis = try diagnosis(of: sample("nat-expiry-too-long/violated-measured"))
    var (model, around) = view(on: diagnosis)
    model.press(.character("p"))
    var empty = diagnosis
    empty.findings = []
    model.show(Snapshot(empty, rates: Rates()), NewsList())
    let stopped = drawn(&model, around)
    #expect(stopped.contains("PAUSED") && stopped.contains("\n> warning "))
    model.press(.character("p"))
    let current = drawn(&model, around)
    #expect(!current.contains("PAUSED") && current.contains("no finding goes on"))
  }

  @Test("what has put an account out of service is no less current when nobody tries any more")
  func outOfService() throws {
    let diagnosis = try diagnosis(of: sample("auth-failure-loop/violated"))
    var over = diagnosis
    for index in over.findings.indices {
      over.findings[index].to = diagnosis.capture.span?.upperBound
    }
    var (model, around) = view(on: over)
    #expect(drawn(&model, around).contains("\n> error "))
    // Of an account that is registered again, the same is over.
    let (recovered, _) = view(
      on: try LiveViewTests.diagnosis(of: sample("nat-pinhole-lost/violated")))
    #expect(recovered.snapshot?.findings.isEmpty == false && recovered.snapshot?.current == [])
  }

  @Test("lists turn through their orders")
  func orders() throws {
    var (model, around) = view(on: try diagnosis(of: sample("nat-pinhole-lost/violated-call-lost")))
    model.press(.tab)
    #expect(selected(&model, around)?.contains("1001@") == true, "the worst first")
    model.press(.character("s"))
    #expect(drawn(&model, around).contains("longest out first"))
    model.press(.character("s"))
    #expect(drawn(&model, around).contains("by account"))
    model.press(.character("s"))
    #expect(drawn(&model, around).contains("worst first"))
  }

  @Test("the accounts on the screen are those whose registrations are asked for")
  func wanted() throws {
    var (model, around) = view(on: try diagnosis(of: sample("nat-pinhole-lost/violated-call-lost")))
    _ = drawn(&model, around)
    #expect(model.wanted == [], "no finding is open")
    model.press(.tab)
    _ = drawn(&model, around)
    #expect(model.wanted == ["1001@203.0.113.10", "2002@203.0.113.10"])
    model.press(.down, .enter)
    #expect(model.wanted.contains("2002@203.0.113.10"))
  }

  @Test("before the first packet the view says so")
  func empty() {
    var model = ViewModel(interfaces: ["eth0"])
    let around = Surroundings(
      now: Timestamp(nanoseconds: 0), running: .seconds(3), memory: nil, zone: .utc)
    #expect(drawn(&model, around).contains("Packets   none yet"))
    model.press(.tab, .enter, .tab, .down, .enter, .end, .character("s"))
    #expect(drawn(&model, around).contains("nothing has happened yet"))
  }
}
