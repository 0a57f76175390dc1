import Glibc
import LiveView
import Reports
import Rules

/// The full-screen view as a listener to a running capture.
final class ViewListening: LiveListener {
  private let display: Display

  /// Puts the view up; `nil` where there is no terminal for it.
  init?(interfaces: [String], zone: ReportTimeZone) {
    let isColored = ColorChoice.auto.isOn(forTerminal: true)
    guard let display = Display(interfaces: interfaces, zone: zone, isColored: isColored) else {
      return nil
    }
    self.display = display
    // Lines written to the terminal meanwhile would go across the screen.
    if isatty(STDERR_FILENO) == 1 { StandardError.divert { display.say($0) } }
  }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    // That something has happened once more is no news: its row tells.
    let news = events.filter { $0.kind != .updated }
    display.show(diagnosis, news.map { News($0.kind.rawValue, $0.finding) })
  }

  func report(_ diagnosis: Diagnosis) {
    display.say("the report so far needs --output or --lines; here it follows at the end")
  }

  /// Gives the terminal back, and says there what was told meanwhile.
  func end() {
    StandardError.divert(nil)
    for message in display.end() { StandardError.say(message) }
  }
}
