import Foundation
import Glibc
import Testing

@Suite struct InputTests {
  private let violated = Package.sample("nat-pinhole-lost/violated")

  struct BadInput: CustomTestStringConvertible {
    let name: String
    let says: String
    var testDescription: String { name }
  }

  @Test(arguments: [
    BadInput(name: "samples/captures", says: "is a directory, not a capture"),
    BadInput(name: "samples/captures/empty.pcap", says: "is empty, not a capture"),
    BadInput(name: "samples/captures/not-a-capture.pcap", says: "is not a capture"),
    BadInput(name: "samples/captures/none.pcap", says: "cannot open: No such file"),
    BadInput(name: "/dev/null", says: "is empty, not a capture"),
  ])
  func `What is no capture is named in one line, and the others are analysed`(
    row: BadInput
  ) throws {
    let path = row.name.hasPrefix("/") ? row.name : Package.path(row.name)
    let run = try Regsift.run("analyze", "--format", "json", path, violated)
    #expect(run.status == 2)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.hasPrefix("regsift: \(path): \(row.says)"))
    #expect(try run.report().rules == ["nat-pinhole-lost"])
  }

  @Test func `A torn file is reported up to where it breaks off`() throws {
    let torn = Package.path("samples/captures/torn-tail.pcap")
    let run = try Regsift.run("analyze", "--format", "json", torn)
    #expect(run.status == 2)
    #expect(
      run.errorLines == [
        "regsift: \(torn): frame 2 at byte 286: breaks off: "
          + "246 bytes wanted, 146 left"
      ])
    let file = try #require(try run.report().files.first)
    #expect(file["frames"] as? Int == 1)
    #expect(file["complete"] as? Bool == false)
    #expect((file["error"] as? String)?.contains("breaks off") == true)
  }

  @Test func `A torn capture still shows its findings`() throws {
    let scratch = try Scratch()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: violated))
    let torn = try scratch.file("torn.pcap", bytes.dropLast(7))
    let run = try Regsift.run("analyze", "--format", "json", torn)
    #expect(run.status == 2)
    #expect(run.errors.contains("frame 18"))
    #expect(try run.report().rules == ["nat-pinhole-lost"])
  }

  @Test func `Damaged gzip data is named, and what came before it is reported`() throws {
    let scratch = try Scratch()
    let gzip = Package.path("samples/captures/gzipped.pcap.gz")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: gzip))
    let cut = try scratch.file("cut.pcap.gz", bytes.dropLast(12))
    let run = try Regsift.run("analyze", cut)
    #expect(run.status == 2)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains("cut.pcap.gz"))
    #expect(run.errors.contains("gzip"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func `A file without permission is named`() throws {
    let scratch = try Scratch()
    let file = try scratch.file("secret.pcap", [0])
    chmod(file, 0)
    let run = try Regsift.run("analyze", file)
    #expect(run.status == 2)
    #expect(run.errors == "regsift: \(file): cannot open: Permission denied\n")
  }

  @Test func `An unknown link type is named with file and frame`() throws {
    let scratch = try Scratch()
    var packets = try Packets(violated)
    packets.header[20] = 127  // IEEE 802.11 with radiotap
    let foreign = try scratch.file("radio.pcap", packets.capture(0..<3))
    let run = try Regsift.run("analyze", "--format", "json", violated, foreign)
    #expect(run.status == 2)
    #expect(
      run.errorLines == ["regsift: \(foreign): frame 1: link type 127 cannot be decoded"])
    #expect(try run.report().rules == ["nat-pinhole-lost"])
    #expect(try run.report().files.map { $0["complete"] as? Bool } == [true, false])
  }

  @Test func `Standard input is read as -`() throws {
    let run = try Regsift(input: .file(violated)).run(["analyze", "--format", "json", "-"])
    #expect(run.status == 1)
    #expect(try run.report().rules == ["nat-pinhole-lost"])
    #expect(try run.report().files.first?["name"] as? String == "-")
  }

  @Test func `Standard input can be gzipped and one of several inputs`() throws {
    let gzip = Package.path("samples/captures/gzipped.pcap.gz")
    let run = try Regsift(input: .file(gzip)).run(["analyze", "--format", "json", violated, "-"])
    #expect(run.status == 1)
    #expect(try run.report().frames == 20)
    #expect(try run.report().files.map { $0["format"] as? String } == ["pcap", "pcap.gz"])
  }

  @Test func `Standard input cannot be named twice`() throws {
    let run = try Regsift.run("analyze", "-", "-")
    #expect(run.status == 64)
    #expect(run.errors.contains("standard input can be read only once"))
  }

  @Test func `A name with control characters stays one line`() throws {
    let run = try Regsift.run("analyze", "no\nsuch\u{1B}[31mfile")
    #expect(run.status == 2)
    #expect(run.errorLines.count == 1)
    #expect(!run.errors.contains("\u{1B}"))
  }

  @Test func `A thousand rotated files are one capture`() throws {
    let scratch = try Scratch()
    let packets = try Packets(violated)
    let parts = try packets.records.indices.map { index in
      try scratch.file("part-\(index).pcap", packets.capture([index]))
    }
    // More than the usual limit on open files, most of them without a frame.
    let nothing = try scratch.file("nothing.pcap", packets.capture([]))
    let files = parts + Array(repeating: nothing, count: 1100)
    let run = try Regsift().run(["analyze", "--format", "json"] + files)
    #expect(run.status == 1)
    #expect(run.errors == "")
    #expect(try run.report().rules == ["nat-pinhole-lost"])
  }
}
