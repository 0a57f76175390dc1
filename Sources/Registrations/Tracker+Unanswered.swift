import Capture
import Decode

/// REGISTERs without an answer, and what becomes of their records.
extension Tracker {
  mutating func timeOutRegister(_ number: UInt32) {
    if registers[number].state == .open { judgeUnanswered(number) }
    forgetRegister(number)
  }

  mutating func abandonRegister(_ number: UInt32) {
    if registers[number].state == .open {
      if registers[number].refusal != nil {
        // An ICMP error decides at once.
        judgeUnanswered(number)
      } else {
        accounts[Int(registers[number].account)].pending += 1
        noteUnknownOutcome(registers[number])
      }
    }
    forgetRegister(number)
  }

  private mutating func judgeUnanswered(_ number: UInt32) {
    findDevice(of: number)
    let transaction = registers[number]
    // A client that got no answer sends again (RFC 3261 17.1.2.2). One that did not, got one.
    // Nor can be said what was answered while packets were lost here.
    let due = transaction.sent.time + limits.transactionTimeout
    let isSure = transaction.transmissions > 1 && !losses.touch(transaction.sent.time, due)
    guard isSure || transaction.refusal != nil else {
      noteUnknownOutcome(transaction)
      return
    }
    measures.unanswered &+= 1
    let attempt = FailedAttempt(
      request: transaction.sent, answer: nil, status: 0,
      hadCredentials: transaction.hasCredentials)
    let lastAnswer = registrarNumber(transaction.destination).flatMap { registrars[$0].lastAnswer }
    let others = lastAnswer.map { $0 >= transaction.sent.time } ?? false
    noteFailure(transaction, attempt, .unreachable)
    fail(transaction, .unanswered, attempt) { series in
      series.longestLadder = max(series.longestLadder, Int(transaction.transmissions))
      series.othersWereAnswered = series.othersWereAnswered || others
      series.refusal = series.refusal ?? transaction.refusal
      series.lastTransmission = transaction.last
    }
  }

  /// The REGISTER may have refreshed, moved or removed the binding: its expiry is not known any more.
  mutating func noteUnknownOutcome(_ transaction: RegisterTransaction) {
    let account = Int(transaction.account)
    accounts[account].unknownOutcomes += 1
    accounts[account, registrant: transaction.registrant].noteMissing()
    for index in accounts[account].current.indices
    where accounts[account, binding: index].unknownSince == nil
      && accounts[account, binding: index].refreshed.time < transaction.sent.time
    {
      accounts[account, binding: index].unknownSince = transaction.sent
    }
  }

  mutating func forgetRegister(_ number: UInt32) {
    registerIndex.remove(registers[number].key, ifNaming: number)
    registerIndex.remove(mixed(registers[number].flowKey, 1), ifNaming: number)
    registers[number].serial = 0
    registers.release(number)
  }

  mutating func refuseRegister(_ flow: UInt64, _ refusal: Refusal) {
    guard let number = registerIndex.find(mixed(flow, 1)) else { return }
    registers[number].refusal = registers[number].refusal ?? refusal
  }
}
