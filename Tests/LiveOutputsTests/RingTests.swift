import Capture
import Foundation
import LiveOutputs
import Testing

@Suite struct RingTests {
  private let scratch: Scratch
  private let sayings = Sayings()

  init() throws { scratch = try Scratch() }

  private func ring(_ inputs: [String] = ["eth0"], size: Int = 4 << 20) throws -> PacketRing {
    let sayings = sayings
    return try PacketRing(
      .init(folder: scratch.path("ring"), size: size, inputs: inputs, application: "test")
    ) { sayings.say($0) }
  }

  private var files: [String] {
    scratch.names(in: "ring").filter { $0.hasPrefix("regsift-2") }.map {
      scratch.path("ring/" + $0)
    }
  }

  @Test func `Packets of several interfaces and link types come back as they went in`() throws {
    let ring = try ring(["eth0", "any"])
    let sent = (1...50).map {
      Packet(
        $0, input: $0 % 2, link: $0 % 2 == 0 ? .ethernet : $0 > 25 ? .linuxSLL2 : .linuxSLL,
        length: Int($0) + 40)
    }
    for packet in sent { ring.take(packet.header, packet.bytes.span) }
    ring.finish()
    let read = try packets(in: files)
    #expect(files.count == 1)
    #expect(read.failure == nil)
    #expect(read.packets.map(\.essence) == sent.map(\.essence))
    #expect(sayings.all == [])
  }

  @Test func `A file that follows describes all interfaces anew`() throws {
    let ring = try ring(["eth0", "any"])
    ring.take(Packet(1, length: 60).header, Packet(1, length: 60).bytes.span)
    let other = Packet(2, input: 1, link: .linuxSLL, length: 60)
    ring.take(other.header, other.bytes.span)
    #expect(ring.completeFiles().count == 1)
    ring.take(other.header, other.bytes.span)
    #expect(ring.completeFiles().count == 2)
    #expect(ring.completeFiles().count == 2, "nothing to complete")
    ring.finish()
    #expect(try packets(in: [try #require(files.last)]).packets.map(\.essence) == [other.essence])
  }

  @Test func `Packets reach the disk while none follows`() throws {
    let ring = try ring()
    let packet = Packet(1, length: 100)
    ring.take(packet.header, packet.bytes.span)
    #expect(eventually { (try? packets(in: files).packets.count) == 1 })
    ring.finish()
  }

  @Test func `All files together never exceed the size, and the last packets are there`() throws {
    let size = 4 << 20
    let ring = try ring(size: size)
    var largest = 0
    for number in 1...9000 as ClosedRange<UInt32> {
      let packet = Packet(number, length: 1400)
      ring.take(packet.header, packet.bytes.span)
      if number % 300 == 0 {
        usleep(5000)
        largest = max(largest, scratch.size(of: "regsift-", in: "ring"))
      }
    }
    ring.finish()
    largest = max(largest, scratch.size(of: "regsift-", in: "ring"))
    #expect(largest <= size && largest > size / 2)
    let read = try packets(in: files)
    let numbers = read.packets.map { $0.header.time.nanoseconds }
    #expect(numbers.last == Packet(9000, length: 1).header.time.nanoseconds)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 - $0 == 1_000_001 }, "no hole")
    #expect(sayings.all == [])
  }

  @Test func `Files of an earlier run count, and nothing else in the folder is touched`() throws {
    let folder = scratch.path("ring")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let big = String(repeating: "x", count: 3 << 20)
    let others = [
      "regsift-20260101T000000Z-1.pcapng", "regsift-20260101T000000Z-000001.pcapng.gz",
      "regsift-notes.txt", "night.pcapng", "regsift-2026010xT000000Z-000001.pcapng",
    ]
    for name in others { _ = try scratch.write("ring/" + name, big) }
    let own = ["regsift-20300101T000000Z-000007.pcapng", "regsift-20260101T000000Z-000123.pcapng"]
    _ = try scratch.write("ring/" + own[0], big)
    _ = try scratch.write("ring/" + own[1], String(repeating: "x", count: 1 << 20))
    let link = "regsift-20260101T000000Z-000002.pcapng"
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/" + link, withDestinationPath: folder + "/night.pcapng")
    let ring = try ring()
    for number in 1...300 as ClosedRange<UInt32> {
      let packet = Packet(number, length: 1400)
      ring.take(packet.header, packet.bytes.span)
    }
    ring.finish()
    let names = Set(scratch.names(in: "ring"))
    #expect(names.isSuperset(of: others + [link]))
    #expect(!names.contains(own[0]), "the lowest number is the oldest, whatever the clock said")
    #expect(names.contains(own[1]))
    #expect(names.contains { $0.hasSuffix("-000124.pcapng") })
  }

  @Test func `A torn last packet costs only itself`() throws {
    do {
      let ring = try ring()
      for number in 1...20 as ClosedRange<UInt32> {
        let packet = Packet(number, length: 200)
        ring.take(packet.header, packet.bytes.span)
      }
      ring.finish()
    }
    let file = try #require(files.first)
    let whole = try Data(contentsOf: URL(filePath: file))
    try whole.dropLast(50).write(to: URL(filePath: file))
    let read = try packets(in: [file])
    #expect(read.packets.count == 19)
    #expect(read.failure != nil)
    // A program that is being started holds the lock for a moment.
    var next: PacketRing?
    #expect(
      eventually {
        next = try? ring()
        return next != nil
      })
    next?.finish()
    #expect(try Data(contentsOf: URL(filePath: file)).count == whole.count - 50, "left as it was")
  }

  @Test func `A second run in the same folder is refused`() throws {
    let first = try ring()
    #expect { _ = try ring() } throws: { "\($0)" == "another run writes into it" }
    first.finish()
  }

  @Test func `What is no folder is refused with the reason`() throws {
    _ = try scratch.write("ring", "")
    #expect { _ = try ring() } throws: { "\($0)" == "cannot open the folder: Not a directory" }
  }
}
