extension ParameterValue {
  /// The value as a profile file spells it: reads back as the same value.
  public var yaml: String {
    switch self {
    case .integer, .flag, .auto: description
    case .text(let text): Self.quoted(text)
    }
  }

  /// A double-quoted scalar (YAML 1.2, 7.3.1) on one line.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where mustBeEscaped(scalar): quoted += escape(scalar)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// What no parameter accepts is not looked for; of the rest YAML takes some for a line break, and
  /// allows others only in this way (YAML 1.2, 5.1).
  private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2028, 0x2029, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
