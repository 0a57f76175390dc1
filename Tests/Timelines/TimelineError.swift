/// What is wrong with a timeline, and in which line of it.
public struct TimelineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// What was expected.
  public let message: String

  /// Line and expectation on one line.
  public var description: String { "line \(line): \(message)" }
}
