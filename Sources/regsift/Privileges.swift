import Glibc

/// The rights of the program's user.
enum Privileges {
  /// Who the program becomes when it was started by root and nobody says otherwise.
  static let defaultUser = "nobody"

  /// Whose rights the program has; `nil` for root and for somebody without a name.
  static var user: String? {
    guard geteuid() != 0, let entry = getpwuid(geteuid()) else { return nil }
    return String(cString: entry.pointee.pw_name)
  }

  /// Goes on as `user` for good when root runs the program; throws when that cannot be done.
  ///
  /// What was opened before stays open; a user who is not root keeps the rights it has.
  static func drop(to user: String?) throws {
    guard geteuid() == 0 else {
      if user != nil { throw UsageError("--user: only root can become somebody else") }
      return
    }
    let name = user ?? defaultUser
    guard let entry = getpwnam(name) else {
      throw UsageError("--user \(name): there is no such user")
    }
    let (number, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
    guard number != 0 else { return }
    guard initgroups(name, group) == 0, setgid(group) == 0, setuid(number) == 0, setuid(0) != 0
    else {
      throw UsageError("--user \(name): cannot give up root: \(systemMessage(errno))")
    }
  }
}
