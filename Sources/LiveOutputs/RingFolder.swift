import Glibc

/// The files of the ring: the oldest go, so that all of them never exceed the size.
struct RingFolder: ~Copyable, Sendable {
  private struct File {
    let name: RingName
    var size: Int
  }

  /// What became of a batch.
  struct Outcome {
    /// Packets that were written.
    var packets = 0
    /// Why not all of them were.
    var failure: OutputError?
  }

  /// A file is a part of the whole, so that what goes at once is little.
  private static let files = 8
  /// So many files at the most: bundles begin new ones, and a reader opens all of them.
  private static let mostFiles = 256
  /// So that a file holds the longest packet.
  static let leastSize = 4 << 20

  private let path: String
  private let limit: Int
  private let application: String
  private let folder: Folder
  /// Oldest first; the last one is being written while `current` is open.
  private var known: [File] = []
  private var total = 0
  private var current: Int32?
  /// How many interfaces the current file describes.
  private var described = 0
  private var hasPackets = false

  /// Takes over `path`, which need not exist, with the files of earlier runs in it.
  static func open(
    path: String, size: Int, application: String
  ) throws(OutputError) -> RingFolder {
    var ring = RingFolder(
      folder: try Folder(path), path: path, size: size, application: application)
    try ring.adopt()
    return ring
  }

  private init(folder: consuming Folder, path: String, size: Int, application: String) {
    self.folder = folder
    self.path = path.hasSuffix("/") ? path : path + "/"
    limit = size
    self.application = application
  }

  deinit { if let current { close(current) } }

  /// The files with packets in them, oldest first.
  var paths: [String] { known.map { path + $0.name.text } }

  /// Writes blocks of packets.
  mutating func write(_ bytes: [UInt8], of interfaces: [RingBlocks.Interface]) -> Outcome {
    var outcome = Outcome()
    var start = 0
    do throws(OutputError) {
      while start < bytes.count {
        let room = limit / Self.files - (current == nil ? 0 : known.last?.size ?? 0)
        let piece = RingBlocks.wholeBlocks(in: bytes, from: start, room: room)
        if current == nil || hasPackets && piece.bytes > room {
          try begin(interfaces)
          continue
        }
        try describe(interfaces)
        try append(bytes, from: start, count: piece.bytes)
        hasPackets = true
        start += piece.bytes
        outcome.packets += piece.packets
      }
    } catch {
      outcome.failure = error
    }
    return outcome
  }

  /// Ends the current file: nothing is added to it any more.
  mutating func completeFile() {
    guard let current else { return }
    close(current)
    self.current = nil
  }

  /// Takes the files of earlier runs into account, whole or torn.
  private mutating func adopt() throws(OutputError) {
    for text in try folder.names() {
      var status = stat()
      guard let name = RingName(text),
        fstatat(folder.descriptor, text, &status, AT_SYMLINK_NOFOLLOW) == 0,
        status.st_mode & S_IFMT == S_IFREG
      else { continue }
      known.append(File(name: name, size: Int(status.st_size)))
      total += Int(status.st_size)
    }
    known.sort { $0.name.number < $1.name.number }
    while total > limit { try removeOldest() }
  }

  private mutating func begin(_ interfaces: [RingBlocks.Interface]) throws(OutputError) {
    completeFile()
    while known.count >= Self.mostFiles { try removeOldest() }
    let name = RingName(number: (known.last?.name.number ?? 0) &+ 1, time: time(nil))
    let descriptor = openat(
      folder.descriptor, name.text, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
      0o640)
    guard descriptor >= 0 else { throw OutputError("cannot make a file", errno) }
    current = descriptor
    described = 0
    hasPackets = false
    known.append(File(name: name, size: 0))
    do throws(OutputError) {
      let section = RingBlocks.section(application: application)
      try append(section, from: 0, count: section.count)
      try describe(interfaces)
    } catch {
      // An empty file would be no capture.
      completeFile()
      unlinkat(folder.descriptor, name.text, 0)
      total -= known.removeLast().size
      throw error
    }
  }

  private mutating func describe(_ interfaces: [RingBlocks.Interface]) throws(OutputError) {
    while described < interfaces.count {
      let block = RingBlocks.description(of: interfaces[described])
      try append(block, from: 0, count: block.count)
      described += 1
    }
  }

  private mutating func append(
    _ bytes: [UInt8], from start: Int, count: Int
  ) throws(OutputError) {
    guard let current, !known.isEmpty else { return }
    while total + count > limit, known.count > 1 { try removeOldest() }
    var done = 0
    while done < count {
      let written = bytes.withUnsafeBytes { bytes in
        Glibc.write(current, bytes.baseAddress.map { $0 + start + done }, count - done)
      }
      if written >= 0 {
        done += written
      } else if errno != EINTR {
        let failure = OutputError("cannot write", errno)
        // What was written of it would be a torn block in the middle of the file.
        if ftruncate(current, off_t(known[known.count - 1].size)) != 0 { completeFile() }
        throw failure
      }
    }
    known[known.count - 1].size += count
    total += count
  }

  private mutating func removeOldest() throws(OutputError) {
    guard let oldest = known.first else { return }
    guard unlinkat(folder.descriptor, oldest.name.text, 0) == 0 || errno == ENOENT else {
      throw OutputError("cannot remove \(oldest.name.text)", errno)
    }
    known.removeFirst()
    total -= oldest.size
  }
}
