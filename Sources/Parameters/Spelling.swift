/// How names are compared: sources write SS_ENDPOINT_REGISTER_RETRY and SS_ENDPOINTREGISTERRETRY
/// for the same parameter.
public enum Spelling {
  /// The name in capitals, without underscores, hyphens and spaces.
  static func folded(_ name: String) -> String {
    var folded = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "_", "-", " ": continue
      case "a"..."z": folded.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) & 0xDF))
      default: folded.unicodeScalars.append(scalar)
      }
    }
    return folded
  }

  /// The name among `names` that is fewest edits from `wanted`, if it is near enough to be meant.
  public static func nearest(to wanted: String, among names: [String]) -> String? {
    // Longer input cannot be a slip of the pen, and would make the comparison slow.
    guard wanted.utf8.count <= 100 else { return nil }
    let folded = Array(folded(wanted).utf8)
    guard !folded.isEmpty else { return nil }
    let candidates = names.map { ($0, edits(from: folded, to: Array(Spelling.folded($0).utf8))) }
    guard let best = candidates.min(by: { $0.1 < $1.1 }) else { return nil }
    return best.1 <= max(2, folded.count / 3) ? best.0 : nil
  }

  /// Insertions, deletions and replacements that lead from `left` to `right` (Levenshtein).
  static func edits(from left: [UInt8], to right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (position, byte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = position + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (byte == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
