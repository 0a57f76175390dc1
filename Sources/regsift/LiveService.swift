import LiveOutputs
import Rules

/// Tells a service manager how a running capture is.
final class LiveService: LiveListener {
  private let notifier: ServiceNotifier
  private var status = ""

  init(_ notifier: ServiceNotifier) { self.notifier = notifier }

  /// Everything is open: the capture runs.
  func ready() { notifier.ready() }

  /// The loop that captures is alive; it calls this each time around.
  func beat() { notifier.beat() }

  /// The capture has ended.
  func stopping() { notifier.stopping() }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    let open = diagnosis.findings.filter { $0.to == nil }
    let errors = open.count { $0.level == .error }
    let status =
      "\(diagnosis.accounts.count) accounts, \(open.count) open findings, \(errors) errors"
    guard status != self.status else { return }
    self.status = status
    notifier.status(status)
  }

  func reopen() {
    notifier.reloading()
    notifier.ready()
  }
}
