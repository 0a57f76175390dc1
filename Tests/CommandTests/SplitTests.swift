import Foundation
import Testing

/// Several files are one timeline: a capture that was cut gives the report of the whole.
@Suite struct SplitTests {
  static let samples: [String] = {
    let rules = Package.path("samples/rules")
    let all = FileManager.default.enumerator(atPath: rules)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix("/capture.pcap") }.sorted()
      .map { String($0.dropLast("/capture.pcap".count)) }
  }()

  /// The report on the parts, with evidence numbered as in the whole.
  private func report(
    _ packets: Packets, cutAt cuts: [Int], order: [Int], in scratch: Scratch
  ) throws -> String {
    let bounds = [0] + cuts + [packets.records.count]
    let parts = try (0...cuts.count).map { part in
      let name = "part-\(part)-\(cuts.map(String.init).joined(separator: "-")).pcap"
      return try scratch.file(name, packets.capture(bounds[part]..<bounds[part + 1]))
    }
    let run = try Regsift().run(["analyze", "--format", "json"] + order.map { parts[$0] })
    #expect(run.errors == "")
    return try run.report().comparable(starts: order.map { bounds[$0] })
  }

  @Test(arguments: samples)
  func `Two halves give the report of the whole`(sample: String) throws {
    let path = Package.sample(sample)
    let whole = try Regsift.run("analyze", "--format", "json", path).report().comparable()
    let packets = try Packets(path)
    let scratch = try Scratch()
    let half = packets.records.count / 2
    #expect(try report(packets, cutAt: [half], order: [0, 1], in: scratch) == whole)
  }

  @Test func `The samples are there`() {
    #expect(Self.samples.count >= 33)
  }

  @Test func `A capture can be cut before any packet`() throws {
    let path = Package.sample("nat-pinhole-lost/violated")
    let whole = try Regsift.run("analyze", "--format", "json", path).report().comparable()
    let packets = try Packets(path)
    let scratch = try Scratch()
    for cut in 0...packets.records.count {
      let parts = try report(packets, cutAt: [cut], order: [0, 1], in: scratch)
      #expect(parts == whole, "cut before packet \(cut + 1)")
    }
  }

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]])
  func `Files may be named in any order`(order: [Int]) throws {
    let path = Package.sample("nat-pinhole-lost/violated-call-lost")
    let whole = try Regsift.run("analyze", "--format", "json", path).report().comparable()
    let packets = try Packets(path)
    let scratch = try Scratch()
    #expect(try report(packets, cutAt: [7, 15], order: order, in: scratch) == whole)
  }
}
