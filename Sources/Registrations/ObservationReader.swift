public import Capture
public import Decode
public import SIP

/// What was counted on the way from frames to observations.
public struct ObservationCounts: Sendable {
  /// UDP datagrams, reassembled ones once.
  public internal(set) var datagrams: UInt64 = 0
  /// SIP messages, copies not counted.
  public internal(set) var messages: UInt64 = 0
  /// Requests among them.
  public internal(set) var requests: UInt64 = 0
  /// Datagrams that begin like SIP but are no message, by reason.
  public internal(set) var malformed: [SIPParseFailure: UInt64] = [:]
  /// SIP messages the snap length cut.
  public internal(set) var cutMessages: UInt64 = 0
  /// Frames the snap length cut, whatever they carry.
  public internal(set) var cutFrames: UInt64 = 0
  /// TCP segments that carry SIP.
  public internal(set) var tcpMessages: UInt64 = 0
  /// TCP segments from or to the SIP-over-TLS port.
  public internal(set) var tlsSegments: UInt64 = 0
  /// Hosts seen to use SIP over TCP or TLS.
  public internal(set) var tcpHosts: Set<IPAddress> = []
}

/// Turns frames into observations: decoding, recognising SIP, dropping copies.
public struct ObservationReader: ~Copyable {
  /// What was counted.
  public private(set) var counts = ObservationCounts()
  private var decoder: Decoder
  private var copies: DuplicateFilter
  /// The SIP message read last, where the observation says that there is one.
  public private(set) var message = SIPMessage()
  /// When and between whom the datagram read last was seen, where the observation is of one.
  public private(set) var sighting = Sighting.none
  /// The ICMP error read last, and when it was seen, where the observation says that there is one.
  public private(set) var icmpError: (error: ICMPError, moment: Moment)?
  // The datagram read last.
  private var datagram = Datagram.none

  /// Hosts with SIP over TCP that are remembered; more are only counted.
  private static let mostTCPHosts = 100_000
  /// Port of SIP over TLS (RFC 3261 19.1.2).
  private static let tlsPort: UInt16 = 5061

  /// A reader at the start of a capture; `seed` keys its tables.
  public init(seed: UInt64) {
    decoder = Decoder(seed: seed)
    copies = DuplicateFilter(seed: seed)
  }

  /// What the decoder counted.
  public var decodeCounts: DecodeCounts { decoder.counts }
  /// Copies of packets left out.
  public var copiesDropped: UInt64 { copies.copies }

  /// The clock went back: no packet is taken for a copy of those before.
  public mutating func forgetCopies() { copies.forget() }

  /// Whether a frame holds nothing but media on none of the flows that `tracker` knows; then it is
  /// counted, and there is nothing to read.
  public mutating func passesOver(
    _ header: FrameHeader, _ bytes: Span<UInt8>, for tracker: inout Tracker
  ) -> Bool {
    guard
      let (source, destination) = Decoder.mediaPorts(
        header, bytes, longerThan: Keepalive.longestText),
      !tracker.isSignalling(between: source, and: destination)
    else { return false }
    decoder.countMedia()
    counts.datagrams += 1
    return true
  }

  /// Reads one frame.
  public mutating func read(_ header: FrameHeader, _ bytes: Span<UInt8>) -> Observation {
    if decoder.decodePlain(header, bytes, into: &datagram) {
      return read(Moment(time: header.time, frame: header.reference), bytes)
    }
    return readOther(header, bytes)
  }

  // Any frame but those of the form nearly all have.
  @inline(never)
  private mutating func readOther(_ header: FrameHeader, _ bytes: Span<UInt8>) -> Observation {
    if header.isCut { counts.cutFrames += 1 }
    let moment = Moment(time: header.time, frame: header.reference)
    let decoded = decoder.decode(header, bytes)
    if case .datagram(let datagram) = decoded {
      self.datagram = datagram
      return read(moment, bytes)
    }
    datagram = .none
    switch decoded {
    case .icmp(let error):
      icmpError = (error, moment)
      return .icmp
    case .tcp(let segment): noteTCP(segment, bytes)
    case .datagram, .fragment, .nothing, .failure: break
    }
    return .nothing
  }

  /// The payload of the datagram read last; `bytes` are those of its frame.
  @_lifetime(copy bytes, borrow self)
  public func payload(in bytes: Span<UInt8>) -> Span<UInt8> {
    datagram.isReassembled
      ? decoder.reassembled.extracting(datagram.payload) : bytes.extracting(datagram.payload)
  }

