import Capture
import Registrations
import Rules

/// The families of numbers, in the order they are written.
extension MetricsWriter {
  // A collector of text files has process_ names of its own, which must not stand twice.
  mutating func write(_ run: MetricsReport.Run) {
    begin("build_info", .gauge, "The program; always 1.")
    sample([("version", regsiftVersion)], 1)
    begin("start_time_seconds", .gauge, "When the capture began, in seconds since 1970.")
    sample([], run.start - Timestamp(nanoseconds: 0))
    begin(
      "last_judging_timestamp_seconds", .gauge,
      "When what was captured was judged last, in seconds since 1970.")
    sample([], run.judged - Timestamp(nanoseconds: 0))
    if let bytes = run.residentBytes {
      put("resident_memory_bytes", .gauge, "Memory that the program occupies.", bytes)
    }
  }

  mutating func write(_ capture: CaptureSummary) {
    writeInterfaces(capture.files)
    if let drops = capture.drops {
      put(
        "capture_dropped_packets_total", .counter,
        "Packets lost before the program saw them: silence proves little while this rises.", drops)
    }
    put("sip_messages_total", .counter, "SIP messages over UDP.", capture.messages)
    put(
      "keepalives_total", .counter, "Keepalives on flows that carry signalling.",
      capture.keepalives)
    put(
      "duplicate_packets_total", .counter, "Copies of packets, which were left out.",
      capture.duplicates)
    begin("undecodable_packets_total", .counter, "Packets that could not be decoded, by reason.")
    for (reason, count) in capture.undecodable { sample([("reason", reason)], count) }
    begin(
      "limit_hits_total", .counter,
      "What was left out since one of the program's own limits was reached.")
    for (limit, count) in capture.limits { sample([("limit", limit)], count) }
  }

  private mutating func writeInterfaces(_ files: [FileSummary]) {
    var interfaces: [FileSummary] = []
    // One that is named twice is captured from twice; its samples must not stand twice.
    for file in files {
      guard let known = interfaces.firstIndex(where: { $0.name == file.name }) else {
        interfaces.append(file)
        continue
      }
      interfaces[known].frames &+= file.frames
      interfaces[known].bytes &+= file.bytes
      interfaces[known].isDown = interfaces[known].isDown || file.isDown
    }
    begin("capture_packets_total", .counter, "Packets captured, by interface.")
    for interface in interfaces { sample([("interface", interface.name)], interface.frames) }
    begin("capture_bytes_total", .counter, "Bytes captured, by interface.")
    for interface in interfaces { sample([("interface", interface.name)], interface.bytes) }
    begin("capture_up", .gauge, "Whether an interface can be captured from.")
    for interface in interfaces {
      sample([("interface", interface.name)], interface.isDown ? 0 : 1)
    }
  }

  mutating func write(_ measures: Measures) {
    put(
      "register_requests_total", .counter, "REGISTERs, retransmissions not counted.",
      measures.registers)
    begin("register_results_total", .counter, "What became of REGISTERs.")
    for (result, count) in [
      ("accepted", measures.accepted), ("challenged", measures.challenged),
      ("refused", measures.refused), ("unanswered", measures.unanswered),
    ] {
      sample([("result", result)], count)
    }
    put(
      "probes_sent_total", .counter, "OPTIONS sent to devices, retransmissions not counted.",
      measures.probes)
    put(
      "probes_answered_total", .counter, "OPTIONS that a device answered.",
      measures.probesAnswered)
    begin(
      "registration_delay_seconds", .histogram,
      "From the first REGISTER, challenge included, to its 200 (RFC 6076 4.1), as seen here.")
    write(measures.registrationDelay)
    begin(
      "refresh_margin_seconds", .histogram,
      "Granted time left when a refresh began; one that came too late counts as 0.")
    write(measures.refreshMargin)
  }

  private mutating func write(_ histogram: Histogram) {
    self.histogram(bounds: histogram.bounds, counts: histogram.counts, sum: histogram.sum)
  }

  mutating func writeAccounts(_ diagnosis: Diagnosis) {
    let fleet = diagnosis.overview.fleet
    let states = fleet.states
    begin("accounts", .gauge, "Accounts by the state of their registration.")
    for state in AccountState.all { sample([("state", state.rawValue)], states[state] ?? 0) }
    put("accounts_behind_nat", .gauge, "Accounts registered from behind a NAT.", fleet.behindNAT)
    let failing = Set(
      diagnosis.findings.lazy.filter { $0.level == .error && $0.to == nil }.compactMap(\.account))
    put("accounts_failing", .gauge, "Accounts with an error that goes on.", failing.count)
  }

  mutating func writeFindings(_ findings: [Finding], _ run: MetricsReport.Run) {
    var open = FindingCounts()
    for finding in findings where finding.to == nil { open.add(finding) }
    begin("findings_open", .gauge, "Findings that go on, by rule and level.")
    write(open)
    begin("findings_total", .counter, "Findings told since the start, by rule and level.")
    write(run.seen)
    put(
      "findings_withdrawn_total", .counter, "Findings that later packets showed to be none.",
      run.withdrawn)
  }

  private mutating func write(_ counts: FindingCounts) {
    for (key, count) in counts.all {
      sample([("rule", key.rule), ("level", key.level.word)], count)
    }
  }
}
