import Capture
import Testing

@testable import Registrations

@Suite("How a switch spreads its keepalives")
struct SwitchKeepalivesTests {
  /// Cycles of 30 s with bursts of so many keepalives, 2 ms apart, 500 ms between bursts.
  private func sent(_ bursts: [Int], cycles: Int) -> SwitchKeepalives {
    var keepalives = SwitchKeepalives()
    let text = Array("HELLO".utf8)
    for cycle in 0..<cycles {
      for (number, size) in bursts.enumerated() {
        for place in 0..<size {
          let milliseconds = Int64(cycle * 30_000 + number * 500 + place * 2)
          keepalives.note(
            1, text.span, at: Timestamp(nanoseconds: milliseconds * 1_000_000))
        }
      }
    }
    return keepalives
  }

  @Test("bursts that others follow in the same cycle tell size and pause")
  func bursts() {
    let keepalives = sent([4, 4, 3], cycles: 3)
    #expect(keepalives.sizes == [4: 6])
    #expect(keepalives.largestBurst == 4)
    #expect(keepalives.pauses.count == 6)
    #expect(keepalives.pauses.median == 0.494)
    #expect(keepalives.texts.map(\.text) == ["HELLO"])
    #expect(keepalives.texts.map(\.count) == [33])
  }

  @Test("one burst a cycle tells neither pause nor limit")
  func single() {
    let keepalives = sent([5], cycles: 4)
    #expect(keepalives.sizes.isEmpty)
    #expect(keepalives.pauses.count == 0)
    #expect(keepalives.largestBurst == 5)
  }

  @Test("ever new texts do not fill memory")
  func manyTexts() {
    var keepalives = SwitchKeepalives()
    for number in 0..<1000 {
      let text = Array("\(number)".utf8)
      keepalives.note(
        UInt64(number), text.span, at: Timestamp(nanoseconds: Int64(number) * 1_000_000_000))
    }
    #expect(keepalives.texts.count == 16)
  }
}
