import Capture
import Decode
import SIP

/// The Privacy header of REGISTERs (RFC 3323 4.2), which few of them carry.
extension Tracker {
  /// Different values of one account that are told apart.
  private static let mostPrivacies = 8
  /// Bytes of a value that are kept: the words there are make up less.
  private static let longestPrivacy: UInt16 = 64

  /// Takes note of the header, or of its absence where another REGISTER of the account had one.
  mutating func notePrivacy(
    _ transaction: RegisterTransaction, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) {
    let account = Int(transaction.account)
    let isTold = !message.privacy.isEmpty || transaction.isIncomplete
    guard isTold || !accounts[account].rareFacts.isEmpty else { return }
    if accounts[account].privacies.isEmpty {
      guard isTold else { return }
      noteWithoutPrivacy(transaction)
    }
    let range = ByteRange(
      offset: message.privacy.offset, length: min(message.privacy.length, Self.longestPrivacy))
    let value: String? = transaction.isIncomplete ? nil : bytes.string(range)
    let key = transaction.isIncomplete ? 1 : range.isEmpty ? 0 : bytes.hash(range, seed: seed)
    addPrivacy(transaction, key, value, at: transaction.sent)
  }

  /// The device's REGISTER before the first that has the header had none.
  private mutating func noteWithoutPrivacy(_ transaction: RegisterTransaction) {
    let registrant = accounts[Int(transaction.account), registrant: transaction.registrant]
    guard registrant.last.serial != 0 else { return }
    addPrivacy(transaction, 0, "", at: registrant.exchange.start)
  }

  private mutating func addPrivacy(
    _ transaction: RegisterTransaction, _ key: UInt64, _ value: String?, at moment: Moment
  ) {
    let account = Int(transaction.account)
    let source = transaction.source.address
    let known = accounts[account].privacies.firstIndex { $0.key == key && $0.source == source }
    if let known {
      accounts[account].privacies[known].last = moment
      accounts[account].privacies[known].count += 1
    } else if accounts[account].privacies.count < Self.mostPrivacies {
      accounts[account].privacies.append(
        PrivacyUse(key: key, source: source, value: value, first: moment, last: moment))
    }
  }
}
