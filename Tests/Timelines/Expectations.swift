extension Sample {
  /// Reads the lines of an `expect.txt`; throws a `TimelineError` naming the line that is wrong.
  ///
  ///     ACCOUNT violated from A..B to C..D [saying WORD]
  ///     ACCOUNT VERDICT[|VERDICT...]
  ///     also RULE ACCOUNT
  ///     set NAME VALUE
  public static func expectations(
    in text: String
  ) throws(TimelineError) -> ([Expectation], [Allowance]) {
    var expectations: [Sample.Expectation] = []
    var allowances: [Sample.Allowance] = []
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let words = try words(of: line, number: number).map(\.text)
      guard let first = words.first, first != "set" else { continue }
      if first == "also" {
        guard words.count == 3 else {
          throw TimelineError(line: number, message: "expected: also RULE ACCOUNT")
        }
        allowances.append(Sample.Allowance(rule: words[1], account: words[2]))
      } else {
        guard let expectation = expectation(words) else {
          throw TimelineError(line: number, message: "expected: ACCOUNT VERDICT, not \(line)")
        }
        expectations.append(expectation)
      }
    }
    guard !expectations.isEmpty else {
      throw TimelineError(line: number, message: "expected at least one verdict")
    }
    return (expectations, allowances)
  }

  /// Reads what an `expect.txt` sets; throws a `TimelineError` naming the line that is wrong.
  public static func settings(in text: String) throws(TimelineError) -> [Setting] {
    var settings: [Setting] = []
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let words = try words(of: line, number: number).map(\.text)
      guard words.first == "set" else { continue }
      guard words.count == 3 else {
        throw TimelineError(line: number, message: "expected: set NAME VALUE")
      }
      settings.append(Setting(name: words[1], value: words[2]))
    }
    return settings
  }
}

private func expectation(_ words: [String]) -> Sample.Expectation? {
  guard words.count >= 2, words[0].contains("@") || words[0] == "-" else { return nil }
  if words[1] == Sample.Verdict.violated.rawValue { return violation(words) }
  let named = words[1].split(separator: "|", omittingEmptySubsequences: false)
  let verdicts = named.compactMap { Sample.Verdict(rawValue: String($0)) }
  guard words.count == 2, verdicts.count == named.count, !verdicts.contains(.violated) else {
    return nil
  }
  return Sample.Expectation(
    account: words[0], verdicts: Set(verdicts), from: nil, to: nil, word: nil)
}

private func violation(_ words: [String]) -> Sample.Expectation? {
  guard words.count == 6 || (words.count == 8 && words[6] == "saying"), words[2] == "from",
    words[4] == "to", let from = seconds(words[3]), let to = seconds(words[5])
  else { return nil }
  return Sample.Expectation(
    account: words[0], verdicts: [.violated], from: from, to: to,
    word: words.count == 8 ? words[7] : nil)
}

private func seconds(_ text: String) -> ClosedRange<Double>? {
  guard let dots = text.firstRange(of: ".."), let low = Double(text[..<dots.lowerBound]),
    let high = Double(text[dots.upperBound...]), low <= high
  else { return nil }
  return low...high
}
