import Testing

/// A text of metrics, read as strictly as the format is written down (version 0.0.4): whatever a
/// collector would refuse, or take for something else, fails.
struct Exposition {
  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ line: Substring, _ why: String) { description = "\(why): \(line)" }
  }

  struct Sample {
    let name: String
    let labels: [String: String]
    let value: Double
  }

  struct Family {
    let name: String
    let help: String
    var type = ""
    var samples: [Sample] = []
  }

  private(set) var families: [Family] = []
  private var known: Set<[String]> = []

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Failure("", "the last line has no end") }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.hasPrefix("# HELP ") {
        try begin(line)
      } else if line.hasPrefix("# TYPE ") {
        try type(line)
      } else {
        try sample(line)
      }
    }
    for family in families { try Self.check(family) }
    let names = families.map(\.name)
    guard Set(names).count == names.count else { throw Failure("", "a family stands twice") }
  }

  /// The values of the samples called `name` whose labels are these.
  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    families.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
  }

  func family(_ name: String) -> Family? { families.first { $0.name == name } }

  private mutating func begin(_ line: Substring) throws {
    let words = line.split(separator: " ", maxSplits: 3)
    guard words.count == 4, Self.isName(words[2]) else {
      throw Failure(line, "no name and help")
    }
    families.append(Family(name: String(words[2]), help: String(words[3])))
  }

  private mutating func type(_ line: Substring) throws {
    let words = line.split(separator: " ")
    guard words.count == 4, let last = families.indices.last, families[last].name == words[2],
      families[last].type.isEmpty, families[last].samples.isEmpty,
      ["counter", "gauge", "histogram"].contains(words[3])
    else { throw Failure(line, "a type out of place") }
    families[last].type = String(words[3])
  }

  private mutating func sample(_ line: Substring) throws {
    guard let last = families.indices.last, !families[last].type.isEmpty,
      let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...])
    else { throw Failure(line, "no sample") }
    var subject = line[..<space]
    var fields: Substring = ""
    if let brace = subject.firstIndex(of: "{"), subject.hasSuffix("}") {
      fields = subject[subject.index(after: brace)...].dropLast()
      subject = subject[..<brace]
    }
    guard Self.isName(subject) else { throw Failure(line, "no name") }
    let name = String(subject)
    let endings = families[last].type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
    guard endings.contains(where: { families[last].name + $0 == name }) else {
      throw Failure(line, "in another's family")
    }
    let labels = try Self.labels(fields, line)
    guard known.insert([name] + labels.sorted { $0.key < $1.key }.flatMap { [$0, $1] }).inserted
    else { throw Failure(line, "stands twice") }
    families[last].samples.append(Sample(name: name, labels: labels, value: value))
  }

  private static func isName(_ text: Substring) -> Bool {
    text.first?.isLetter ?? false
      && text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
          || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      }
  }

  private static func labels(_ text: Substring, _ line: Substring) throws -> [String: String] {
    var labels: [String: String] = [:]
    var rest = text
    while !rest.isEmpty {
      guard let sign = rest.firstIndex(of: "="), isName(rest[..<sign]) else {
        throw Failure(line, "no label")
      }
      let name = String(rest[..<sign])
      rest = rest[sign...].dropFirst()
      guard rest.popFirst() == "\"", labels[name] == nil else { throw Failure(line, "no value") }
      labels[name] = try value(&rest, line)
      guard rest.isEmpty || rest.popFirst() == "," else { throw Failure(line, "no comma") }
    }
    return labels
  }

  /// The text up to the closing quote, which is taken, too.
  private static func value(_ rest: inout Substring, _ line: Substring) throws -> String {
    var plain = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return plain
      case "\\":
        guard let escaped = rest.popFirst(), ["\\", "\"", "n"].contains(escaped) else {
          throw Failure(line, "an escape that is none")
        }
        plain.append(escaped == "n" ? "\n" : escaped)
      default: plain.append(character)
      }
    }
    throw Failure(line, "no closing quote")
  }

  /// What Prometheus's conventions demand of names and of histograms.
  private static func check(_ family: Family) throws {
    let name = family.name[...]
    guard name.hasPrefix("regsift_") else { throw Failure(name, "another's name") }
    guard (family.type == "counter") == name.hasSuffix("_total") else {
      throw Failure(name, "a counter ends in _total, and nothing else does")
    }
    guard family.help.first?.isUppercase ?? false, family.help.hasSuffix(".") else {
      throw Failure(name, "the help is no sentence")
    }
    guard family.type != "gauge" || family.samples.allSatisfy({ $0.value.isFinite }) else {
      throw Failure(name, "not a number")
    }
    if family.type == "histogram" { try checkHistogram(family) }
  }

  private static func checkHistogram(_ family: Family) throws {
    let buckets = family.samples.filter { $0.name.hasSuffix("_bucket") }
    let ends = buckets.compactMap { $0.labels["le"] }.map { $0 == "+Inf" ? .infinity : Double($0) }
    let total = family.samples.first { $0.name.hasSuffix("_count") }?.value
    guard ends == ends.sorted(by: { ($0 ?? 0) < ($1 ?? 0) }), ends.last == .infinity,
      buckets.map(\.value) == buckets.map(\.value).sorted(), buckets.last?.value == total,
      family.samples.contains(where: { $0.name.hasSuffix("_sum") })
    else { throw Failure(family.name[...], "no histogram") }
  }
}
