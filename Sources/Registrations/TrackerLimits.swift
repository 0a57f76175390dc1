public import Capture
public import Decode

/// What bounds a tracker's memory, and what it takes for unusual.
public struct TrackerLimits: Sendable {
  /// How long what is over is remembered: ended bindings, past failures, accounts not heard of;
  /// default `nil`, for ever, as fits a capture that ends.
  public var memory: Duration?
  /// Accounts followed; REGISTERs of further ones are counted and left out; default 2,000,000.
  public var accounts = 2_000_000
  /// Bindings of one account held at once; a 2xx that lists more is cut; default 64.
  public var bindingsPerAccount = 64
  /// Devices of one account whose failures are told apart; default 8.
  public var registrantsPerAccount = 8
  /// Failures of one device told apart by registrar and kind, and outages by registrar; default 16.
  public var troublesPerRegistrant = 16
  /// Transactions followed at once; further ones are counted and left out; default 1,000,000.
  public var transactions = 1_000_000
  /// Different user agents whose names are kept; default 65,536.
  public var userAgents = 65_536
  /// Registrars told apart; default 65,536.
  public var registrars = 65_536
  /// How long a non-INVITE transaction may go without a final answer: 64*T1 (RFC 3261 17.1.2.2).
  public var transactionTimeout: Duration = .seconds(32)
  /// When an answer is late for any device that is up: half of Timer F, after which a request
  /// has been sent six times (RFC 3261 17.1.2.1).
  public var overdueAfter: Duration = .seconds(16)
  /// How far the clock may step back before the history is cut: captures reorder by less, and
  /// tolerances of measured times are larger.
  public var clockTolerance: Duration = .milliseconds(2500)
  /// How long an answer waits for its request, which it may have overtaken in the capture.
  public var overtaking: Duration = .seconds(2)
  /// Accepted registrations closer than this, and closer than `rushShare` of the granted time,
  /// count as a rush.
  public var rushInterval: Duration = .seconds(20)
  /// How long a switch may go on probing a binding that has run out; if it does for longer, a
  /// refresh is missing from the capture.
  public var probesAfterExpiry: Duration = .seconds(5)
  /// Silence of a device up to which its datagrams belong to one exchange or burst.
  public var exchange: Duration = .seconds(2)
  /// Calls of one account followed at once; beyond, the oldest is left out; default 64.
  public var callsPerAccount = 64
  /// How far apart the INVITEs of the two legs of one call may be.
  public var legsApart: Duration = .seconds(10)
  /// How long a call may ring, so that what became of it is told this much later (Timer C, RFC
  /// 3261 16.6).
  public var ringing: Duration = .seconds(180)
  /// How long after a replacement a request may have been sent before it was known.
  public var replacementGrace: Duration = .seconds(2)
  /// Replaced bindings of one account whose further use is told; default 8.
  public var replacedUsesPerAccount = 8
  /// Share of the granted time in percent, see `rushInterval`.
  public var rushShare = 25
  /// Attempts that follow a failure sooner than this come too fast.
  public var fastRetry: Duration = .seconds(27)
  /// Addresses whose failures are counted; default 4,096.
  public var sources = 4096
  /// The time in which `scanAccounts` or `scanFailures` make a burst.
  public var scanWindow: Duration = .seconds(60)
  /// Accounts of one address whose REGISTERs are refused within `scanWindow`.
  public var scanAccounts = 10
  /// Refused REGISTERs of one address within `scanWindow`.
  public var scanFailures = 20

  /// The defaults.
  public init() {}
}

/// What a tracker counted beside the accounts.
public struct TrackerCounts: Sendable {
  /// REGISTER requests seen, retransmissions not counted.
  public internal(set) var registers = 0
  /// Answers to requests the capture does not hold.
  public internal(set) var answersWithoutRequest = 0
  /// Answers that belong to a request in the capture.
  public internal(set) var answers = 0
  /// Answers to REGISTER that contradict their request or themselves.
  public internal(set) var garbledAnswers = 0
  /// Packets seen a second time with translated addresses (a capture on the NAT itself).
  public internal(set) var translatedCopies = 0
  /// Requests seen a second time on their way from a proxy onwards.
  public internal(set) var forwardedCopies = 0
  /// Times the capture's clock stepped back further than packets are reordered.
  public internal(set) var clockSteps = 0
  /// The largest such step.
  public internal(set) var largestClockStep: Duration = .zero
  /// Times it was told that the clock was set forwards.
  public internal(set) var clockLeaps = 0
  /// The largest such step.
  public internal(set) var largestClockLeap: Duration = .zero
  /// Accounts forgotten since nothing was heard of them (`TrackerLimits.memory`).
  public internal(set) var accountsForgotten = 0
  /// Accounts left out because of a limit.
  public internal(set) var accountsLeftOut = 0
  /// Transactions left out because of a limit.
  public internal(set) var transactionsLeftOut = 0
  /// Bindings left out because of a limit.
  public internal(set) var bindingsLeftOut = 0
  /// Names of user agents left out because of a limit.
  public internal(set) var userAgentsLeftOut = 0
  /// REGISTERs to further registrars than are told apart.
  public internal(set) var registrarsLeftOut = 0
  /// Addresses whose refused REGISTERs were forgotten while they could still have become a scan.
  public internal(set) var sourcesLeftOut = 0
  /// Datagrams on signalling flows that are neither SIP nor keepalive.
  public internal(set) var opaqueDatagrams = 0
  /// Keepalives on signalling flows.
  public internal(set) var keepalives = 0
}

/// A host that REGISTERs were sent to.
public struct Registrar: Sendable {
  /// Its address and port.
  public let endpoint: Endpoint
  /// REGISTERs it was sent, retransmissions not counted.
  public internal(set) var requests = 0
  /// REGISTERs it answered.
  public internal(set) var answers = 0
  /// Accounts whose first REGISTER went to it.
  public internal(set) var accounts = 0
  /// What it calls itself in its answers (Server or User-Agent); empty when it does not.
  public internal(set) var server = ""
  /// Type of service of the answer that said so.
  public internal(set) var trafficClass: UInt8 = 0
  /// REGISTERs it challenged with 401 and with 407.
  public internal(set) var challenges: (with401: Int, with407: Int) = (0, 0)
  /// The waits before its repetitions of OPTIONS to devices.
  public internal(set) var resends = ResendTally()
  /// The longest time after its challenge at which it accepted the credentials that answered it.
  public internal(set) var slowestCredentials = Duration.zero
  /// When it last answered anybody.
  public internal(set) var lastAnswer: Timestamp?
  /// The host whose account was the last new one: for an upstream server the switch.
  var client: IPAddress?
  /// Calls that host sent it; none or one record, since few registrars get any from it.
  public internal(set) var calls: [UpstreamCalls] = []
}
