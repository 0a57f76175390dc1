import Capture
import Decode

/// Failures counted for each address they come from.
extension Tracker {
  /// A REGISTER was refused in a way that a stranger's would be.
  mutating func noteStranger(_ transaction: RegisterTransaction, at moment: Moment) {
    let account = Int(transaction.account)
    // A device at home here fails for reasons of its own.
    let isKnown = accounts[account].current.contains {
      $0.source.address == transaction.source.address
    }
    guard !isKnown else { return }
    noteStranger(
      transaction.source.address,
      .init(
        moment: moment, account: transaction.account, callIDKey: transaction.callIDKey,
        port: transaction.source.port))
  }

  private mutating func noteStranger(_ source: IPAddress, _ failure: SourceFailures.Failure) {
    let key = keys.endpoint(Endpoint(address: source, port: 0))
    let number: Int
    if let known = sourceIndex.find(key) {
      number = Int(known)
    } else {
      guard let place = placeForSource(at: failure.moment.time) else {
        counts.sourcesLeftOut += 1
        return
      }
      number = place
      sourceIndex.set(key, UInt32(truncatingIfNeeded: number))
      let new = SourceFailures(source: source)
      if number == sources.count { sources.append(new) } else { sources[number] = new }
    }
    sources[number].add(failure, limits)
  }

  /// Addresses looked at for one that may be forgotten.
  private static let sourcesTried = 16

  /// The place of a further address.
  ///
  /// Where all are taken, it is that of one that has not shown to try many accounts and was heard of
  /// longest ago; `nil` where there is none of those.
  private mutating func placeForSource(at time: Timestamp) -> Int? {
    guard sources.count >= limits.sources else { return sources.count }
    var oldest: Int?
    for _ in 0..<min(Self.sourcesTried, sources.count) {
      sourceTurn = sourceTurn + 1 < sources.count ? sourceTurn + 1 : 0
      guard sources[sourceTurn].bursts.isEmpty || isPast(sources[sourceTurn], at: time) else {
        continue
      }
      if oldest.map({ sources[sourceTurn].last < sources[$0].last }) ?? true { oldest = sourceTurn }
    }
    guard let oldest else { return nil }
    // What it failed with may have been the beginning of a row.
    if sources[oldest].last + limits.scanWindow > time { counts.sourcesLeftOut += 1 }
    let key = keys.endpoint(Endpoint(address: sources[oldest].source, port: 0))
    sourceIndex.remove(key, ifNaming: UInt32(truncatingIfNeeded: oldest))
    return oldest
  }

  private func isPast(_ source: SourceFailures, at time: Timestamp) -> Bool {
    limits.memory.map { source.last + $0 < time } ?? false
  }

  /// A challenge that nobody took up, at the end of the capture.
  struct LeftChallenge {
    var source: IPAddress
    var failure: SourceFailures.Failure
  }

  /// Who asks only to be challenged tries out which accounts there are.
  mutating func noteChallengesLeft() {
    var left: [LeftChallenge] = []
    for index in accounts.indices where accounts[index].accepted == 0 {
      for registrant in accounts[index].registrants {
        guard let challenge = registrant.openChallenge, let answer = challenge.answer,
          now - answer.time > limits.transactionTimeout
        else { continue }
        left.append(
          LeftChallenge(
            source: registrant.host,
            failure: .init(
              moment: challenge.request, account: UInt32(truncatingIfNeeded: index),
              callIDKey: registrant.last.callIDKey, port: accounts[index].source.port)))
      }
    }
    left.sort { $0.failure.moment.time < $1.failure.moment.time }
    for challenge in left { noteStranger(challenge.source, challenge.failure) }
  }
}
