import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Threads

/// Answers a browser, a monitoring system or a load balancer, on a thread of its kind alone.
///
/// Whoever asks may be slow, many or hostile: what one request and all connections may take is
/// bounded, and nobody but this thread ever waits for a client. On the loopback address only those
/// are answered that ask for it.
public final class StatusServer {
  /// What is answered to a request for a path; `nil` where nothing is there.
  public typealias Answer = @Sendable (_ path: String) -> ServedPage?

  /// Connections at once: a browser takes six, a monitoring system one.
  static let mostConnections = 32
  /// How long a client may take for a request, for the answer to it, or between both.
  static let patience = TimeAmount.seconds(30)
  /// The bytes that are read at once: no more than these wait while a client does not take answers.
  static let portion = 4 << 10
  /// The bytes that a request's fields may have, one and all, and how many there may be.
  private static let limits = {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 8 << 10
    limits.maxHeaderListSize = 16 << 10
    limits.maxHeaderFieldCount = 64
    return limits
  }()

  /// The thread that answers; it stays until the program ends, since NIO ends a thread with the help
  /// of others, and where the system gives none that is waited for without end.
  private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  private let channel: any Channel
  private let connections: Connections

  /// Begins to answer on `socket`; throws when the system does not let it.
  public init(_ socket: consuming BoundSocket, answer: @escaping Answer) throws {
    try Self.checkDescriptors()
    try Self.checkThread()
    let connections = Connections(most: Self.mostConnections)
    let names: AnsweredNames = socket.isLoopback ? .addresses : .all
    channel = try ServerBootstrap(group: Self.group)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.portion)
      )
      .childChannelInitializer { channel in
        guard connections.admit(channel) else {
          return channel.eventLoop.makeFailedFuture(TooManyConnections())
        }
        return channel.eventLoop.makeCompletedFuture {
          try Self.configure(
            channel, RequestHandler(answer, names: names, among: connections))
        }
      }
      .withBoundSocket(socket.release()).wait()
    self.connections = connections
  }

  /// Descriptors that an event loop takes, and one client.
  private static let descriptors = 5

  /// Throws where there are none left: an event loop would end the program.
  private static func checkDescriptors() throws(ServingError) {
    var taken: [Int32] = []
    defer { for descriptor in taken { close(descriptor) } }
    for _ in 0..<descriptors {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw ServingError(number: errno, address: nil) }
      taken.append(descriptor)
    }
  }

  /// Throws where there is no thread to be had, which would end the program, too.
  ///
  /// What the one that tries it took of memory is there for the next.
  private static func checkThread() throws(SystemShortage) { try WorkThread {}.join() }

  /// Ends every connection.
  public func stop() {
    try? channel.close().wait()
    connections.end()
  }

  /// The port it listens at.
  public var port: Int? { channel.localAddress?.port }

  private static func configure(_ channel: any Channel, _ handler: RequestHandler) throws {
    let pipeline = channel.pipeline.syncOperations
    let decoder = HTTPRequestDecoder(limitConfiguration: limits)
    try pipeline.addHandler(HTTPResponseEncoder())
    try pipeline.addHandler(
      ByteToMessageHandler(decoder, maximumBufferSize: limits.maxHeaderListSize))
    try pipeline.addHandler(HTTPServerPipelineHandler())
    try pipeline.addHandler(HTTPServerProtocolErrorHandler())
    try pipeline.addHandler(handler)
  }
}

/// Why a client is turned away.
private struct TooManyConnections: Error {}
