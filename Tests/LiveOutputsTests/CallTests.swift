import Foundation
import LiveOutputs
import Testing

@Suite struct CallTests {
  private let scratch: Scratch
  private let sayings = Sayings()

  init() throws { scratch = try Scratch() }

  /// A program that is a shell script; `$1` is the scratch folder.
  private func calls(
    _ script: String, _ arguments: [String] = [], limits: ProgramCalls.Limits = .init()
  ) throws -> ProgramCalls {
    let program = try scratch.write("program", "#!/bin/sh\n\(script)\n", mode: 0o755)
    let sayings = sayings
    return try ProgramCalls(
      program: program, arguments: [scratch.folder] + arguments, limits: limits
    ) { sayings.say($0) }
  }

  @Test func `The program gets each event whole on its standard input, however long`() throws {
    // More than any pipe holds.
    let events = ["{\"a\":1}\n", String(repeating: "long ", count: 100_000), ""]
    let calls = try calls("cat > $1/event.$$")
    for event in events { calls.submit(Array(event.utf8)) }
    calls.finish()
    let heard = scratch.names().filter { $0.hasPrefix("event.") }.map { scratch.text($0) }
    #expect(heard.sorted() == events.sorted())
    #expect(sayings.all == [])
  }

  @Test func `Arguments reach the program as they are: there is no shell`() throws {
    let arguments = ["two words", "$(touch $1/owned); *", "-x", ""]
    let calls = try calls("shift; printf '%s\\n' \"$@\" > $0.arguments", arguments)
    calls.submit([])
    calls.finish()
    #expect(scratch.text("program.arguments") == arguments.joined(separator: "\n") + "\n")
  }

  @Test func `The program inherits no descriptor, no blocked and no ignored signal`() throws {
    let leak = open("/dev/null", O_RDONLY)
    defer { close(leak) }
    signal(SIGPIPE, SIG_IGN)
    let calls = try calls(
      """
      for stream in 1 2; do [ /proc/$$/fd/$stream -ef /dev/null ] && echo $stream >> $1/nowhere; done
      grep -E 'Sig(Blk|Ign)' /proc/self/status > $1/signals
      exec ls /proc/self/fd > $1/open
      """)
    calls.submit([])
    calls.finish()
    #expect(scratch.text("nowhere") == "1\n2\n")
    #expect(scratch.text("open") == "0\n1\n2\n3\n", "3 is the folder that is listed")
    let masks = scratch.text("signals").split(separator: "\n").compactMap { line in
      line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    }
    // The C library ignores its own two, 32 and 33, in whatever it starts.
    #expect(masks.count == 2 && masks.allSatisfy { $0 & 0x7FFF_FFFF == 0 }, "\(masks)")
  }

  @Test func `A program that takes too long is killed with its children, and reaped`() throws {
    var limits = ProgramCalls.Limits()
    limits.time = .milliseconds(300)
    let calls = try calls(
      "sleep 600 & echo $! > $1/child; echo $$ > $1/parent; wait", limits: limits)
    calls.submit([])
    #expect(eventually { sayings.all.contains { $0.hasPrefix("was killed: it took longer") } })
    let processes = ["child", "parent"].compactMap { Int32(scratch.text($0).dropLast()) }
    #expect(processes.count == 2)
    // The child's child belongs to init now, which may take a moment to reap it.
    for process in processes { #expect(eventually { Self.isGone(process) }) }
    calls.finish()
  }

  private static func isGone(_ process: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status.map { $0.contains(") Z ") && !$0.contains(" \(getpid()) ") } ?? true
  }

  @Test func `So many run at the same time, so many wait, and the others are counted`() throws {
    var limits = ProgramCalls.Limits()
    limits.running = 2
    limits.waiting = 3
    let calls = try calls(
      """
      mkdir $1/run.$$
      ls -d $1/run.* | wc -l >> $1/counts
      while [ ! -e $1/go ]; do sleep 0.05; done
      rmdir $1/run.$$
      """, limits: limits)
    calls.submit([])
    calls.submit([])
    #expect(eventually { scratch.names().count { $0.hasPrefix("run.") } == 2 })
    for _ in 0..<7 { calls.submit([]) }
    #expect(eventually { sayings.all == ["too slow: 3 events wait, and others are left out"] })
    _ = try scratch.write("go", "")
    calls.finish()
    let counts = scratch.text("counts").split(separator: "\n").compactMap { Int($0) }
    #expect(counts.count == 5)
    #expect(counts.max() == 2)
    #expect(sayings.all.last == "not called for 4 events in all")
  }

  @Test func `A program that somebody else has waited for is over, and the next one is called`()
    throws
  {
    var limits = ProgramCalls.Limits()
    limits.running = 1
    let calls = try calls(
      "echo $$ >> $1/called; while [ ! -e $1/go ]; do sleep 0.05; done", limits: limits)
    calls.submit([])
    #expect(eventually { scratch.text("called").hasSuffix("\n") })
    let process = try #require(pid_t(scratch.text("called").dropLast()))
    _ = try scratch.write("go", "")
    var status: Int32 = 0
    waitpid(process, &status, 0)
    calls.submit([])
    calls.finish()
    #expect(scratch.text("called").split(separator: "\n").count == 2)
    #expect(sayings.all == [])
  }

  @Test func `The end does not wait for ever`() throws {
    var limits = ProgramCalls.Limits()
    (limits.running, limits.end) = (1, .milliseconds(200))
    let calls = try calls("touch $1/started; sleep 600", limits: limits)
    calls.submit([])
    calls.submit([])
    #expect(eventually { scratch.names().contains("started") })
    calls.finish()
    #expect(
      sayings.all == ["not called for 1 events in all", "1 calls were cut off by the end"])
  }

  @Test func `Failures are said once, and counted`() throws {
    let calls = try calls("exit 3")
    for _ in 0..<5 { calls.submit([]) }
    calls.finish()
    #expect(
      sayings.all == [
        "ended with status 3; failures are counted from here on", "5 calls failed in all",
      ])
  }

  @Test(arguments: [
    ("alert", "it takes the path of a program, such as /usr/local/bin/alert"),
    ("/no/such/program", "cannot be called: No such file or directory"),
    ("/etc/passwd", "cannot be called: Permission denied"),
    ("/tmp/", "cannot be called: Permission denied"),
  ])
  func `What cannot be called is refused with the reason`(program: String, reason: String) {
    #expect { _ = try ProgramCalls(program: program, arguments: [], say: { _ in }) } throws: {
      "\($0)" == reason
    }
  }
}
