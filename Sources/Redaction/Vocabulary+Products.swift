extension Vocabulary {
  /// Whether `word`, in lower case, is a product's or maker's name, or what any device may write of
  /// itself: no name of a user or host, although both are often named like it.
  static func isProduct(_ word: [UInt8]) -> Bool { products.contains(word) }

  /// Whether `word`, in lower case, says that a version follows.
  static func announcesVersion(_ word: [UInt8]) -> Bool { versionMarks.contains(word) }

  /// Whether `word`, in lower case, may be a part of a version.
  static func isVersionWord(_ word: [UInt8]) -> Bool { versionWords.contains(word) }

  /// FreePBX writes its own version behind its name with a hyphen.
  private static let versionMarks = set("v ver version r rel release rev build fpbx freepbx")

  private static let versionWords = set(
    """
    alpha beta rc final release rel stable dev devel git svn build snapshot patch pre preview lts
    """)

  private static let products = set(
    """
    aastra acrobits adtran alcatel alcatel-lucent asterisk atcom audiocodes avaya avm baresip
    belle-sip bria broadsoft broadworks cirpack cisco counterpath dialogic dinstar drachtio ekiga
    ericsson eyebeam fanvil flyingvoice fpbx freepbx freeswitch fritz fritzbox fritz!box fusionpbx
    gigaset gnugk goip grandstream groundwire htek huawei innovaphone issabel jitsi jssip kamailio
    kapanga lancom linksys linphone linphonec linphoneandroid linphoneiphone mediatrix metaswitch
    microsip mitel mod_sofia nero nokia obihai omnipcx openser opensips ooma oxe panasonic
    patton phoner phonerlite pjsip pjsua pjsua2 poly polycom portasip portsip ribbon sangoma
    siemens sip.js sipgate sippanel sipp sippy sips sipsak sipura sipvicious snom softx3000 sonus
    starface swyx tadiran telephone tiptel trixbox twilio twinkle ucm unify vega vodia voipswitch
    vos3000 wildix x-lite xlite xorcom yate yealink yeastar zoiper zultys zyxel 3cx 3cxphone

    agent android basestation call client dect desk deskphone desktop device endpoint enterprise
    express friendly-scanner gateway handset invalid ipad ipbx iphone iphones linux lite local
    localhost mac macos mobile monitor operator phone phones proxy register registrar release
    router sbc scanner server service session sip sip-phone softphone softswitch stack stamp switch
    system tablet telecom telephony test trunk unknown user version video voice voip webrtc
    wifi windows x86 x86_64 i386 i686 64bit 32bit arm aarch64 anonymous node.js example
    """)
}
