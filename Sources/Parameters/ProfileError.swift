/// Why a value was not taken into the profile.
public struct ProfileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was wrong.
  public enum Reason: Hashable, Sendable {
    /// No parameter has this name.
    case unknownName
    /// The parameter does not accept the value.
    case notAccepted
    /// The file gave the parameter a value before, at line `firstLine`.
    case repeated(firstLine: Int)
    /// The line is not of the form `NAME: value`; says what was expected.
    case syntax(String)
  }

  /// What was wrong.
  public let reason: Reason
  /// The name as written; empty when the line has none.
  public let parameter: String
  /// The value as written; empty when the line has none.
  public let value: String
  /// What the parameter accepts, in words; `nil` when there is no such parameter.
  public let accepted: String?
  /// The known name nearest to the one written; `nil` when the name is known or none is near.
  public let nearest: String?
  /// Where the value was given.
  public let source: Profile.Source

  init(_ reason: Reason, parameter: String, value: String, source: Profile.Source) {
    self.reason = reason
    self.parameter = parameter
    self.value = value
    self.source = source
    let known = Parameter.named(parameter)
    accepted = known?.acceptedValues
    nearest =
      known == nil && !parameter.isEmpty
      ? Spelling.nearest(to: parameter, among: Parameter.all.map(\.name)) : nil
  }

  /// The whole story in one line.
  public var description: String {
    var line = place
    switch reason {
    case .unknownName:
      line += "there is no parameter \"\(Self.printable(parameter))\""
      if let nearest { line += "; the nearest name is \(nearest)" }
    case .notAccepted:
      line += "\(Self.printable(parameter)) does not accept \"\(Self.printable(value))\""
      if let accepted { line += "; it accepts \(accepted)" }
    case .repeated(let firstLine):
      line += "\(Self.printable(parameter)) already has a value from line \(firstLine)"
    case .syntax(let expectation):
      line += expectation
    }
    return line
  }

  private var place: String {
    guard case .profile(let file, let line) = source else { return "" }
    return "\(Self.printable(file)):\(line): "
  }

  /// Text safe to show on a terminal and on one line, cut when long.
  static func printable(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(100) {
      shown += isHidden(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return text.unicodeScalars.count > 100 ? shown + "..." : shown
  }

  /// Controls, ends of lines, and the marks that turn text around or show nothing.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

/// Two scenarios that advise different values of one parameter.
public struct ScenarioConflict: Error, Hashable, Sendable, CustomStringConvertible {
  /// The parameter they disagree about.
  public let parameter: String
  /// What the scenarios chosen before advise.
  public let earlier: Recommendation
  /// What the one that was refused advises.
  public let later: Recommendation

  /// The whole story in one line.
  public var description: String {
    let names = { (advice: Recommendation) in
      advice.scenarios.map(\.rawValue).joined(separator: ", ")
    }
    return "\(parameter) cannot be \(earlier.words) (\(names(earlier))) and \(later.words) "
      + "(\(names(later))) at once"
  }
}
