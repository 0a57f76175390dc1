import Capture
import Testing

@Suite("Classic pcap")
struct ClassicTests {
  struct Variant: CustomTestStringConvertible {
    var testDescription: String
    var magic: UInt32
    var nanosecondsPerUnit: Int64
  }

  static let variants = [
    Variant(testDescription: "microseconds", magic: 0xa1b2_c3d4, nanosecondsPerUnit: 1000),
    Variant(testDescription: "nanoseconds", magic: 0xa1b2_3c4d, nanosecondsPerUnit: 1),
    Variant(
      testDescription: "modified, longer record headers", magic: 0xa1b2_cd34,
      nanosecondsPerUnit: 1000),
  ]

  @Test(
    "Every byte order and unit of time gives the frames that were written, as libpcap reads them",
    arguments: ByteOrder.allCases, variants)
  func eachVariant(order: ByteOrder, variant: Variant) throws {
    var file = ClassicBytes(order, magic: variant.magic, linkType: 113)
    file.frame(1_700_000_000, 123_456, [1, 2, 3])
    file.frame(1_700_000_001, 999_999, [4], original: 1500)
    file.frame(UInt32.max, 5, [])
    let unit = variant.nanosecondsPerUnit
    let expected = [
      SeenFrame(
        number: 1, nanoseconds: 1_700_000_000_000_000_000 + 123_456 * unit, linkType: 113,
        original: 3, bytes: [1, 2, 3]),
      SeenFrame(
        number: 2, nanoseconds: 1_700_000_001_000_000_000 + 999_999 * unit, linkType: 113,
        original: 1500, bytes: [4]),
      SeenFrame(
        number: 3, nanoseconds: 4_294_967_295_000_000_000 + 5 * unit, linkType: 113, original: 0,
        bytes: []),
    ]
    let scratch = try Scratch()
    let reader = try scratch.reader(file.bytes)
    #expect(reader.format == "pcap")
    #expect(reader.linkTypes == [.linuxSLL])
    #expect(reader.readAll() == expected)
    #expect(reader.failure == nil)
    #expect(reader.next() == nil, "the end stays the end")
    let left = reader.bytes.count
    #expect(left == 0)
    #expect(Oracle(path: reader.name)?.frames == expected)
  }

  @Test("An absurd fraction of a second is added as it stands, up to the greatest")
  func greatFraction() throws {
    var file = ClassicBytes()
    file.frame(UInt32.max, UInt32.max, [9])
    let frames = try Scratch().reader(file.bytes).readAll()
    #expect(frames.map(\.nanoseconds) == [4_294_971_589_967_295_000])
  }

  @Test(
    "The link type is read without the frame-check bits above it, raw IP under its one number",
    arguments: [
      (0x0000_0001, 1), (0xf400_0001, 1), (0x1400_0071, 113), (101, 101), (12, 101), (14, 101),
      (0x0000_ffff, 65535),
    ] as [(UInt32, UInt32)])
  func linkTypes(stated: UInt32, linkType: UInt32) throws {
    var file = ClassicBytes(linkType: stated)
    file.frame(1, 0, [1])
    #expect(try Scratch().reader(file.bytes).readAll().map(\.linkType) == [linkType])
  }

  @Test("Frames larger than the reading block's tail come whole, across many blocks")
  func manyBlocks() throws {
    var file = ClassicBytes()
    var lengths: [Int] = []
    for index in 0..<60 {
      let length = index % 7 == 0 ? 262_144 : index * 997 % 9000
      lengths.append(length)
      file.frame(UInt32(index), 0, [UInt8](repeating: UInt8(index), count: length))
    }
    let scratch = try Scratch()
    let reader = try scratch.reader(file.bytes)
    for (index, length) in lengths.enumerated() {
      let header = try #require(reader.next())
      let bytes = reader.bytes
      #expect(header.capturedLength == length && bytes.count == length)
      let isItsOwn = bytes.indices.allSatisfy { bytes[$0] == UInt8(index) }
      #expect(isItsOwn, "frame \(index + 1)")
    }
    #expect(reader.next() == nil && reader.failure == nil)
    #expect(reader.bytesRead == UInt64(file.bytes.count))
    #expect(reader.size == UInt64(file.bytes.count))
  }

  @Test("A packet beyond the stated snap length is kept whole")
  func beyondSnapLength() throws {
    var file = ClassicBytes(snapLength: 2)
    file.frame(1, 0, [1, 2, 3, 4])
    #expect(try Scratch().reader(file.bytes).readAll().map(\.bytes) == [[1, 2, 3, 4]])
  }
}
