import Capture
import Glibc

/// Reads keys and draws, until it is told to end.
final class DisplayLoop {
  /// Redrawing for news more often than this would only be restless.
  private static let pause = Duration.milliseconds(250)
  /// The clock is drawn that often.
  private static let tick = Duration.seconds(1)
  /// The rest of a key's sequence comes within this, also over a slow line.
  private static let keyTimeout = Duration.milliseconds(150)

  private let display: Display
  private let terminal: Terminal
  private var model: ViewModel
  private var painter: Painter
  private var parser = KeyParser()
  private var revision = 0
  private var isOver = false
  /// Whether something was pressed or has changed that shall show at once.
  private var isPressing = true
  private var drawn: ContinuousClock.Instant

  init(
    _ display: Display, _ terminal: Terminal, _ model: ViewModel, isColored: Bool
  ) {
    self.display = display
    self.terminal = terminal
    self.model = model
    painter = Painter(isColored: isColored)
    drawn = .now - Self.tick
  }

  /// The time by the clock on the wall.
  static var now: Timestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(seconds: Int64(now.tv_sec), nanoseconds: Int64(now.tv_nsec))
  }

  func run() {
    display.doorbell.listen()
    while !isOver {
      takeTerminal()
      answerDoorbell()
      takeNews()
      drawIfDue()
      wait()
    }
    terminal.release()
    display.doorbell.stopListening()
  }

  private func takeTerminal() {
    guard !terminal.isTaken, terminal.isForeground, terminal.take() else { return }
    painter.forget()
    isPressing = true
  }

  private func answerDoorbell() {
    for event in display.doorbell.events() {
      switch event {
      case .stop:
        terminal.release()
        display.doorbell.stop()
        takeTerminal()
      case .goOn:
        // Whatever the shell did to it meanwhile.
        terminal.release()
        takeTerminal()
      case .resize: isPressing = true
      case .news: break
      }
    }
  }

  private func takeNews() {
    let revision = revision
    let (snapshot, news, current, isOver) = display.take { inbox in
      (inbox.snapshot, inbox.news, inbox.revision, inbox.isOver)
    }
    self.isOver = isOver
    guard current != revision else { return }
    self.revision = current
    model.show(snapshot, news)
  }

  // MARK: Drawing

  private var due: ContinuousClock.Instant {
    if isPressing { return .now }
    // With nothing new the clock goes on, and little else.
    return drawn + (isStale ? Self.pause : Self.tick)
  }

  private var isStale: Bool { revision != drawnRevision }
  private var drawnRevision = -1

  private func drawIfDue() {
    guard terminal.isTaken, !isOver, due <= .now else { return }
    isPressing = false
    drawnRevision = revision
    drawn = .now
    let size = terminal.size
    let around = Surroundings(
      now: Self.now, running: drawn - display.start, memory: Self.memory, zone: display.zone)
    let bytes = painter.paint(model.screen(columns: size.columns, rows: size.rows, around))
    if !bytes.isEmpty { terminal.write(bytes) }
    let wanted = model.wanted
    display.take { $0.wanted = wanted }
  }

  /// Memory of the program in bytes (proc(5), statm).
  private static var memory: UInt64? {
    let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = read(file, &buffer, buffer.count)
    guard count > 0 else { return nil }
    let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = UInt64(fields[1]) else { return nil }
    return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
  }

  // MARK: Waiting

  private func wait() {
    let keyboard = terminal.isTaken ? terminal.input : -1
    var requests = [keyboard, display.doorbell.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let count = poll(&requests, nfds_t(requests.count), patience)
    if count == 0, parser.isUndecided { press(parser.expire()) }
    guard count > 0 else { return }
    if requests[0].revents != 0 { readKeys() }
  }

  private var patience: Int32 {
    var next = terminal.isTaken ? due - .now : Self.tick
    if parser.isUndecided { next = min(next, Self.keyTimeout) }
    return Int32(clamping: max(Int((next / .milliseconds(1)).rounded(.up)), 0))
  }

  private func readKeys() {
    guard let bytes = terminal.read() else {
      // The terminal is gone, and with it whoever watched.
      isOver = true
      kill(getpid(), SIGTERM)
      return
    }
    press(parser.take(bytes))
  }

  private func press(_ keys: [Key]) {
    for key in keys {
      isPressing = true
      if key == .redraw { painter.forget() }
      guard model.press(key, at: Self.now), !model.isEnding else { continue }
      model.isEnding = true
      kill(getpid(), SIGINT)
    }
  }
}
