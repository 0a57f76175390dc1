public import Capture
public import Decode

/// One binding as a run of the program leaves it to the next: what a REGISTER says of it, and facts.
///
/// Kept is who is registered from where and until when, and what the device is known by. Left out
/// is what happened: calls, failures, rows of unanswered requests. Packets of that run can be named
/// no more, and what was found in it has been told.
public struct KnownBinding: Sendable {
  /// The account's address-of-record.
  public let addressOfRecord: String
  /// The Contact URI.
  public let contact: String
  /// The Call-ID of the last registration.
  public let callID: String
  /// The device's user agent, empty when it names none.
  public let userAgent: String
  /// The CSeq number of the last registration.
  public let cseq: UInt32
  /// Where its REGISTERs come from, as the registrar sees it.
  public let source: Endpoint
  /// Who granted it.
  public let registrar: Endpoint
  /// The device's own address where that is private behind a public one; else `nil`.
  public let inside: IPAddress?
  /// What no REGISTER can say.
  public let facts: Facts

  /// What is known of a binding beside the last REGISTER.
  public struct Facts: Hashable, Sendable {
    /// When the last REGISTER was sent, and when it was answered.
    public var requested, refreshed: Timestamp
    /// When the binding was made.
    public var from: Timestamp
    /// When it runs out unless refreshed.
    public var expires: Timestamp
    /// The last sign of life of the device.
    public var lastLife: Timestamp
    /// The time granted, in seconds.
    public var grantedSeconds: UInt32
    /// The time asked for, in seconds; `nil` when nothing was asked.
    public var requestedSeconds: UInt32?
    /// Where the granted time was read.
    public var grantSource: GrantSource
    /// The CSeq number the series began with, and the last one its device sent.
    public var firstCSeq, lastCSeq: UInt32
    /// How often the device kept its Call-ID for a refresh, and how often it took a new one.
    public var keptCallIDs, freshCallIDs: UInt32
    /// The longest silence after which the device was still reached, in nanoseconds.
    ///
    /// `nil` where none was seen.
    public var longestOpen: Int64?
    /// Some of the device's silences, in milliseconds.
    public var silences: [UInt32]
    /// Yes-or-no facts.
    public var marks: Marks

    /// Makes facts; all of them, since a file must hold all of them.
    public init(
      requested: Timestamp, refreshed: Timestamp, from: Timestamp, expires: Timestamp,
      lastLife: Timestamp, grantedSeconds: UInt32, requestedSeconds: UInt32?,
      grantSource: GrantSource, firstCSeq: UInt32, lastCSeq: UInt32, keptCallIDs: UInt32,
      freshCallIDs: UInt32, longestOpen: Int64?, silences: [UInt32], marks: KnownBinding.Marks
    ) {
      self.requested = requested
      self.refreshed = refreshed
      self.from = from
      self.expires = expires
      self.lastLife = lastLife
      self.grantedSeconds = grantedSeconds
      self.requestedSeconds = requestedSeconds
      self.grantSource = grantSource
      self.firstCSeq = firstCSeq
      self.lastCSeq = lastCSeq
      self.keptCallIDs = keptCallIDs
      self.freshCallIDs = freshCallIDs
      self.longestOpen = longestOpen
      self.silences = silences
      self.marks = marks
    }
  }

  /// Yes-or-no facts about a binding.
  public struct Marks: OptionSet, Hashable, Sendable {
    /// One bit each; they stand in files, so that none may change its meaning.
    public let rawValue: UInt32

