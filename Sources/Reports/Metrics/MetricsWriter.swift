/// Writes numbers in the text format that Prometheus reads, version 0.0.4.
///
/// Every name carries the program's, so that they can stand beside those of others in one file.
struct MetricsWriter {
  /// What a family of numbers is.
  enum Kind: String {
    /// Only rises while the program runs.
    case counter
    /// Rises and falls.
    case gauge
    case histogram
  }

  typealias Label = (name: StaticString, value: String)

  var pending = PendingBytes()
  private var family: StaticString = ""

  /// Begins a family: its samples follow.
  ///
  /// `help` is the program's own text, on one line.
  mutating func begin(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
    family = name
    pending.append("# HELP regsift_" as StaticString)
    pending.append(name)
    pending.append(UInt8(ascii: " "))
    pending.append(help)
    pending.append("\n# TYPE regsift_" as StaticString)
    pending.append(name)
    pending.append(UInt8(ascii: " "))
    pending.append(kind.rawValue)
    pending.append(UInt8(ascii: "\n"))
  }

  /// Writes a sample of the family begun last.
  mutating func sample(_ labels: [Label] = [], _ value: some BinaryInteger) {
    line("", labels, String(value))
  }

  /// Writes a sample that is a span, in seconds.
  mutating func sample(_ labels: [Label] = [], _ value: Duration) {
    line("", labels, Self.seconds(value))
  }

  /// Writes a family of one sample without labels.
  mutating func put(
    _ name: StaticString, _ kind: Kind, _ help: StaticString, _ value: some BinaryInteger
  ) {
    begin(name, kind, help)
    sample([], value)
  }

  /// Writes a histogram: how many values are at or below each bound, each number with all before it.
  mutating func histogram(
    bounds: [Duration], counts: [UInt64], sum: Duration
  ) {
    var total: UInt64 = 0
    for (index, count) in counts.enumerated() {
      total &+= count
      let end = bounds.indices.contains(index) ? Self.seconds(bounds[index]) : "+Inf"
      line("_bucket", [("le", end)], String(total))
    }
    line("_sum", [], Self.seconds(sum))
    line("_count", [], String(total))
  }

  private mutating func line(_ suffix: StaticString, _ labels: [Label], _ value: String) {
    pending.append("regsift_" as StaticString)
    pending.append(family)
    pending.append(suffix)
    for (index, label) in labels.enumerated() {
      pending.append(UInt8(ascii: index == 0 ? "{" : ","))
      pending.append(label.name)
      pending.append("=\"" as StaticString)
      escape(label.value)
      pending.append(UInt8(ascii: "\""))
    }
    if !labels.isEmpty { pending.append(UInt8(ascii: "}")) }
    pending.append(UInt8(ascii: " "))
    pending.append(value)
    pending.append(UInt8(ascii: "\n"))
  }

  /// Backslash, quote and line end have a meaning in label values; what is hidden was made visible.
  private mutating func escape(_ text: String) {
    for byte in Visible.text(text).utf8 {
      switch byte {
      case UInt8(ascii: "\\"): pending.append("\\\\" as StaticString)
      case UInt8(ascii: "\""): pending.append("\\\"" as StaticString)
      case UInt8(ascii: "\n"): pending.append("\\n" as StaticString)
      default: pending.append(byte)
      }
    }
  }

  /// A span in seconds with at most six decimals; the sum of many spans may exceed what nanoseconds
  /// in 64 bits can hold.
  private static func seconds(_ span: Duration) -> String {
    let (whole, attoseconds) = span.components
    let isHuge = whole.magnitude > 1 << 32
    return attoseconds == 0 || isHuge ? String(whole) : JSONWriter.seconds(span)
  }
}
