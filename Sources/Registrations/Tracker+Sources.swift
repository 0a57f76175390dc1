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
      guard sources.count < limits.sources else { return }
      number = sources.count
      sourceIndex.set(key, UInt32(truncatingIfNeeded: number))
      sources.append(SourceFailures(source: source))
    }
    sources[number].add(failure, limits)
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
