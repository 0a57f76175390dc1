/// The values in effect: documented defaults, overridden by a file, overridden by the command line.
public struct Profile: Sendable {
  /// Where a value comes from.
  public enum Source: Hashable, Sendable, CustomStringConvertible {
    /// The default of the documentation, or of regsift for its own settings.
    case documented
    /// Line `line` (from 1) of the profile file `file`.
    case profile(file: String, line: Int)
    /// An option of the command line.
    case commandLine

    /// The word reports use: documented, profile or command-line.
    public var description: String {
      switch self {
      case .documented: "documented"
      case .profile: "profile"
      case .commandLine: "command-line"
      }
    }
  }

  /// One parameter with the value in effect.
  public struct Entry: Sendable {
    /// What it is.
    public let parameter: Parameter
    /// Its value; `nil` when nobody stated one and no default is documented.
    public fileprivate(set) var value: ParameterValue?
    /// Where the value comes from.
    public fileprivate(set) var source: Source
    /// What the scenarios recommend; `nil` when they do not speak of it.
    public fileprivate(set) var recommended: Recommendation?

    /// Whether the value is known and is not what the scenarios recommend.
    public var isOutsideRecommendation: Bool {
      guard let value, let recommended else { return false }
      return !recommended.includes(value)
    }
  }

  /// Every parameter with its value, in the order of the catalogue.
  public private(set) var entries: [Entry]
  /// The numbers among the values, in the same order: what rules ask for, again and again.
  private var numbers: [Int?]
  /// The scenarios that recommend values, in the order they were chosen.
  public private(set) var scenarios: [Scenario] = []

  /// Makes a profile of documented defaults.
  public init() {
    entries = Parameter.all.map {
      Entry(parameter: $0, value: $0.documentedDefault, source: .documented)
    }
    numbers = entries.map(\.value?.number)
  }

  /// Gives the parameter called `name`, in any spelling, the value written as `text`.
  ///
  /// Throws a `ProfileError` when there is no such parameter or it does not accept the value;
  /// the profile is unchanged then.
  public mutating func set(
    _ name: String, to text: String, source: Source
  ) throws(ProfileError) {
    guard let position = Parameter.positions[Spelling.folded(name)] else {
      throw ProfileError(.unknownName, parameter: name, value: text, source: source)
    }
    let parameter = Parameter.all[position]
    guard let value = parameter.value(from: text) else {
      throw ProfileError(.notAccepted, parameter: name, value: text, source: source)
    }
    entries[position].value = value
    numbers[position] = value.number
    entries[position].source = source
  }

  /// The entry of the parameter called `name`, in any spelling; `nil` when there is none.
  public func entry(named name: String) -> Entry? {
    Parameter.positions[Spelling.folded(name)].map { entries[$0] }
  }
}

extension Profile {
  /// Recommends what `scenario` advises, beside what other scenarios do.
  ///
  /// Throws a `ScenarioConflict` when an earlier one advises the opposite; the profile is unchanged
  /// then. Choosing the same one again changes nothing.
  public mutating func choose(_ scenario: Scenario) throws(ScenarioConflict) {
    guard !scenarios.contains(scenario) else { return }
    var entries = entries
    for (name, advice) in scenario.recommendations {
      guard let position = Parameter.positions[Spelling.folded(name)] else { continue }
      guard let earlier = entries[position].recommended else {
        entries[position].recommended = advice
        continue
      }
      guard let common = earlier.narrowed(by: advice) else {
        throw ScenarioConflict(parameter: name, earlier: earlier, later: advice)
      }
      entries[position].recommended = common
    }
    self.entries = entries
    scenarios.append(scenario)
  }

  /// What the scenarios recommend for a time of the switch; `nil` when they do not speak of it.
  public func recommended(_ key: SecondsParameter) -> Recommendation? {
    key.position.flatMap { entries[$0].recommended }
  }

  /// What the scenarios recommend for a parameter that is On or Off; `nil` when they do not speak
  /// of it.
  public func recommended(_ key: FlagParameter) -> Recommendation? {
    key.position.flatMap { entries[$0].recommended }
  }
}

extension Profile {
  /// The time a switch parameter is set to; `nil` when unknown or left to negotiation.
  public func seconds(_ key: SecondsParameter) -> Duration? {
    integer(key).map { .seconds($0) }
  }

  /// The same as a number of seconds, which costs less to compare.
  public func wholeSeconds(_ key: SecondsParameter) -> Int? {
    integer(key)
  }

  /// The count a switch parameter is set to; `nil` when unknown.
  public func count(_ key: CountParameter) -> Int? {
    integer(key)
  }

  /// Whether a switch parameter is On; `nil` when unknown.
  public func isOn(_ key: FlagParameter) -> Bool? {
    guard case .flag(let isOn) = value(key) else { return nil }
    return isOn
  }

  /// The text a switch parameter is set to; `nil` when unknown.
  public func text(_ key: TextParameter) -> String? {
    guard case .text(let text) = value(key) else { return nil }
    return text
  }

  /// A time of regsift's own settings.
  public func seconds(_ key: SecondsSetting) -> Duration {
    .seconds(setting(key))
  }

  /// A count or percentage of regsift's own settings.
  public func count(_ key: CountSetting) -> Int {
    setting(key)
  }

  private func value(_ key: some ParameterKey) -> ParameterValue? {
    key.position.flatMap { entries[$0].value }
  }

  private func integer(_ key: some ParameterKey) -> Int? {
    key.position.flatMap { numbers[$0] }
  }

  private func setting(_ key: some ParameterKey) -> Int {
    guard let number = integer(key) else {
      // Every setting has a default and only ever takes a number: a test walks all of them.
      preconditionFailure("setting \(key) has no number in the catalogue")
    }
    return number
  }
}

extension ParameterValue {
  /// The number it is; `nil` where it is none.
  fileprivate var number: Int? {
    guard case .integer(let number) = self else { return nil }
    return number
  }
}
