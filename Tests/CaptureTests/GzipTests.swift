import Capture
import Testing

@Suite("gzip")
struct GzipTests {
  private static func capture(frames: ClosedRange<Int>) -> ClassicBytes {
    var file = ClassicBytes()
    for number in frames {
      file.frame(UInt32(number), 0, (0..<200).map { UInt8(truncatingIfNeeded: $0 * number) })
    }
    return file
  }

  @Test("Members one after the other are one capture, wherever they are cut")
  func members() throws {
    let plain = Self.capture(frames: 1...9).bytes
    let scratch = try Scratch()
    let whole = try scratch.reader(plain).readAll()
    #expect(whole.count == 9)
    for cut in stride(from: 1, to: plain.count, by: 37) {
      let packed = gzip(Array(plain[..<cut])) + gzip([]) + gzip(Array(plain[cut...]))
      let reader = try scratch.reader(packed)
      #expect(reader.format == "pcap.gz")
      #expect(reader.readAll() == whole, "cut at \(cut)")
      #expect(reader.failure == nil)
      #expect(reader.bytesRead == UInt64(packed.count))
    }
  }

  @Test("Zeros after the last member are padding")
  func padding() throws {
    let packed = gzip(Self.capture(frames: 1...2).bytes) + [UInt8](repeating: 0, count: 1000)
    let reader = try Scratch().reader(packed)
    #expect(reader.readAll().count == 2)
    #expect(reader.failure == nil)
  }

  @Test("Anything else after the last member is damage that keeps every frame")
  func garbageBehind() throws {
    let packed = gzip(Self.capture(frames: 1...2).bytes) + Array("garbage".utf8)
    let reader = try Scratch().reader(packed)
    #expect(reader.readAll().count == 2)
    #expect(reader.failure?.kind == .gzipDamaged("incorrect header check"))
  }

  @Test("A stream cut anywhere keeps what was inflated and says that its end is missing")
  func torn() throws {
    var file = ClassicBytes()
    for number in 1...300 {
      // Hardly compressible, so that frames are spread over the whole stream.
      let bytes = (0..<100).map {
        UInt8(truncatingIfNeeded: ($0 * 131 + number * 71) * (number | 1) >> 3)
      }
      file.frame(UInt32(number), 0, bytes)
    }
    let scratch = try Scratch()
    let whole = try scratch.reader(file.bytes).readAll()
    let packed = gzip(file.bytes)
    var kept: [Int] = []
    for cut in stride(from: 0, to: packed.count, by: 61) {
      let path = try scratch.file(Array(packed[..<cut]))
      let reader: CaptureReader
      do {
        reader = try CaptureReader(path: path, file: 0)
      } catch {
        #expect(error.kind == (cut == 0 ? .empty : .gzipTorn), "cut at \(cut)")
        continue
      }
      let frames = reader.readAll()
      #expect(frames == Array(whole.prefix(frames.count)), "cut at \(cut)")
      #expect(reader.failure?.kind == .gzipTorn, "cut at \(cut)")
      kept.append(frames.count)
    }
    #expect(kept == kept.sorted())
    #expect((kept.last ?? 0) > 200)
  }

  @Test("A wrong check sum is damage that keeps every frame")
  func checkSum() throws {
    var packed = gzip(Self.capture(frames: 1...3).bytes)
    packed[packed.count - 5] ^= 1
    let reader = try Scratch().reader(packed)
    #expect(reader.readAll().count == 3)
    let failure = try #require(reader.failure)
    #expect(failure.kind == .gzipDamaged("incorrect data check"))
    #expect(failure.description.hasSuffix(": damaged gzip data: incorrect data check"))
  }

  @Test("A stream that does not inflate at all is refused when opening")
  func notInflatable() throws {
    let scratch = try Scratch()
    let path = try scratch.file([0x1f, 0x8b, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3])
    #expect(throws: CaptureError(kind: .gzipDamaged("unknown compression method"), name: path)) {
      try CaptureReader(path: path, file: 0)
    }
  }
}
