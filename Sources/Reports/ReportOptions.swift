/// How a report for a person is laid out.
public struct ReportOptions: Sendable {
  /// Columns of the terminal.
  ///
  /// Default 80; narrower than 40 is taken as 40.
  public var width = 80
  /// Whether to colour (ECMA-48 escape sequences).
  ///
  /// Default no: the caller knows the terminal.
  public var isColored = false
  /// The clock times are told in.
  ///
  /// Default UTC.
  public var timeZone = ReportTimeZone.utc
  /// Findings told in full; of further ones only the number is given.
  ///
  /// Default 50.
  public var findings = 50
  /// Accounts listed; of further ones only the number is given.
  ///
  /// Default 20.
  public var accounts = 20

  /// The defaults.
  public init() {}
}
