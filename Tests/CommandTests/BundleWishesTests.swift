import Capture
import FuzzTargets
import Registrations
import Testing

@testable import Rules
@testable import regsift

/// Which errors of a running capture a bundle is written for.
@Suite struct BundleWishesTests {
  private static func event(_ kind: LiveEvent.Kind, _ number: Int) -> LiveEvent {
    let time = Timestamp(seconds: 1, nanoseconds: 0)
    let moment = Moment(time: time, frame: FrameReference(file: 0, number: 1))
    let finding = Finding(
      rule: "stale-binding", level: .error, account: "1001@192.0.2.10", direction: nil,
      from: time, to: nil, episodes: [], duration: .seconds(1), summary: "", explanation: "",
      remedy: "", parameter: nil, evidence: [Evidence(moment, "REGISTER")], count: 1, failover: nil)
    return LiveEvent(kind: kind, number: number, finding: finding)
  }

  @Test func `Each error is in one bundle, and none that was withdrawn before`() {
    var wishes = BundleWishes()
    let haveCome = [
      wishes.take([Self.event(.opened, 1), Self.event(.opened, 2), Self.event(.opened, 3)]),
      wishes.take([Self.event(.updated, 1), Self.event(.withdrawn, 2)]),
    ]
    #expect(haveCome == [true, false])
    let first = wishes.taken().map(\.number)
    #expect(first == [1, 3])
    let comesAgain = wishes.take([Self.event(.closed, 1)])
    #expect(!comesAgain)
    let second = wishes.taken()
    #expect(second.isEmpty)
  }

  @Test func `To withdraw an error costs no more where very many wait`() {
    func cost(_ count: Int) -> Double {
      var wishes = BundleWishes()
      _ = wishes.take((1...count).map { Self.event(.opened, $0) })
      let withdrawn = (1...count).reversed().map { Self.event(.withdrawn, $0) }
      let begun = ProcessorTime.now
      _ = wishes.take(withdrawn)
      let cost = Double(ProcessorTime.now - begun) / Double(count)
      let left = wishes.taken()
      #expect(left.isEmpty)
      return cost
    }
    let few = (0..<3).map { _ in cost(250) }.min() ?? 0
    let many = cost(8000)
    #expect(many < 8 * few, "\(few) ns an error became \(many)")
  }
}
