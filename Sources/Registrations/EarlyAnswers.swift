import Capture
import SIP

/// An answer whose request has not been seen, kept for a moment.
struct EarlyAnswer {
  var key: UInt64
  var bytes: [UInt8]
  var sighting: Sighting
}

/// Answers that may have overtaken their requests in the capture, the oldest first.
///
/// Several queues of one network card, or two taps, put packets milliseconds out of order. Few are
/// held: in a capture without requests each soon makes room for the next.
struct EarlyAnswers: ~Copyable {
  private static let capacity = 32
  private var answers: [EarlyAnswer] = []

  /// The same answers once more.
  func copy() -> EarlyAnswers {
    var copy = EarlyAnswers()
    copy.answers = answers
    return copy
  }

  /// Whether none is held.
  var isEmpty: Bool { answers.isEmpty }

  /// Holds an answer and gives back the one that had to go for it, if any.
  mutating func hold(_ answer: EarlyAnswer) -> EarlyAnswer? {
    let evicted = answers.count == Self.capacity ? answers.removeFirst() : nil
    answers.append(answer)
    return evicted
  }

  /// The answer to a request that is seen now.
  mutating func take(_ key: UInt64) -> EarlyAnswer? {
    answers.firstIndex { $0.key == key }.map { answers.remove(at: $0) }
  }

  /// The next answer that was seen before `time`.
  mutating func takeOldest(before time: Timestamp) -> EarlyAnswer? {
    guard let first = answers.first, first.sighting.moment.time < time else { return nil }
    return answers.removeFirst()
  }
}

extension EarlyAnswer {
  /// The message, read once more from its bytes: it is seldom wanted, and too large to be kept.
  var message: SIPMessage? {
    guard case .message(let message) = SIPParser.parse(bytes.span, isCut: sighting.isCut) else {
      return nil
    }
    return message
  }
}

extension Tracker {
  /// Keeps an answer without a request: it may have overtaken it.
  mutating func holdAnswer(_ key: UInt64, _ bytes: Span<UInt8>, at sighting: Sighting) {
    let answer = EarlyAnswer(
      key: key, bytes: bytes.indices.map { bytes[$0] }, sighting: sighting)
    if let evicted = early.hold(answer) { takeForLone(evicted) }
  }

  /// Takes for lone what no request has followed by `time`.
  mutating func settleEarlyAnswers(before time: Timestamp) {
    while let answer = early.takeOldest(before: time) { takeForLone(answer) }
  }

  /// Gives a request the answer that stands before it in the capture.
  mutating func answerFromBefore(_ key: UInt64, _ request: Moment) {
    guard !early.isEmpty, let answer = early.take(key), let message = answer.message else { return }
    var sighting = answer.sighting
    sighting.moment.time = max(sighting.moment.time, request.time)
    if message.method == .register {
      observeRegisterAnswer(message, answer.bytes.span, at: sighting)
    } else {
      observeAnswer(message, answer.bytes.span, at: sighting)
    }
  }

  private mutating func takeForLone(_ answer: EarlyAnswer) {
    guard let message = answer.message else { return }
    if message.method == .register {
      observeLoneAnswer(message, answer.bytes.span, at: answer.sighting)
    } else {
      observeLoneAnswer(to: answer.sighting)
    }
  }
}
