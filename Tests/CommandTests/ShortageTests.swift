import Foundation
import Testing

@Suite struct ShortageTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A port that nobody listens at.
  private static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) + getsockname(descriptor, $0, &size)
      }
    }
    try #require(result == 0)
    return UInt16(bigEndian: place.sin_port)
  }

  @Test(
    "Where the system gives so few threads the server is refused, or all is reported",
    arguments: 0...4)
  func threads(_ most: Int) throws {
    // Each thread takes a stack of 1 GB of the address space.
    let shell = Shell(
      """
      ulimit -s 1000000 && ulimit -v \(most * 1_000_000 + 600_000) &&
      exec timeout -s KILL 60 \(Regsift.executable) sniff --read-back \
        \(Package.sample("auth-failure-loop/violated")) --quiet --listen \(try Self.freePort())
      """)
    if shell.status == 2 {
      #expect(shell.output.hasPrefix("regsift: cannot start a thread: "), "\(shell.output)")
    } else {
      #expect(shell.status == 1 && shell.output.contains("auth-failure-loop"), "\(shell.output)")
    }
  }
}
