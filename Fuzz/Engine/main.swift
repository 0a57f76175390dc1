import CFuzzer
import FuzzTargets
import Glibc

// fuzz TARGET [option of libFuzzer or folder]...: throws what libFuzzer thinks up at a target.

func fail(_ reason: String) -> Never {
  let line = Array("fuzz: \(reason)\n".utf8)
  _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(2)
}

/// The target of this run, for the callback that can hold nothing.
enum Chosen {
  static let target: FuzzTarget = {
    let name = CommandLine.arguments.dropFirst().first ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
      fail("usage: fuzz TARGET [OPTION OR FOLDER]...; targets: \(names)")
    }
    return target
  }()
}

_ = Chosen.target
// libFuzzer sees the arguments without the target's name.
var count = CommandLine.argc - 1
CommandLine.unsafeArgv[1] = CommandLine.unsafeArgv[0]
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
let status = LLVMFuzzerRunDriver(&count, &arguments) { data, size in
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  do throws(BrokenPromise) { try Chosen.target.run(bytes) } catch {
    fatalError("does not hold: \(error)")
  }
  return 0
}
exit(status)
