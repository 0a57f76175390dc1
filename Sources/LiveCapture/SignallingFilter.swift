/// The filter that keeps media out of the program: what is dropped in the kernel costs next to nothing.
public enum SignallingFilter {
  /// What each part is for, as `--print-filter` shows it.
  public static let parts: [(expression: String, purpose: String)] = [
    (
      "(udp and (udp[8] & 0xc0 != 0x80))",
      "UDP over IPv4 on any port, but RTP and RTCP: their first byte is 0x80 to 0xbf (RFC 3550 5.1)"
    ),
    (
      "(ip6 and ip6[6] = 17 and (ip6[48] & 0xc0 != 0x80))",
      "the same over IPv6"
    ),
    (
      "(ip[6:2] & 0x1fff != 0 or ip6 proto 44)",
      "fragments after the first, which have no ports"
    ),
    (
      "(icmp or icmp6)",
      "errors that name a device out of reach"
    ),
    (
      "(tcp port 5060 or tcp port 5061)",
      "SIP over TCP and TLS: not analysed, but said to be there"
    ),
  ]

  /// The expression: signalling, untagged or in a VLAN, and of that only what `user` lets through.
  ///
  /// A part about VLANs does not fit every link type (`isTagged`): `vlan` shifts what follows it, so
  /// the parts stand there twice.
  public static func expression(user: String?, isTagged: Bool) -> String {
    let own = parts.map(\.expression).joined(separator: " or ")
    // The user's expression would be shifted by "vlan", too: so each branch has its own copy.
    let wanted = user.map { "(\(own)) and (\($0))" } ?? "(\(own))"
    return isTagged ? "(\(wanted)) or (vlan and (\(wanted)))" : wanted
  }
}
