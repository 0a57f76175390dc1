/// Whether a running capture does its work, as a JSON object for whoever watches over it.
public struct HealthReport: Sendable {
  /// An interface that is captured from.
  public struct Interface: Sendable {
    /// Its name.
    public let name: String
    /// Whether packets can come from it.
    public let isUp: Bool
    /// Packets it gave.
    public let packets: UInt64

    /// Describes an interface.
    public init(name: String, isUp: Bool, packets: UInt64) {
      self.name = name
      self.isUp = isUp
      self.packets = packets
    }
  }

  /// The interfaces that are captured from.
  public var interfaces: [Interface] = []
  /// Packets lost before the program saw them.
  public var drops: UInt64 = 0
  /// What keeps something from being written, each in words.
  public var troubles: [String] = []
  /// How long ago what was captured was judged; `nil` where that was never done.
  public var sinceJudging: Duration?
  /// How long the next judging may be awaited.
  public var patience = Duration.seconds(60)
  /// How long it has been awaited.
  public var waiting = Duration.zero

  /// A capture that has just begun.
  public init() {}

  /// What is wrong, each in words; empty where nothing is.
  public var reasons: [String] {
    var reasons = interfaces.filter { !$0.isUp }.map {
      "interface \($0.name): nothing can be captured"
    }
    if waiting > patience {
      reasons.append("nothing was judged for \(waiting.components.seconds) s")
    }
    return reasons + troubles
  }

  /// The object on several lines.
  public var json: [UInt8] {
    let reasons = reasons
    var json = JSONWriter()
    json.beginObject()
    json.put("status", reasons.isEmpty ? "ok" : "failing")
    json.key("reasons")
    json.beginArray()
    for reason in reasons { json.value(reason) }
    json.end()
    json.put("kernel_drops", drops)
    json.put("seconds_since_judging", sinceJudging)
    json.key("interfaces")
    json.beginArray()
    for interface in interfaces {
      json.beginObject(onOneLine: true)
      json.put("name", interface.name)
      json.put("up", interface.isUp)
      json.put("packets", interface.packets)
      json.end()
    }
    json.end()
    json.end()
    return json.pending.bytes
  }
}
