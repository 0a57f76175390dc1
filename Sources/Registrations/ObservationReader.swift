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
  private var isReassembled = false
  private var range = 0..<0

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
    if header.isCut { counts.cutFrames += 1 }
    isReassembled = false
    range = 0..<0
    switch decoder.decode(header, bytes) {
    case .datagram(let datagram):
      return read(datagram, Moment(time: header.time, frame: header.reference), bytes)
    case .icmp(let error):
      return .icmp(error, Moment(time: header.time, frame: header.reference))
    case .tcp(let segment):
      noteTCP(segment, bytes)
      return .nothing
    case .fragment, .nothing, .failure:
      return .nothing
    }
  }

  /// The payload of the datagram read last; `bytes` are those of its frame.
  @_lifetime(copy bytes, borrow self)
  public func payload(in bytes: Span<UInt8>) -> Span<UInt8> {
    isReassembled ? decoder.reassembled.extracting(range) : bytes.extracting(range)
  }

  /// Hands an observation on with the message and payload read last; `bytes` are those of its frame.
  ///
  /// Here, and as if it changed something, since only so the message is passed without a copy.
  public mutating func hand(
    _ observation: Observation, _ bytes: Span<UInt8>, to tracker: inout Tracker
  ) {
    if isReassembled {
      handReassembled(observation, to: &tracker)
    } else {
      // First, so that nothing comes between the message and whom it is passed to.
      let payload = bytes.extracting(range)
      tracker.observe(observation, message, payload)
    }
  }

  // Apart, since asking the decoder for its buffer copies the decoder.
  @inline(never)
  private func handReassembled(_ observation: Observation, to tracker: inout Tracker) {
    tracker.observe(observation, message, decoder.reassembled.extracting(range))
  }

  /// The note of the message read last; `bytes` are those of its frame.
  ///
  /// As `hand` does, and for the same reasons.
  mutating func note(
    of bytes: Span<UInt8>, at sighting: Sighting, _ taker: NoteTaker?
  ) -> PacketNote? {
    isReassembled
      ? noteReassembled(at: sighting, taker)
      : taker?.note(message, bytes.extracting(range), at: sighting)
  }

  @inline(never)
  private func noteReassembled(at sighting: Sighting, _ taker: NoteTaker?) -> PacketNote? {
    taker?.note(message, decoder.reassembled.extracting(range), at: sighting)
  }

  /// Ends the reading: fragments still waiting are counted as never completed.
  public mutating func finish() {
    decoder.finish()
  }

  private mutating func read(
    _ datagram: Datagram, _ moment: Moment, _ bytes: Span<UInt8>
  ) -> Observation {
    counts.datagrams += 1
    isReassembled = datagram.isReassembled
    range = datagram.payload
    let sighting = Sighting(
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
    interpret(decoder.reassembled, datagram, sighting, &copies, &counts, &message)
  }

  /// Says what a payload is; takes the parts it changes one by one, since the payload may stand in
  /// the decoder's own buffer.
  private static func interpret(
    _ payload: Span<UInt8>, _ datagram: Datagram, _ sighting: Sighting,
    _ copies: inout DuplicateFilter, _ counts: inout ObservationCounts, _ message: inout SIPMessage
  ) -> Observation {
    let isText = SIPParser.looksLikeSIP(payload)
    let keepalive = isText ? nil : Keepalive.classify(payload)
    guard isText || keepalive != nil else { return .opaque(sighting) }
    let imprint = copies.imprint(of: datagram, payload: payload, time: sighting.moment.time)
    if let keepalive {
      return copies.isCopy(imprint) ? .nothing : .keepalive(keepalive, sighting)
    }
    let outcome = SIPParser.parse(likely: payload, isCut: sighting.isCut, into: &message)
    guard !copies.isCopy(imprint) else { return .nothing }
    return observation(of: outcome, isRequest: message.isRequest, sighting, &counts)
  }

  private static func observation(
    of outcome: SIPParseOutcome, isRequest: Bool, _ sighting: Sighting,
    _ counts: inout ObservationCounts
  ) -> Observation {
    switch outcome {
    case .message:
      counts.messages += 1
      if isRequest { counts.requests += 1 }
      if sighting.isCut { counts.cutMessages += 1 }
      return .message(sighting)
    case .failure(let failure):
      counts.malformed[failure, default: 0] += 1
      return .malformed(failure, sighting)
    case .notSIP:
      return .opaque(sighting)
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
