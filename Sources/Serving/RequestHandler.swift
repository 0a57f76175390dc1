import NIOCore
import NIOHTTP1

/// One connection: takes a request, answers it, waits for the next one.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let answer: StatusServer.Answer
  private let names: AnsweredNames
  private let connections: Connections
  private var head: HTTPRequestHead?
  /// Whether an answer has begun and not ended: a client that goes away meanwhile leaves requests
  /// behind that nobody is to answer.
  private var isAnswering = false
  /// When the client has taken too long.
  private var deadline: Scheduled<Void>?

  /// What belongs to every answer: it is for this moment, for this client, and is what it says.
  private static let fields: [(String, String)] = [
    ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"), ("Content-Security-Policy", "frame-ancestors 'none'"),
  ]

  init(
    _ answer: @escaping StatusServer.Answer, names: AnsweredNames, among connections: Connections
  ) {
    self.answer = answer
    self.names = names
    self.connections = connections
  }

  func channelActive(context: ChannelHandlerContext) {
    expect(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isAnswering, context.channel.isActive else { return }
    switch Self.unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body:
      // Nothing here takes any: whoever sends one is told so at once.
      guard let head else { return }
      self.head = nil
      respond(context, head, Self.plain(413, "No request here has a body.\n"), isLast: true)
    case .end:
      guard let head else { return }
      self.head = nil
      respond(context, head, page(for: head), isLast: !head.isKeepAlive)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func page(for head: HTTPRequestHead) -> ServedPage {
    guard head.method == .GET || head.method == .HEAD else {
      return Self.plain(405, "GET and HEAD only.\n")
    }
    guard names.include(head.headers["Host"]) else {
      return Self.plain(421, "Ask for this by an address or as localhost.\n")
    }
    let path = head.uri.prefix { $0 != "?" }
    return answer(String(path)) ?? Self.plain(404, "Nothing is here.\n")
  }

  private static func plain(_ status: Int, _ words: String) -> ServedPage {
    ServedPage(status: status, type: "text/plain; charset=utf-8", body: Array(words.utf8))
  }

  private func respond(
    _ context: ChannelHandlerContext, _ request: HTTPRequestHead, _ page: ServedPage, isLast: Bool
  ) {
    // The answer before has been written: this is the next step.
    expect(context)
    isAnswering = true
    connections.note(context.channel, isIdle: false)
    var fields = HTTPHeaders(Self.fields)
    fields.add(name: "Content-Type", value: page.type)
    fields.add(name: "Content-Length", value: String(page.body.readableBytes))
    if page.status == 405 { fields.add(name: "Allow", value: "GET, HEAD") }
    if isLast { fields.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: page.status), headers: fields)
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    let body = request.method == .HEAD ? ByteBuffer() : page.body
    // The answer ends once the client has taken it: until then the next request is not looked at,
    // and nothing more is read. Not at once, or requests sent together would nest.
    context.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(body)))).assumeIsolated()
      .whenSuccess { [eventLoop = context.eventLoop.assumeIsolated()] in
        eventLoop.execute { self.end(context, isLast: isLast) }
      }
  }

  /// Goes on to the next request, or ends the connection.
  private func end(_ context: ChannelHandlerContext, isLast: Bool) {
    guard !isLast, context.channel.isActive else { return context.channel.close(promise: nil) }
    expect(context)
    isAnswering = false
    connections.note(context.channel, isIdle: true)
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
  }

  /// From now on the client has so much time for the next step.
  private func expect(_ context: ChannelHandlerContext) {
    deadline?.cancel()
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: StatusServer.patience) {
      channel.close(promise: nil)
    }
  }
}
