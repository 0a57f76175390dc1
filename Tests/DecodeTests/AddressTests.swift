import Decode
import Testing

@Suite struct Addresses {
  @Test(
    "Addresses are written as RFC 5952 wants them",
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
      ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("[fe80::1]", "fe80::1"),
      ("::ffff:192.0.2.1", "192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
      ("1:2:3:4:5:6:77.77.88.88", "1:2:3:4:5:6:4d4d:5858"),
    ])
  func canonical(text: String, written: String) {
    let address = IPAddress(text)
    #expect(address?.description == written)
    #expect(IPAddress(written) == address)
  }

  @Test(
    "Text that is no address is refused",
    arguments: [
      "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "01.2.3.4", "1..2.3", ".1.2.3", "1.2.3.4.",
      "1.2.3.-4", "sip.example.com", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
      "12345::", "g::1", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", ":1::2", "1:", "[::1", "::1]",
      "[]", "[1.2.3.4]", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "fe80::1%eth0",
      "1.2.3.4:5060", "[::1]:5060",
    ])
  func refused(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(
    "Endpoints are read and written",
    arguments: [
      ("192.0.2.1:5060", "192.0.2.1", 5060), ("[2001:db8::1]:65535", "2001:db8::1", 65535),
      ("[::1]:0", "::1", 0),
    ] as [(String, String, UInt16)])
  func endpoints(text: String, address: String, port: UInt16) throws {
    let expected = Endpoint(address: try #require(IPAddress(address)), port: port)
    #expect(Endpoint(text) == expected)
    #expect(expected.description == text)
  }

  @Test(
    "Text that is no endpoint is refused",
    arguments: [
      "", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:506000",
      "[::1]", "[::1]5060", "[::1:5060", "::1", "host:5060", ":5060", "1.2.3.4:50 60",
    ])
  func refusedEndpoints(text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test(
    "A default port stands in where the text has none",
    arguments: [
      ("192.0.2.1", "192.0.2.1:5060"), ("[2001:db8::1]", "[2001:db8::1]:5060"),
      ("2001:db8::1", "[2001:db8::1]:5060"), ("192.0.2.1:5062", "192.0.2.1:5062"),
    ])
  func defaultPort(text: String, written: String) {
    let endpoint = Endpoint.parse(Array(text.utf8).span, defaultPort: 5060)
    #expect(endpoint?.description == written)
  }

  @Test(
    "Private, shared, link-local and loopback ranges end where their RFC says",
    arguments: [
      ("9.255.255.255", false), ("10.0.0.0", true), ("10.255.255.255", true), ("11.0.0.0", false),
      ("172.15.255.255", false), ("172.16.0.0", true), ("172.31.255.255", true),
      ("172.32.0.0", false), ("192.167.255.255", false), ("192.168.0.0", true),
      ("192.168.255.255", true), ("192.169.0.0", false), ("100.63.255.255", false),
      ("100.64.0.0", true), ("100.127.255.255", true), ("100.128.0.0", false),
      ("169.253.255.255", false), ("169.254.0.1", true), ("169.255.0.0", false),
      ("127.0.0.1", true), ("128.0.0.1", false), ("8.8.8.8", false), ("fc00::", true),
      ("fdff::1", true), ("fbff::1", false), ("fe00::1", false), ("fe80::1", true),
      ("febf::1", true), ("fec0::1", false), ("::1", true), ("::2", false), ("2001:db8::1", false),
    ])
  func privateRanges(text: String, isPrivate: Bool) {
    #expect(IPAddress(text)?.isPrivate == isPrivate)
    #expect(self.isPrivate(text) == isPrivate)
  }

  private func isPrivate(_ text: String) -> Bool {
    IPAddress.isPrivate(text: Array(text.utf8).span)
  }

  @Test("Host names are not private, bracketed addresses are read")
  func privateText() {
    #expect(isPrivate("[fd00::1]"))
    #expect(!isPrivate("10.example.com"))
    #expect(!isPrivate(""))
  }
}
