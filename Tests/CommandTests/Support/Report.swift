import Foundation
import Testing

/// A JSON report, as far as tests look into it.
struct Report {
  private(set) var root: [String: Any]

  init(_ data: Data) throws {
    root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func list(_ key: String) -> [[String: Any]] { root[key] as? [[String: Any]] ?? [] }
  private var capture: [String: Any] { root["capture"] as? [String: Any] ?? [:] }

  var findings: [[String: Any]] { list("findings") }
  var rules: [String] { findings.compactMap { $0["rule"] as? String } }
  var testedRules: [String] { list("rules").compactMap { $0["rule"] as? String } }
  var accounts: [String] { list("accounts").compactMap { $0["account"] as? String } }
  var switches: [[String: Any]] { list("switches") }
  var parameters: [[String: Any]] { list("parameters") }
  var files: [[String: Any]] { capture["files"] as? [[String: Any]] ?? [] }
  var frames: Int? { capture["frames"] as? Int }
  var messages: Int? { capture["sip_messages"] as? Int }

  func parameter(_ name: String) -> [String: Any]? {
    parameters.first { $0["name"] as? String == name }
  }

  /// The whole report as text, with evidence of the parts numbered as in the whole: `starts` says
  /// how many frames of the whole lie before each file, by its index.
  func comparable(starts: [Int] = [0]) throws -> String {
    var root = root
    var capture = capture
    capture["files"] = nil
    root["capture"] = capture
    root["findings"] = findings.map { finding in
      var finding = finding
      finding["evidence"] = (finding["evidence"] as? [[String: Any]] ?? []).map { packet in
        var packet = packet
        let file = packet["file"] as? Int ?? 0
        packet["frame"] = (packet["frame"] as? Int ?? 0) + starts[file]
        packet["file"] = nil
        return packet
      }
      return finding
    }
    let data = try JSONSerialization.data(
      withJSONObject: root, options: [.prettyPrinted, .sortedKeys])
    return String(decoding: data, as: UTF8.self)
  }
}
