import Synchronization
import Testing

@testable import Serving

@Suite struct ServerTests {
  /// How often something was asked for.
  private final class Tally: Sendable {
    private let number = Atomic(0)
    var count: Int { number.load(ordering: .relaxed) }
    func add() { number.add(1, ordering: .relaxed) }
  }

  /// A server with two pages, at a free port.
  private final class Fixture {
    let server: StatusServer
    let port: Int
    let asked = Tally()

    init(_ host: String = "127.0.0.1") throws {
      let socket = try BoundSocket(ListenAddress(host: host, port: 0))
      server = try StatusServer(socket) { [asked] path in
        asked.add()
        return switch path {
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
    ("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK", "page\n"),
    (
      "GET /?a=b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK",
      "page\n"
    ),
    (
      "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK",
      "\r\n\r\n"
    ),
    ("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK", "page\n"),
    (
      "GET /no HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 404 Not Found",
      "\n"
    ),
    (
      "DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 405 ",
      "only.\n"
    ),
    (
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n12345", "HTTP/1.1 413 ",
      "body.\n"
    ),
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
      client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(client.receive(until: "page\n").hasPrefix("HTTP/1.1 200 OK"))
    }
    // Both at once are answered in order.
    client.send(
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /no HTTP/1.1\r\nHost: localhost\r\n\r\n")
    let both = client.receive(until: "here.\n")
    #expect(both.hasPrefix("HTTP/1.1 200 OK") && both.contains("HTTP/1.1 404"))
  }

  @Test func `Very many requests at once are answered one after the other`() throws {
    let fixture = try Fixture()
    let client = try #require(Client(port: fixture.port))
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    client.send(String(repeating: request, count: 3000) + "GET /last HTTP/1.0\r\n\r\n")
    let answers = client.receive()
    let lines = answers.utf8.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count { $0.elementsEqual("page".utf8) } == 3000)
    #expect(answers.hasSuffix("Nothing is here.\n"))
  }

  @Test func `Clients that go away with requests unanswered end nothing but themselves`() throws {
    let fixture = try Fixture()
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for _ in 0..<600 {
      let client = try #require(Client(port: fixture.port))
      client.reset()
      client.send(request + request)
    }
    #expect(try fixture.answer(to: "GET / HTTP/1.0\r\n\r\n").hasSuffix("page\n"))
  }

  @Test(arguments: ["GET", "HEAD"])
  func `Who reads nothing is not answered further, nor are more requests read`(
    method: String
  ) throws {
    let fixture = try Fixture()
    let client = try #require(Client(port: fixture.port))
    let request = "\(method) /long HTTP/1.1\r\nHost: localhost\r\n\r\n"
    client.send("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
    client.send(String(repeating: request, count: 5000))
    // Its turn comes when the server has nothing else to do that it could do at once.
    for _ in 1...3 {
      #expect(try fixture.answer(to: "GET / HTTP/1.0\r\n\r\n").hasSuffix("page\n"))
    }
    // What the system's buffers take is not much more than one answer.
    #expect(fixture.asked.count - 3 <= 3)
    withExtendedLifetime(client) {}
  }

  @Test(arguments: [
    "localhost", "LOCALHOST:9464", "127.0.0.1", "127.0.0.1:80", "192.0.2.7:9464", "[::1]",
    "[::1]:9464",
  ])
  func `On the loopback address it answers who asks for an address`(name: String) throws {
    let answer = try Fixture().answer(
      to: "GET / HTTP/1.1\r\nHost: \(name)\r\nConnection: close\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 200 OK"), "\(answer)")
  }

  @Test(arguments: [
    "evil.example", "evil.example:9464", "localhost.evil.example", "127.0.0.1.evil.example",
    "localhost:x", "[::1].evil.example", "", "localhost\r\nHost: evil.example",
  ])
  func `A page of somebody else whose name leads here gets nothing`(name: String) throws {
    let request = "GET / HTTP/1.1\r\nHost: \(name)\r\nConnection: close\r\n\r\n"
    let answer = try Fixture().answer(to: request)
    #expect(answer.hasPrefix("HTTP/1.1 421 "), "\(answer)")
    #expect(answer.hasSuffix("\r\n\r\nAsk for this by an address or as localhost.\n"))
    // Where others are to read it, they have a name for it.
    let elsewhere = try Fixture("0.0.0.0").answer(to: request)
    #expect(elsewhere.hasPrefix("HTTP/1.1 200 OK"), "\(elsewhere)")
  }

  @Test(arguments: [
    "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
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
      client.send(
        number.isMultiple(of: 2) ? "GET /lo" : "GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
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
      // Takes the first line of what is more than the system keeps for it, and nothing else.
      client.send("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(client.receive(until: "\r\n").hasPrefix("HTTP/1.1 200"))
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

  @Test(
    "Clients that hold connections and ask for nothing keep nobody out",
    arguments: ["", "GET / HTTP/1.1\r\nHost: lo", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"])
  func idle(_ said: String) throws {
    let fixture = try Fixture()
    var clients: [Client] = []
    for _ in 0..<StatusServer.mostConnections {
      let client = try #require(Client(port: fixture.port))
      client.send(said)
      if said.hasSuffix("\r\n\r\n") {
        #expect(client.receive(until: "page\n").hasSuffix("page\n"))
      }
      clients.append(client)
    }
    for _ in 0..<3 {
      #expect(try fixture.answer(to: "GET / HTTP/1.0\r\n\r\n").hasSuffix("page\n"))
    }
    // Those that have waited longest have made room.
    #expect(clients.removeFirst().receive() == "")
  }

  @Test func `A server that is stopped ends its connections and gives its port back`() throws {
    let fixture = try Fixture()
    let client = try #require(Client(port: fixture.port))
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(client.receive(until: "page\n").hasSuffix("page\n"))
    fixture.server.stop()
    // Returns only when the other side has closed.
    #expect(client.receive() == "")
    #expect(Client(port: fixture.port) == nil)
    _ = try BoundSocket(ListenAddress(host: "127.0.0.1", port: UInt16(clamping: fixture.port)))
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
    ("9464", true), ("127.1.2.3:80", true), ("[0:0::1]:80", true), ("0.0.0.0:80", false),
    ("[::]:80", false), ("192.0.2.127:80", false), ("[2001:db8::1]:80", false),
  ])
  func `Of some addresses only this machine can ask`(text: String, isLoopback: Bool) {
    #expect(ListenAddress(text)?.isLoopback == isLoopback)
  }

  @Test(arguments: [
    "", ":", ":9464", "0", "65536", "-1", "+1", "9464 ", "example.net:80", "::1:9464", "[::1]",
    "[127.0.0.1]:80", "127.0.0.1", "127.0.0.1:", "1.2.3:80", "[::1]:http", "٣",
  ])
  func `Anything else is not`(text: String) {
    #expect(ListenAddress(text) == nil)
  }
}
