import Analysis
import Capture
import Glibc
import LiveCapture
import Rules

/// The captures named on the command line, those that could not be opened among them.
struct Inputs {
  private enum Input {
    case opened(CaptureReader)
    case refused(name: String, CaptureError)
  }

  private let inputs: [Input]
  private let say: (String) -> Void

  /// Opens what `names` name, and says of each that cannot be opened why.
  init(opening names: [String], say: @escaping (String) -> Void = StandardError.say) {
    Self.raiseFileLimit(toHold: names.count)
    self.say = say
    inputs = names.enumerated().map { Self.open($0.element, at: $0.offset, say) }
  }

  private static func open(_ name: String, at index: Int, _ say: (String) -> Void) -> Input {
    do {
      return .opened(try CaptureReader(path: name, file: UInt32(clamping: index)))
    } catch {
      say("\(error)")
      return .refused(name: name, error)
    }
  }

  /// Those that could be opened.
  var readers: [CaptureReader] {
    inputs.compactMap { if case .opened(let reader) = $0 { reader } else { nil } }
  }

  /// Packets that the capturing machines say they lost; `nil` when none says anything.
  var drops: UInt64? {
    readers.compactMap(\.drops).reduce(nil) { sum, drops in
      let (total, overflow) = (sum ?? 0).addingReportingOverflow(drops)
      return overflow ? .max : total
    }
  }

  /// What has been read of each so far.
  var summariesSoFar: [FileSummary] {
    inputs.map { input in
      switch input {
      case .refused(let name, let error):
        FileSummary(name: name, format: nil, frames: 0, bytes: 0, error: error.description)
      case .opened(let reader):
        FileSummary(
          name: reader.name, format: reader.format, frames: reader.framesRead,
          bytes: reader.bytesRead, error: nil)
      }
    }
  }

  /// What became of each, after the reading; says of each that has trouble what it is.
  ///
  /// Without `quotesFilter` its expression is only said: it may have names and addresses.
  func summaries(
    unknownLinks: [UnknownLink], filter: FrameFilter?, quotesFilter: Bool = true
  ) -> [FileSummary] {
    inputs.enumerated().map { index, input in
      switch input {
      case .refused(let name, let error):
        return FileSummary(name: name, format: nil, frames: 0, bytes: 0, error: error.description)
      case .opened(let reader):
        var troubles = troubles(of: reader, unknownLinks, filter)
        for trouble in troubles { say(trouble) }
        if !quotesFilter {
          troubles = self.troubles(of: reader, unknownLinks, filter, quotesFilter: false)
        }
        return FileSummary(
          name: reader.name, format: reader.format, frames: reader.framesRead,
          bytes: reader.bytesRead,
          error: troubles.isEmpty ? nil : troubles.joined(separator: "; "))
      }
    }
  }

  private func troubles(
    of reader: CaptureReader, _ unknownLinks: [UnknownLink], _ filter: FrameFilter?,
    quotesFilter: Bool = true
  ) -> [String] {
    var troubles: [CaptureError] = []
    for link in unknownLinks where link.frame.file == reader.file {
      troubles.append(
        CaptureError(
          kind: .unknownLinkType(link.linkType), name: reader.name, frame: UInt64(link.frame.number)
        ))
    }
    if let failure = reader.failure { troubles.append(failure) }
    var lines = troubles.map(\.description)
    let name = reader.name == "-" ? "standard input" : reader.name
    for refusal in filter?.refusals ?? [] where refusal.frame.file == reader.file {
      // libpcap's words may quote the expression, too.
      let reason =
        quotesFilter ? "\(refusal.reason)" : "the filter cannot be applied to its link type"
      lines.append("\(name): frame \(refusal.frame.number): \(reason)")
    }
    return lines
  }

  /// Rotated captures come by the thousand, and all are open at once; the usual limit is 1024.
  private static func raiseFileLimit(toHold count: Int) {
    var limit = rlimit()
    // A few more for the streams, the report and what libraries open.
    let wanted = rlim_t(clamping: count) + 64
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
      limit.rlim_cur < wanted
    else { return }
    limit.rlim_cur = min(wanted, limit.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
