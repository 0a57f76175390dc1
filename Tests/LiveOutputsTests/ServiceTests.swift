import Foundation
import Testing

@testable import LiveOutputs

/// The socket of a service manager.
final class ServiceSocket {
  private let socket: Int32

  /// Listens under a path, or under a name in the abstract namespace when it begins with `@`.
  init(_ name: String) throws {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let isAbstract = name.hasPrefix("@")
    let bytes = isAbstract ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(length)) }
    }
    try #require(bound == 0, "\(name): \(errno)")
  }

  deinit { close(socket) }

  /// What has come and was not taken yet.
  func messages() -> [String] {
    var messages: [String] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT)),
      count > 0
    {
      messages.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
    return messages
  }
}

// The environment is one for all.
@Suite(.serialized) struct ServiceTests {
  private func started(_ variables: [String: String]) -> ServiceNotifier? {
    for (name, value) in variables { setenv(name, value, 1) }
    return ServiceNotifier()
  }

  @Test(arguments: [false, true])
  func `The service manager hears everything, by a path or an abstract name`(
    isAbstract: Bool
  ) throws {
    let scratch = try Scratch()
    let name = isAbstract ? "@regsift-test-\(UUID().uuidString)" : scratch.path("notify")
    let socket = try ServiceSocket(name)
    let notifier = try #require(started(["NOTIFY_SOCKET": name]))
    notifier.ready()
    notifier.status("3 accounts")
    notifier.reloading()
    notifier.beat()
    notifier.stopping()
    let messages = socket.messages()
    try #require(messages.count == 4, "\(messages)")
    #expect(messages[0] == "READY=1" && messages[1] == "STATUS=3 accounts")
    #expect(messages[2].wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=\d+/) != nil)
    #expect(messages[3] == "STOPPING=1")
    #expect(getenv("NOTIFY_SOCKET") == nil, "programs that are called do not inherit it")
  }

  @Test func `The watchdog hears of the loop at half of its time, not at every turn`() throws {
    let scratch = try Scratch()
    let socket = try ServiceSocket(scratch.path("notify"))
    let notifier = try #require(
      started(["NOTIFY_SOCKET": scratch.path("notify"), "WATCHDOG_USEC": "400000"]))
    for _ in 0..<1000 { notifier.beat() }
    #expect(socket.messages() == ["WATCHDOG=1"])
    usleep(210_000)
    notifier.beat()
    #expect(socket.messages() == ["WATCHDOG=1"])
  }

  @Test func `The watchdog of another process is not answered`() throws {
    let scratch = try Scratch()
    let socket = try ServiceSocket(scratch.path("notify"))
    let notifier = try #require(
      started([
        "NOTIFY_SOCKET": scratch.path("notify"), "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1",
      ]))
    notifier.beat()
    #expect(socket.messages() == [])
  }

  @Test(arguments: ["", "relative", "@", "/" + String(repeating: "x", count: 108)])
  func `An address of no use is none`(name: String) {
    #expect(started(["NOTIFY_SOCKET": name]) == nil)
  }
}

@Suite struct NameTests {
  @Test func `A time in a name is UTC`() {
    #expect(utcName(1_795_383_000) == "20261122T213000Z")
  }

  @Test(arguments: [
    ("regsift-20261122T213000Z-000042.pcapng", 42),
    ("regsift-20261122T213000Z-1000042.pcapng", 1_000_042),
    ("regsift-20261122T213000Z-42.pcapng", nil), ("regsift-20261122T213000Z-00004x.pcapng", nil),
    ("regsift-20261122213000Z-000042.pcapng", nil), ("regsift-.pcapng", nil),
    ("regsift-20261122T213000Z-0000000000000000042.pcapng", nil),
  ])
  func `A file of the ring is told by its name`(name: String, number: UInt64?) {
    #expect(RingName(name)?.number == number)
  }

  @Test func `A long line for the log is cut between characters`() {
    #expect(SystemLog.clipped("short") == "short")
    let cut = SystemLog.clipped(String(repeating: "\u{1F4DE}", count: 400))
    #expect(cut.utf8.count <= 1024 && cut.hasSuffix("\u{1F4DE}..."))
  }
}

@Suite struct BundleFolderTests {
  @Test func `A bundle appears whole, and what was left half-written goes`() throws {
    let scratch = try Scratch()
    let root = scratch.path("bundles")
    let name = "20261122T213000Z-trunk-outage-F3"
    do {
      let folder = try BundleFolder(root)
      for part in [name, "20261122T213001Z-other-F4"] {
        try FileManager.default.createDirectory(
          atPath: folder.begin(part), withIntermediateDirectories: false)
        try Data("x".utf8).write(to: URL(filePath: folder.begin(part) + "/report.md"))
      }
      #expect(try folder.finish(name) == root + "/" + name)
    }
    try FileManager.default.createDirectory(
      atPath: root + "/.mine.part", withIntermediateDirectories: false)
    _ = try BundleFolder(root)
    #expect(scratch.names(in: "bundles") == [".mine.part", name])
    #expect(scratch.names(in: "bundles/" + name) == ["report.md"])
  }

  @Test func `A full folder is told, and other things in it do not count`() throws {
    let scratch = try Scratch()
    let folder = try BundleFolder(scratch.path("bundles"))
    for number in 1...BundleFolder.most {
      #expect(!folder.isFull)
      let name = number == 1 ? "notes" : "20261122T213000Z-trunk-outage-F\(number)"
      mkdir(scratch.path("bundles/" + name), 0o755)
    }
    #expect(!folder.isFull)
    mkdir(scratch.path("bundles/20261122T213000Z-trunk-outage-F1"), 0o755)
    #expect(folder.isFull)
  }
}
