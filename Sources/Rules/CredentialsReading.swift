import Parameters
import Registrations

/// What refused credentials allow to say: password, user name, realm, none sent, or stale nonces.
struct CredentialsReading {
  private enum Cause {
    case suspended
    case none
    case stale
    case aged
    case slow
    case realm
    case username
    case password
  }

  private let series: FailureSeries
  private let direction: Direction
  private let kind: Cause

  /// How long registrars usually wait for credentials where the profile does not say: the
  /// switch's SS_SIP_AUTHENTICATION_TIMEOUT is recalled as 10 s.
  private static let usualTimeout = Duration.seconds(10)

  /// `isSuspended` says that the registrar refused right credentials (registration-suspended).
  init(
    _ series: FailureSeries, _ direction: Direction, _ profile: Profile, isSuspended: Bool
  ) {
    self.series = series
    self.direction = direction
    let counted = max(series.rejectedCredentials, series.withoutCredentials, series.staleNonces)
    if isSuspended {
      kind = .suspended
    } else if series.withoutCredentials == counted && series.withoutCredentials > 0 {
      kind = .none
    } else if series.staleNonces == counted && series.staleNonces > 0 {
      kind = .stale
    } else if series.agedNonces == counted {
      kind = .aged
    } else if series.slowestRetry > profile.seconds(.sipAuthenticationTimeout) ?? Self.usualTimeout
    {
      kind = .slow
    } else if series.realmDiffers {
      kind = .realm
    } else {
      kind = series.usernameDiffers ? .username : .password
    }
  }

  /// The cause in a few words.
  var cause: String {
    switch kind {
    case .suspended: "suspended after failed logins"
    case .none: "it sends no credentials"
    case .stale: "each nonce is called stale"
    case .aged: "an old nonce, not renewed"
    case .slow: "its credentials came \(Wording.span(series.slowestRetry)) after the challenge"
    case .realm: "credentials for another realm"
    case .username: "wrong user name or password"
    case .password: "wrong password, most likely"
    }
  }

  /// What the client did.
  var behaviour: String {
    switch kind {
    case .none: "answered the challenge with a REGISTER without credentials"
    case .stale: "sent credentials whose nonce was refused as stale"
    case .aged: "sent credentials made with an old nonce"
    default: "sent credentials that were refused"
    }
  }

  /// What the messages allow to conclude.
  var reason: String {
    switch kind {
    case .suspended:
      "The credentials were right: the account was shut out after a run of wrong ones (see registration-suspended)."
    case .none: "It has no password configured or does not know this kind of challenge."
    case .stale:
      "Its answer takes longer than the registrar keeps a nonce, or nonces do not match between servers."
    case .aged:
      """
      The nonce in its credentials is not the one it was challenged with last, and it did not try \
      again with the new one; whether the password is right cannot be told.
      """
    case .slow:
      """
      It took \(Wording.span(series.slowestRetry)) to answer the challenge; registrars forget a \
      nonce after some seconds, so the password may be right.
      """
    case .realm: "The realm in its credentials is not the one it was challenged with."
    case .username:
      "The user name in its credentials is not the account's; the password may be right."
    case .password:
      "User name and realm match the challenge, so the password is wrong or the account unknown."
    }
  }

  /// What to do.
  var remedy: String { direction == .outbound ? outboundRemedy : inboundRemedy }

  /// What to do about a registration of the switch at an upstream server.
  private var outboundRemedy: String {
    switch kind {
    case .none: "Set the authentication name and password of this registration on the switch."
    case .stale:
      """
      Check the delay to the upstream, and ask the provider whether all its servers share their \
      nonces and keep them long enough.
      """
    case .aged, .suspended:
      """
      Start this registration on the switch anew, so that it answers a fresh challenge; if it fails \
      again, compare the passwords.
      """
    case .slow:
      "Find out why the switch answers so slowly (overload); then compare the passwords."
    case .realm: "Correct the realm (domain) in the settings of this registration on the switch."
    case .username:
      """
      Compare authentication user name and password of this registration on the switch with those \
      that the provider gave.
      """
    case .password:
      """
      Set the password that the provider gave for this registration on the switch; then have the \
      provider lift any lock after failed logins.
      """
    }
  }

  private var inboundRemedy: String {
    switch kind {
    case .suspended:
      "Put the password right where the failed logins came from; the account comes back when SS_AUTHENTICATION_FAILED_SUSPEND is over."
    case .none:
      "Set the account's authentication name and password on the device."
    case .stale:
      "Raise SS_SIP_AUTHENTICATION_TIMEOUT on the switch, and check the delay to the device and that all servers share their nonces."
    case .aged:
      """
      Update the device's software or restart it, so that it answers a new challenge with new \
      credentials; if it fails again after a fresh challenge, compare the passwords.
      """
    case .slow:
      """
      Find out why the device answers so slowly (waiting for a person to type, overload); raise \
      SS_SIP_AUTHENTICATION_TIMEOUT on the switch if it must; then compare the passwords.
      """
    case .realm:
      "Correct the realm (domain) in the device's account settings; most devices take it from the challenge when the field is empty."
    case .username:
      "Compare the authentication user name and the password on the device with those of the account on the switch."
    case .password:
      "Set the same password on the device and for the account on the switch; then wait for any lock (SS_AUTHENTICATION_FAILED_SUSPEND) to end."
    }
  }
}
