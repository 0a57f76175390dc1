public import Capture
import CLibpcap

/// How an interface is captured from.
public struct LiveOptions: Sendable {
  /// Bytes kept of each packet.
  public var snapLength = PacketFilter.greatestSnapLength
  /// Bytes the kernel holds for the program: a second of 100,000 messages.
  public var bufferBytes = 64 << 20
  /// Whether packets for other hosts are wanted, as on a mirror port.
  public var isPromiscuous = true
  /// A pcap-filter(7) expression on top of the built-in one; `nil` for none.
  public var filter: String?

  /// What suits a switch or a mirror port.
  public init() {}
}

/// What the kernel says of a capture that runs.
public struct LiveCounts: Hashable, Sendable {
  /// Packets that passed the filter.
  public var received: UInt64 = 0
  /// Of these, packets lost since the program was too slow.
  public var dropped: UInt64 = 0
  /// Packets the interface itself lost.
  public var droppedByInterface: UInt64 = 0
}

/// Packets of one interface as they come.
public final class LiveSource {
  /// The name of the interface.
  public let interface: String
  /// The number its packets have in the report, as a file would.
  public let file: UInt32
  private let options: LiveOptions
  private var handle: OpaquePointer?
  private var linkType = LinkType.ethernet
  private var hasNanoseconds = false
  /// Packets taken so far.
  public private(set) var frames: UInt64 = 0
  /// Bytes of them.
  public private(set) var bytes: UInt64 = 0
  private var earlier = LiveCounts()
  private var next: (header: FrameHeader, bytes: UnsafeBufferPointer<UInt8>)?

  /// How long libpcap may gather packets before it hands them over, in milliseconds.
  private static let gatherMilliseconds: Int32 = 100

  /// Begins to capture; throws when the interface cannot be captured from.
  public init(interface: String, file: UInt32, options: LiveOptions) throws(LiveError) {
    self.interface = interface
    self.file = file
    self.options = options
    try open()
  }

  deinit { close() }

  /// Whether packets can come; false after trouble until `reopen` has succeeded.
  public var isOpen: Bool { handle != nil }

  /// Whether packets can come just now: libpcap waits in silence while an interface is down or has
  /// no carrier.
  public var isUp: Bool {
    guard let handle else { return false }
    return InterfaceFlags.isRunning(interface, socket: pcap_get_selectable_fd(handle)) ?? true
  }

  /// What can be waited on for packets; `nil` while the interface is gone.
  public var descriptor: Int32? {
    handle.map { pcap_get_selectable_fd($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// Packets received and lost since the beginning.
  public var counts: LiveCounts {
    var sum = earlier
    guard let handle else { return sum }
    var statistics = pcap_stat()
    guard pcap_stats(handle, &statistics) == 0 else { return sum }
    sum.received &+= UInt64(statistics.ps_recv)
    sum.dropped &+= UInt64(statistics.ps_drop)
    sum.droppedByInterface &+= UInt64(statistics.ps_ifdrop)
    return sum
  }

  /// The packet that is next, where one has arrived; it stays next until it is taken.
  ///
  /// Throws when the interface went away or down; `reopen` tries again.
  public func peek() throws(LiveError) -> FrameHeader? {
    if let next { return next.header }
    guard let handle else { return nil }
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    let result = pcap_next_ex(handle, &header, &data)
    if result == 0 { return nil }
    guard result == 1, let header, let data else {
      let failure = error(.isDown, pcap_geterr(handle).map { String(cString: $0) })
      close()
      throw failure
    }
    let captured = Int(header.pointee.caplen)
    let described = describe(header.pointee)
    // libpcap's copy of the packet stays as it is until it is asked for another one.
    next = (described, UnsafeBufferPointer(start: data, count: captured))
    return described
  }

  /// Takes the packet that is next, if there is one; its bytes are lent for the call.
  public func take(_ body: (FrameHeader, Span<UInt8>) -> Void) {
    guard let taken = next else { return }
    next = nil
    frames += 1
    bytes += UInt64(taken.bytes.count)
    body(taken.header, taken.bytes.span)
  }

  /// Tries to capture again after trouble; throws while that does not work.
  public func reopen() throws(LiveError) {
    close()
    try open()
  }

  private func describe(_ header: pcap_pkthdr) -> FrameHeader {
    let fraction = Int64(header.ts.tv_usec) * (hasNanoseconds ? 1 : 1000)
    let (seconds, overflow) = Int64(header.ts.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    return FrameHeader(
      reference: FrameReference(file: file, number: UInt32(clamping: frames + 1)),
      time: Timestamp(nanoseconds: overflow ? 0 : seconds &+ fraction), linkType: linkType,
      capturedLength: Int(header.caplen), originalLength: Int(header.len))
  }

  private func open() throws(LiveError) {
    var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = pcap_create(interface, &buffer) else {
      throw error(.other, String(messageIn: buffer))
    }
    pcap_set_snaplen(handle, Int32(clamping: options.snapLength))
    pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
    pcap_set_timeout(handle, Self.gatherMilliseconds)
    pcap_set_buffer_size(handle, Int32(clamping: options.bufferBytes))
    pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
    let status = pcap_activate(handle)
    guard status >= 0 else {
      let failure = failure(status, handle)
      pcap_close(handle)
      throw failure
    }
    hasNanoseconds = pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO
    linkType = LinkType(dataLinkType: pcap_datalink(handle))
    do {
      try restrict(handle)
    } catch {
      pcap_close(handle)
      throw error
    }
    pcap_setnonblock(handle, 1, &buffer)
    self.handle = handle
  }

  private func restrict(_ handle: OpaquePointer) throws(LiveError) {
    for isTagged in [true, false] {
      let expression = SignallingFilter.expression(user: options.filter, isTagged: isTagged)
      var program = bpf_program()
      // No link type without VLANs refuses the simpler form for them.
      guard pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
        if isTagged { continue }
        throw error(.filter, pcap_geterr(handle).map { String(cString: $0) })
      }
      let status = pcap_setfilter(handle, &program)
      pcap_freecode(&program)
      guard status == 0 else {
        throw error(.filter, pcap_geterr(handle).map { String(cString: $0) })
      }
      return
    }
  }

  private func close() {
    guard let handle else { return }
    earlier = counts
    next = nil
    self.handle = nil
    pcap_close(handle)
  }

  private func failure(_ status: Int32, _ handle: OpaquePointer) -> LiveError {
    let detail = pcap_geterr(handle).map { String(cString: $0) } ?? ""
    let general = pcap_statustostr(status).map { String(cString: $0) } ?? ""
    let message = detail.isEmpty ? general : detail
    return switch status {
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: error(.noPermission, general)
    case PCAP_ERROR_NO_SUCH_DEVICE: error(.noSuchInterface, message)
    case PCAP_ERROR_IFACE_NOT_UP: error(.isDown, message)
    default: error(.other, message)
    }
  }

  private func error(_ kind: LiveError.Kind, _ message: String?) -> LiveError {
    LiveError(kind, interface: interface, message: message ?? "cannot be captured from")
  }
}
