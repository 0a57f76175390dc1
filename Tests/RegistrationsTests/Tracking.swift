import Capture
import Registrations
import Testing
import Timelines

/// Follows the frames a timeline makes to the end of the capture.
///
/// `clock` gives the time at which a frame seems to come.
func track(
  _ timeline: String, seed: UInt64 = 7, memory: Duration? = nil,
  clock: (Timestamp) -> Timestamp = { $0 }
) throws -> History {
  var reader = ObservationReader(seed: seed)
  var limits = TrackerLimits()
  limits.memory = memory
  var tracker = Tracker(limits: limits, seed: seed)
  for (index, frame) in try Timeline(timeline).frames.enumerated() {
    let time = clock(frame.time)
    let header = FrameHeader(
      reference: FrameReference(file: 0, number: UInt32(clamping: index + 1)), time: time,
      linkType: .ethernet, capturedLength: frame.bytes.count, originalLength: frame.bytes.count)
    let bytes = frame.bytes.span
    let observation = reader.read(header, bytes)
    tracker.advance(to: time)
    reader.hand(observation, bytes, to: &tracker)
  }
  return tracker.history()
}

/// The hosts most tests speak of: a switch, a phone without NAT, a phone behind one.
let hosts = """
  host switch 203.0.113.10:5060
  host phone 198.51.100.21:5060 user 1001 expires 120
  host home 198.51.100.80:52094 inside 192.168.77.21:5060 user 1002 expires 120

  """

extension History {
  /// The only account there is.
  func onlyAccount() throws -> Account {
    try #require(accounts.count == 1)
    return accounts[0]
  }
}
