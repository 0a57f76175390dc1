import Foundation
import FuzzTargets
import Glibc

// fuzz-limits CROWD [MEMBERS]: plays one crowd and says as JSON what it cost; without arguments
// lists the crowds. One process for each, since the peak of memory is the process's.

/// MiB this process occupied at its peak (proc(5)).
func peak() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
}

let arguments = CommandLine.arguments.dropFirst()
guard let name = arguments.first else {
  for crowd in HostileCrowd.allCases { print(crowd.rawValue) }
  exit(0)
}
guard let crowd = HostileCrowd(rawValue: name) else {
  FileHandle.standardError.write(Data("fuzz-limits: no crowd \(name)\n".utf8))
  exit(2)
}
let members = arguments.dropFirst().first.flatMap { Int($0) } ?? crowd.members
let outcome = CrowdOutcome(crowd, members: members)
let facts: [String: Any] = [
  "members": members, "packets": outcome.packets, "reading": outcome.seconds.reading,
  "judging": outcome.seconds.judging, "accounts": outcome.accounts, "peak": peak(),
  "said": outcome.limits,
]
let json = try JSONSerialization.data(withJSONObject: facts, options: .sortedKeys)
print(String(decoding: json, as: UTF8.self))
