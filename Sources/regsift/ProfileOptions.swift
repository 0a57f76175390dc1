import ArgumentParser
import Parameters

/// Options that change what the rules compare with.
struct ProfileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read parameter values from this file, a line NAME: value each.", valueName: "file"),
    completion: .file())
  var profile: String?

  @Option(
    name: .customShort("p"), parsing: .singleValue,
    help: ArgumentHelp(
      "Set one parameter; may be given again. See 'regsift parameters'.", valueName: "name=value"))
  var parameter: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Recommend what the documentation advises for this deployment; may be given again.",
      valueName: "name"),
    completion: .list(Scenario.allCases.map(\.rawValue)), transform: Scenario.init(option:))
  var scenario: [Scenario] = []

  /// The profile in effect: documented defaults, then the file, then the command line.
  func makeProfile() throws -> Profile {
    var values = Profile()
    if let profile { try Self.load(profile, into: &values) }
    for assignment in parameter { try Self.set(assignment, in: &values) }
    for scenario in scenario { try Self.choose(scenario, in: &values) }
    return values
  }

  private static func load(_ file: String, into values: inout Profile) throws {
    let text: String
    do {
      text = try SmallFile.read(file)
    } catch {
      throw UsageError("--profile \(file): \(error)")
    }
    do {
      try values.load(text: text, file: file)
    } catch {
      throw UsageError("--profile \(error)")
    }
  }

  private static func choose(_ scenario: Scenario, in values: inout Profile) throws {
    do {
      try values.choose(scenario)
    } catch {
      throw UsageError("--scenario \(scenario.rawValue): \(error)")
    }
  }

  private static func set(_ assignment: String, in values: inout Profile) throws {
    guard let equals = assignment.firstIndex(of: "=") else {
      throw UsageError("-p \(assignment): it takes NAME=VALUE")
    }
    let name = assignment[..<equals]
    let value = assignment[assignment.index(after: equals)...]
    do {
      try values.set(String(name), to: String(value), source: .commandLine)
    } catch {
      let isUnknown = error.reason == .unknownName && error.nearest == nil
      let hint = isUnknown ? "; 'regsift parameters' lists them" : ""
      throw UsageError("-p \(assignment): \(error)\(hint)")
    }
  }
}
