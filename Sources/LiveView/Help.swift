/// What the keys do.
enum Help {
  private static let keys: [(key: String, meaning: String)] = [
    ("arrows, j k", "move; PgUp PgDn by a screen, g G to the beginning and the end"),
    ("Enter", "the account's history: what is wrong, what to set, its registrations"),
    ("Esc", "back; takes a filter away"),
    ("Tab", "current findings, accounts, events"),
    ("s", "next order of the list"),
    ("/", "show only what has these words: rule, account, level or text"),
    ("p", "stop the display and go on; the capture always goes on"),
    ("q, Ctrl-C", "end the capture; the report follows"),
    ("Ctrl-Z", "back to the shell; the capture stands still until fg"),
    ("Ctrl-L", "draw everything anew"),
  ]

  private static let remarks = [
    "A current finding goes on as far as the packets tell, or has put its account out of service.",
    "One that is over is among the events and in its account's history. 'no answer': registered,",
    "but an error about it goes on.",
  ]

  static func lines(limit: Int) -> [Line] {
    let width = 12
    var lines = [Line(limit: limit)]
    for (key, meaning) in keys {
      for (index, part) in Paragraph.lines(meaning, width: limit - width - 2).enumerated() {
        var line = Line(limit: limit)
        line.skip(1)
        line.put(index == 0 ? key : "", cell: width, .heading)
        line.put(part)
        lines.append(line)
      }
    }
    lines.append(Line(limit: limit))
    for part in Paragraph.lines(remarks.joined(separator: " "), width: limit - 1) {
      lines.append(Line(" " + part, limit: limit))
    }
    return lines
  }
}
