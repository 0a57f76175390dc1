import Rules

/// Something that became of a finding while a capture runs.
struct LiveEvent {
  enum Kind: String {
    /// It is there for the first time.
    case opened
    /// It has happened again, or got worse.
    case updated
    /// What was wrong is over.
    case closed
    /// Later packets showed that it was none.
    case withdrawn
  }

  let kind: Kind
  /// Names the finding as long as the program runs.
  let number: Int
  let finding: Finding
}
