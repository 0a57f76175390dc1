/// How far the parser goes with one datagram; each limit is far above what real software sends.
public enum SIPLimits {
  /// Bytes of a message: what a UDP payload can hold, and what 16-bit ranges can name.
  public static var messageBytes: Int { 65_535 }
  /// Header fields looked at; a message with more is refused.
  ///
  /// Long Via and Route lists of real networks stay below 60.
  public static var headers: Int { 512 }
  /// Bytes searched for the start line: room for a keepalive text glued in front of it.
  public static var junkBytes: Int { 32 }
  /// Bytes of a method name; the longest registered one has 9.
  public static var methodBytes: Int { 64 }
}
