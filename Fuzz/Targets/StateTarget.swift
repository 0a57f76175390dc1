import Analysis
import CZlib
import Capture
import Decode
import Parameters
import SavedState

/// Reads a saved state: any file at all, or packets in a file that is otherwise in order.
enum StateTarget {
  private static let host = "trial"

  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    var dealer = Dealer(bytes)
    let isFile = dealer.byte() & 1 == 0
    let file = ScratchFile()
    file.write(isFile ? dealer.rest() : state(&dealer))
    let now = Timestamp(seconds: 1_800_000_000, nanoseconds: 0)
    do throws(StateRefusal) {
      let run = try SavedRun(path: file.path, host: host, now: now)
      var pipeline = Pipeline(profile: Profile(), seed: 1)
      pipeline.goOn(from: run.saved, at: now)
      try run.forEachBinding { facts, message, bytes, device, registrar in
        pipeline.restore(facts, message, bytes, from: device, to: registrar)
      }
      let packet = Packets.datagram([13, 10], from: Conversation.ends[1], to: Conversation.ends[0])
      pipeline.take(Packets.header(packet, number: 1, at: now + .seconds(30)), packet.span)
      pipeline.wait(until: now + .seconds(7200))
      _ = pipeline.diagnose(files: [], drops: nil)
    } catch {
      try Shown.demandPlain(error.description, "the refusal")
      // Else nothing of a state would be tried any more.
      if !isFile, case .otherVersion = error { try demand(false, "its own states are read") }
    }
  }

  /// A state around payloads: the checksum would keep a fuzzer out.
  private static func state(_ dealer: inout Dealer) -> [UInt8] {
    var file = StateFile()
    let nowhere = Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 9)
    file.add(
      "regsift-state \(StateWriter.version)\nsaved 1799999999000000000\nhost \(host)\n", nowhere,
      nowhere)
    var bindings = 0
    while !dealer.isEmpty, bindings < 100 {
      let choice = dealer.byte()
      let payload = dealer.bytes(Int(dealer.word() & 0x7FF))
      file.add(payload, Conversation.ends[Int(choice & 7)], Conversation.ends[Int(choice >> 3 & 7)])
      bindings += 1
    }
    file.end(bindings: bindings, nowhere)
    return file.bytes
  }
}

/// A classic capture of packets without link layer, with the checksum of a state.
private struct StateFile {
  private(set) var bytes: [UInt8] = []
  private var sum: UInt = 0
  private let seconds: UInt32 = 1_799_999_000

  init() { for word in [0xA1B2_3C4D, 4 << 16 | 2, 0, 0, 262_144, 101] as [UInt32] { put(word) } }

  mutating func add(_ text: String, _ source: Endpoint, _ destination: Endpoint) {
    add(Array(text.utf8), source, destination)
  }

  mutating func add(_ payload: [UInt8], _ source: Endpoint, _ destination: Endpoint) {
    let packet = Packets.datagram(payload, from: source, to: destination)
    let nanoseconds = Int64(seconds) * 1_000_000_000
    withUnsafeBytes(of: nanoseconds.littleEndian) { add(toSum: $0) }
    packet.withUnsafeBytes { add(toSum: $0) }
    for word in [seconds, 0, UInt32(packet.count), UInt32(packet.count)] { put(word) }
    bytes += packet
  }

  mutating func end(bindings: Int, _ nowhere: Endpoint) {
    let sum = String(sum, radix: 16)
    add("regsift-state-end\nbindings \(bindings)\ntold 0\ncrc32 \(sum)\n", nowhere, nowhere)
  }

  private mutating func add(toSum part: UnsafeRawBufferPointer) {
    sum = crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, uInt(part.count))
  }

  private mutating func put(_ word: UInt32) {
    withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
  }
}
