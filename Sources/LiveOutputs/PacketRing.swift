public import Capture
import Glibc
import Synchronization
import Threads

/// The last packets of a running capture in files of a folder, bounded by their size.
///
/// Packets are encoded where they come and written by a thread of their own: a slow disk costs
/// packets of the ring, never of the capture.
public final class PacketRing: Sendable {
  /// How the ring is kept.
  public struct Options: Sendable {
    /// The folder, which is made when it is not there.
    public var folder: String
    /// Bytes that all files may have together.
    public var size: Int
    /// The names of the inputs, by the numbers their packets carry.
    public var inputs: [String]
    /// What the files say they were written by.
    public var application: String

    /// Describes a ring.
    public init(folder: String, size: Int, inputs: [String], application: String) {
      self.folder = folder
      self.size = size
      self.inputs = inputs
      self.application = application
    }
  }

  /// The least a ring can be asked to hold.
  public static let leastSize = RingFolder.leastSize

  private let writer: RingWriter
  private let thread: WorkThread

  /// Begins a ring; throws when the folder cannot be written to or another run uses it.
  ///
  /// `say` is told of trouble later on, once when it begins and once when it is over.
  public init(
    _ options: Options, say: @escaping @Sendable (String) -> Void
  ) throws(OutputError) {
    let folder = try RingFolder.open(
      path: options.folder, size: max(options.size, Self.leastSize),
      application: options.application)
    let writer = try RingWriter(folder, names: options.inputs, say: say)
    self.writer = writer
    thread = try WorkThread.begun { writer.run() }
  }

  /// Takes one packet in, without waiting for anything.
  public func take(_ header: FrameHeader, _ packet: Span<UInt8>) {
    packet.withUnsafeBufferPointer { writer.take(header, $0) }
  }

  /// What keeps packets from being written just now, in words; `nil` where nothing does.
  public var trouble: String? { writer.trouble.withLock { $0 } }

  /// Whether every packet given to it was written, as far as it was tried; it waits for the disk.
  public var isComplete: Bool { writer.isComplete }

  /// Ends the file that is written now, and gives all files, oldest first: they stay as they are
  /// until they are removed.
  public func completeFiles() -> [String] { writer.completeFiles() }

  /// Writes what is left, and ends.
  public func finish() {
    writer.end()
    thread.join()
  }
}

/// Writes the ring, when there is something to write.
final class RingWriter: Sendable {
  /// What only the one who writes needs.
  private struct Disk: ~Copyable, Sendable {
    var folder: RingFolder
    var batch = RingIntake.Batch()
    var losses = RingLosses()
  }

  private let intake: Mutex<RingIntake>
  private let disk: Mutex<Disk>
  private let bell: Doorbell
  private let isEnded = Atomic(false)
  /// As of the last batch; apart from the disk, so that who asks never waits for it.
  let trouble = Mutex<String?>(nil)
  private let say: @Sendable (String) -> Void

  /// Packets reach the disk after so long at the latest.
  private let patience: Duration

  init(
    _ folder: consuming RingFolder, names: [String], patience: Duration = .seconds(2),
    say: @escaping @Sendable (String) -> Void
  ) throws(OutputError) {
    self.patience = patience
    intake = Mutex(RingIntake(names: names))
    disk = Mutex(Disk(folder: folder))
    bell = try Doorbell.hung()
    self.say = say
  }

  func take(_ header: FrameHeader, _ packet: UnsafeBufferPointer<UInt8>) {
    if intake.withLock({ $0.take(header, packet) }) { bell.ring() }
  }

  /// Writes until the end.
  func run() {
    disk.withLock { $0.batch.bytes.reserveCapacity(RingIntake.capacity) }
    while !isEnded.load(ordering: .acquiring) {
      // The first packet rings, then plenty of them, maybe both while the last ones were written.
      bell.wait(for: nil)
      let isUrgent = intake.withLock { $0.isPlenty } || isEnded.load(ordering: .acquiring)
      if !isUrgent { bell.wait(for: patience) }
      disk.withLock { write(&$0) }
    }
    disk.withLock {
      write(&$0)
      $0.folder.completeFile()
      if let message = $0.losses.summary { say(message) }
    }
  }

  func completeFiles() -> [String] {
    disk.withLock {
      write(&$0)
      $0.folder.completeFile()
      return $0.folder.paths
    }
  }

  var isComplete: Bool { disk.withLock { $0.losses.all == 0 } }

  func end() {
    isEnded.store(true, ordering: .releasing)
    bell.ring()
  }

  private func write(_ disk: inout Disk) {
    let interfaces = intake.withLock {
      $0.exchange(&disk.batch)
      return $0.interfaces
    }
    let (packets, omitted) = (disk.batch.packets, disk.batch.omitted)
    if packets + omitted > 0 {
      let isTried = disk.losses.isWorthTrying
      var outcome = RingFolder.Outcome()
      if isTried { outcome = disk.folder.write(disk.batch.bytes, of: interfaces) }
      let message = disk.losses.note(
        isTried: isTried, failure: outcome.failure, lost: packets - outcome.packets,
        omitted: omitted)
      if let message { say(message) }
      let now = disk.losses.trouble
      trouble.withLock { $0 = now }
    }
    disk.batch.empty()
  }
}
