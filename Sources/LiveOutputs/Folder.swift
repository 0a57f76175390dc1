import Glibc

/// A folder that one run of the program writes into.
struct Folder: ~Copyable, Sendable {
  let descriptor: Int32

  /// Makes it where it is not there; throws when it cannot be written to or another run uses it.
  init(_ path: String) throws(OutputError) {
    if mkdir(path, 0o750) != 0, errno != EEXIST {
      throw OutputError("cannot make the folder", errno)
    }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw OutputError("cannot open the folder", errno) }
    if let obstacle = Self.obstacle(to: folder) {
      close(folder)
      throw obstacle
    }
    descriptor = folder
  }

  deinit { close(descriptor) }

  private static func obstacle(to folder: Int32) -> OutputError? {
    if faccessat(folder, ".", W_OK | X_OK, 0) != 0 {
      return OutputError("cannot write into the folder", errno)
    }
    // Two that write to one folder would remove each other's files.
    guard flock(folder, LOCK_EX | LOCK_NB) != 0 else { return nil }
    return errno == EWOULDBLOCK
      ? OutputError("another run writes into it", 0) : OutputError("cannot lock the folder", errno)
  }

  /// The names in it, in no order; of hidden ones too.
  func names() throws(OutputError) -> [String] { try Self.names(in: descriptor) }

  static func names(in folder: Int32) throws(OutputError) -> [String] {
    // A descriptor of its own: the directory stream closes it.
    let listing = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard listing >= 0 else { throw OutputError("cannot list the folder", errno) }
    guard let entries = fdopendir(listing) else {
      let failure = OutputError("cannot list the folder", errno)
      close(listing)
      throw failure
    }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
