import Glibc
import Threads

/// Why something that a capture leaves behind cannot be begun.
public struct OutputError: Error, CustomStringConvertible {
  /// One sentence without a full stop.
  public let description: String
  /// What errno said; 0 where it has nothing to do with it.
  public let number: Int32

  init(_ description: String, _ number: Int32) {
    self.description = number == 0 ? description : "\(description): \(systemText(number))"
    self.number = number
  }
}

extension OutputError {
  fileprivate init(_ shortage: SystemShortage) {
    self.init("cannot \(shortage.what)", shortage.number)
  }
}

extension Doorbell {
  /// A doorbell; a shortage becomes an error of this module.
  static func hung() throws(OutputError) -> Doorbell {
    do { return try Doorbell() } catch { throw OutputError(error) }
  }
}

extension WorkThread {
  /// A thread that runs `body`; a shortage becomes an error of this module.
  static func begun(
    givingWay: Bool = false, _ body: @escaping @Sendable () -> Void
  ) throws(OutputError) -> WorkThread {
    do { return try WorkThread(givingWay: givingWay, body) } catch { throw OutputError(error) }
  }
}

/// The system's text for an errno.
func systemText(_ number: Int32) -> String {
  strerror(number).map { String(cString: $0) } ?? "error \(number)"
}
