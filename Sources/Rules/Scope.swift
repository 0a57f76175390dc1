/// What an account shows that some rule has to look at: little, in a healthy network.
struct Signs: OptionSet, Hashable, Sendable {
  let rawValue: UInt32

  /// The switch registers it elsewhere.
  static let outbound = Signs(rawValue: 1 << 0)
  /// No registration of it was accepted.
  static let unaccepted = Signs(rawValue: 1 << 1)
  /// A registration failed.
  static let failures = Signs(rawValue: 1 << 2)
  /// A REGISTER has no answer in the capture.
  static let unanswered = Signs(rawValue: 1 << 3)
  /// A challenge did not reach its device.
  static let unheard = Signs(rawValue: 1 << 4)
  /// Its registration changed hands or ended.
  static let changes = Signs(rawValue: 1 << 5)
  /// Its registrar listed several Contacts at once.
  static let lists = Signs(rawValue: 1 << 6)
  /// One of the things that happen to few accounts, a call among them.
  static let rareFacts = Signs(rawValue: 1 << 7)
  /// Something was sent to its private address.
  static let strays = Signs(rawValue: 1 << 8)
  /// An answer went to another port than its request came from.
  static let misdirected = Signs(rawValue: 1 << 9)

  /// It has several bindings.
  static let severalBindings = Signs(rawValue: 1 << 10)
  /// One of them has ended.
  static let ended = Signs(rawValue: 1 << 11)
  /// A refresh came too late.
  static let lapses = Signs(rawValue: 1 << 12)
  /// Registrations followed one another too fast.
  static let rush = Signs(rawValue: 1 << 13)
  /// Refreshes came close before the end.
  static let thinMargin = Signs(rawValue: 1 << 14)
  /// An answer did not say what it grants.
  static let unsaidGrant = Signs(rawValue: 1 << 15)
  /// A grant was longer than the switch is set to.
  static let longGrant = Signs(rawValue: 1 << 16)

  /// Requests to its device got no answer.
  static let outages = Signs(rawValue: 1 << 17)
  /// A request was still open at the end, or its answer may have been lost.
  static let openRequests = Signs(rawValue: 1 << 18)
  /// No probe was answered.
  static let ignoredProbes = Signs(rawValue: 1 << 19)
  /// Probes came further apart than the switch is set to.
  static let slowProbes = Signs(rawValue: 1 << 20)
  /// Keepalives of the switch came further apart than it is set to.
  static let slowKeepalives = Signs(rawValue: 1 << 21)
  /// Behind a NAT, neither it nor the switch sent a keepalive, and it was silent for long.
  static let noKeepalives = Signs(rawValue: 1 << 22)
  /// Behind a NAT, the switch sent more keepalives than twice its own.
  static let oneSidedKeepalives = Signs(rawValue: 1 << 23)
  /// A pinhole was lost behind its address, its own or another's.
  static let measuredNAT = Signs(rawValue: 1 << 24)
  /// The capture was taken on its own side of the NAT.
  static let seenFromInside = Signs(rawValue: 1 << 25)
  /// Behind a NAT and without keepalives, it was not watched for long enough to tell what that means:
  /// nothing to look at.
  static let hardlyWatched = Signs(rawValue: 1 << 26)

  /// Whether there is nothing that any rule looks at.
  var isPlain: Bool { isSubset(of: .hardlyWatched) }
}

/// What is counted of every account, so that a rule without anything to look at can say how often
/// it held.
enum Test: Int, CaseIterable {
  /// Registrations accepted, and those after the first.
  case accepted
  case acceptedAgain
  /// Registrations accepted, and nonces that had aged before.
  case acceptedOrRecovered
  /// Answers to REGISTER that arrived.
  case heardAnswers
  /// REGISTERs, and those after the first.
  case requests
  case repeatedRequests
  /// Refreshes while the binding was valid, and removals with them.
  case refreshesInTime
  case refreshesAndRemovals
  /// Refreshes of bindings, and of those behind a NAT.
  case refreshes
  case refreshesBehindNAT
  /// Answers to registrations that asked for a time.
  case grants
  /// Bindings no longer than the switch is set to.
  case grantsWithinLimit
  /// Requests that its device answered, and where it is behind a NAT.
  case answers
  case answersBehindNAT
  /// Requests and keepalives sent through a NAT.
  case sentBehindNAT
  /// Probes answered on flows that were probed often enough.
  case answeredProbes
  /// Gaps between probes, and between keepalives of the switch.
  case probeGaps
  case keepaliveGaps
  /// Flows through a NAT on which the device was heard.
  case flowsBehindNAT
  /// Keepalives of the device where the switch sends some as well.
  case mutualKeepalives
}

/// A number for each test.
struct TestCounts {
  private var counts = InlineArray<20, Int>(repeating: 0)

  subscript(test: Test) -> Int {
    @inline(__always) get { counts[test.rawValue] }
    @inline(__always) set { counts[test.rawValue] = newValue }
  }

  /// How many are above zero is counted in `held`, their sum here.
  mutating func add(_ others: borrowing TestCounts, held: inout TestCounts) {
    let values = others.counts.span
    for place in values.indices where values[place] > 0 {
      counts[place] += values[place]
      held.counts[place] += 1
    }
  }
}

/// Which accounts a rule has to look at, and what it says of all others.
///
/// Nearly all accounts are healthy and of nearly all of them nearly every rule says that it held, or
/// that nothing tests it: that is known without asking.
public struct Scope: Sendable {
  let signs: Signs
  let test: Test?
  /// What keeps it from saying anything, and how it puts that.
  let doubt: (sign: Signs, why: String)?

  /// The rule looks at accounts with any of `signs`; of others it says that it held as often as
  /// `test` tells, or that nothing tests it, but for those with a sign of doubt.
  init(_ signs: Signs, otherwise test: Test? = nil, doubt: (sign: Signs, why: String)? = nil) {
    self.signs = signs
    self.test = test
    self.doubt = doubt
  }
}
