import Glibc

/// Keeps a second run away from a state: each would save over what the other did.
///
/// It is a file beside the state, since that is replaced whenever it is saved.
final class StateLock {
  /// Why there is no lock.
  enum Failure: Error {
    /// Another run has it, in this file.
    case taken(file: String)
    case impossible(file: String, number: Int32)
  }

  private let file: String
  private let descriptor: Int32

  /// How often a lock is sought that others remove as they end.
  private static let attempts = 10

  /// Locks the state `path`.
  init(_ path: String) throws(Failure) {
    let file = ReportFile.resolved(path) + ".lock"
    for _ in 0..<Self.attempts {
      let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { throw .impossible(file: file, number: errno) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let number = errno
        close(descriptor)
        throw number == EWOULDBLOCK ? .taken(file: file) : .impossible(file: file, number: number)
      }
      if Self.isStill(descriptor, file) {
        self.file = file
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
    throw .taken(file: file)
  }

  deinit {
    // First the name, while nobody else can have the lock.
    unlink(file)
    close(descriptor)
  }

  /// Whether the file was not removed by a run that ended between opening and locking it.
  private static func isStill(_ descriptor: Int32, _ file: String) -> Bool {
    var (mine, named) = (stat(), stat())
    return fstat(descriptor, &mine) == 0 && stat(file, &named) == 0
      && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino
  }
}
