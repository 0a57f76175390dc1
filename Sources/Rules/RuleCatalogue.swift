/// Every rule.
public enum RuleCatalogue {
  /// The rules that judge one account, in the order reports list them.
  public static let all: [any Rule.Type] = [
    NATPinholeLost.self,
    StaleBinding.self,
    TransientOutage.self,
    CallToUnreachableBinding.self,
    RefreshAfterExpiry.self,
    BindingExpired.self,
    RegistrarLostBinding.self,
    ProbeIgnored.self,
    ProbeAfterRemoval.self,
    ProbeIntervalExceeded.self,
    SlowOfflineDetection.self,
    NATExpiryTooLong.self,
    KeepaliveMissing.self,
    KeepaliveTooSlow.self,
    KeepaliveOneSided.self,
    SentToPrivateAddress.self,
    AnswerToWrongPort.self,
    NATMappingChanged.self,
    SIPAlgSuspected.self,
    RegistrationFlapping.self,
    ContactTakeover.self,
    ReplaceRefused.self,
    ReplacedBindingStillUsed.self,
    CallDroppedByReregistration.self,
    ReplacedCallNotReleased.self,
    ReplacePolicyContradicted.self,
    DuplicateRegistration.self,
    ThirdPartyContact.self,
    GrantedExpiryMismatch.self,
    ExpiryRaised.self,
    IntervalTooBrief.self,
    RegisterFlood.self,
    ThinRefreshMargin.self,
    RegistrationCSEQBroken.self,
    AuthFailureLoop.self,
    CredentialsRejected.self,
    RegistrationRefused.self,
    RegisterUnanswered.self,
    TrunkOutage.self,
    RetryTooFast.self,
    RetryTooSlow.self,
    RetryNotConstant.self,
    RetryAbandoned.self,
    UpstreamBlocked.self,
    UnregisterMissing.self,
    OutboundExpiryOutOfRange.self,
    OutboundExpiryBehindNAT.self,
    OutboundRefreshOffSchedule.self,
    PrivacyMismatch.self,
    RegistrationSuspended.self,
    ProxyChallenge.self,
  ]

  /// The rules that judge all accounts together, listed after the others.
  ///
  /// One that also judges single accounts stands in both lists: it is one rule, listed with those.
  public static let ofCapture: [any CaptureRule.Type] = [
    ReplacePolicyContradicted.self,
    RegistrationScan.self,
    SynchronizedRefresh.self,
    ProbeLoad.self,
  ]

  /// What each rule of either kind is, in the order reports list them.
  public static let summaries =
    all.map { $0.summary }
    + ofCapture.map { $0.summary }.filter { named($0.identifier) == nil }

  /// What the rule with that identifier is; `nil` when there is none.
  public static func summary(named identifier: String) -> RuleSummary? {
    summaries.first { $0.identifier == identifier }
  }

  /// The rule for single accounts with that identifier; `nil` when there is none.
  public static func named(_ identifier: String) -> (any Rule.Type)? {
    all.first { $0.summary.identifier == identifier }
  }
}
