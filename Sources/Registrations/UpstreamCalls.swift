import Capture
import Decode
import SIP

/// The calls that the client of a registrar sent there: for an upstream server those of the switch.
public struct UpstreamCalls: Sendable {
  /// Calls waiting for their answer that are kept; further ones count as sent only.
  private static let mostOpen = 64

  /// Those sent, over time.
  public private(set) var sent = RateSeries()
  /// Those answered with 2xx, by the time they were sent.
  public private(set) var answered = RateSeries()
  private var open: [(key: UInt64, sent: Timestamp)] = []

  mutating func note(_ key: UInt64, at time: Timestamp) {
    guard !open.contains(where: { $0.key == key }) else { return }
    sent.count(at: time)
    if open.count >= Self.mostOpen { open.removeFirst() }
    open.append((key, time))
  }

  mutating func noteAnswer(_ key: UInt64, isSuccess: Bool) {
    guard let place = open.firstIndex(where: { $0.key == key }) else { return }
    let call = open.remove(at: place)
    if isSuccess { answered.count(at: call.sent) }
  }
}

extension Tracker {
  /// Takes in an INVITE that begins a call, where a registrar is asked by its own client.
  mutating func noteUpstreamCall(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    guard message.to.tag.isEmpty,
      let number = registrarIndex.find(keys.endpoint(sighting.destination)).map({ Int($0) }),
      registrars[number].client == sighting.source.address
    else { return }
    if registrars[number].calls.isEmpty { registrars[number].calls.append(UpstreamCalls()) }
    registrars[number].calls[0].note(
      bytes.hash(message.callID, seed: seed), at: sighting.moment.time)
  }

  /// Takes in a final answer of a registrar to such a call.
  mutating func noteUpstreamAnswer(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    guard message.statusCode >= 200,
      let number = registrarIndex.find(keys.endpoint(sighting.source)).map({ Int($0) }),
      !registrars[number].calls.isEmpty
    else { return }
    registrars[number].calls[0].noteAnswer(
      bytes.hash(message.callID, seed: seed), isSuccess: message.statusCode < 300)
  }
}
