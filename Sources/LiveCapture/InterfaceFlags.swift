import Glibc

/// What the kernel says of an interface (netdevice(7)).
enum InterfaceFlags {
  /// SIOCGIFFLAGS, a macro that Swift does not see.
  private static let request: UInt = 0x8913

  /// Whether the interface called `name` is up and has a carrier; `nil` for one that is none of the
  /// kernel's, such as `any`.
  static func isRunning(_ name: String, socket: Int32) -> Bool? {
    var query = ifreq()
    let isNamed = withUnsafeMutableBytes(of: &query.ifr_ifrn) { field in
      guard name.utf8.count < field.count else { return false }
      field.copyBytes(from: name.utf8)
      return true
    }
    guard isNamed, ioctl(socket, request, &query) == 0 else { return nil }
    let wanted = IFF_UP | IFF_RUNNING
    return Int(query.ifr_ifru.ifru_flags) & wanted == wanted
  }
}
