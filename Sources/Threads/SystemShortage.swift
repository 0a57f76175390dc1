import Glibc

/// Something of the system that is needed cannot be had.
public struct SystemShortage: Error, CustomStringConvertible {
  /// What was tried, such as `start a thread`.
  public let what: String
  /// What errno said.
  public let number: Int32

  init(what: String, number: Int32) {
    self.what = what
    self.number = number
  }

  /// One sentence without a full stop.
  public var description: String {
    "cannot \(what): \(strerror(number).map { String(cString: $0) } ?? "error \(number)")"
  }
}
