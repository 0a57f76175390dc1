import Foundation
import Testing

/// A rule is a file, a line in the catalogue, a folder of samples and an entry in the manual page
/// (which `ManualTests` compares): none of them may be forgotten.
@Suite struct CatalogueTests {
  private func listedRules() throws -> Set<String> {
    Set(
      try Regsift.run("rules").output.split(separator: "\n").compactMap { line in
        line.wholeMatch(of: /([a-z-]+) \([a-z]+\)/).map { String($0.1) }
      })
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Package.path(folder))
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test func `Every rule's file is in the catalogue under the file's name`() throws {
    let identifiers = try names(in: "Sources/Rules").compactMap { name -> String? in
      let path = Package.path("Sources/Rules/\(name)")
      let source = try String(contentsOfFile: path, encoding: .utf8)
      guard let type = source.firstMatch(of: /enum ([A-Za-z]+): (?:Capture)?Rule \{/) else {
        return nil
      }
      #expect(name == "\(type.1).swift")
      return Self.identifier(String(type.1))
    }
    #expect(Set(identifiers) == (try listedRules()))
  }

  @Test func `Every rule has samples of each kind, and every sample a rule`() throws {
    let listed = try listedRules()
    #expect(Set(try names(in: "samples/rules")) == listed)
    for rule in listed {
      let cases = try names(in: "samples/rules/\(rule)")
      for kind in ["violated", "near-miss", "undecided"] {
        #expect(cases.contains { $0.hasPrefix(kind) }, "\(rule) has no sample that is \(kind)")
      }
    }
  }

  /// `NATPinholeLost` as `nat-pinhole-lost`.
  private static func identifier(_ type: String) -> String {
    var words: [String] = []
    let letters = Array(type)
    for (index, letter) in letters.enumerated() {
      let follows = index + 1 < letters.count ? letters[index + 1].isLowercase : false
      let begins = letter.isUppercase && (index == 0 || letters[index - 1].isLowercase || follows)
      if begins || words.isEmpty { words.append("") }
      words[words.count - 1] += letter.lowercased()
    }
    return words.joined(separator: "-")
  }
}
