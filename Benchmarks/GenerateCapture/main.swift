import Glibc

let options = Options(CommandLine.arguments)
guard let output = options.output else { fail("no --output FILE given; see --help") }
guard let file = CaptureWriter(path: output) else {
  fail("\(output): \(String(cString: strerror(errno)))")
}
Traffic(options, file: file).write()
