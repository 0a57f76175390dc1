import Capture
import Foundation
import Testing

@Suite("Read as libpcap reads")
struct OracleTests {
  @Test(
    "A real capture gives libpcap's frames, times, lengths and link type",
    .enabled(if: !Place.realCaptures.isEmpty, "../shared/captures is not there"),
    arguments: Place.realCaptures.map(RealCapture.init))
  func realCapture(_ capture: RealCapture) throws {
    let oracle = try #require(Oracle(path: capture.url.path))
    let reader = try CaptureReader(path: capture.url.path, file: 3)
    #expect(reader.readAll() == oracle.frames)
    #expect((reader.failure == nil) == (oracle.failure == nil), "libpcap: \(oracle.failure ?? "")")
    #expect(reader.framesRead == UInt64(oracle.frames.count))
  }

  @Test(
    "A real capture gives the same frames gzipped",
    .enabled(if: !Place.realCaptures.isEmpty, "../shared/captures is not there"),
    arguments: Place.realCaptures.map(RealCapture.init))
  func gzipped(_ capture: RealCapture) throws {
    let scratch = try Scratch()
    let plain = try CaptureReader(path: capture.url.path, file: 0)
    let packed = try scratch.reader(gzip(Array(try Data(contentsOf: capture.url))))
    #expect(packed.format == plain.format + ".gz")
    #expect(packed.readAll() == plain.readAll())
    #expect(packed.failure?.kind == plain.failure?.kind)
  }
}

struct RealCapture: CustomTestStringConvertible {
  var url: URL

  init(_ url: URL) { self.url = url }

  var testDescription: String { url.lastPathComponent }
}
