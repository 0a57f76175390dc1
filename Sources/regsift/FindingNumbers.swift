import Rules

/// The numbers that events have given to the findings that are there.
struct FindingNumbers {
  private let numbers: [FindingKey: Int]

  /// No numbers yet, or these.
  init(_ numbers: [FindingKey: Int] = [:]) { self.numbers = numbers }

  /// How many are remembered.
  var count: Int { numbers.count }

  /// The number of a finding; 0 where no event told of it.
  subscript(finding: Finding) -> Int { numbers[FindingKey(finding)] ?? 0 }
}
