/// Reads the lines of a timeline into hosts and events in time order.
struct ScriptReader {
  private(set) var hosts: [Host] = []
  private(set) var events: [Event] = []
  /// Seconds from 1970-01-01 UTC to time 0.
  private(set) var start: Int64 = 1_767_225_600  // 2026-01-01 00:00:00 UTC.

  /// The times of the line that `+` lines follow, and how far after them the last line was.
  private var times: [Int64] = []
  private var delay: Int64 = 0

  /// More than a test could want; a slip in `every` must not fill the memory.
  private static let mostEvents = 200_000

  init(_ text: String) throws(TimelineError) {
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let words = try words(of: line, number: number)
      switch words.first?.text {
      case nil: continue
      case "host": try readHost(words.dropFirst(), line: number)
      case "start": try readStart(words.dropFirst(), line: number)
      default: try readEvent(words[...], line: number)
      }
    }
    // A stable order: equal times stay in the order of the lines.
    let order = events.indices.sorted { (events[$0].time, $0) < (events[$1].time, $1) }
    events = order.map { events[$0] }
  }

  private mutating func readHost(_ words: ArraySlice<Word>, line: Int) throws(TimelineError) {
    var words = words
    guard let name = words.popFirst()?.text,
      let outside = words.popFirst().flatMap({ Place($0.text) })
    else { throw TimelineError(line: line, message: "expected: host NAME ADDRESS[:PORT] ...") }
    guard !hosts.contains(where: { $0.name == name }) else {
      throw TimelineError(line: line, message: "there is a host \(name) already")
    }
    let options = try Options(words, grammar: Options.host, line: line)
    let inside = try options.place("inside") ?? outside
    hosts.append(
      Host(
        name: name, outside: outside, inside: inside, user: options.text("user"),
        options: options))
  }

  private mutating func readStart(_ words: ArraySlice<Word>, line: Int) throws(TimelineError) {
    guard words.count == 1, let text = words.first?.text, let seconds = Int64(text),
      (0...4_000_000_000).contains(seconds), events.isEmpty
    else {
      throw TimelineError(line: line, message: "expected, before all events: start UNIX-SECONDS")
    }
    start = seconds
  }

  // MARK: - Events

  private mutating func readEvent(_ words: ArraySlice<Word>, line: Int) throws(TimelineError) {
    var words = words
    try readTime(&words, line: line)
    guard let first = words.popFirst() else {
      throw TimelineError(line: line, message: "expected something to happen at this time")
    }
    let actions: [(Int64, Action)]
    switch (first.text, words.first?.text) {
    case ("icmp", _): actions = [(0, try icmp(words, line: line))]
    case (_, "->"): actions = try message(first, words.dropFirst(), line: line)
    case (_, "moves-to"):
      actions = [(0, try move(try host(first.text, line: line), words.dropFirst(), line: line))]
    case (_, "restarts"):
      actions = [(0, .restart(host: try host(first.text, line: line)))]
      guard words.count == 1 else {
        throw TimelineError(line: line, message: "expected nothing after restarts")
      }
    default:
      throw TimelineError(
        line: line, message: "expected ->, moves-to or restarts after \(first.text)")
    }
    guard events.count + times.count * actions.count <= Self.mostEvents else {
      throw TimelineError(line: line, message: "more than \(Self.mostEvents) events")
    }
    for time in times {
      for (after, action) in actions {
        events.append(Event(time: time + delay + after, line: line, action: action))
      }
    }
  }

  /// `T`, `T1..T2 every D`, or `+D` after the line before.
  private mutating func readTime(
    _ words: inout ArraySlice<Word>, line: Int
  ) throws(TimelineError) {
    let text = words.popFirst()?.text ?? ""
    if text.hasPrefix("+") {
      guard let more = microseconds(text.dropFirst()), !times.isEmpty else {
        throw TimelineError(line: line, message: "expected a time and a line before it: \(text)")
      }
      delay += more
      return
    }
    delay = 0
    guard let dots = text.firstRange(of: "..") else {
      guard let time = microseconds(text) else {
        throw TimelineError(line: line, message: "expected a time, not \(text)")
      }
      times = [time]
      return
    }
    guard let from = microseconds(text[..<dots.lowerBound]),
      let to = microseconds(text[dots.upperBound...]), from <= to,
      words.popFirst()?.text == "every",
      let step = words.popFirst().flatMap({ microseconds($0.text) }), step > 0,
      (to - from) / step < Self.mostEvents
    else { throw TimelineError(line: line, message: "expected T1..T2 every D before the event") }
    times = Array(stride(from: from, through: to, by: Int64.Stride(step)))
  }

  private func message(
    _ source: Word, _ words: ArraySlice<Word>, line: Int
  ) throws(TimelineError) -> [(Int64, Action)] {
    var words = words
    guard let destination = words.popFirst(), let verb = words.popFirst() else {
      throw TimelineError(line: line, message: "expected a receiver and a message after ->")
    }
    let from = try end(source, line: line)
    let to = try end(destination, line: line)
    let way = Way(
      source: from.0, sourcePlace: from.1, destination: to.0, destinationPlace: to.1)
    switch verb.text {
    case "keepalive", "stun", "raw":
      let bytes = try payload(verb.text, &words, line: line)
      let options = try Options(words, grammar: Options.message, line: line)
      return [(0, .datagram(way, bytes: bytes, options))]
    case "again":
      return [(0, .again(way, try Options(words, grammar: Options.message, line: line)))]
    case "registers":
      let options = try Options(words, grammar: Options.message, line: line)
      return registration(way, options)
    default:
      let options = try Options(words, grammar: Options.message, line: line)
      if let status = Int(verb.text) {
        guard (100...699).contains(status) else {
          throw TimelineError(line: line, message: "\(status) is no status code")
        }
        return [(0, .response(way, status: status, options))]
      }
      guard !verb.isQuoted, verb.text.allSatisfy({ $0.isUppercase && $0.isASCII }) else {
        throw TimelineError(line: line, message: "\(verb.text) is neither a method nor a status")
      }
      return try request(way, verb.text, options)
    }
  }

  /// A request, and its answer when the line says `answered STATUS [after SECONDS]`.
  private func request(
    _ way: Way, _ method: String, _ options: Options
  ) throws(TimelineError) -> [(Int64, Action)] {
    let request = Action.request(way, method: method, options.without(["answered", "after"]))
    guard let status = try options.number("answered") else { return [(0, request)] }
    guard let delay = microseconds(options.text("after") ?? "0.01"), delay >= 0 else {
      throw TimelineError(line: options.line, message: "after needs a time")
    }
    let answer = options.only(["reason", "granted", "lists", "unseen"])
      .setting("expires", to: options.text("granted")).setting("granted", to: nil)
    return [(0, request), (delay, .response(way.reversed, status: status, answer))]
  }

  /// The usual exchange: REGISTER, 401, REGISTER with credentials, 200.
  private func registration(_ way: Way, _ options: Options) -> [(Int64, Action)] {
    let answerNames: Set = ["granted", "lists"]
    let answer = options.only(answerNames.union(["unseen"]))
      .setting("expires", to: options.text("granted")).setting("granted", to: nil)
    let register = options.without(answerNames.union(["unchallenged", "preauth"]))
    let authorized = register.setting("auth", to: "").setting("cseq", to: nil)
    if options.has("unchallenged") || options.has("preauth") {
      let only = options.has("preauth") ? register.setting("auth", to: "") : register
      return [
        (0, .request(way, method: "REGISTER", only)),
        (1_000, .response(way.reversed, status: 200, answer)),
      ]
    }
    return [
      (0, .request(way, method: "REGISTER", register)),
      (1_000, .response(way.reversed, status: 401, options.only(["unseen"]))),
      (10_000, .request(way, method: "REGISTER", authorized)),
      (12_000, .response(way.reversed, status: 200, answer)),
    ]
  }

  private func icmp(_ words: ArraySlice<Word>, line: Int) throws(TimelineError) -> Action {
    let parts = Array(words.prefix(6))
    guard parts.count == 6, parts[1].text == "->", parts[4].text == "quoting",
      let reason = ICMPReason(rawValue: parts[3].text)
    else {
      throw TimelineError(
        line: line, message: "expected: icmp REPORTER -> HOST REASON quoting HOST")
    }
    let reporter: Place
    if let place = Place(parts[0].text) {
      reporter = place
    } else {
      reporter = hosts[try host(parts[0].text, line: line)].outside
    }
    return .icmp(
      reporter: reporter, to: try host(parts[2].text, line: line),
      quoted: try host(parts[5].text, line: line), reason: reason,
      try Options(words.dropFirst(6), grammar: Options.message, line: line))
  }

  private func move(
    _ host: Int, _ words: ArraySlice<Word>, line: Int
  ) throws(TimelineError) -> Action {
    guard let outside = words.first.flatMap({ Place($0.text) }) else {
      throw TimelineError(line: line, message: "expected an address after moves-to")
    }
    let options = try Options(words.dropFirst(), grammar: ["inside": (1, false)], line: line)
    return .move(host: host, outside: outside, inside: try options.place("inside"))
  }

  /// `HOST` or `HOST@ADDRESS:PORT`.
  private func end(_ word: Word, line: Int) throws(TimelineError) -> (Int, Place?) {
    guard let at = word.text.firstIndex(of: "@") else {
      return (try host(word.text, line: line), nil)
    }
    guard let place = Place(String(word.text[word.text.index(after: at)...])) else {
      throw TimelineError(line: line, message: "expected HOST@ADDRESS:PORT, not \(word.text)")
    }
    return (try host(String(word.text[..<at]), line: line), place)
  }

  private func host(_ name: String, line: Int) throws(TimelineError) -> Int {
    guard let index = hosts.firstIndex(where: { $0.name == name }) else {
      throw TimelineError(line: line, message: "there is no host \(name)")
    }
    return index
  }
}

extension Way {
  /// The way back.
  var reversed: Way {
    Way(
      source: destination, sourcePlace: destinationPlace, destination: source,
      destinationPlace: sourcePlace)
  }
}
