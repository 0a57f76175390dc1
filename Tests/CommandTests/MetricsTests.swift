import Foundation
import Testing

@Suite struct MetricsOptionTests {
  @Test(arguments: [
    (["--listen", "nowhere"], "--listen nowhere: it takes a port, ADDRESS:PORT or [IPV6]:PORT"),
    (["--listen", "0"], "--listen 0: it takes a port"),
    (["--metrics-accounts", "3"], "--metrics-accounts: it goes with --listen or --metrics-file"),
    (["--listen", "9464", "--metrics-accounts", "0"], "--metrics-accounts 0: it takes 1 to 1000"),
  ])
  func `What cannot be served is named with what it takes`(
    arguments: [String], message: String
  ) throws {
    let run = try Regsift().run(["sniff", "-i", "lo"] + arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.contains(message), "\(run.errors)")
  }
}

extension LiveTests {
  /// Starts the program with `options`, and replays a fault; it ends by itself where `body` fails.
  private static func sniff(
    _ options: String, setUp: String? = nil, then body: String
  ) -> Shell {
    TestNetwork.run(
      """
      ip link set lo up
      \(setUp ?? "")
      \(TestNetwork.tools)/regsift sniff -i v1 --user root --quiet --duration 90 --format json \
        --output /dev/null \(options) & sniff=$!
      within() { for i in $(seq 150); do eval "$1" && return; sleep 0.2; done; echo "not: $1"; false; }
      page() { curl -s "http://127.0.0.1:9464$1"; }
      within "page /healthz > /dev/null"
      \(TestNetwork.tools)/replay-capture \(Package.sample("auth-failure-loop/violated")) v0 0
      within "page /metrics | grep -q ^regsift_findings_total.*auth-failure-loop.*1\\$"
      \(body)
      kill -INT $sniff; wait $sniff || true
      """, mounting: setUp != nil)
  }

  @Test func `Metrics are the same in the file and by HTTP, and hold what was found`() throws {
    let scratch = try Scratch()
    let (file, answer) = (scratch.path("regsift.prom"), scratch.path("answer"))
    let shell = Self.sniff(
      "--listen 9464 --metrics-file \(file)",
      then: """
        curl -sSi http://127.0.0.1:9464/metrics > \(answer)
        curl -sSf http://127.0.0.1:9464/healthz
        curl -sSf http://127.0.0.1:9464/
        """)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(shell.output.contains("\"status\": \"ok\""), "\(shell.output)")
    #expect(shell.output.contains("<title>regsift: "), "\(shell.output)")
    #expect(shell.output.contains(">auth-failure-loop<") || shell.output.contains("challenged"))
    let answered = try String(contentsOfFile: answer, encoding: .utf8)
    #expect(answered.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8"))
    for text in [answered, try String(contentsOfFile: file, encoding: .utf8)] {
      #expect(text.contains("regsift_capture_up{interface=\"v1\"} 1\n"))
      #expect(
        text.contains("regsift_findings_total{rule=\"auth-failure-loop\",level=\"error\"} 1\n"))
      #expect(text.contains(/regsift_register_results_total\{result="challenged"\} [1-9]/))
      #expect(text.contains(/regsift_resident_memory_bytes [1-9][0-9]{6}/))
    }
    #expect(!answered.contains("regsift_account_up"))
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder)
    #expect(!left.contains { $0.hasPrefix("regsift.prom.") }, "what is written aside stays")
  }

  @Test func `Health fails while an interface is down or a file cannot be written`() throws {
    let scratch = try Scratch()
    let folder = scratch.path("full")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let shell = Self.sniff(
      "--listen 9464 --metrics-file \(folder)/regsift.prom",
      then: """
        code() { curl -s -o /dev/null -w "%{http_code}" http://127.0.0.1:9464/healthz; }
        becomes() { within "[ \\$(code) = $1 ]"; echo "$1 "; }
        becomes 200
        ip link set v1 down; becomes 503; page /healthz
        ip link set v1 up; becomes 200
        mv \(folder) \(folder).away; becomes 503; page /healthz
        mv \(folder).away \(folder); becomes 200
        """)
    #expect(shell.status == 0, "\(shell.output)")
    let codes = shell.output.matches(of: #/\b(200|503) /#).map { String($0.1) }
    #expect(codes == ["200", "503", "200", "503", "200"], "\(shell.output)")
    #expect(shell.output.contains("\"interface v1: nothing can be captured\""))
    #expect(shell.output.contains("regsift.prom: cannot write: No such file or directory"))
  }

  @Test func `Health fails while the ring, a program or the log cannot be written to`() throws {
    let scratch = try Scratch()
    let program = try scratch.file(
      "alert", Array("#!/bin/sh\nexec [ -e \(scratch.path("well")) ]\n".utf8))
    let shell = Self.sniff(
      "--listen 9464 --syslog daemon --ring /mnt/ring --ring-size 5MB --exec \(program)",
      setUp: """
        chmod +x \(program)
        mount -t tmpfs -o size=6m none /mnt
        """,
      then: """
        within "page /healthz | grep -q \"exec .*alert: a call ended with status 1\""
        page /healthz
        head -c 9000000 /dev/zero > /mnt/full || true
        \(TestNetwork.tools)/replay-capture \(Package.sample("register-flood/violated")) v0 0
        within "page /healthz | grep -q No.space"
        page /healthz
        """)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(shell.output.contains("--exec \(program): a call ended with status 1"))
    #expect(shell.output.contains(/--ring \/mnt\/ring: .*No space left on device/))
    // Where the machine has a log nothing is wrong with it.
    let hasLog = FileManager.default.fileExists(atPath: "/dev/log")
    #expect(shell.output.contains("--syslog: nobody reads the log") == !hasLog)
  }

  @Test func `A port in use ends the program before it captures`() throws {
    let shell = Self.sniff(
      "--listen 127.0.0.1:9464",
      then: """
        \(TestNetwork.tools)/regsift sniff -i v1 --listen 9464 --duration 60 || echo "ended with $?"
        """)
    #expect(shell.status == 0, "\(shell.output)")
    #expect(
      shell.output.contains(
        "regsift: --listen 127.0.0.1:9464: cannot listen: Address already in use"))
    #expect(shell.output.contains("ended with 2"))
  }
}
