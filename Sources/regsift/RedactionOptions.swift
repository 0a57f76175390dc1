import ArgumentParser
import Decode
import Glibc
import Parameters
import Redaction
import Rules

/// Options that replace what says whose capture it is.
struct RedactionOptions: ParsableArguments {
  @Flag(help: "Replace names, numbers, addresses and digest values, the same everywhere.")
  var redact = false

  @Option(
    help: ArgumentHelp(
      "Redact with the key in this file: the same key replaces alike again.", valueName: "file"),
    completion: .file())
  var redactionKey: String?

  @Option(
    help: ArgumentHelp(
      "Redact, and write what was replaced by what into this new file.", valueName: "file"),
    completion: .file())
  var writeRedactionMap: String?

  /// What is to be done; `nil` where nothing is to be replaced.
  func plan(_ profile: Profile) throws -> RedactionPlan? {
    guard redact || redactionKey != nil || writeRedactionMap != nil else { return nil }
    if let path = writeRedactionMap { try Self.check(map: path) }
    return RedactionPlan(
      key: try redactionKey.map(Self.key) ?? Redactor.randomKey(), mapPath: writeRedactionMap,
      keepaliveText: profile.text(.natKeepAliveMessage) ?? "")
  }

  private static func key(in path: String) throws -> [UInt8] {
    let key: [UInt8]
    do {
      key = try SmallFile.bytes(path)
    } catch {
      throw UsageError("--redaction-key \(path): \(error)")
    }
    guard key.count >= Redactor.shortestKey else {
      throw UsageError(
        "--redaction-key \(path): has \(key.count) bytes; at least \(Redactor.shortestKey) make a key"
      )
    }
    return key
  }

  private static func check(map path: String) throws {
    var status = stat()
    if lstat(path, &status) == 0 {
      throw UsageError("--write-redaction-map \(path): is there already and would be overwritten")
    }
    if let obstacle = ReportFile.obstacle(to: path) {
      throw CannotWrite("--write-redaction-map", path, obstacle)
    }
  }
}

/// How frames are redacted before they are analysed.
struct RedactionPlan {
  let key: [UInt8]
  /// Where the map goes; `nil` where nobody wants it.
  let mapPath: String?
  let keepaliveText: String

  /// What a reader of the report has to know.
  static let note = CaptureNote(
    "redacted",
    """
    Names, numbers, addresses and digest values are replaced, the same everywhere; times, ports, \
    products and everything that was measured are as captured.
    """)

  /// What whoever asks for some accounts has to know where not all of them are known by name.
  static let tooManyNames =
    "--account: accounts may be missing, since more names were replaced than can be remembered"

  /// A redactor that replaces as every other one of this plan.
  func makeRedactor() -> Redactor {
    Redactor(key: key, remembersAll: mapPath != nil, keepaliveText: keepaliveText)
  }

  /// Writes the map where it is wanted, for its owner's eyes only.
  func write(_ map: RedactionMap?) -> ExitStatus {
    guard let path = mapPath, let map else { return .clean }
    do {
      // Never over anything: an old map may be the only way back. Nor half a one.
      let file = try ReportFile.beginNew(path)
      var output = file.output
      try output.write(Array(map.text.utf8).span)
      try file.finish()
    } catch {
      StandardError.say("\(path): cannot write: \(systemMessage(error.number))")
      return .trouble
    }
    guard !map.isComplete else { return .clean }
    StandardError.say(
      "\(path): is not complete: the captures have more names, addresses or texts than it can hold")
    return .trouble
  }
}

extension Redactor {
  /// The hosts named on the command line as the redacted frames have them.
  func replaced(_ switches: [SwitchHost]) -> [SwitchHost] {
    switches.map {
      SwitchHost(address: replacement(for: $0.address), port: $0.port, why: $0.why)
    }
  }
}

extension Selection {
  /// Whether accounts may be missed since `map` does not know their names.
  func mayMiss(without map: RedactionMap) -> Bool { includesAccount != nil && !map.hasAllNames }

  /// The same selection of accounts whose names `map` has replaced: patterns mean the original ones.
  func selecting(through map: RedactionMap) -> Selection {
    guard let includes = includesAccount else { return self }
    var selection = self
    selection.includesAccount = { includes(map.originalAccount($0)) }
    return selection
  }
}

extension FileSummary {
  /// The same file under a name that tells nothing, the `position`th from 0 of all.
  func renamed(_ position: Int) -> FileSummary {
    var renamed = self
    renamed.name = "capture-\(position + 1)" + (format.map { ".\($0)" } ?? "")
    let names = name == "-" ? ["standard input"] : [name, name.onOneLine]
    renamed.error = names.reduce(error) { $0?.replacing("\($1):", with: "\(renamed.name):") }
    return renamed
  }
}
