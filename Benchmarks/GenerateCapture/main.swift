import Glibc

let options = Options(CommandLine.arguments)
guard let output = options.output else { fail("no --output FILE given; see --help") }
guard let file = CaptureWriter(path: output) else {
  fail("\(output): \(String(cString: strerror(errno)))")
}
if let truth = options.truth {
  guard options.injected <= options.accounts else { fail("--inject: more than there are accounts") }
  Truth(Hour(options, file: file).write()).write(to: truth, options)
} else {
  Traffic(options, file: file).write()
}
