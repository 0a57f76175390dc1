internal import Foundation

/// A case of one rule: a timeline, the capture made from it, and what must come out.
public struct Sample: Sendable, CustomStringConvertible {
  /// The identifier of the rule it is about.
  public let rule: String
  /// Its name among the samples of the rule: violated, near-miss, undecided, or one of these with
  /// a word that tells it from others.
  public let name: String
  /// The folder it lies in.
  public let folder: String
  /// The timeline.
  public let timelineText: String
  /// The capture beside it; `nil` when there is none yet.
  public let capture: [UInt8]?
  /// What must come out, line by line.
  public let expectations: [Expectation]
  /// Findings of other rules that may come out as well, at level error.
  public let allowances: [Allowance]
  /// What the profile is set to for it; the documented defaults elsewhere.
  public let settings: [Setting]

  /// Rule and name.
  public var description: String { "\(rule)/\(name)" }
  /// The path of the capture.
  public var capturePath: String { folder + "/capture.pcap" }

  /// The verdict of one rule on one account.
  public struct Expectation: Hashable, Sendable {
    /// The account, `user@host`; `-` for all of them together.
    public let account: String
    /// What the rule must say of it: one verdict, or several where each is defensible.
    public let verdicts: Set<Verdict>
    /// When the episode must begin, in seconds after the first packet; `nil` unless violated.
    public let from: ClosedRange<Double>?
    /// When the episode must end, in seconds after the first packet; `nil` unless violated.
    public let to: ClosedRange<Double>?
    /// A word the finding must hold, in any case; `nil` when none is asked for.
    public let word: String?
  }

  /// What a rule can say of an account (model 4).
  public enum Verdict: String, CaseIterable, Sendable {
    /// The fault was found.
    case violated
    /// The rule was tested, the fault is not there.
    case held
    /// Nothing in the capture tests the rule.
    case notObserved = "not-observed"
    /// The capture starts too late, ends too early or shows too little.
    case undecided
  }

  /// A parameter of the switch, or a setting of regsift, with the value the case asks for.
  public struct Setting: Hashable, Sendable {
    /// Its name as documented.
    public let name: String
    /// The value as a person writes it.
    public let value: String
  }

  /// A finding of another rule that is right in this case too.
  public struct Allowance: Hashable, Sendable {
    /// The other rule.
    public let rule: String
    /// The account.
    public let account: String
  }
}

extension Sample {
  /// Every sample there is, in order of rule and name.
  public static func all() throws -> [Sample] {
    let files = FileManager.default
    var samples: [Sample] = []
    for rule in try files.contentsOfDirectory(atPath: root).sorted() {
      let folder = root + "/" + rule
      for name in try files.contentsOfDirectory(atPath: folder).sorted() {
        samples.append(try Sample(rule: rule, name: name, folder: folder + "/" + name))
      }
    }
    return samples
  }

  /// The folder of all samples of rules.
  private static var root: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("samples/rules").path
  }

  private init(rule: String, name: String, folder: String) throws {
    self.rule = rule
    self.name = name
    self.folder = folder
    timelineText = try String(contentsOfFile: folder + "/timeline.txt", encoding: .utf8)
    capture = FileManager.default.contents(atPath: folder + "/capture.pcap").map { Array($0) }
    let text = try String(contentsOfFile: folder + "/expect.txt", encoding: .utf8)
    (expectations, allowances) = try Self.expectations(in: text)
    settings = try Self.settings(in: text)
  }

  /// Writes the capture of the timeline beside it.
  public func record() throws {
    let bytes = try Timeline(timelineText).captureBytes()
    try Data(bytes).write(to: URL(fileURLWithPath: capturePath))
  }

  /// Whether samples are to be written anew (environment variable `REGSIFT_RECORD` is 1); a test
  /// that does so fails on purpose, so that nobody records by accident.
  public static var isRecording: Bool {
    ProcessInfo.processInfo.environment["REGSIFT_RECORD"] == "1"
  }
}
