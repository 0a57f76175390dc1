import Foundation
import Testing

@testable import LiveOutputs

@Suite struct RingLossTests {
  private func take(_ count: Int, into intake: inout RingIntake) -> [Bool] {
    let packet = Packet(1, length: 60_000)
    return (0..<count).map { _ in
      packet.bytes.withUnsafeBufferPointer { intake.take(packet.header, $0) }
    }
  }

  @Test func `Packets that nobody writes are counted, and memory stays as it is`() {
    var intake = RingIntake(names: ["eth0"])
    _ = take(700, into: &intake)
    let kept = RingIntake.capacity / RingBlocks.packetLength(60_000)
    #expect(intake.batch.packets == kept)
    #expect(intake.batch.omitted == 700 - kept)
    var other = RingIntake.Batch()
    intake.exchange(&other)
    #expect(other.bytes.count <= RingIntake.capacity)
    other.empty()
    #expect(other.bytes.capacity < RingIntake.capacity * 11 / 10, "never grown, and kept")
    #expect(other.bytes.capacity >= RingIntake.capacity)
  }

  @Test func `The writer is told of the first packet and of plenty, not of each`() {
    var intake = RingIntake(names: ["eth0"])
    let told = take(20, into: &intake)
    #expect(told.indices.filter { told[$0] } == [0, (512 << 10) / RingBlocks.packetLength(60_000)])
  }

  @Test func `Plenty of packets are written at once, also when they came while others were`() throws
  {
    let scratch = try Scratch()
    let writer = try RingWriter(
      RingFolder.open(path: scratch.path("ring"), size: 16 << 20, application: "test"),
      names: ["eth0"], patience: .seconds(600), say: { _ in })
    // The writer is not listening yet, as when it writes: the first packet and plenty ring once.
    let packet = Packet(1, length: 60_000)
    for _ in 0..<20 {
      packet.bytes.withUnsafeBufferPointer { writer.take(packet.header, $0) }
    }
    Thread.detachNewThread { writer.run() }
    #expect(eventually { scratch.size(of: "regsift-", in: "ring") > 20 * 60_000 })
    writer.end()
  }

  @Test func `A disk that refuses is told once, left alone for a while, and told when it is back`()
  {
    var losses = RingLosses()
    #expect(losses.isWorthTrying)
    let failure = OutputError("cannot write", 28)
    #expect(
      losses.note(isTried: true, failure: failure, lost: 3, omitted: 0)
        == "cannot write: No space left on device; packets are not kept until it can be written again"
    )
    #expect(!losses.isWorthTrying)
    #expect(losses.note(isTried: false, failure: nil, lost: 10, omitted: 0) == nil)
    #expect(losses.note(isTried: true, failure: failure, lost: 1, omitted: 0) == nil)
    #expect(
      losses.note(isTried: true, failure: nil, lost: 0, omitted: 0)
        == "written again; 14 packets were not kept")
    #expect(losses.isWorthTrying)
    #expect(losses.summary == "14 packets were not kept in all")
  }

  @Test func `A slow disk is told once, and counted`() {
    var losses = RingLosses()
    #expect(losses.summary == nil)
    #expect(losses.note(isTried: true, failure: nil, lost: 0, omitted: 5)?.contains("slow") == true)
    #expect(losses.note(isTried: true, failure: nil, lost: 0, omitted: 7) == nil)
    #expect(losses.summary == "12 packets were not kept in all")
  }
}
