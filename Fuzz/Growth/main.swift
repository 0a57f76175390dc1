import FuzzTargets

// fuzz-growth: what hostile messages and histories cost as they grow, in processor time.

func rounded(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }

print("| message full of | ns/byte at 1 KiB | at 8 KiB | at 64 KiB |\n| --- | --- | --- | --- |")
for kind in HostileMessage.allCases {
  let costs = [1024, 8192, 65_000].map { rounded(ProcessorTime.ofParsing(kind.bytes(size: $0))) }
  print("| \(kind.rawValue) | \(costs.joined(separator: " | ")) |")
}
print()
print(
  "| history of one account | ns/frame after 10 frames | after 1,000 | after 100,000 | to judge, ms |"
)
print("| --- | --- | --- | --- | --- |")
for kind in HostileHistory.allCases {
  var run = HostileRun(kind)
  var costs: [Double] = []
  _ = run.play(10)
  costs.append(run.play(900))
  _ = run.play(90)
  costs.append(run.play(1000))
  _ = run.play(98_000)
  costs.append(run.play(1000))
  let numbers = costs.map { "\(Int($0))" } + [rounded(run.judge() / 1_000_000)]
  print("| \(kind.rawValue) | \(numbers.joined(separator: " | ")) |")
}
