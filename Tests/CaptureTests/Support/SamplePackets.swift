/// A small exchange as packets: a switch asks a phone whether it is there, and it answers.
///
/// Addresses are those set aside for documentation (RFC 5737).
enum SamplePackets {
  static let question = packet(
    from: ([192, 0, 2, 1], 5060), to: ([198, 51, 100, 7], 5060),
    """
    OPTIONS sip:100@198.51.100.7 SIP/2.0\r
    Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r
    From: <sip:ping@192.0.2.1>;tag=1\r
    To: <sip:100@198.51.100.7>\r
    Call-ID: 1@192.0.2.1\r
    CSeq: 1 OPTIONS\r
    Content-Length: 0\r
    \r

    """)

  static let answer = packet(
    from: ([198, 51, 100, 7], 5060), to: ([192, 0, 2, 1], 5060),
    """
    SIP/2.0 200 OK\r
    Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r
    From: <sip:ping@192.0.2.1>;tag=1\r
    To: <sip:100@198.51.100.7>;tag=2\r
    Call-ID: 1@192.0.2.1\r
    CSeq: 1 OPTIONS\r
    Content-Length: 0\r
    \r

    """)

  /// The packet on Ethernet.
  static func ethernet(_ packet: [UInt8]) -> [UInt8] {
    [0x02, 0, 0, 0, 0, 7, 0x02, 0, 0, 0, 0, 1, 0x08, 0x00] + packet
  }

  /// The packet as an "any" interface gives it (LINKTYPE_LINUX_SLL).
  static func cooked(_ packet: [UInt8]) -> [UInt8] {
    [0, 0, 0, 1, 0, 6, 0x02, 0, 0, 0, 0, 1, 0, 0, 0x08, 0x00] + packet
  }

  private static func packet(
    from source: ([UInt8], UInt16), to target: ([UInt8], UInt16), _ text: String
  ) -> [UInt8] {
    var datagram = ByteWriter(.big)
    datagram.put(source.1)
    datagram.put(target.1)
    datagram.put(UInt16(text.utf8.count + 8))
    // RFC 768: zero says that there is no check sum.
    datagram.put(UInt16(0))
    datagram.put(Array(text.utf8))
    var header = ByteWriter(.big)
    header.put([0x45, 0])
    header.put(UInt16(datagram.bytes.count + 20))
    header.put([0, 1, 0x40, 0, 64, 17, 0, 0] as [UInt8])
    header.put(source.0)
    header.put(target.0)
    let sum = checkSum(header.bytes)
    header.bytes[10] = UInt8(sum >> 8)
    header.bytes[11] = UInt8(sum & 0xff)
    return header.bytes + datagram.bytes
  }

  /// RFC 1071.
  private static func checkSum(_ bytes: [UInt8]) -> UInt16 {
    let words = stride(from: 0, to: bytes.count, by: 2).map {
      UInt32(bytes[$0]) << 8 | UInt32(bytes[$0 + 1])
    }
    let sum = words.reduce(0, +)
    return ~UInt16((sum & 0xffff) + (sum >> 16))
  }
}
