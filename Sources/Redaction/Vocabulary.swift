/// Words that say nothing of whose capture it is: what every implementation writes.
///
/// A white list: a word that is not here is replaced wherever only such words are expected.
enum Vocabulary {
  /// Whether `word` is one of them, letter case aside.
  static func has(_ word: Bytes) -> Bool { words.contains(Array(word).lowercased) }

  static func set(_ text: String) -> Set<[UInt8]> {
    Set(text.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) })
  }

  /// Users that are nobody (RFC 3323 4.1).
  static let users = set("anonymous Anonymous")

  /// Host names that are no host's of its own.
  static let hosts = set("anonymous.invalid invalid localhost")

  /// Methods (RFC 3261 and its extensions), case-sensitive.
  static let methods = set(
    """
    REGISTER OPTIONS INVITE ACK BYE CANCEL NOTIFY SUBSCRIBE MESSAGE INFO UPDATE PRACK REFER PUBLISH
    SERVICE
    """)

  /// What devices and switches send to hold a mapping open, in lower case.
  static let keepalives = set("hello hi ping pong jak keep alive keepalive nop test")

  /// Attributes of SDP that hold neither names nor addresses.
  static let mediaAttributes = set(
    """
    rtpmap fmtp ptime maxptime minptime sendrecv sendonly recvonly inactive setup rtcp-mux rtcp-fb
    """)

  /// Words of start lines, option tags, events, media types, parameters, dates and SDP.
  private static let words =
    set(
      """
      sip sips tel urn 2.0 1.0 udp tcp tls tls-sctp sctp ws wss uuid service sos emergency
      register options invite ack bye cancel notify subscribe message info update prack refer
      publish
      100rel answermode early-session eventlist explicitsub from-change geolocation-http
      geolocation-sip gin gruu histinfo ice join multiple-refer norefersub nosub outbound path
      policy precondition pref privacy recipient-list-invite recipient-list-message
      recipient-list-subscribe record-aware replaces resource-priority sdp-anat sec-agree
      sip-cc siprec target-dialog tdialog timer trickle-ice uui x-nortel-sipvc eventlist
      presence presence.winfo dialog message-summary conference reg hold talk check-sync refer
      winfo as-feature-event call-info line-seize ua-profile kpml spirits-intdps sla package
      active pending terminated deactivated probation rejected timeout giveup noresource
      invariant reason
      none header session user id critical history
      digest basic bearer md5 md5-sess sha-256 sha-256-sess sha-512-256 auth auth-int true false
      algorithm qop stale nc charset utf-8 username realm nonce uri response cnonce opaque domain
      nextnonce rspauth userhash
      """
    )
    .union(parameters).union(content).union(phrases).union(dates)

  private static let parameters = set(
    """
    transport lr ob phone ip user method ttl maddr q expires reg-id tag branch received rport
    methods audio video text application data automata class control duplex mobility description
    events priority schemes actor isfocus extensions language languages voicemail gr rinstance line
    alias keep i nat comp sigcomp uac uas refresher cause purpose emergent schedule party
    screen counter reason limit off full yes no calling called sigcomp-id expire handling required
    optional boundary charset duration received_port r2 ftag did lr=on on nc boundary version
    +sip.instance +sip.ice +sip.src +sip.rendering +sip.methods +sip.extensions +sip.events
    +sip.audio +sip.video +sip.byeless +sip.mobility +sip.actor pub-gruu temp-gruu video fax
    bnc sg vnd bestx retry-after
    """)

  private static let content = set(
    """
    sdp application multipart mixed alternative related text plain html xml pidf xpidf cpim message
    sipfrag simple-message-summary dialog-info reginfo watcherinfo rlmi pidf-diff
    dtmf-relay media_control isup qsig image jpeg png octet-stream gzip deflate identity compress
    session render alert icon early-session en de fr es it nl pt ru zh ja us gb
    in ip4 ip6 rtp avp savp avpf savpf udptl t38 udp tls msrp rtcp rtpmap fmtp sendrecv sendonly
    recvonly inactive ptime maxptime mid setup active passive actpass holdconn crypto fingerprint
    rtcp-mux rtcp-fb ssrc candidate host srflx relay typ tias as ct rr rs bundle group
    pcmu pcma g722 g723 g726-32 g726-16 g726-24 g726-40 g728 g729 g729a g729b gsm ilbc opus speex
    l16 telephone-event cn red amr amr-wb h261 h263 h263-1998 h264 vp8 vp9 annexb bitrate mode
    packetization-mode profile-level-id useinbandfec minptime maxaveragebitrate stereo silencesupp
    mpv jpeg t140 dvi4 lpc qcelp mpa
    """)

  /// Words of reason phrases, the standard's and those of common registrars.
  private static let phrases = set(
    """
    trying ringing call is being forwarded queued session progress early dialog terminated ok
    accepted no notification multiple choices moved permanently temporarily use proxy alternative
    service bad request unauthorized payment required forbidden not found method allowed acceptable
    authentication timeout time out conflict gone length conditional failed entity too large request-uri
    long unsupported media type uri scheme unknown resource-priority extension bad location
    information interval brief small anonymity disallowed provide referrer identity flow first hop
    lacks outbound support max-breadth exceeded info package consent needed unavailable
    transaction does exist call/transaction loop detected many hops address incomplete ambiguous
    busy here terminated acceptable event pending undecipherable security agreement server internal
    error implemented gateway version supported message preconditions failure everywhere decline
    declined anywhere unwanted rejected auth wrong password username user account
    credentials invalid expired stale nonce limit reached in this a the of to for your by with
    domain endpoint device keepalive keep alive allowed please try again later number limits
    redirect created changed host port registration registered unregistered overload overloaded
    """)

  private static let dates = set(
    """
    mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec gmt
    """)
}
