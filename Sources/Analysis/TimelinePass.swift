public import Capture
import Decode
public import Registrations
public import Rules
import SIP

/// The second reading of the captures: takes what a report draws and quotes of some accounts.
///
/// The first reading keeps histories, not packets. Give this every frame again, in the same order.
public struct TimelinePass: ~Copyable {
  /// What is wanted of the captures.
  public struct Wish: Sendable {
    /// The accounts to draw, each with the time that is drawn of it.
    public var accounts: [(account: AccountSummary, window: ClosedRange<Timestamp>)]
    /// The packets to quote.
    public var packets: Set<FrameReference>
    /// Events of one lane that are kept for themselves.
    public var eventsPerLane: Int

    /// Names what is wanted.
    public init(
      accounts: [(account: AccountSummary, window: ClosedRange<Timestamp>)],
      packets: Set<FrameReference>, eventsPerLane: Int
    ) {
      self.accounts = accounts
      self.packets = packets
      self.eventsPerLane = eventsPerLane
    }
  }

  private var reader: ObservationReader
  private var ledger: TimelineLedger
  private let taker: NoteTaker
  private let packets: Set<FrameReference>
  private var quoted: [FrameReference: QuotedPacket] = [:]

  /// A pass at the start of the captures; `seed` keys its tables and changes no result.
  public init(_ wish: Wish, timeout: Duration, seed: UInt64 = .random(in: 0...UInt64.max)) {
    reader = ObservationReader(seed: seed)
    let taker = NoteTaker(seed: seed)
    let wishes = wish.accounts.map { account, window in
      TimelineLedger.Wish(
        account: account, key: taker.account(account.subject.account.addressOfRecord),
        events: AccountEvents(window: window, limit: wish.eventsPerLane))
    }
    ledger = TimelineLedger(wishes, timeout: timeout, taker)
    self.taker = taker
    packets = wish.packets
  }

  /// Takes in one frame.
  public mutating func take(_ header: FrameHeader, _ bytes: Span<UInt8>) {
    guard header.hasTime else { return }
    let observation = reader.read(header, bytes)
    ledger.advance(to: header.time)
    let isNamed = packets.contains(header.reference)
    if isNamed { quote(observation, header.reference, bytes) }
    switch observation {
    case .message:
      if let note = Self.note(reader, bytes, taker) { ledger.take(note, isNamed: isNamed) }
    case .keepalive(let keepalive):
      ledger.take(taker.note(keepalive, at: reader.sighting), isNamed: isNamed)
    case .nothing, .malformed, .opaque, .icmp: break
    }
  }

  /// Ends the reading.
  public consuming func finish() -> Excerpt {
    let (accounts, answered) = ledger.finish()
    var excerpt = Excerpt()
    excerpt.accounts = accounts
    excerpt.packets = quoted
    for (frame, isUnanswered) in answered {
      excerpt.packets[frame]?.isUnanswered = isUnanswered
    }
    return excerpt
  }

  // Apart, since what the reader lends keeps it from being changed, and all of this with it.
  private static func note(
    _ reader: borrowing ObservationReader, _ bytes: Span<UInt8>, _ taker: NoteTaker
  ) -> PacketNote? {
    note(reader.message, reader.payload(in: bytes), reader.sighting, taker)
  }

  /// The note of a message; an account goes by its name, since the first reading had other keys.
  private static func note(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, _ sighting: Sighting, _ taker: NoteTaker
  ) -> PacketNote? {
    var note = taker.note(message, bytes, at: sighting)
    if message.isRequest, message.method == .register {
      let (user, host) = (message.to.user, message.to.host)
      note?.name = taker.account(AccountName.text(user: user, host: host, of: bytes))
    }
    return note
  }

  private mutating func quote(
    _ observation: Observation, _ frame: FrameReference, _ bytes: Span<UInt8>
  ) {
    switch observation {
    case .message:
      quoted[frame] = PacketQuote.message(
        reader.message, reader.payload(in: bytes), reader.sighting)
    case .keepalive(let keepalive):
      quoted[frame] = PacketQuote.plain(PacketQuote.name(keepalive), reader.sighting)
    case .opaque: quoted[frame] = PacketQuote.plain("not SIP", reader.sighting)
    case .malformed(let failure):
      quoted[frame] = PacketQuote.plain("SIP: \(failure.description)", reader.sighting)
    case .icmp: quoted[frame] = reader.icmpError.map { PacketQuote.icmp($0.error) }
    case .nothing: break
    }
  }
}
