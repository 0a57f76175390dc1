import Decode
import SIP

/// Keyed hashes of what the tables are searched by.
///
/// A value of its own, since a call on the tracker that does not change it would copy all of it.
struct Keys {
  let seed: UInt64

  /// Keys a transaction as RFC 3261 17.1.3 matches it, with CSeq for clients that reuse a branch.
  func transaction(_ message: borrowing SIPMessage, _ bytes: Span<UInt8>) -> UInt64 {
    let sequence = UInt64(message.cseq) << 8 | UInt64(message.method.rawValue)
    if message.via.hasMagicCookie {
      return mixed(bytes.hash(message.via.branch, seed: seed), sequence)
    }
    // RFC 3261 17.2.3, the matching of RFC 2543: Call-ID, CSeq, From tag.
    let tags = bytes.hash(message.from.tag, seed: seed)
    return mixed(mixed(bytes.hash(message.callID, seed: seed), tags), sequence)
  }

  /// Keys the account of the To address (RFC 3261 10.2).
  func account(_ message: borrowing SIPMessage, _ bytes: Span<UInt8>) -> UInt64 {
    mixed(
      bytes.hash(message.to.user, seed: seed),
      bytes.hashIgnoringCase(message.to.host, seed: seed))
  }

  func contact(_ contact: SIPContact, _ bytes: Span<UInt8>) -> UInt64 {
    self.contact(contact, user: bytes.hash(contact.user, seed: seed), bytes)
  }

  /// The same where the key of its user part is known.
  func contact(_ contact: SIPContact, user: UInt64, _ bytes: Span<UInt8>) -> UInt64 {
    let host = bytes.hashIgnoringCase(contact.host, seed: seed)
    return mixed(mixed(user, host), UInt64(contact.port == 0 ? 5060 : contact.port))
  }

  /// Keys the instance and its flow (RFC 5626); 0 where the Contact names none.
  func instance(_ contact: SIPContact, _ bytes: Span<UInt8>) -> UInt32 {
    instances(contact, bytes).flow
  }

  /// Keys the instance with its flow and the instance alone (RFC 5626); 0 where the Contact names
  /// none.
  func instances(_ contact: SIPContact, _ bytes: Span<UInt8>) -> (flow: UInt32, urn: UInt32) {
    guard !contact.instance.isEmpty else { return (0, 0) }
    let urn = bytes.hash(contact.instance, seed: seed)
    let flow = mixed(urn, UInt64(contact.regID ?? 0))
    return (UInt32(truncatingIfNeeded: flow) | 1, UInt32(truncatingIfNeeded: urn) | 1)
  }

  /// Keys the calling and the called number.
  func numbers(_ message: borrowing SIPMessage, _ bytes: Span<UInt8>) -> UInt64 {
    mixed(
      bytes.hash(message.from.user, seed: seed) ^ 0xCA11, bytes.hash(message.to.user, seed: seed))
  }

  func flow(_ source: Endpoint, _ destination: Endpoint) -> UInt64 {
    mixed(word(source) ^ seed, word(destination))
  }

  func endpoint(_ endpoint: Endpoint) -> UInt64 {
    mixed(word(endpoint) ^ seed, 0)
  }

  /// An endpoint in 64 bits: exact for IPv4, whose 48 bits fit, keyed and mixed for IPv6.
  private func word(_ endpoint: Endpoint) -> UInt64 {
    let address = endpoint.address
    guard address.isIPv4 else {
      return mixed(mixed(address.high ^ seed, address.low), UInt64(endpoint.port)) | 1 << 63
    }
    return (address.low & 0xFFFF_FFFF) << 16 | UInt64(endpoint.port)
  }
}
