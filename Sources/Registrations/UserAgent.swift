/// The name of a kind of device, once for all devices that have it.
final class UserAgent: Sendable {
  /// The kind of those that name none.
  static let none = UserAgent(number: 0, name: "")

  /// Tells it from others of its tracker; 0 for none.
  let number: UInt32
  /// Its name.
  let name: String

  /// Makes a kind known.
  init(number: UInt32, name: String) {
    self.number = number
    self.name = name
  }
}
