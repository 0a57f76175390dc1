import Capture
import Foundation
import Rules
import Testing
import Timelines

/// A capture that is taken apart.
struct SplitCapture: Sendable, CustomTestStringConvertible {
  let name: String
  let path: String

  var testDescription: String { name }

  static func all() throws -> [SplitCapture] {
    let rules = try Sample.all().map { SplitCapture(name: "\($0)", path: $0.capturePath) }
    return rules
      + Place.captureNames(in: Place.lab).map {
        SplitCapture(name: $0, path: Place.lab.appending(path: $0).path)
      }
  }
}

@Suite("A capture in two files is diagnosed as in one")
struct SplitTests {
  /// Frames up to which every split is tried; longer captures are split at `spread` places.
  private static let few = 60
  private static let spread = 15

  @Test("whichever comes first", arguments: try SplitCapture.all())
  func split(_ capture: SplitCapture) throws {
    let frames = try storedFrames(path: capture.path)
    let linkType = try #require(frames.first).header.linkType
    let whole = try diagnose(paths: [capture.path]).lines { $0.number }
    let scratch = try Scratch()
    for place in Self.places(frames.count) {
      let first = try scratch.file(captureFile(frames[..<place], linkType: linkType), "first")
      let second = try scratch.file(captureFile(frames[place...], linkType: linkType), "second")
      let inOrder = try diagnose(paths: [first, second]).lines {
        $0.file == 0 ? $0.number : $0.number + UInt32(place)
      }
      let reversed = try diagnose(paths: [second, first]).lines {
        $0.file == 1 ? $0.number : $0.number + UInt32(place)
      }
      try expectEqual(inOrder, whole, "split after frame \(place)")
      try expectEqual(reversed, whole, "split after frame \(place), the second part named first")
    }
  }

  /// Numbers of frames the first part may have, none and all among them.
  private static func places(_ count: Int) -> [Int] {
    count <= few ? Array(0...count) : (0...spread).map { count * $0 / spread }
  }

  private func expectEqual(_ parts: [String], _ whole: [String], _ what: String) throws {
    let difference = parts.difference(from: whole)
    try #require(difference.isEmpty, "\(what): \(difference.map { "\($0)" }.prefix(6))")
  }
}
