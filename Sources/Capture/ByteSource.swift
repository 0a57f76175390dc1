import Glibc

/// Where an input's bytes come from: a file descriptor, inflated on the way when they are gzip.
///
/// Reads with read(2) and never maps the file: a capture that is cut while it is read must not kill
/// the process.
struct ByteSource: ~Copyable {
  /// Bytes of the input as stored, when that is known beforehand; `nil` for a pipe.
  let size: UInt64?
  /// Bytes taken from the input so far, as stored.
  private(set) var bytesRead: UInt64 = 0
  /// Why no more bytes come, when it is not the end.
  private(set) var trouble: CaptureError.Kind?

  private var descriptor: Int32
  private let isBorrowed: Bool
  private var inflater: Inflater?

  /// Opens the file `path`, or standard input for `-`; a directory is refused.
  init(path: String) throws(CaptureError) {
    let isBorrowed = path == "-"
    let descriptor = isBorrowed ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CaptureError(kind: .cannotOpen(errno: errno), name: path)
    }
    var status = stat()
    let error = fstat(descriptor, &status) == 0 ? 0 : errno
    let type = status.st_mode & S_IFMT
    guard error == 0, type != S_IFDIR else {
      if !isBorrowed { _ = Glibc.close(descriptor) }
      throw CaptureError(kind: error == 0 ? .directory : .cannotOpen(errno: error), name: path)
    }
    self.descriptor = descriptor
    self.isBorrowed = isBorrowed
    self.size = type == S_IFREG ? UInt64(clamping: status.st_size) : nil
  }

  deinit {
    if !isBorrowed, descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  /// Lets the file go; from here on it has ended.
  mutating func close() {
    if !isBorrowed, descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
    inflater = nil
  }

  /// Inflates everything from here on; `beginning` was read before that was known.
  mutating func inflate(beginning: UnsafeRawBufferPointer) {
    guard let inflater = Inflater(beginning: beginning) else {
      trouble = .gzipDamaged("not enough memory")
      return
    }
    self.inflater = inflater
  }

  /// Fills the front of `target`; returns how many bytes, 0 at the end or in trouble.
  mutating func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    guard trouble == nil, descriptor >= 0 else { return 0 }
    guard let inflater else { return readStored(into: target) }
    while true {
      if inflater.isHungry {
        let count = readStored(into: inflater.input)
        guard count > 0 else {
          if trouble == nil, inflater.isInsideMember { trouble = .gzipTorn }
          return 0
        }
        inflater.feed(count)
      }
      let count = inflater.inflate(into: target)
      if let complaint = inflater.complaint { trouble = .gzipDamaged(complaint) }
      if count > 0 || trouble != nil { return count }
    }
  }

  private mutating func readStored(into target: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Glibc.read(descriptor, target.baseAddress, target.count)
      if count >= 0 {
        bytesRead += UInt64(count)
        return count
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitForInput()
      default:
        trouble = .cannotRead(errno: errno)
        return 0
      }
    }
  }

  /// Sleeps until there is something to read: whoever shares a pipe may have made it nonblocking.
  private func waitForInput() {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&request, 1, -1)
  }
}

/// The system's words for an errno number.
func systemMessage(_ number: Int32) -> String {
  guard let text = strerror(number) else { return "error \(number)" }
  return String(cString: text)
}
