import Testing

@testable import Serving

@Suite struct ServerTests {
  /// A server with one page, at a free port.
  private final class Fixture {
    let server: StatusServer
    let port: Int

    init() throws {
      let socket = try BoundSocket(ListenAddress(host: "127.0.0.1", port: 0))
      server = try StatusServer(socket) { path in
        switch path {
        case "/": ServedPage(type: "text/plain", body: Array("page\n".utf8))
        case "/long":
          ServedPage(type: "text/plain", body: Array(repeating: UInt8(ascii: "x"), count: 8 << 20))
        default: nil
        }
      }
      port = try #require(server.port)
    }

    deinit { server.stop() }

    func answer(to request: String) throws -> String {
      let client = try #require(Client(port: port))
      client.send(request)
      return client.receive()
    }
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK", "page\n"),
    ("GET /?a=b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK", "page\n"),
    ("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK", "\r\n\r\n"),
    ("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK", "page\n"),
    ("GET /no HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 404 Not Found", "\n"),
    ("DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 405 ", "only.\n"),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n12345", "HTTP/1.1 413 ", "body.\n"),
    ("nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request", "\r\n\r\n"),
  ])
  func `A request is answered for what it is`(
    request: String, start: String, end: String
  ) throws {
    let answer = try Fixture().answer(to: request)
    #expect(answer.hasPrefix(start), "\(answer)")
    #expect(answer.hasSuffix(end), "\(answer)")
  }

  @Test func `Every answer says that it is of this moment and for nobody's frame`() throws {
    let answer = try Fixture().answer(to: "GET / HTTP/1.0\r\n\r\n").lowercased()
    #expect(answer.contains("\r\ncache-control: no-store\r\n"))
    #expect(answer.contains("\r\nx-content-type-options: nosniff\r\n"))
    #expect(answer.contains("frame-ancestors 'none'"))
    #expect(answer.contains("\r\ncontent-length: 5\r\n"))
  }

  @Test func `A connection serves one request after the other`() throws {
    let fixture = try Fixture()
    let client = try #require(Client(port: fixture.port))
    for _ in 1...3 {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(client.receive(until: "page\n").hasPrefix("HTTP/1.1 200 OK"))
    }
    // Both at once are answered in order.
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /no HTTP/1.1\r\nHost: a\r\n\r\n")
    let both = client.receive(until: "here.\n")
    #expect(both.hasPrefix("HTTP/1.1 200 OK") && both.contains("HTTP/1.1 404"))
  }

  @Test(arguments: [
    "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: \(String(repeating: "a", count: 100_000))\r\n\r\n",
    "GET / HTTP/1.1\r\n\(String(repeating: "a: b\r\n", count: 1000))\r\n",
  ])
  func `A request without measure is refused and ends the connection`(request: String) throws {
    let answer = try Fixture().answer(to: request)
    #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
  }

  @Test func `Clients that say nothing and clients that read nothing hinder nobody`() throws {
    let fixture = try Fixture()
    var idle: [Client] = []
    for number in 0..<StatusServer.mostConnections - 1 {
      let client = try #require(Client(port: fixture.port))
      client.send(number.isMultiple(of: 2) ? "GET /lo" : "GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
      idle.append(client)
    }
    let clock = ContinuousClock()
    let time = try clock.measure {
      let answer = try fixture.answer(to: "GET / HTTP/1.0\r\n\r\n")
      #expect(answer.hasSuffix("page\n"))
    }
    #expect(time < .seconds(5))
    withExtendedLifetime(idle) {}
  }

  @Test func `A client too many is turned away, and taken when another has gone`() throws {
    let fixture = try Fixture()
    var clients: [Client] = []
    for _ in 0..<StatusServer.mostConnections {
      let client = try #require(Client(port: fixture.port))
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(client.receive(until: "page\n").hasSuffix("page\n"))
      clients.append(client)
    }
    #expect(try fixture.answer(to: "GET / HTTP/1.0\r\n\r\n") == "")
    clients.removeAll()
    var answer = ""
    // The server learns of it a moment later.
    for _ in 0..<50 where answer.isEmpty {
      answer = try fixture.answer(to: "GET / HTTP/1.0\r\n\r\n")
    }
    #expect(answer.hasSuffix("page\n"))
  }

  @Test func `A port in use is named with the reason`() throws {
    let fixture = try Fixture()
    let taken = ListenAddress(host: "127.0.0.1", port: UInt16(clamping: fixture.port))
    do {
      _ = try BoundSocket(taken)
      Issue.record("two listen at one port")
    } catch {
      #expect(error.description == "\(taken): cannot listen: Address already in use")
    }
  }
}

@Suite struct ListenAddressTests {
  @Test(arguments: [
    ("9464", "127.0.0.1:9464"), ("127.0.0.1:9464", "127.0.0.1:9464"),
    ("localhost:80", "127.0.0.1:80"), ("0.0.0.0:9464", "0.0.0.0:9464"),
    ("[::1]:9464", "[::1]:9464"), ("[2001:db8::1]:1", "[2001:db8::1]:1"),
  ])
  func `An address in numbers is taken`(text: String, address: String) {
    #expect(ListenAddress(text)?.description == address)
  }

  @Test(arguments: [
    "", ":", ":9464", "0", "65536", "-1", "+1", "9464 ", "example.net:80", "::1:9464", "[::1]",
    "[127.0.0.1]:80", "127.0.0.1", "127.0.0.1:", "1.2.3:80", "[::1]:http", "٣",
  ])
  func `Anything else is not`(text: String) {
    #expect(ListenAddress(text) == nil)
  }
}
