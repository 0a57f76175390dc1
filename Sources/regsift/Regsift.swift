import ArgumentParser
import Parameters
import Reports

/// The program: its name, its version and its subcommands.
struct Regsift: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regsift",
    abstract: "Tells from packets why phones and trunks drop off a softswitch.",
    version: regsiftVersion,
    subcommands: [
      AnalyzeCommand.self, SniffCommand.self, ReportCommand.self, RulesCommand.self,
      ParametersCommand.self, InterfacesCommand.self,
    ])

  func run() throws {
    throw UsageError("a command is missing: \(Self.commandNames.joined(separator: ", "))")
  }

  /// What can stand first on the command line, beside options.
  static var commandNames: [String] {
    configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
  }
}

/// A subcommand that says how it ended.
protocol Subcommand: ParsableCommand {
  /// Does the work; throws a `UsageError` when something it was given is wrong, `CannotWrite` when
  /// there is no place for what it makes.
  func perform() throws -> ExitStatus
}

/// What the program's end tells scripts.
enum ExitStatus: Int32 {
  /// Done, and nothing found at or above the level asked for.
  case clean = 0
  /// Findings at or above the level asked for.
  case findings = 1
  /// An input could not be opened or broke off, or the report could not be written.
  case trouble = 2
  /// Wrong usage (EX_USAGE of sysexits.h).
  case usage = 64
  /// No permission to capture (EX_NOPERM of sysexits.h).
  case noPermission = 77
}

/// A place named on the command line where nothing can be written, in one line: no mistake of
/// usage, and known before hours of captures are read.
struct CannotWrite: Error, CustomStringConvertible {
  let description: String

  /// `obstacle` is the system's error number.
  init(_ option: String, _ path: String, _ obstacle: Int32, _ what: String = "cannot write") {
    self.init("\(option) \(path): \(what): \(systemMessage(obstacle))")
  }

  init(_ description: String) { self.description = description }
}

/// Something on the command line that cannot be used, in one line.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// `text` is none of `words`, the values that can be given.
  init(_ text: String, isNoneOf words: [String]) {
    var line = "it takes \(words.joined(separator: ", "))"
    if let nearest = Spelling.nearest(to: text, among: words) {
      line += "; the nearest is \(nearest)"
    }
    self.init(line)
  }
}
