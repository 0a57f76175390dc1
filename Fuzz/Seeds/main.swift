import Capture
import Foundation
import FuzzTargets

// fuzz-seeds TO FROM...: makes a folder of inputs for each target, from captures, messages (.dat)
// and profiles (.yaml) in the folders FROM.

func fail(_ reason: String) -> Never {
  FileHandle.standardError.write(Data("fuzz-seeds: \(reason)\n".utf8))
  exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard let target = arguments.first, arguments.count > 1 else {
  fail("usage: fuzz-seeds TO FROM...")
}
let longestFile = 64 * 1024
var maker = SeedMaker()
for folder in arguments.dropFirst() {
  let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
  for name in names.sorted() {
    let path = "\(folder)/\(name)"
    // Not FileManager's contents(atPath:), which loses the buffer of a folder or an empty file.
    guard let data = try? FileHandle(forReadingAtPath: path)?.readToEnd() else { continue }
    switch (name as NSString).pathExtension {
    case "pcap", "pcapng", "gz", "cap":
      if data.count <= longestFile { maker.take(file: [UInt8](data)) }
      try? maker.take(capture: path)
    case "dat": maker.take(message: [UInt8](data))
    case "yaml": maker.take(profile: [UInt8](data))
    case "state": maker.take(state: [UInt8](data))
    default: continue
    }
  }
}
var counts: [FuzzTarget: Int] = [:]
for seed in maker.seeds {
  let folder = "\(target)/\(seed.target.rawValue)"
  // The name is the content's, so that making them again adds nothing.
  let sum = seed.bytes.reduce(into: UInt64(0xCBF2_9CE4_8422_2325)) {
    $0 = ($0 ^ UInt64($1)) &* 0x100_0000_01B3
  }
  do {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(seed.bytes).write(to: URL(filePath: "\(folder)/\(String(sum, radix: 16))"))
  } catch { fail("cannot write: \(error.localizedDescription)") }
  counts[seed.target, default: 0] += 1
}
for target in FuzzTarget.allCases { print("\(target.rawValue): \(counts[target, default: 0])") }