  /// Hands an observation on with what it is of; `bytes` are those of its frame.
  ///
  /// Here, and as if it changed something, since only so the message is passed without a copy.
  public mutating func hand(
    _ observation: Observation, _ bytes: Span<UInt8>, to tracker: inout Tracker
  ) {
    switch observation {
    case .nothing, .malformed: break
    case .message where !datagram.isReassembled:
      // First, so that nothing comes between the message and whom it is passed to.
      let payload = bytes.extracting(datagram.payload)
      tracker.observe(message, payload, at: sighting)
    case .message: handReassembled(to: &tracker)
    case .keepalive(let keepalive):
      tracker.observe(keepalive, at: sighting)
      tracker.noteText(keepalive, payload(in: bytes), at: sighting)
    case .opaque: tracker.observe(nil, at: sighting)
    case .icmp:
      if let (error, moment) = icmpError { tracker.observe(error, at: moment) }
    }
  }

  // Apart, since asking the decoder for its buffer copies the decoder.
  @inline(never)
  private func handReassembled(to tracker: inout Tracker) {
    tracker.observe(message, decoder.reassembled.extracting(datagram.payload), at: sighting)
  }

  /// The note of the message read last; `bytes` are those of its frame.
  ///
  /// As `hand` does, and for the same reasons.
  mutating func note(of bytes: Span<UInt8>, _ taker: NoteTaker?) -> PacketNote? {
    datagram.isReassembled
      ? noteReassembled(taker)
      : taker?.note(message, bytes.extracting(datagram.payload), at: sighting)
  }

  @inline(never)
  private func noteReassembled(_ taker: NoteTaker?) -> PacketNote? {
    taker?.note(message, decoder.reassembled.extracting(datagram.payload), at: sighting)
  }

  /// Ends the reading: fragments still waiting are counted as never completed.
  public mutating func finish() {
    decoder.finish()
  }

  @inline(__always)
  private mutating func read(_ moment: Moment, _ bytes: Span<UInt8>) -> Observation {
    counts.datagrams += 1
    sighting = Sighting(
      moment: moment, source: datagram.source, destination: datagram.destination,
      isCut: datagram.isCut, trafficClass: datagram.trafficClass)
    guard datagram.isReassembled else {
      return Self.interpret(
        bytes.extracting(datagram.payload), datagram, sighting, &copies, &counts, &message)
    }
    return Self.interpretReassembled(decoder, datagram, sighting, &copies, &counts, &message)
  }

  // Apart, since handing over the decoder copies it.
  @inline(never)
  private static func interpretReassembled(
    _ decoder: borrowing Decoder, _ datagram: Datagram, _ sighting: Sighting,
    _ copies: inout DuplicateFilter, _ counts: inout ObservationCounts, _ message: inout SIPMessage
  ) -> Observation {
    interpret(
      decoder.reassembled.extracting(datagram.payload), datagram, sighting, &copies, &counts,
      &message)
  }

  /// Says what a payload is; takes the parts it changes one by one, since the payload may stand in
  /// the decoder's own buffer.
  @inline(__always)
  private static func interpret(
    _ payload: Span<UInt8>, _ datagram: Datagram, _ sighting: Sighting,
    _ copies: inout DuplicateFilter, _ counts: inout ObservationCounts, _ message: inout SIPMessage
  ) -> Observation {
    let isText = SIPParser.looksLikeSIP(payload)
    let keepalive = isText ? nil : Keepalive.classify(payload)
    guard isText || keepalive != nil else { return .opaque }
    let imprint = copies.imprint(of: datagram, payload: payload, time: sighting.moment.time)
    if let keepalive {
      return copies.isCopy(imprint) ? .nothing : .keepalive(keepalive)
    }
    let outcome = SIPParser.parse(likely: payload, isCut: sighting.isCut, into: &message)
    guard !copies.isCopy(imprint) else { return .nothing }
    switch outcome {
    case .message:
      counts.messages += 1
      if message.isRequest { counts.requests += 1 }
      if sighting.isCut { counts.cutMessages += 1 }
      return .message
    case .failure(let failure):
      counts.malformed[failure, default: 0] += 1
      return .malformed(failure)
    case .notSIP:
      return .opaque
    }
  }

  private mutating func noteTCP(_ segment: TCPSegment, _ bytes: Span<UInt8>) {
    guard !segment.payload.isEmpty else { return }
    let isTLS =
      segment.source.port == Self.tlsPort || segment.destination.port == Self.tlsPort
    let isSIP = SIPParser.looksLikeSIP(bytes.extracting(segment.payload))
    guard isTLS || isSIP else { return }
    if isSIP { counts.tcpMessages += 1 } else { counts.tlsSegments += 1 }
    guard counts.tcpHosts.count < Self.mostTCPHosts else { return }
    counts.tcpHosts.insert(segment.source.address)
    counts.tcpHosts.insert(segment.destination.address)
  }
}
