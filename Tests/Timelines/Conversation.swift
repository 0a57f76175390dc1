/// A packet of a timeline before it has its place in time.
struct Planned {
  enum Content {
    case datagram(source: Place, destination: Place, payload: [UInt8])
    /// An error about the last datagram from `destination` to `quoted`.
    case icmp(reporter: Place, reason: ICMPReason, quoted: Int)
  }
  var time: Int64
  var line: Int
  var source: Int
  var destination: Int
  var isSeen: Bool
  var content: Content
}

/// A request that went out, as far as answers and later requests depend on it.
struct SentRequest {
  var label: String?
  var method: String
  var source: Int
  var destination: Int
  var sourcePlace: Place
  var destinationPlace: Place
  /// The Request-URI.
  var uri: String
  /// Via sent-by and the rest of the value up to the branch.
  var via: String
  var branch: String
  var sentBy: Place
  var asksForPort: Bool
  var from: String
  var to: String
  var callID: String
  var cseq: Int
  var user: String?
  /// What its Contact headers say, without `expires`.
  var contact: String?
  var expires: Int?
  var isAnswered = false
  var answer: Int?
  var bytes: [UInt8] = []
}

/// Plays the events of a script and writes down the packets they make.
struct Conversation {
  var hosts: [Host]
  var planned: [Planned] = []
  var sent: [SentRequest] = []
  /// The last message on each way, for `again`.
  private var last: [[Int]: (payload: [UInt8], source: Place, destination: Place)] = [:]
  /// How often each host started: names its Call-ID series.
  var starts: [Int]
  /// The Call-ID in use by a host for an account at a server, and the last CSeq of each Call-ID.
  var series: [String: String] = [:]
  var sequence: [String: Int] = [:]
  /// Challenges by server and client; how many nonces were given out; how often each was used.
  var challenges: [[Int]: Challenge] = [:]
  var nonces = 0
  var nonceUses: [String: Int] = [:]
  var counts: [String: Int] = [:]

  struct Challenge {
    var realm: String
    var nonce: String
    var isProxy: Bool
  }

  init(_ script: ScriptReader) throws(TimelineError) {
    hosts = script.hosts
    starts = hosts.map { _ in 1 }
    for event in script.events { try play(event) }
  }

  private mutating func play(_ event: Event) throws(TimelineError) {
    switch event.action {
    case .request(let way, let method, let options):
      let request = try request(way, method, options)
      sent.append(request)
      try plan(event, way, options, request)
    case .response(let way, let status, let options):
      let response = try response(way, status, options)
      plan(
        event, way, response.bytes, from: response.source, to: response.destination,
        isSeen: !options.has("unseen"))
    case .datagram(let way, let bytes, let options):
      plan(
        event, way, bytes, from: way.sourcePlace ?? hosts[way.source].outside,
        to: way.destinationPlace ?? hosts[way.destination].outside, isSeen: !options.has("unseen"))
    case .again(let way, let options): try repeatLast(event, way, options)
    case .icmp(let reporter, let to, let quoted, let reason, let options):
      planned.append(
        Planned(
          time: event.time, line: event.line, source: quoted, destination: to,
          isSeen: !options.has("unseen"),
          content: .icmp(reporter: reporter, reason: reason, quoted: quoted)))
    case .move(let host, let outside, let inside):
      // Without a NAT the party knows its new address.
      let hadNoNAT = hosts[host].inside == hosts[host].outside
      hosts[host].outside = outside
      hosts[host].inside = inside ?? (hadNoNAT ? outside : hosts[host].inside)
    case .restart(let host):
      starts[host] += 1
      series = series.filter { !$0.key.hasPrefix("\(host)|") }
    }
  }

  /// Plans the transmissions of a request: one, or the ladder of RFC 3261 17.1.
  private mutating func plan(
    _ event: Event, _ way: Way, _ options: Options, _ request: SentRequest
  ) throws(TimelineError) {
    let ladder = retransmissionTimes(isInvite: request.method == "INVITE")
    let asked = try options.number("copies") ?? (options.has("ladder") ? ladder.count : 1)
    guard (1...ladder.count).contains(asked) else {
      throw TimelineError(line: event.line, message: "copies from 1 to \(ladder.count)")
    }
    for offset in ladder.prefix(asked) {
      var copy = event
      copy.time += offset
      plan(
        copy, way, request.bytes, from: request.sourcePlace, to: request.destinationPlace,
        isSeen: !options.has("unseen"))
    }
  }

  private mutating func plan(
    _ event: Event, _ way: Way, _ payload: [UInt8], from source: Place, to destination: Place,
    isSeen: Bool
  ) {
    last[[way.source, way.destination]] = (payload, source, destination)
    planned.append(
      Planned(
        time: event.time, line: event.line, source: way.source, destination: way.destination,
        isSeen: isSeen,
        content: .datagram(source: source, destination: destination, payload: payload)))
  }

  private mutating func repeatLast(
    _ event: Event, _ way: Way, _ options: Options
  ) throws(TimelineError) {
    var message = last[[way.source, way.destination]]
    if let label = options.text("in") {
      let request = sent.last { $0.label == label && $0.source == way.source }
      message = request.map { ($0.bytes, $0.sourcePlace, $0.destinationPlace) }
    }
    guard let message else {
      throw TimelineError(line: event.line, message: "nothing was sent on this way before")
    }
    plan(
      event, way, message.payload, from: way.sourcePlace ?? message.source,
      to: way.destinationPlace ?? message.destination, isSeen: !options.has("unseen"))
  }
}

/// When a request is sent over UDP while nobody answers, in microseconds after the first time.
///
/// RFC 3261 17.1.1.2 and 17.1.2.2: T1 doubles, for all but INVITE up to T2 = 4 s, until 64*T1.
func retransmissionTimes(isInvite: Bool) -> [Int64] {
  var times: [Int64] = []
  var time: Int64 = 0
  var interval: Int64 = 500_000
  while time < 32_000_000 {
    times.append(time)
    time += interval
    interval = isInvite ? interval * 2 : min(interval * 2, 4_000_000)
  }
  return times
}

/// Hexadecimal digits that depend on nothing but the parts: what stands for random in a timeline.
func digits(_ parts: Any..., count: Int) -> String {
  var text = ""
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a.
  for byte in parts.map({ "\($0)" }).joined(separator: "\u{1F}").utf8 {
    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }
  while text.count < count {
    // Finalizer of SplitMix64: spreads the last bytes over all digits.
    hash &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    let word = String(mixed ^ (mixed >> 31), radix: 16)
    text += String(repeating: "0", count: 16 - word.count) + word
  }
  return String(text.prefix(count))
}
