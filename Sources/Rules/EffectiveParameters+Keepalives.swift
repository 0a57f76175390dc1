import Parameters
import Registrations

extension EffectiveParameters {
  /// The text of the switch's keepalives, and how they are spread over their cycle.
  mutating func settleKeepalives(_ keepalives: SwitchKeepalives) {
    // Several texts are those of several switches: none of them is the parameter.
    if let text = keepalives.texts.first, keepalives.texts.count == 1 {
      settle(
        "SS_SIP_NAT_KEEP_ALIVE_MESSAGE", .text(text.text), support: text.count,
        basis: "sent to endpoints")
    }
    if let size = keepalives.sizes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      size.value >= 2, let pause = keepalives.pauses.median
    {
      settle(
        "SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME", .integer(size.key), support: size.value,
        basis: "keepalives in each burst that another one followed")
      settle(
        "SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL", .integer(Int(pause * 1000)),
        support: keepalives.pauses.count,
        spread: Int(keepalives.pauses.shortest)...Int(keepalives.pauses.longest),
        basis: "pauses between bursts of keepalives")
    } else if keepalives.largestBurst > 1 {
      settle(
        "SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME", .integer(keepalives.largestBurst), support: 1,
        .lowerBound, basis: "keepalives in one burst")
    }
  }
}
