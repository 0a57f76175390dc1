/// Where a packet stands: which input and at which position, as packet tools count.
public struct FrameReference: Hashable, Comparable, Sendable {
  /// Index of the input in the order the user gave them, from 0.
  public var file: UInt32
  /// 1-based position of the packet in that input; stays at `UInt32.max` past 4.29 thousand million.
  public var number: UInt32

  /// Names the packet `number` (from 1) of input `file` (from 0).
  public init(file: UInt32, number: UInt32) {
    self.file = file
    self.number = number
  }

  /// Stands for a packet that an earlier run of the program saw: its time is known, its place is not.
  public static let earlier = FrameReference(file: .max, number: 0)

  /// Orders by input, then by position.
  public static func < (left: FrameReference, right: FrameReference) -> Bool {
    (left.file, left.number) < (right.file, right.number)
  }
}

/// The link-layer type of a frame: a LINKTYPE_ value of the tcpdump.org registry.
public struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The number as written in the capture file.
  public var rawValue: UInt32

  /// Wraps a LINKTYPE_ number.
  @inlinable public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// BSD loopback, 4-byte family in the writer's byte order (LINKTYPE_NULL).
  @inlinable public static var null: LinkType { LinkType(rawValue: 0) }
  /// Ethernet.
  @inlinable public static var ethernet: LinkType { LinkType(rawValue: 1) }
  /// Raw IPv4 or IPv6, told apart by the first nibble.
  @inlinable public static var raw: LinkType { LinkType(rawValue: 101) }
  /// OpenBSD loopback, 4-byte family in network byte order.
  @inlinable public static var loop: LinkType { LinkType(rawValue: 108) }
  /// Linux cooked capture v1 ("any" interface).
  @inlinable public static var linuxSLL: LinkType { LinkType(rawValue: 113) }
  /// Raw IPv4.
  @inlinable public static var ipv4: LinkType { LinkType(rawValue: 228) }
  /// Raw IPv6.
  @inlinable public static var ipv6: LinkType { LinkType(rawValue: 229) }
  /// Linux cooked capture v2.
  @inlinable public static var linuxSLL2: LinkType { LinkType(rawValue: 276) }
}

/// What a capture says of one frame beside its bytes.
public struct FrameHeader: Hashable, Sendable {
  /// Input and position.
  public var reference: FrameReference
  /// When it was captured; that of the frame before it where `hasTime` is false, 1970 where there is
  /// none.
  public var time: Timestamp
  /// How its bytes are to be read.
  public var linkType: LinkType
  /// Bytes present in the capture.
  public var capturedLength: Int
  /// Bytes the packet had on the wire; more than `capturedLength` when cut by the snap length.
  public var originalLength: Int
  /// Whether the capture states a time: a simple packet block has none (pcapng, section 4.4).
  public var hasTime: Bool

  /// Describes one frame.
  public init(
    reference: FrameReference, time: Timestamp, linkType: LinkType, capturedLength: Int,
    originalLength: Int, hasTime: Bool = true
  ) {
    self.reference = reference
    self.time = time
    self.linkType = linkType
    self.capturedLength = capturedLength
    self.originalLength = originalLength
    self.hasTime = hasTime
  }

  /// Whether the snap length cut bytes off.
  @inlinable public var isCut: Bool { capturedLength < originalLength }
}
