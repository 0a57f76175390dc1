import Foundation
import FuzzTargets
import Testing

/// What once broke a target, and the few inputs that any target begins with.
@Suite("What broke the program once")
struct KeptInputTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzz/Kept")

  private static func inputs(_ target: FuzzTarget) -> [URL] {
    let place = folder.appending(path: target.rawValue)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    return names.sorted().map { place.appending(path: $0) }
  }

  @Test("does not break it again", arguments: FuzzTarget.allCases)
  func kept(_ target: FuzzTarget) throws {
    for input in Self.inputs(target) {
      do throws(BrokenPromise) { try target.run([UInt8](Self.bytes(input))) } catch {
        Issue.record("\(target.rawValue)/\(input.lastPathComponent): \(error)")
      }
    }
  }

  private static func bytes(_ input: URL) -> Data { (try? Data(contentsOf: input)) ?? Data() }

  @Test("stands in a folder of its target")
  func folders() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let known = Set(FuzzTarget.allCases.map(\.rawValue))
    #expect(names.filter { !known.contains($0) && $0 != "README.md" }.isEmpty)
    #expect(!FuzzTarget.allCases.allSatisfy { Self.inputs($0).isEmpty })
  }
}
