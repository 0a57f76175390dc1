import Capture
import LiveCapture

/// A capture filter over frames of any link type: compiled for each one when it first comes.
final class FrameFilter {
  private let expression: String
  private var last: (linkType: LinkType, filter: PacketFilter?)?
  private var compiled: [LinkType: PacketFilter?] = [:]
  /// The first frame of each link type that the expression cannot be applied to, and why.
  private(set) var refusals: [(frame: FrameReference, reason: FilterError)] = []

  /// Checks the expression; throws when it makes sense on no common link type.
  init(_ expression: String) throws(FilterError) {
    self.expression = expression
    do {
      _ = try PacketFilter(expression: expression, linkType: .ethernet)
    } catch {
      // What Ethernet cannot answer a cooked capture can: `ifindex`, `inbound`.
      guard (try? PacketFilter(expression: expression, linkType: .linuxSLL2)) != nil else {
        throw error
      }
    }
  }

  /// Whether the frame passes; none does whose link type the expression cannot be applied to.
  func matches(_ header: FrameHeader, _ bytes: Span<UInt8>) -> Bool {
    if let last, last.linkType == header.linkType {
      return last.filter?.matches(header, bytes) ?? false
    }
    let filter = filter(for: header)
    last = (header.linkType, filter)
    return filter?.matches(header, bytes) ?? false
  }

  private func filter(for header: FrameHeader) -> PacketFilter? {
    if let filter = compiled[header.linkType] { return filter }
    var filter: PacketFilter?
    do {
      filter = try PacketFilter(expression: expression, linkType: header.linkType)
    } catch {
      refusals.append((header.reference, error))
    }
    compiled[header.linkType] = .some(filter)
    return filter
  }
}
