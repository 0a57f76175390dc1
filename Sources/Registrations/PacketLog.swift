public import Capture
import Decode
import SIP

/// The last notes of packets, a limited number of them.
public struct PacketLog: Sendable {
  /// Makes the notes.
  public let taker: NoteTaker
  private let most: Int
  private var notes: [PacketNote] = []
  /// Where the oldest note stands once there is no room for more.
  private var oldest = 0
  /// Whether notes were written over since the log was empty.
  public private(set) var hasForgotten = false

  /// A log of `most` notes; `seed` is that of the run.
  public init(most: Int, seed: UInt64) { self.init(most: most, NoteTaker(seed: seed)) }

  private init(most: Int, _ taker: NoteTaker) {
    self.most = max(most, 1)
    self.taker = taker
  }

  /// How many notes there are.
  public var count: Int { notes.count }

  /// The time of the oldest note; `nil` where there is none.
  public var start: Timestamp? {
    notes.indices.contains(oldest) ? notes[oldest].moment.time : nil
  }

  /// Takes in a note; without room the oldest one goes.
  public mutating func append(_ note: PacketNote) {
    guard notes.count == most else { return notes.append(note) }
    notes[oldest] = note
    oldest = oldest + 1 == most ? 0 : oldest + 1
    hasForgotten = true
  }

  /// Notes that what is open at `time` cannot be judged.
  public mutating func noteGap(at time: Timestamp) {
    let newest = oldest > 0 ? notes[oldest - 1] : notes.last
    // It is told again and again while packets are being lost.
    guard newest?.kind != .gap else { return }
    append(PacketNote(gapAt: time))
  }

  /// Gives all notes away, and has none.
  public mutating func handOver() -> PacketLog {
    let all = self
    self = emptied()
    return all
  }

  /// A log like this one without notes.
  public func emptied() -> PacketLog { PacketLog(most: most, taker) }

  /// The notes, the oldest first.
  public func forEach(_ body: (PacketNote) -> Void) {
    for note in notes[oldest...] { body(note) }
    for note in notes[..<oldest] { body(note) }
  }
}

extension ObservationReader {
  /// Notes an observation with the message read last in `log`, where there is one; `bytes` are those
  /// of its frame.
  public mutating func note(
    _ observation: Observation, _ bytes: Span<UInt8>, in log: inout PacketLog?
  ) {
    switch observation {
    case .message:
      let taker = log?.taker
      if let note = note(of: bytes, taker) { log?.append(note) }
    case .keepalive(let form):
      if let note = log?.taker.note(form, at: sighting) { log?.append(note) }
    case .nothing, .malformed, .opaque, .icmp: break
    }
  }
}
