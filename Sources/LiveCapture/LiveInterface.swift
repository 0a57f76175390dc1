import CLibpcap
import Glibc

/// An interface that can be captured from.
public struct LiveInterface: Hashable, Sendable {
  /// Its name, as options take it.
  public let name: String
  /// What the system says it is; empty where it says nothing.
  public let purpose: String
  /// Its addresses as text.
  public let addresses: [String]
  /// Whether it is up.
  public let isUp: Bool

  /// Those the system has; throws with libpcap's own message.
  public static func all() throws(LiveError) -> [LiveInterface] {
    var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var list: UnsafeMutablePointer<pcap_if_t>?
    guard pcap_findalldevs(&list, &buffer) == 0 else {
      throw LiveError(.other, interface: "list", message: String(messageIn: buffer))
    }
    defer { pcap_freealldevs(list) }
    var interfaces: [LiveInterface] = []
    var next = list
    while let device = next?.pointee {
      interfaces.append(LiveInterface(device))
      next = device.next
    }
    return interfaces
  }

  private init(_ device: pcap_if_t) {
    name = device.name.map { String(cString: $0) } ?? ""
    purpose = device.description.map { String(cString: $0) } ?? ""
    isUp = device.flags & UInt32(PCAP_IF_UP) != 0
    var addresses: [String] = []
    var next = device.addresses
    while let address = next?.pointee {
      if let text = address.addr.flatMap(Self.text) { addresses.append(text) }
      next = address.next
    }
    self.addresses = addresses
  }

  /// The address of an IPv4 or IPv6 socket; `nil` for any other kind.
  private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
    let length: Int
    switch Int32(address.pointee.sa_family) {
    case AF_INET: length = MemoryLayout<sockaddr_in>.size
    case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
    default: return nil
    }
    var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = getnameinfo(
      address, socklen_t(length), &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
    return status == 0 ? String(messageIn: buffer) : nil
  }
}

extension String {
  /// The text that a C function wrote into a buffer.
  init(messageIn buffer: [CChar]) {
    self.init(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
  }
}