    /// Wraps the bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The device is behind a NAT.
    public static let behindNAT = Marks(rawValue: 1)
    /// The capture was taken on the device's own side of that NAT.
    public static let seenFromInside = Marks(rawValue: 2)
    /// An edge proxy stands between.
    public static let shared = Marks(rawValue: 4)
    /// Packets of the device itself were captured.
    public static let heard = Marks(rawValue: 8)
    /// The device has answered a request on this flow.
    public static let answers = Marks(rawValue: 16)
    /// The answer to a REGISTER was missing: it may have ended sooner or later.
    public static let unknown = Marks(rawValue: 32)
    /// The registrar lists several Contacts of the account side by side.
    public static let listedWithOthers = Marks(rawValue: 64)
    /// The device sent keepalives.
    public static let keepsAlive = Marks(rawValue: 128)
    /// The switch sent keepalives to it.
    public static let isKeptAlive = Marks(rawValue: 256)
  }
}

extension KnownBinding.Facts {
  /// How long a binding that ran out is remembered: its device may be late by as much again.
  private var memory: Duration { .seconds(Int64(max(grantedSeconds, 60))) }

  /// Whether the binding ran out so long before `time` that nothing more is to be expected of it.
  public func isForgotten(at time: Timestamp) -> Bool { expires + memory <= time }

  /// Whether every time in it lies before `time`, as it must.
  func isPast(at time: Timestamp) -> Bool {
    max(requested, refreshed, from, lastLife) <= time
  }
}

extension History {
  /// Calls `body` for every binding that a later run should know of, as of `time`.
  public func forEachKnownBinding<Failure: Error>(
    at time: Timestamp, _ body: (KnownBinding) throws(Failure) -> Void
  ) throws(Failure) {
    for index in accounts.indices {
      for place in accounts[index].current.indices {
        let binding = accounts[index, binding: place]
        guard !binding.isOnlyListed, binding.end == nil || binding.end == .expired,
          !binding.contact.isEmpty
        else { continue }
        let known = known(binding, of: index)
        if !known.facts.isForgotten(at: time) { try body(known) }
      }
    }
  }

  private func known(_ binding: Binding, of account: Int) -> KnownBinding {
    let flow = self.flow(of: binding)
    let registrant = accounts[account].registrants.first {
      $0.host == binding.source.address && $0.last.callIDKey == binding.callIDKey
    }
    var marks: KnownBinding.Marks = []
    func mark(_ mark: KnownBinding.Marks, _ isSo: Bool) { if isSo { marks.insert(mark) } }
    mark(.behindNAT, binding.isBehindNAT)
    mark(.seenFromInside, binding.isSeenFromInside)
    mark(.unknown, binding.unknownSince != nil)
    mark(.listedWithOthers, accounts[account].listsSeveral)
    if let flow {
      mark(.shared, flow.isShared)
      mark(.heard, flow.isHeard)
      mark(.keepsAlive, flow.deviceKeepalives > 0)
      mark(.isKeptAlive, flow.switchKeepalives > 0)
      mark(.answers, flow.hasAnsweredBefore || flow.answered > 0)
    }
    return KnownBinding(
      addressOfRecord: accounts[account].addressOfRecord, contact: binding.contact,
      callID: binding.callID, userAgent: binding.userAgent, cseq: binding.cseq,
      source: binding.source, registrar: binding.registrar, inside: registrant?.inside,
      facts: KnownBinding.Facts(
        requested: binding.refreshRequest.time, refreshed: binding.refreshed.time,
        from: binding.from.time,
        // What this run did not see refreshed is no longer known to be valid than it was before.
        expires: binding.carriedOver ?? binding.expires,
        lastLife: flow?.lastLife.time ?? binding.refreshed.time,
        grantedSeconds: binding.grantedSeconds, requestedSeconds: binding.requestedSeconds,
        grantSource: binding.grantSource, firstCSeq: binding.firstCSeq,
        lastCSeq: registrant?.last.cseq ?? binding.cseq,
        keptCallIDs: UInt32(clamping: binding.keptCallIDs),
        freshCallIDs: UInt32(clamping: binding.freshCallIDs),
        longestOpen: flow?.longestOpen?.wholeNanoseconds, silences: flow?.silences.sample ?? [],
        marks: marks))
  }
}
