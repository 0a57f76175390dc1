import Glibc

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

/// The system's text for an errno.
func systemText(_ number: Int32) -> String {
  strerror(number).map { String(cString: $0) } ?? "error \(number)"
}
