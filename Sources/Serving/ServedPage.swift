import NIOCore

/// What is answered to a request for one path: made once, lent to every client that asks.
public struct ServedPage: Sendable {
  /// The status code (RFC 9110 15).
  public let status: Int
  /// The media type of the body.
  public let type: String
  let body: ByteBuffer

  /// An answer with this body.
  public init(status: Int = 200, type: String, body: [UInt8]) {
    self.status = status
    self.type = type
    self.body = ByteBuffer(bytes: body)
  }
}
