import Glibc

/// What the command line asks for.
struct Options {
  var output: String?
  var accounts = 50_000
  var packets = 1_000_000
  /// How long the capture may last, in microseconds.
  var length = Int64.max
  var rtp = 0.0
  var nat = 70.0
  var faults = 2.0
  var keepalives = 20.0
  /// Seconds between the probes of every account; `nil` where each has its own pace.
  var probes: Int?
  var seed: UInt64 = 1
  /// Where the truth about an hour goes; `nil` for a capture of as many packets as asked for.
  var truth: String?
  var injected = 0

  static let usage = """
    Writes a registration capture: classic pcap, Ethernet, IPv4, UDP; the same bytes for the same
    options on every machine.

    usage: generate-capture --output FILE [options]
      --accounts N      accounts that register (default 50000)
      --packets N       packets to write (default 1000000); with few accounts this is hours of traffic
      --hours N         end after N hours of traffic, however many packets that is
      --rtp PERCENT     share of packets that are RTP (default 0)
      --nat PERCENT     share of accounts behind a NAT (default 70)
      --faults PERCENT  share of accounts that something is wrong with (default 2): lost NAT
                        mappings, devices switched off, wrong passwords, outages
      --keepalives PERCENT
                        share of accounts behind a NAT that send keepalives (default 20)
      --probes SECONDS  time between probes (default: 30 to 60 s, each account its own)
      --seed N          another capture of the same kind (default 1)

    An hour of healthy phones and trunks, with loss and retransmission, jitter and copies:
      --truth FILE      write an hour, not a number of packets, and to FILE (JSON) what is wrong in it
      --inject N        faults of every kind in turn, each of another account (default 0)

    """

  /// Reads the arguments; ends the program when they make no sense.
  init(_ arguments: [String]) {
    var rest = arguments.dropFirst()
    while let name = rest.popFirst() {
      if name == "--help" {
        print(Self.usage, terminator: "")
        exit(0)
      }
      guard let value = rest.popFirst() else { fail("\(name): no value given; see --help") }
      switch name {
      case "--output": output = value
      case "--accounts": accounts = Self.count(name, value, upTo: 2_000_000)
      case "--packets": packets = Self.count(name, value, upTo: 1_000_000_000)
      case "--hours":
        length = Int64(Self.count(name, value, upTo: 10_000)) * 3_600_000_000
        packets = .max
      case "--rtp": rtp = Self.share(name, value, below: 100)
      case "--nat": nat = Self.share(name, value, below: 100.1)
      case "--faults": faults = Self.share(name, value, below: 100.1)
      case "--keepalives": keepalives = Self.share(name, value, below: 100.1)
      case "--probes": probes = Self.count(name, value, upTo: 3_600)
      case "--truth": truth = value
      case "--inject": injected = Self.count(name, value, upTo: 1_000_000)
      case "--seed": seed = UInt64(Self.count(name, value, upTo: .max))
      default: fail("\(name): no such option; see --help")
      }
    }
  }

  private static func count(_ name: String, _ value: String, upTo most: Int) -> Int {
    guard let number = Int(value), (1...most).contains(number) else {
      fail("\(name) \(value): not a number from 1 to \(most)")
    }
    return number
  }

  private static func share(_ name: String, _ value: String, below limit: Double) -> Double {
    guard let number = Double(value), number >= 0, number < limit else {
      fail("\(name) \(value): not a share from 0 to \(Int(limit)) percent")
    }
    return number
  }
}
