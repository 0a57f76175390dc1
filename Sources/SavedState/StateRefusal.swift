import Capture
import Reports

/// Why a state is not used.
public enum StateRefusal: Error, Hashable, Sendable {
  /// The system does not let it be read: nothing is known of what is in it.
  case unreadable(reason: String)
  /// It is no capture, or one that breaks off or is damaged.
  case damaged(reason: String)
  /// It is a whole file that something else wrote.
  case foreign
  /// Another version of the program wrote it.
  case otherVersion(String)
  /// It was written on another host.
  case otherHost(String)
  /// It was written later than now.
  case fromTheFuture(by: Duration)

  init(_ error: CaptureError) {
    switch error.kind {
    case .cannotOpen, .cannotRead, .directory: self = .unreadable(reason: error.reason)
    default: self = .damaged(reason: error.reason)
    }
  }

  /// Whether the file may be put aside: it was read, and is of no use.
  public var isOfContent: Bool {
    if case .unreadable = self { return false }
    return true
  }
}

extension StateRefusal: CustomStringConvertible {
  /// What is wrong with it, to follow its name.
  public var description: String {
    switch self {
    case .unreadable(let reason): reason
    case .damaged(let reason): "is damaged: \(reason)"
    case .foreign: "is no state of regsift"
    case .otherVersion(let version):
      "has the form \(Visible.text(version)), this regsift reads form \(StateWriter.version)"
    case .otherHost(let host): "was written on the host \(Visible.text(String(host.prefix(100))))"
    case .fromTheFuture(let span):
      "was written \(Int64(span.inSeconds.rounded(.up))) s from now: the clock has gone back"
    }
  }
}
