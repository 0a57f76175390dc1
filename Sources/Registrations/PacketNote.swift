import Capture
public import Decode
public import SIP

/// What a timeline needs to know of one packet, in 64 bytes: texts are keyed hashes.
///
/// So many of them fit into memory that a running capture can draw what came before a fault.
public struct PacketNote: Sendable {
  /// What was seen.
  public enum Kind: UInt8, Sendable {
    /// A request.
    case request
    /// A response that may be a last one, or any to an INVITE.
    case answer
    /// A datagram that may hold a flow open.
    case keepalive
    /// No packet: what was open cannot be judged, since packets were lost or the clock was set.
    case gap
  }

  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let kind = Flags(rawValue: 3)
    static let credentials = Flags(rawValue: 4)
    static let dialog = Flags(rawValue: 8)
  }

  /// Time and frame.
  public let moment: Moment
  /// Who sent it, and to whom.
  public let (source, destination): (UInt64, UInt64)
  /// The Call-ID.
  public let callID: UInt64
  /// Whom a REGISTER registers; of another request the user of its target.
  public var name: UInt64
  /// Users that a request names: in a REGISTER the Contact's and the account's, else From and To.
  public let users: (UInt32, UInt32)
  private let cseq: UInt32
  /// Status of a response.
  public let status: UInt16
  private let code: UInt8
  private let flags: Flags

  /// What was seen.
  public var kind: Kind { Kind(rawValue: flags.intersection(.kind).rawValue) ?? .gap }
  /// Method of a request, or of what a response answers.
  public var method: SIPMethod { SIPMethod(rawValue: code) ?? .other }
  /// Form of a keepalive.
  public var form: Keepalive { Keepalive(rawValue: code) ?? .text }
  /// Whether a request came with credentials.
  public var hasCredentials: Bool { flags.contains(.credentials) }
  /// Whether a request belongs to a dialog (RFC 3261 12.2).
  public var isInDialog: Bool { flags.contains(.dialog) }
  /// The request it is or answers; both legs of a proxied one are the same.
  public var transaction: UInt64 { mixed(callID, UInt64(cseq) << 8 | UInt64(code)) }
  /// The pair of addresses it ran between, whoever sent it.
  public var flow: UInt64 { NoteTaker.flow(source, destination) }

  init(gapAt time: Timestamp) {
    moment = Moment(time: time, frame: .earlier)
    (source, destination, callID, name, users) = (0, 0, 0, 0, (0, 0))
    (cseq, status, code) = (0, 0, 0)
    flags = Flags(rawValue: Kind.gap.rawValue)
  }

  fileprivate init(_ form: Keepalive, at sighting: Sighting, _ keys: Keys) {
    moment = sighting.moment
    (source, destination) = (keys.endpoint(sighting.source), keys.endpoint(sighting.destination))
    (callID, name, users, cseq, status) = (0, 0, (0, 0), 0, 0)
    code = form.rawValue
    flags = Flags(rawValue: Kind.keepalive.rawValue)
  }

  fileprivate init(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting, _ keys: Keys
  ) {
    moment = sighting.moment
    (source, destination) = (keys.endpoint(sighting.source), keys.endpoint(sighting.destination))
    callID = bytes.hash(message.callID, seed: keys.seed)
    cseq = message.cseq
    status = message.statusCode
    code = message.method.rawValue
    guard message.isRequest else {
      (name, users) = (0, (0, 0))
      flags = Flags(rawValue: Kind.answer.rawValue)
      return
    }
    if message.method == .register {
      name = keys.account(message, bytes)
      users = (
        message.contactCount > 0 ? keys.user(message.firstContact.user, bytes) : 0,
        keys.user(message.to.user, bytes)
      )
    } else {
      name = UInt64(keys.user(message.requestURI.user, bytes))
      users = (keys.user(message.from.user, bytes), keys.user(message.to.user, bytes))
    }
    var flags = Flags(rawValue: Kind.request.rawValue)
    if message.credentials != nil { flags.insert(.credentials) }
    if !message.to.tag.isEmpty { flags.insert(.dialog) }
    self.flags = flags
  }
}

/// Makes notes of packets, under the secret key of one run.
public struct NoteTaker: Sendable {
  private let keys: Keys

  /// Notes made under the same `seed` can be compared.
  public init(seed: UInt64) { keys = Keys(seed: seed) }

  /// The note of a message; `nil` for one that no timeline shows.
  public func note(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> PacketNote? {
    Self.matters(message) ? PacketNote(message, bytes, at: sighting, keys) : nil
  }

  /// The note of a keepalive.
  public func note(_ form: Keepalive, at sighting: Sighting) -> PacketNote {
    PacketNote(form, at: sighting, keys)
  }

  /// What notes call `endpoint`.
  public func name(_ endpoint: Endpoint) -> UInt64 { keys.endpoint(endpoint) }

  /// What notes call the flow between two endpoints of these names.
  public static func flow(_ one: UInt64, _ other: UInt64) -> UInt64 {
    one < other ? mixed(one, other) : mixed(other, one)
  }

  /// What notes call a user of this name; 0 for none.
  public func user(_ text: String) -> UInt32 {
    Self.read(text) { bytes, range in keys.user(range, bytes) }
  }

  /// A key of an account's whole name, to take the place of `PacketNote.name`.
  public func account(_ text: String) -> UInt64 {
    Self.read(text) { bytes, range in bytes.hash(range, seed: keys.seed) }
  }

  private static func read<Key>(_ text: String, _ key: (Span<UInt8>, ByteRange) -> Key) -> Key {
    let bytes = Array(text.utf8)
    return key(bytes.span, ByteRange(offset: 0, length: UInt16(clamping: bytes.count)))
  }

  private static func matters(_ message: borrowing SIPMessage) -> Bool {
    let (isRequest, isFinal) = (message.isRequest, message.statusCode >= 200)
    switch message.method {
    case .ack, .prack: return false
    case .bye, .cancel: return isRequest
    case .invite: return true
    case .register: return isRequest || isFinal
    default:
      // Within a call a request says nothing of the binding.
      return isRequest ? message.to.tag.isEmpty : isFinal
    }
  }
}

extension Keys {
  /// A user part in 32 bits; 0 for none.
  fileprivate func user(_ range: ByteRange, _ bytes: Span<UInt8>) -> UInt32 {
    range.isEmpty ? 0 : UInt32(truncatingIfNeeded: bytes.hash(range, seed: seed)) | 1
  }
}
