import Glibc
import Testing

/// The line on the terminal while a long capture is read.
@Suite struct ProgressTests {
  /// Feeds a capture of 10,000 packets with a pause after half of them.
  private static func slowCapture() throws -> Regsift.Stream {
    let packets = try Packets(Package.sample("nat-pinhole-lost/violated"))
    let half = packets.records[0] + packets.records[1]
    let bytes = (0..<2500).reduce(into: [UInt8]()) { bytes, _ in bytes += half }
    return .pipe { descriptor in
      write(descriptor, packets.header, packets.header.count)
      for _ in 0..<2 {
        var start = 0
        while start < bytes.count {
          let count = bytes[start...].withUnsafeBytes {
            write(descriptor, $0.baseAddress, $0.count)
          }
          guard count > 0 else { return }
          start += count
        }
        usleep(1_100_000)
      }
    }
  }

  @Test func `A terminal shows progress after a second, and it is cleared at the end`() throws {
    let regsift = Regsift(input: try Self.slowCapture(), errors: .terminal)
    let run = try regsift.run(["analyze", "-"])
    #expect(run.errors.contains("\r\u{1B}[K"))
    #expect(run.errors.contains("8 192 frames"))
    #expect(run.errors.contains("frames/s"))
    #expect(run.errors.hasSuffix("\r\u{1B}[K"))
  }

  @Test func `Nothing is shown with --quiet`() throws {
    let regsift = Regsift(input: try Self.slowCapture(), errors: .terminal)
    #expect(try regsift.run(["analyze", "--quiet", "-"]).errors == "")
  }

  @Test func `Nothing is shown where there is no terminal`() throws {
    let run = try Regsift(input: try Self.slowCapture()).run(["analyze", "-"])
    #expect(run.errors == "")
    #expect(run.output.contains("10 000 frames") || run.output.contains("10,000 frames"))
  }
}
