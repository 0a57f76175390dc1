import Foundation
import FuzzTargets

// fuzz-replay TARGET PATH...: runs a target on files, or on all files of folders, without a fuzzer.
// fuzz-replay FOLDER: runs every target on its own folder in there.
// With REPLAY_NAMES set it names each input before it runs: the last one is what trapped.

func fail(_ reason: String) -> Never {
  FileHandle.standardError.write(Data("fuzz-replay: \(reason)\n".utf8))
  exit(2)
}

/// Writes a line at once: a trap would take what waits with it.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

func files(_ path: String) -> [String] {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
    fail("no such file: \(path)")
  }
  guard isFolder.boolValue else { return [path] }
  let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  return names.sorted().flatMap { files("\(path)/\($0)") }
}

let names = ProcessInfo.processInfo.environment["REPLAY_NAMES"] != nil

/// Runs `target` on every file and gives how many broke it.
func replay(_ target: FuzzTarget, _ paths: [String]) -> (files: Int, broken: Int) {
  var broken = 0
  for path in paths {
    guard let data = FileManager.default.contents(atPath: path) else { fail("cannot read \(path)") }
    if names { say(path) }
    do throws(BrokenPromise) { try target.run([UInt8](data)) } catch {
      say("\(path): does not hold: \(error)")
      broken += 1
    }
  }
  return (paths.count, broken)
}

let arguments = CommandLine.arguments.dropFirst()
guard let first = arguments.first else { fail("usage: fuzz-replay TARGET PATH... or FOLDER") }
var broken = 0
if let target = FuzzTarget(rawValue: first) {
  let outcome = replay(target, arguments.dropFirst().flatMap(files))
  say("\(target.rawValue): \(outcome.files) inputs, \(outcome.broken) broken")
  broken = outcome.broken
} else {
  for target in FuzzTarget.allCases
  where FileManager.default.fileExists(atPath: "\(first)/\(target.rawValue)") {
    let outcome = replay(target, files("\(first)/\(target.rawValue)"))
    say("\(target.rawValue): \(outcome.files) inputs, \(outcome.broken) broken")
    broken += outcome.broken
  }
}
exit(broken == 0 ? 0 : 1)
