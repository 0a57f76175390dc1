import Capture
import Foundation
import Redaction
import Rules
import Testing
import Timelines

/// A capture with its place.
struct NamedCapture: Sendable, CustomTestStringConvertible {
  let name: String
  let path: String

  var testDescription: String { name }

  /// The captures of a folder.
  static func all(in folder: URL) -> [NamedCapture] {
    Place.captureNames(in: folder).map {
      NamedCapture(name: $0, path: folder.appending(path: $0).path)
    }
  }

  /// The captures of all rules.
  static let samples = ((try? Sample.all()) ?? []).map {
    NamedCapture(name: "\($0)", path: $0.capturePath)
  }
  static let lab = all(in: Place.lab)
  /// Those of other projects, beside the repository.
  static let others = all(in: Place.publicCaptures)
}

@Suite("Redacted frames are diagnosed as the original ones")
struct RedactionTests {
  @Test("Samples and lab captures", arguments: NamedCapture.samples + NamedCapture.lab)
  func samples(_ capture: NamedCapture) throws { try check(capture) }

  @Test(
    "Captures of other projects",
    .enabled(if: !NamedCapture.others.isEmpty, "needs the public captures beside the repository"),
    arguments: NamedCapture.others)
  func others(_ capture: NamedCapture) throws { try check(capture) }

  private func check(_ capture: NamedCapture) throws {
    let frames = try storedFrames(path: capture.path)
    let redacted = redact(frames).frames
    #expect(redacted.map(\.header.reference) == frames.map(\.header.reference))
    #expect(redacted.map(\.header.time) == frames.map(\.header.time))
    let difference = diagnose(redacted).nameless.difference(from: diagnose(frames).nameless)
    #expect(difference.isEmpty, "\(difference.map { "\($0)" }.prefix(8))")
  }
}
