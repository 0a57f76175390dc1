import Decode
import Parameters
import Registrations
import Rules
import Testing
import Timelines

@Suite("A remedy names parameters that act on the direction of the registration")
struct RemedyDirectionTests {
  /// What acts on devices that register at the switch, by the beginning of the name.
  private static let ofInbound = [
    "SS_ENDPOINT", "SS_SIP_NAT_KEEP_ALIVE", "SS_REPLY_UNAUTHORIZED", "SS_SIP_AUTHENTICATION",
    "SS_AUTHENTICATION", "SS_AUTHCHALLENGEMODE",
  ]
  /// What acts on registrations of the switch elsewhere.
  private static let ofOutbound = ["SS_SIP_USER_AGENT"]

  private func expectNone(of names: [String], in finding: Finding) {
    for name in names {
      #expect(!finding.remedy.contains(name), "\(finding.rule): \(finding.remedy)")
      #expect(
        !(finding.parameter?.name.hasPrefix(name) ?? false),
        "\(finding.rule) compares \(finding.parameter?.name ?? "")")
    }
  }

  private func check(_ diagnosis: Diagnosis) {
    for finding in diagnosis.findings {
      switch finding.direction {
      case .inbound?: expectNone(of: Self.ofOutbound, in: finding)
      case .outbound?: expectNone(of: Self.ofInbound, in: finding)
      case nil: break
      }
    }
  }

  @Test("in every sample as it is", arguments: try Sample.all())
  func asItIs(_ sample: Sample) throws {
    check(try diagnose(paths: [sample.capturePath], profile: Profile(sample)))
  }

  /// The side that registers is taken for the switch: what was inbound is outbound then.
  @Test("in every sample seen from the other side", arguments: try Sample.all())
  func fromTheOtherSide(_ sample: Sample) throws {
    let profile = try Profile(sample)
    let usual = try diagnose(paths: [sample.capturePath], profile: profile)
    let sources = Set(usual.accounts.map { $0.subject.account.source.address })
    let switches = sources.map { SwitchHost(address: $0, port: nil, why: "it registers") }
    let turned = try diagnose(paths: [sample.capturePath], profile: profile, switches: switches)
    check(turned)
  }
}
