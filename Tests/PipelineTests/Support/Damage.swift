import Capture

/// One way in which a capture does not show what happened.
enum Damage: Sendable {
  /// This share of the frames, in percent, is missing.
  case lost(percent: Int, seed: UInt64)
  /// This share of the frames, in percent, is there twice.
  case doubled(percent: Int, seed: UInt64)
  /// Frames stand up to this many seconds later in the file, with their true times.
  case late(seconds: Int, seed: UInt64)
  /// Frames were captured up to this many milliseconds later than sent.
  case delayed(milliseconds: Int, seed: UInt64)
  /// A bit is flipped in this share of the frames, in percent.
  case flipped(percent: Int, seed: UInt64)
  /// The snap length.
  case cut(Int)
  /// Nothing the registrar sent.
  case onlyToRegistrar
  /// Nothing the registrar was sent.
  case onlyFromRegistrar
  /// The capture began late.
  case firstThirdMissing
  /// The capture ended early.
  case lastThirdMissing
}

extension Damage {
  /// The frames as they would be in a capture with this damage.
  func applied(to frames: [StoredFrame]) -> [StoredFrame] {
    switch self {
    case .lost(let percent, let seed):
      var dice = Dice(seed)
      return frames.filter { _ in !dice.hits(percent) }
    case .doubled(let percent, let seed):
      var dice = Dice(seed)
      let copies = frames.filter { _ in dice.hits(percent) }.map { $0.later(.milliseconds(1)) }
      return Self.inOrder(frames + copies, by: \.header.time)
    case .late(let seconds, let seed):
      var dice = Dice(seed)
      let placed = frames.map {
        (frame: $0, place: $0.header.time + .milliseconds(dice.number(below: seconds * 1000)))
      }
      return Self.inOrder(placed, by: \.place).map(\.frame)
    case .delayed(let milliseconds, let seed):
      var dice = Dice(seed)
      let delayed = frames.map { $0.later(.milliseconds(dice.number(below: milliseconds + 1))) }
      return Self.inOrder(delayed, by: \.header.time)
    case .flipped(let percent, let seed):
      var dice = Dice(seed)
      return frames.map { frame in
        guard dice.hits(percent), !frame.bytes.isEmpty else { return frame }
        var flipped = frame
        flipped.bytes[dice.number(below: frame.bytes.count)] ^= 1 << UInt8(dice.number(below: 8))
        return flipped
      }
    case .cut(let length): return frames.map { $0.cut(to: length) }
    case .onlyToRegistrar: return frames.filter { !$0.isFromLabRegistrar }
    case .onlyFromRegistrar: return frames.filter(\.isFromLabRegistrar)
    case .firstThirdMissing: return Array(frames.dropFirst(frames.count / 3))
    case .lastThirdMissing: return Array(frames.dropLast(frames.count / 3))
    }
  }

  private static func inOrder<Element>(
    _ elements: [Element], by key: (Element) -> Timestamp
  ) -> [Element] {
    elements.enumerated().sorted {
      (key($0.element), $0.offset) < (key($1.element), $1.offset)
    }.map(\.element)
  }
}

extension StoredFrame {
  fileprivate func later(_ time: Duration) -> StoredFrame {
    var later = self
    later.header.time = header.time + time
    return later
  }

  /// Whether it comes from 203.0.113.0/24 or 2001:db8:113::/48, where the lab's registrars are.
  fileprivate var isFromLabRegistrar: Bool {
    bytes.dropFirst(26).starts(with: [203, 0, 113])
      || bytes.dropFirst(22).starts(with: [0x20, 0x01, 0x0D, 0xB8, 0x01, 0x13])
  }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func number(below limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)) % UInt64(max(limit, 1)))
  }

  mutating func hits(_ percent: Int) -> Bool { number(below: 100) < percent }
}
