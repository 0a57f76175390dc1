/// The waits before each repetition of a host's OPTIONS, in milliseconds.
///
/// A few numbers whatever the number of repetitions: for each step the usual wait, and how many were
/// like it and how many were not.
public struct ResendTally: Sendable {
  /// One step.
  public struct Step: Sendable {
    /// The usual wait in milliseconds.
    public internal(set) var wait: Int64 = 0
    /// Waits like it.
    public internal(set) var alike = 0
    /// Waits unlike it.
    public internal(set) var unlike = 0
  }

  /// A repetition is sent by a timer: what differs by more has another wait, or one was lost.
  private static let jitter: Int64 = 150

  /// What is kept: as many as there are before Timer F (RFC 3261 17.1.2.2).
  private var steps = InlineArray<10, Step>(repeating: Step())

  /// The steps seen, up to the first that was not.
  public var seen: [Step] {
    var list: [Step] = []
    for index in steps.indices {
      guard steps[index].alike > 0 else { break }
      list.append(steps[index])
    }
    return list
  }

  /// Takes in the wait before a repetition; the first has number 1.
  mutating func add(_ repetition: UInt32, milliseconds: UInt32) {
    guard repetition >= 1, repetition <= 10 else { return }
    let index = Int(repetition) - 1
    let milliseconds = Int64(milliseconds)
    if steps[index].alike == 0 {
      steps[index] = Step(wait: milliseconds, alike: 1)
    } else if abs(steps[index].wait - milliseconds) <= Self.jitter {
      steps[index].alike += 1
    } else {
      steps[index].unlike += 1
      // The first was no usual one.
      if steps[index].unlike > steps[index].alike {
        steps[index] = Step(wait: milliseconds, alike: 1)
      }
    }
  }
}
