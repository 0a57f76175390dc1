import Capture
import Decode
import Testing

/// The filter as the tests' macros can take it: copyable, asked with an array.
private final class Filter {
  private var filter: DuplicateFilter

  init(limits: DuplicateLimits = .init()) {
    filter = DuplicateFilter(limits: limits, seed: 3)
  }

  var copies: UInt64 { filter.copies }

  func isCopy(_ datagram: Datagram, payload: [UInt8], time: Timestamp) -> Bool {
    filter.isCopy(filter.imprint(of: datagram, payload: payload.span, time: time))
  }
}

@Suite struct DuplicateFilterTests {
  private func datagram(
    id: UInt32 = 77, from: String = "192.0.2.1:5060", to: String = "198.51.100.2:5060",
    ttl: UInt8 = 64
  ) throws -> Datagram {
    Datagram(
      source: try #require(Endpoint(from)), destination: try #require(Endpoint(to)),
      payload: 0..<payload.count, ttl: ttl, identification: id,
      firstFragment: FrameReference(file: 0, number: 1))
  }

  private func time(_ milliseconds: Double) -> Timestamp {
    Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(milliseconds * 1e6))
  }

  @Test(
    "The second of two equal datagrams is a copy only when nothing says that it was sent again",
    arguments: [
      ("same identification at once", 77, 77, 0.01, true),
      ("same identification, slow router", 77, 77, 120, true),
      ("constant identification after T1", 77, 77, 500, false),
      ("same identification, clock of a merged capture", 77, 77, -2, true),
      ("other identification at once", 77, 78, 0.01, false),
      ("other identification after T1", 77, 78, 500, false),
      ("none at once", 0, 0, 0.01, true),
      ("none, mirrored", 0, 0, 5, true),
      ("none, repeated after 100 ms", 0, 0, 98, false),
      ("none and one", 0, 78, 0.01, false),
      ("one and none", 77, 0, 0.01, false),
    ] as [(String, UInt32, UInt32, Double, Bool)])
  func identification(name: String, first: UInt32, second: UInt32, later: Double, isCopy: Bool)
    throws
  {
    let filter = Filter()
    let one = try datagram(id: first)
    let other = try datagram(id: second, ttl: 63)
    #expect(!filter.isCopy(one, payload: payload, time: time(0)))
    #expect(filter.isCopy(other, payload: payload, time: time(later)) == isCopy, "\(name)")
    #expect(filter.copies == (isCopy ? 1 : 0))
  }

  @Test("Another payload, flow or direction is no copy")
  func different() throws {
    let filter = Filter()
    let one = try datagram(id: 0)
    #expect(!filter.isCopy(one, payload: payload, time: time(0)))
    for index in payload.indices {
      var changed = payload
      changed[index] ^= 1
      #expect(!filter.isCopy(one, payload: changed, time: time(0)), "byte \(index)")
      let shorter = Array(payload[..<index])
      #expect(!filter.isCopy(one, payload: shorter, time: time(0)), "\(index) bytes")
    }
    let turned = try datagram(id: 0, from: "198.51.100.2:5060", to: "192.0.2.1:5060")
    #expect(!filter.isCopy(turned, payload: payload, time: time(0)))
    let otherPort = try datagram(id: 0, from: "192.0.2.1:5061")
    #expect(!filter.isCopy(otherPort, payload: payload, time: time(0)))
    #expect(filter.isCopy(one, payload: payload, time: time(0.1)))
  }

  @Test("Keepalives of zeros differ by their length alone")
  func zeros() throws {
    let filter = Filter()
    let one = try datagram(id: 0)
    for length in 0..<40 {
      let zeros = [UInt8](repeating: 0, count: length)
      #expect(!filter.isCopy(one, payload: zeros, time: time(0)), "\(length)")
      #expect(filter.isCopy(one, payload: zeros, time: time(0)), "\(length)")
    }
  }

  @Test("A keepalive sent every 20 s with a new identification is never a copy, its copies are")
  func keepalives() throws {
    let filter = Filter()
    for round in 0..<100 {
      let sent = try datagram(id: UInt32(round) + 1)
      let at = Double(round) * 20_000
      #expect(!filter.isCopy(sent, payload: [0, 0, 0, 0], time: time(at)))
      #expect(filter.isCopy(sent, payload: [0, 0, 0, 0], time: time(at + 0.2)))
      #expect(filter.isCopy(sent, payload: [0, 0, 0, 0], time: time(at + 0.4)))
    }
    #expect(filter.copies == 200)
  }

  @Test("Memory is bounded: the newer ones are known, older ones make room")
  func boundedMemory() throws {
    var limits = DuplicateLimits()
    limits.memory = 2
    let filter = Filter(limits: limits)
    func message(_ number: Int) -> [UInt8] { Array("message \(number)".utf8) }
    let one = try datagram()
    for number in 0..<20 {
      #expect(!filter.isCopy(one, payload: message(number), time: time(0)))
    }
    #expect(filter.isCopy(one, payload: message(19), time: time(0)))
    #expect(filter.isCopy(one, payload: message(18), time: time(0)))
    #expect(!filter.isCopy(one, payload: message(17), time: time(0)))
  }

  @Test("A burst of a thousand messages in one millisecond hides few copies")
  func burst() throws {
    let filter = Filter()
    func message(_ number: Int) -> [UInt8] { Array("message \(number)".utf8) }
    let one = try datagram()
    for number in 0..<1000 { _ = filter.isCopy(one, payload: message(number), time: time(0)) }
    let known = (0..<1000).count { filter.isCopy(one, payload: message($0), time: time(1)) }
    // Three in one place of 4096 are rare.
    #expect(known > 950)
  }

  @Test("A client that sends the same message in a loop costs no more per message")
  func loop() throws {
    let filter = Filter()
    for round in 0..<20_000 {
      let sent = try datagram(id: UInt32(round % 65_535) + 1)
      let at = time(Double(round) / 100)
      #expect(!filter.isCopy(sent, payload: payload, time: at))
    }
    let last = try datagram(id: 20_000)
    #expect(filter.isCopy(last, payload: payload, time: time(200)))
  }

  @Test("A limit of zero does not crash")
  func zeroLimit() throws {
    var limits = DuplicateLimits()
    limits.memory = 0
    let filter = Filter(limits: limits)
    let one = try datagram()
    #expect(!filter.isCopy(one, payload: payload, time: time(0)))
    #expect(filter.isCopy(one, payload: payload, time: time(0)))
  }
}
