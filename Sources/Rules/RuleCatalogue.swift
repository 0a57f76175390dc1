/// Every rule, in the order reports list them.
public enum RuleCatalogue {
  /// One line a rule.
  public static let all: [any Rule.Type] = [
    NATPinholeLost.self,
    StaleBinding.self,
    TransientOutage.self,
    CallToUnreachableBinding.self,
    RefreshAfterExpiry.self,
    BindingExpired.self,
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
  ]

  /// The rule with that identifier; `nil` when there is none.
  public static func named(_ identifier: String) -> (any Rule.Type)? {
    all.first { $0.summary.identifier == identifier }
  }
}
