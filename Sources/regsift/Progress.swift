import Capture
import Glibc

/// A line on the terminal that tells how far the reading is, once it takes over a second.
struct Progress {
  /// Frames between looks at the clock.
  private static let stride: UInt64 = 4096
  private static let firstAfter = Duration.seconds(1)
  private static let nextAfter = Duration.milliseconds(200)

  private let isWanted: Bool
  private let start = ContinuousClock.now
  private var due: ContinuousClock.Instant
  private var frames: UInt64 = 0
  private var isShown = false

  /// Progress of a run that begins now; without `isWanted` nothing is ever shown.
  init(isWanted: Bool) {
    self.isWanted = isWanted
    due = start + Self.firstAfter
  }

  /// Counts one frame.
  mutating func count(_ readers: [CaptureReader]) {
    frames &+= 1
    if isWanted, frames % Self.stride == 0 { showIfDue(readers) }
  }

  /// Takes the line away.
  mutating func clear() {
    guard isShown else { return }
    isShown = false
    write("\r\u{1B}[K")
  }

  private mutating func showIfDue(_ readers: [CaptureReader]) {
    let now = ContinuousClock.now
    guard now >= due else { return }
    due = now + Self.nextAfter
    isShown = true
    let seconds = (now - start).inSeconds
    let rate = Self.grouped(UInt64(Double(frames) / seconds))
    var line = "\(Self.grouped(frames)) frames"
    if let share = Self.share(of: readers) { line += ", \(share) %" }
    write("\r\u{1B}[K\(line), \(rate) frames/s")
  }

  /// How much of the inputs' bytes was read, in percent; `nil` when one does not say how many it has.
  private static func share(of readers: [CaptureReader]) -> UInt64? {
    var read = 0.0
    var all = 0.0
    for reader in readers {
      guard let size = reader.size else { return nil }
      read += Double(reader.bytesRead)
      all += Double(size)
    }
    // A file that is still being written can be read past the size it had.
    return all > 0 ? UInt64(min(read / all, 1) * 100) : nil
  }

  /// `1234567` as `1 234 567`.
  private static func grouped(_ number: UInt64) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(" ") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  private func write(_ text: String) {
    var output = Output(descriptor: STDERR_FILENO)
    try? output.write(text)
  }
}
