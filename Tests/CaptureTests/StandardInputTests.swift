import Capture
import Foundation
import Glibc
import Testing

// Standard input belongs to the process: its tests go one after the other.
@Suite("Standard input", .serialized)
struct StandardInputTests {
  /// Runs `body` with descriptor 0 being `descriptor`.
  private func withStandardInput<Result>(_ descriptor: Int32, _ body: () throws -> Result)
    throws -> Result
  {
    let kept = dup(0)
    try #require(kept >= 0 && dup2(descriptor, 0) == 0)
    defer {
      dup2(kept, 0)
      close(kept)
    }
    return try body()
  }

  private static func capture() -> ClassicBytes {
    var file = ClassicBytes()
    for number in 1...500 { file.frame(UInt32(number), 0, [UInt8](repeating: 5, count: 60)) }
    return file
  }

  @Test("A pipe is read as it comes, plain and gzipped", arguments: [false, true])
  func pipe(isGzip: Bool) throws {
    let bytes = isGzip ? gzip(Self.capture().bytes) : Self.capture().bytes
    var ends: [Int32] = [0, 0]
    try #require(Glibc.pipe(&ends) == 0)
    // All of it fits in the pipe's own buffer of 64 KiB.
    try #require(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    defer { close(ends[0]) }
    try withStandardInput(ends[0]) {
      let reader = try CaptureReader(path: "-", file: 0)
      #expect(reader.name == "-")
      #expect(reader.size == nil)
      #expect(reader.readAll().count == 500)
      #expect(reader.failure == nil)
      #expect(reader.bytesRead == UInt64(bytes.count))
    }
  }

  @Test("A nonblocking pipe is waited for")
  func nonblocking() throws {
    let bytes = Self.capture().bytes
    var ends: [Int32] = [0, 0]
    try #require(Glibc.pipe(&ends) == 0)
    try #require(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
    defer { close(ends[0]) }
    let writeEnd = ends[1]
    Thread {
      for part in stride(from: 0, to: bytes.count, by: 9000) {
        usleep(2000)
        let slice = Array(bytes[part..<min(part + 9000, bytes.count)])
        _ = write(writeEnd, slice, slice.count)
      }
      close(writeEnd)
    }.start()
    try withStandardInput(ends[0]) {
      let reader = try CaptureReader(path: "-", file: 0)
      #expect(reader.readAll().count == 500)
      #expect(reader.failure == nil)
    }
  }

  @Test("A redirected file has a size, and standard input stays open")
  func redirected() throws {
    let scratch = try Scratch()
    let bytes = Self.capture().bytes
    let descriptor = open(try scratch.file(bytes), O_RDONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try withStandardInput(descriptor) {
      let reader = try CaptureReader(path: "-", file: 0)
      #expect(reader.size == UInt64(bytes.count))
      #expect(reader.readAll().count == 500)
      #expect(fcntl(0, F_GETFD) >= 0)
    }
  }

  @Test("An empty pipe is no capture, named in words")
  func emptyPipe() throws {
    let descriptor = open("/dev/null", O_RDONLY)
    defer { close(descriptor) }
    try withStandardInput(descriptor) {
      let error = try #require(throws: CaptureError.self) { try CaptureReader(path: "-", file: 0) }
      #expect(error.description == "standard input: is empty, not a capture")
    }
  }
}
