import CLibpcap
import Capture
import Glibc

// replay-capture FILE INTERFACE [SPEED]: sends the frames of a capture out on an interface, at their
// own pace or SPEED times as fast; 0 means as fast as possible. Prints how many it sent.

func fail(_ message: String) -> Never {
  let line = "replay-capture: \(message)\n"
  _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(2)
}

let arguments = CommandLine.arguments.dropFirst()
guard let path = arguments.first, let interface = arguments.dropFirst().first else {
  fail("it takes FILE INTERFACE [SPEED]")
}
guard let speed = arguments.count > 2 ? Double(arguments[3]) : 1, speed >= 0 else {
  fail("SPEED is a number from 0 on")
}

var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
guard let handle = pcap_open_live(interface, 65_535, 0, 1, &buffer) else {
  fail("cannot open \(interface)")
}

do {
  let reader = try CaptureReader(path: path, file: 0)
  let begin = ContinuousClock.now
  var first: Timestamp?
  var sent = 0
  while let header = reader.next() {
    let start = first ?? header.time
    first = start
    if speed > 0 {
      let due = begin + .nanoseconds(Int64(Double(header.time.nanosecondsSince(start)) / speed))
      let wait = (due - .now).wholeNanoseconds / 1000
      if wait > 0 { usleep(UInt32(clamping: wait)) }
    }
    let result = reader.bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { pcap_inject(handle, $0, bytes.count) } ?? 0
    }
    if result > 0 { sent += 1 }
  }
  print(sent)
} catch {
  fail("\(error)")
}
