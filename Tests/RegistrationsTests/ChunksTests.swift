import Testing

@testable import Registrations

@Suite("Records in pieces")
struct ChunksTests {
  @Test("every record stays what and where it is while more are added")
  func growth() {
    var chunks = Chunks<Int>()
    for number in 0..<2000 {
      chunks.append(number)
      #expect(chunks.count == number + 1)
    }
    for index in chunks.indices { chunks[index] *= 3 }
    #expect(chunks.indices.allSatisfy { chunks[$0] == 3 * $0 })
  }

  @Test(
    "what is in it goes with it, also from a piece that is not full", arguments: [0, 1, 256, 700])
  func release(_ count: Int) {
    final class Alive { var number = 0 }
    final class Guest {
      let alive: Alive
      init(_ alive: Alive) {
        self.alive = alive
        alive.number += 1
      }
      deinit { alive.number -= 1 }
    }
    let alive = Alive()
    do {
      var chunks = Chunks<Guest>()
      for _ in 0..<count { chunks.append(Guest(alive)) }
      #expect(alive.number == chunks.count)
    }
    #expect(alive.number == 0)
  }
}
