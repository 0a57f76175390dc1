/// Which end of a number is written first.
enum ByteOrder: CaseIterable {
  case little, big
}

/// Bytes under construction, in one byte order.
struct ByteWriter {
  var order: ByteOrder
  var bytes: [UInt8] = []

  init(_ order: ByteOrder) { self.order = order }

  mutating func put<Number: FixedWidthInteger>(_ number: Number) {
    let ordered = order == .little ? number.littleEndian : number.bigEndian
    withUnsafeBytes(of: ordered) { bytes.append(contentsOf: $0) }
  }

  mutating func put(_ more: [UInt8]) { bytes.append(contentsOf: more) }

  /// Zeros up to the next multiple of four.
  mutating func pad() {
    while bytes.count % 4 != 0 { bytes.append(0) }
  }
}

/// A classic pcap file, written field by field.
struct ClassicBytes {
  private var writer: ByteWriter
  private let isModified: Bool

  init(
    _ order: ByteOrder = .little, magic: UInt32 = 0xa1b2_c3d4, linkType: UInt32 = 1,
    major: UInt16 = 2, minor: UInt16 = 4, snapLength: UInt32 = 262_144
  ) {
    writer = ByteWriter(order)
    isModified = magic == 0xa1b2_cd34
    writer.put(magic)
    writer.put(major)
    writer.put(minor)
    writer.put(UInt64(0))
    writer.put(snapLength)
    writer.put(linkType)
  }

  mutating func frame(
    _ seconds: UInt32, _ fraction: UInt32, _ bytes: [UInt8], original: UInt32? = nil
  ) {
    recordHeader(seconds, fraction, captured: UInt32(bytes.count), original: original)
    writer.put(bytes)
  }

  /// A record's header alone, whatever it claims.
  mutating func recordHeader(
    _ seconds: UInt32, _ fraction: UInt32, captured: UInt32, original: UInt32? = nil
  ) {
    writer.put(seconds)
    writer.put(fraction)
    writer.put(captured)
    writer.put(original ?? captured)
    if isModified { writer.put(UInt64(7)) }
  }

  var bytes: [UInt8] { writer.bytes }
}

/// A pcapng file, written block by block; each section may have its own byte order.
struct BlockBytes {
  private(set) var bytes: [UInt8] = []
  private var order = ByteOrder.little

  struct Option {
    var code: UInt16
    var value: [UInt8]
  }

  mutating func section(_ order: ByteOrder = .little, major: UInt16 = 1) {
    self.order = order
    block(0x0a0d_0d0a) { body in
      body.put(UInt32(0x1a2b_3c4d))
      body.put(major)
      body.put(UInt16(0))
      body.put(Int64(-1))
    }
  }

  mutating func interface(
    linkType: UInt16 = 1, snapLength: UInt32 = 0, resolution: UInt8? = nil, offset: Int64? = nil
  ) {
    var options: [Option] = []
    if let resolution { options.append(Option(code: 9, value: [resolution])) }
    if let offset { options.append(Option(code: 14, value: number(offset))) }
    block(1) { body in
      body.put(linkType)
      body.put(UInt16(0))
      body.put(snapLength)
      body.put(Self.encode(options, order: body.order))
    }
  }

  mutating func enhanced(
    _ units: UInt64, _ frame: [UInt8], interface: UInt32 = 0, original: UInt32? = nil,
    captured: UInt32? = nil, options: [Option] = []
  ) {
    block(6) { body in
      body.put(interface)
      body.put(UInt32(truncatingIfNeeded: units >> 32))
      body.put(UInt32(truncatingIfNeeded: units))
      body.put(captured ?? UInt32(frame.count))
      body.put(original ?? UInt32(frame.count))
      body.put(frame)
      body.pad()
      body.put(Self.encode(options, order: body.order))
    }
  }

  mutating func simple(_ frame: [UInt8], original: UInt32? = nil) {
    block(3) { body in
      body.put(original ?? UInt32(frame.count))
      body.put(frame)
    }
  }

  mutating func obsolete(_ units: UInt64, _ frame: [UInt8], interface: UInt16 = 0) {
    block(2) { body in
      body.put(interface)
      body.put(UInt16(0xffff))
      body.put(UInt32(truncatingIfNeeded: units >> 32))
      body.put(UInt32(truncatingIfNeeded: units))
      body.put(UInt32(frame.count))
      body.put(UInt32(frame.count))
      body.put(frame)
    }
  }

  mutating func statistics(interface: UInt32 = 0, dropped: UInt64?, droppedBySystem: UInt64?) {
    var options = [Option(code: 4, value: number(UInt64(99)))]
    if let dropped { options.append(Option(code: 5, value: number(dropped))) }
    if let droppedBySystem { options.append(Option(code: 7, value: number(droppedBySystem))) }
    block(5) { body in
      body.put(interface)
      body.put(UInt64(0))
      body.put(Self.encode(options, order: body.order))
    }
  }

  mutating func block(_ type: UInt32, _ write: (inout ByteWriter) -> Void) {
    var body = ByteWriter(order)
    write(&body)
    body.pad()
    var whole = ByteWriter(order)
    whole.put(type)
    whole.put(UInt32(body.bytes.count + 12))
    whole.put(body.bytes)
    whole.put(UInt32(body.bytes.count + 12))
    bytes += whole.bytes
  }

  /// Bytes as they are, for blocks that are broken.
  mutating func raw(_ numbers: UInt32...) {
    var writer = ByteWriter(order)
    for number in numbers { writer.put(number) }
    bytes += writer.bytes
  }

  /// A number as the current section writes it.
  private func number<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    var writer = ByteWriter(order)
    writer.put(value)
    return writer.bytes
  }

  private static func encode(_ options: [Option], order: ByteOrder) -> [UInt8] {
    var writer = ByteWriter(order)
    for option in options {
      writer.put(option.code)
      writer.put(UInt16(option.value.count))
      writer.put(option.value)
      writer.pad()
    }
    if !options.isEmpty { writer.put(UInt32(0)) }
    return writer.bytes
  }
}
