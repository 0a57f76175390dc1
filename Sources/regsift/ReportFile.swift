import Glibc

/// A file that a report is written to: aside at first, and moved to its name when it is whole, so
/// that nobody ever reads half a report and a failure leaves the old one.
final class ReportFile {
  /// What stands between the name of the file and the six characters that make another one.
  private static let mark = ".part-"
  /// As many links lead to one another at the most.
  private static let mostLinks = 40

  private let target: String
  /// Where the bytes go until then; `nil` when they go to the target itself.
  private var aside: String?
  private let descriptor: Int32
  /// Whether a file of that name makes room.
  private var replaces = true

  private init(target: String, aside: String?, descriptor: Int32) throws(WriteFailure) {
    self.target = target
    self.aside = aside
    self.descriptor = descriptor
    guard descriptor >= 0 else { throw WriteFailure(number: errno) }
  }

  /// Begins the file `path`; a device or a pipe of that name is written to directly.
  ///
  /// `mode` are the permissions it has; without them those of the file that is replaced, or of any.
  static func begin(_ path: String, mode: mode_t? = nil) throws(WriteFailure) -> ReportFile {
    var status = stat()
    let exists = stat(path, &status) == 0
    guard exists || errno == ENOENT else { throw WriteFailure(number: errno) }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      return try ReportFile(target: path, aside: nil, descriptor: open(path, O_WRONLY | O_CLOEXEC))
    }
    // The file a symbolic link points to is made or replaced, not the link.
    return try beginAside(
      resolved(path),
      mode: mode ?? (exists ? status.st_mode & 0o777 : 0o666 & ~mask))
  }

  /// Begins a file for its owner's eyes only that `finish` gives the name `path` if there is none.
  static func beginNew(_ path: String) throws(WriteFailure) -> ReportFile {
    let file = try beginAside(path, mode: 0o600)
    file.replaces = false
    return file
  }

  private static func beginAside(
    _ target: String, mode: mode_t
  ) throws(WriteFailure) -> ReportFile {
    var name = Array("\(target)\(mark)XXXXXX".utf8)
    name.append(0)
    let descriptor = name.withUnsafeMutableBytes { name in
      name.bindMemory(to: CChar.self).baseAddress.map { mkstemp($0) } ?? -1
    }
    let file = try ReportFile(
      target: target, aside: String(decoding: name.dropLast(), as: UTF8.self),
      descriptor: descriptor)
    fchmod(descriptor, mode)
    return file
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if let aside { unlink(aside) }
  }

  /// Where to write.
  var output: Output { Output(descriptor: descriptor) }

  /// Gives the file its name; `durably` it is whole even when the machine fails right after.
  func finish(durably: Bool = true) throws(WriteFailure) {
    guard let aside else { return }
    guard !durably || fsync(descriptor) == 0, give(aside, replaces: replaces) else {
      throw WriteFailure(number: errno)
    }
    self.aside = nil
  }

  private func give(_ aside: String, replaces: Bool) -> Bool {
    if replaces { return rename(aside, target) == 0 }
    if link(aside, target) == 0 {
      unlink(aside)
      return true
    }
    // Where a file system knows no links, an empty file of our own keeps the place.
    guard errno == EPERM || errno == EOPNOTSUPP else { return false }
    let place = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard place >= 0 else { return false }
    close(place)
    if rename(aside, target) == 0 { return true }
    let failure = errno
    unlink(target)
    errno = failure
    return false
  }

  /// Writes the file `path` whole or not at all; says so when it cannot be written.
  static func write(
    _ path: String, say: (String) -> Void = StandardError.say,
    _ body: (inout Output) throws(WriteFailure) -> Void
  ) -> ExitStatus {
    do {
      let file = try begin(path)
      var sink = file.output
      try body(&sink)
      try file.finish()
      return .clean
    } catch {
      say("\(path): cannot write: \(systemMessage(error.number))")
      return .trouble
    }
  }

  /// Gives the file `path` these bytes, whole or not at all, without waiting for the disk: what is
  /// replaced every few seconds need not survive the machine.
  static func replace(_ path: String, with bytes: [UInt8]) throws(WriteFailure) {
    let file = try begin(path)
    var sink = file.output
    try sink.write(bytes.span)
    try file.finish(durably: false)
  }

  /// Tells before hours of work whether `path` can be begun; `nil` when it can, else why not.
  static func obstacle(to path: String) -> Int32? {
    var status = stat()
    let exists = stat(path, &status) == 0
    guard exists || errno == ENOENT else { return errno }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR else { return EISDIR }
      return access(path, W_OK) == 0 ? nil : errno
    }
    return access(directory(of: resolved(path)), W_OK | X_OK) == 0 ? nil : errno
  }

  /// Whether both names are those of one existing regular file.
  static func areSame(_ path: String, _ other: String) -> Bool {
    var first = stat()
    var second = stat()
    guard stat(path, &first) == 0, stat(other, &second) == 0 else { return false }
    return first.st_mode & S_IFMT == S_IFREG && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }

  /// Removes what killed runs of this user have left of the file `path`; only for who knows that
  /// nobody is writing it.
  static func removeLeftovers(of path: String) {
    let target = resolved(path)
    let beginning =
      target[(target.lastIndex(of: "/").map(target.index(after:)) ?? target.startIndex)...] + mark
    let folder = directory(of: target)
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(beginning), name.utf8.count == beginning.utf8.count + 6 else { continue }
      var status = stat()
      let file = "\(folder)/\(name)"
      guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid()
      else { continue }
      unlink(file)
    }
  }

  /// The file that `path` leads to, which need not exist.
  static func resolved(_ path: String) -> String {
    var path = path
    for _ in 0..<mostLinks {
      if let name = realpath(path, nil) {
        defer { free(name) }
        return String(cString: name)
      }
      guard let link = linkTarget(of: path) else { break }
      path = link.hasPrefix("/") ? link : "\(directory(of: path))/\(link)"
    }
    return path
  }

  /// What a symbolic link says; `nil` where there is none.
  private static func linkTarget(of path: String) -> String? {
    var name = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = name.withUnsafeMutableBytes { name in
      name.bindMemory(to: CChar.self).baseAddress.map { readlink(path, $0, name.count) } ?? -1
    }
    return count > 0 ? String(decoding: name[..<count], as: UTF8.self) : nil
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The permissions that new files do not get.
  ///
  /// To ask for them is to do without them for a moment, in all threads: asked for once, before
  /// there are others.
  static let mask: mode_t = {
    let mask = umask(0)
    umask(mask)
    return mask
  }()
}
