import CFuzzer
import FuzzTargets
import Glibc

// FUZZ_TARGET=sip fuzz [option of libFuzzer or folder]...: throws what libFuzzer thinks up at it.
// The target is no argument, since libFuzzer starts the program again with its own arguments only.

func fail(_ reason: String) -> Never {
  let line = Array("fuzz: \(reason)\n".utf8)
  _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(2)
}

/// The target of this run, for the callback that can hold nothing.
enum Chosen {
  static let target: FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
      fail("FUZZ_TARGET has to be one of \(names)")
    }
    return target
  }()
}

_ = Chosen.target
var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
let status = LLVMFuzzerRunDriver(&count, &arguments) { data, size in
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  do throws(BrokenPromise) { try Chosen.target.run(bytes) } catch {
    fatalError("does not hold: \(error)")
  }
  return 0
}
exit(status)
