import Capture
import Evidence
import Foundation
import Registrations
import Reports
import Rules
import Testing
import Timelines

@Suite("The evidence of findings, as frames of their own")
struct EvidenceTests {
  @Test("Every frame that findings name is there with its bytes and time", arguments: captures)
  func frames(_ path: String) throws {
    let diagnosis = try diagnose(paths: [path])
    let evidence = try Self.evidence(of: diagnosis, paths: [path])
    let originals = try storedFrames(path: path)
    let numbers = Set(diagnosis.findings.flatMap(\.evidence).map(\.moment.frame.number)).sorted()
    #expect(evidence.frames.map(\.bytes) == numbers.map { originals[Int($0) - 1].bytes })
    for (frame, number) in zip(evidence.frames, numbers) {
      var header = originals[Int(number) - 1].header
      header.reference = frame.header.reference
      #expect(frame.header == header)
    }
  }

  // tshark joins the comments of a frame with commas.
  @Test(
    "tshark shows each with what it proves", .enabled(if: Wireshark.isInstalled, "needs tshark"),
    arguments: captures)
  func comments(_ path: String) throws {
    var diagnosis = try diagnose(paths: [path])
    diagnosis.capture.files = [Self.file("night.pcap")]
    let evidence = try Self.evidence(of: diagnosis, paths: [path])
    let lines = try Wireshark.fields(["frame.comment"], of: evidence.path)
    #expect(lines.count == evidence.frames.count)
    for (index, finding) in diagnosis.findings.enumerated() {
      for proof in finding.evidence {
        let place = "frame \(proof.moment.frame.number) of night.pcap,"
        let line = try #require(lines.first { $0.hasPrefix(place) })
        let who = finding.account.map { " \($0):" } ?? ":"
        let words = "F\(index + 1) \(finding.level.word) \(finding.rule)\(who)"
        #expect(line.contains(words), "\(line) lacks \(words)")
        #expect(line.contains(proof.note), "\(line) lacks \(proof.note)")
      }
    }
    let facts = try Wireshark.lines("capinfos", ["-M", evidence.path])
    #expect(facts.contains { $0.hasSuffix("\(evidence.frames.count)") && $0.contains("packets") })
    #expect(facts.contains { $0.contains("regsift \(regsiftVersion)") })
    #expect(facts.contains { $0.contains("night.pcap") })
  }

  @Test("A datagram that came in fragments comes with all of them")
  func fragments() throws {
    let path = Place.lab.appending(path: "ip-fragments.pcap").path
    let parts = try Self.fragments(of: path)
    let (completing, pieces) = try #require(parts.first { $0.value.count > 1 })
    let diagnosis = try Self.diagnosis(naming: [FrameReference(file: 0, number: completing)])
    let evidence = try Self.evidence(of: diagnosis, paths: [path])
    let originals = try storedFrames(path: path)
    #expect(evidence.frames.map(\.bytes) == pieces.map { originals[Int($0) - 1].bytes })
    guard Wireshark.isInstalled else { return }
    let lines = try Wireshark.fields(["frame.comment", "sip.CSeq"], of: evidence.path)
    #expect(lines.first?.contains("complete with frame \(completing)") == true)
    #expect(lines.last?.hasSuffix("|") == false, "put together again by tshark")
  }

