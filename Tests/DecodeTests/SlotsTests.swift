import Decode
import Testing

@Suite("Slots")
struct SlotsTests {
  @Test("Any number is an index: only its low bits count", arguments: [1, 5, 16, 1000])
  func anyIndex(minimum: Int) {
    var slots = Slots<UInt32>(repeating: 7, minimum: minimum)
    #expect(slots.count >= minimum)
    #expect(slots.count & slots.mask == 0)
    for index in [0, -1, Int.max, Int.min, slots.count] { #expect(slots[index] == 7) }
    slots[-1] = 8
    #expect(slots[slots.count - 1] == 8)
    #expect(slots[Int.max] == 8)
    #expect(slots[slots.count] == (slots.count == 1 ? 8 : 7))
  }

  @Test("A copy has its own memory")
  func copies() {
    var slots = Slots<UInt64>(repeating: 0, minimum: 4)
    slots[2] = 5
    let copy = slots.copy()
    slots[2] = 6
    #expect(copy[2] == 5)
    #expect(copy.count == 4)
  }
}
