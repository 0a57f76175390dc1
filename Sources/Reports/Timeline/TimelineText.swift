import Capture

/// A timeline in letters: a column for each slice of time, a line for each lane.
struct TimelineText {
  private static let columns = 60
  private static let nameWidth = 12
  private static let mostAddresses = 6

  let model: TimelineModel
  let zone: ReportTimeZone

  /// What the letters mean.
  static let legend = """
    = lasts, + answered or sent, x no answer or refused, ? not decided, ! something was wrong
    """

  /// The lines, the clock first.
  var lines: [String] {
    [clock] + model.lanes.filter { $0.name != "Proof" }.flatMap(lines)
  }

  private func lines(_ lane: TimelineLane) -> [String] {
    let rows = lane.rows.enumerated().map { row, marks in
      let name = lane.name == "Findings" ? Self.findings(marks) : row == 0 ? lane.name : ""
      return Self.padded(name) + line(marks, of: lane)
    }
    return lane.name == "Address" ? rows + Self.addresses(lane.marks) : rows
  }

  /// The findings of a row, as far as there is room.
  private static func findings(_ marks: [TimelineMark]) -> String {
    var names: [String] = []
    for mark in marks where !names.contains(mark.label) { names.append(mark.label) }
    let name = names.joined(separator: " ")
    return name.utf8.count < nameWidth ? name : "\(names[0]) ..."
  }

  /// What the letters of the lane of addresses stand for.
  private static func addresses(_ marks: [TimelineMark]) -> [String] {
    let list = marks.prefix(mostAddresses).enumerated().map { index, mark in
      "\(padded(""))\(Unicode.Scalar(letter(index))) from \(mark.label)"
    }
    return marks.count > mostAddresses ? list + ["\(padded(""))..."] : list
  }

  private static func letter(_ index: Int) -> UInt8 { UInt8(ascii: "a") + UInt8(index % 26) }

  private func column(_ time: Timestamp) -> Int {
    let length = Double(max(model.window.upperBound.nanosecondsSince(model.window.lowerBound), 1))
    let share = Double(time.nanosecondsSince(model.window.lowerBound)) / length
    return min(max(Int(share * Double(Self.columns)), 0), Self.columns - 1)
  }

  private var clock: String {
    var line = [UInt8](repeating: UInt8(ascii: " "), count: Self.columns + 10)
    var free = 0
    for tick in TimeAxis(model.window, zone, most: 6).ticks {
      let start = column(tick.time)
      guard start >= free else { continue }
      for (offset, byte) in "|\(tick.label)".utf8.enumerated() where start + offset < line.count {
        line[start + offset] = byte
      }
      free = start + tick.label.utf8.count + 2
    }
    while line.last == UInt8(ascii: " ") { line.removeLast() }
    return Self.padded("") + String(decoding: line, as: UTF8.self)
  }

  private func line(_ marks: [TimelineMark], of lane: TimelineLane) -> String {
    var line = [UInt8](repeating: UInt8(ascii: "."), count: Self.columns)
    for (index, mark) in marks.enumerated() {
      let sign = lane.name == "Address" ? Self.letter(index) : Self.sign(mark, lane)
      for place in column(mark.from)...max(column(mark.to), column(mark.from)) {
        // What went wrong must not be hidden by what went well beside it.
        if Self.weight(sign) >= Self.weight(line[place]) { line[place] = sign }
      }
    }
    return String(decoding: line, as: UTF8.self)
  }

  private static func sign(_ mark: TimelineMark, _ lane: TimelineLane) -> UInt8 {
    if lane.name == "Findings" { return UInt8(ascii: "!") }
    switch mark.tone {
    case .good: return lane.shape == .bar ? UInt8(ascii: "=") : UInt8(ascii: "+")
    case .open: return UInt8(ascii: "?")
    case .bad: return UInt8(ascii: "x")
    case .warning, .notice: return lane.shape == .bar ? UInt8(ascii: "=") : UInt8(ascii: "x")
    }
  }

  private static func weight(_ sign: UInt8) -> Int {
    switch sign {
    case UInt8(ascii: "x"): 4
    case UInt8(ascii: "!"): 3
    case UInt8(ascii: "?"): 2
    case UInt8(ascii: "."): 0
    default: 1
    }
  }

  private static func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(nameWidth - name.utf8.count, 0))
  }
}