  @Test("Inputs of every link type and form, also gzipped, keep their times to the nanosecond")
  func linkTypes() throws {
    let folder = Place.samples.appending(path: "captures")
    let paths = ["two-sections.pcapng", "gzipped.pcap.gz", "big-nanoseconds.pcap"]
      .map { folder.appending(path: $0).path }
    let originals = try paths.enumerated().flatMap {
      try storedFrames(path: $0.element, file: UInt32($0.offset))
    }
    let diagnosis = try Self.diagnosis(naming: originals.map(\.header.reference))
    let evidence = try Self.evidence(of: diagnosis, paths: paths)
    #expect(Set(evidence.frames.map(\.header.linkType)).count == 3)
    #expect(evidence.frames.count == originals.count)
    for original in originals {
      #expect(
        evidence.frames.contains {
          $0.bytes == original.bytes && $0.header.time == original.header.time
            && $0.header.linkType == original.header.linkType
            && $0.header.originalLength == original.header.originalLength
        }, "frame \(original.header.reference) is not as it was")
    }
    guard Wireshark.isInstalled else { return }
    let lines = try Wireshark.fields(["frame.time_epoch", "frame.comment"], of: evidence.path)
    #expect(lines.count == originals.count)
  }

  @Test("A frame cut by the snap length states how long it was")
  func cut() throws {
    let path = Place.lab.appending(path: "nat-pinhole-loss.pcap").path
    let frames = try storedFrames(path: path).map { $0.cut(to: 60) }
    let scratch = try Scratch()
    let cut = try scratch.file(captureFile(frames, linkType: .ethernet), "cut.pcap")
    let diagnosis = try Self.diagnosis(naming: [FrameReference(file: 0, number: 3)])
    let evidence = try Self.evidence(of: diagnosis, paths: [cut])
    #expect(evidence.frames.map(\.bytes) == [frames[2].bytes])
    #expect(evidence.frames.first?.header.originalLength == frames[2].header.originalLength)
  }

  @Test("A frame that does not come is told of, and no text from the wire breaks a comment")
  func missing() throws {
    let path = Place.lab.appending(path: "nat-pinhole-loss.pcap").path
    var diagnosis = try Self.diagnosis(
      naming: [FrameReference(file: 0, number: 1), FrameReference(file: 9, number: 1)])
    diagnosis.findings[0].account =
      "a\nb\u{1B}[31m\u{202E}\u{2028}@" + String(repeating: "é", count: 70_000)
    let evidence = try Self.evidence(of: diagnosis, paths: [path])
    #expect(evidence.missing == 1)
    #expect(evidence.frames.count == 1)
    guard Wireshark.isInstalled else { return }
    let lines = try Wireshark.fields(["frame.comment"], of: evidence.path)
    #expect(lines.count == 1)
    let comment = try #require(lines.first)
    #expect(
      !comment.unicodeScalars.contains { "\u{1B}\u{202E}\u{2028}".unicodeScalars.contains($0) })
    #expect(comment.contains("\\u{202E}"))
  }

  @Test("Packets beyond the bytes that are kept are left out, the last ones, and counted")
  func limit() throws {
    let path = Place.lab.appending(path: "nat-pinhole-loss.pcap").path
    let named = (1...4).map { FrameReference(file: 0, number: $0) }
    let diagnosis = try Self.diagnosis(naming: named)
    let all = try Self.evidence(of: diagnosis, paths: [path])
    #expect(all.frames.count == 4 && all.leftOut == 0)
    let two = try Self.evidence(
      of: diagnosis, paths: [path], mostBytes: all.frames[0].bytes.count * 2 + 1_000)
    #expect(two.leftOut > 0 && two.missing == 0)
    #expect(two.frames.map(\.bytes) == all.frames.dropLast(two.leftOut).map(\.bytes))
  }

  // MARK: Support

  /// Samples and lab captures with findings of many kinds.
  static let captures: [String] =
    ["nat-pinhole-loss.pcap", "wrong-password-401.pcap", "power-off.pcap"].map {
      Place.lab.appending(path: $0).path
    } + ((try? Sample.all()) ?? []).filter { $0.name == "violated" }.map(\.capturePath)

  final class Written {
    let scratch: Scratch
    let path: String
    let frames: [StoredFrame]
    let missing: Int
    let leftOut: Int

    init(_ bytes: [UInt8], of file: EvidenceFile) throws {
      scratch = try Scratch()
      path = try scratch.file(bytes, "evidence.pcapng")
      frames = try storedFrames(path: path)
      missing = file.missing
      leftOut = file.leftOut
    }
  }

  /// Reads the captures again for the evidence of `diagnosis`.
  static func evidence(
    of diagnosis: Diagnosis, paths: [String], mostBytes: Int = EvidencePass.mostBytes
  ) throws -> Written {
    let timeline = CaptureTimeline(
      try paths.enumerated().map {
        try CaptureReader(path: $0.element, file: UInt32($0.offset))
      })
    var pass = EvidencePass(diagnosis: diagnosis, mostBytes: mostBytes)
    while let header = timeline.next() { pass.take(header, timeline.bytes) }
    let file = pass.finish()
    var buffer = ReportBuffer()
    file.write(to: &buffer)
    return try Written(buffer.bytes, of: file)
  }

  /// A diagnosis with one finding, which names these frames.
  static func diagnosis(naming frames: [FrameReference]) throws -> Diagnosis {
    var diagnosis = try diagnose(paths: [Place.lab.appending(path: "nat-pinhole-loss.pcap").path])
    diagnosis.findings = Array(diagnosis.findings.prefix(1))
    diagnosis.findings[0].evidence = frames.map {
      Evidence(Moment(time: Timestamp(nanoseconds: 0), frame: $0), "named")
    }
    return diagnosis
  }

  private static func file(_ name: String) -> FileSummary {
    FileSummary(name: name, format: "pcap", frames: 0, bytes: 0, error: nil)
  }

  /// Frames of IPv4 fragments over Ethernet by the last one of each datagram.
  private static func fragments(of path: String) throws -> [UInt32: [UInt32]] {
    var open: [[UInt8]: [UInt32]] = [:]
    var whole: [UInt32: [UInt32]] = [:]
    for frame in try storedFrames(path: path) where frame.bytes.count > 34 {
      guard frame.bytes[12...13].elementsEqual([8, 0]), frame.bytes[23] == 17 else { continue }
      let flags = UInt16(frame.bytes[20]) << 8 | UInt16(frame.bytes[21])
      guard flags & 0x3FFF != 0 else { continue }
      let key = Array(frame.bytes[18...19] + frame.bytes[26...33])
      open[key, default: []].append(frame.header.reference.number)
      if flags & 0x2000 == 0 {
        whole[frame.header.reference.number] = open.removeValue(forKey: key)
      }
    }
    return whole
  }
}
