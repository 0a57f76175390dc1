import SIP
import Testing

@Suite("Digest")
struct DigestTests {
  @Test("a challenge gives realm, nonce, stale and whose it is")
  func challenge() throws {
    let value =
      "Digest algorithm=MD5, Realm = \"a \\\"b\\\", c\",nonce=\"n,1\" ,stale=TRUE,qop=\"auth\""
    for (name, isProxy) in [("WWW-Authenticate", false), ("proxy-authenticate", true)] {
      let parsed = Parsed(register("\(name): \(value)", line: "SIP/2.0 401 Unauthorized"))
      let challenge = try #require(parsed.message?.challenge)
      #expect(parsed.text(challenge.realm) == "a \\\"b\\\", c")
      #expect(parsed.text(challenge.nonce) == "n,1")
      #expect(challenge.isStale)
      #expect(challenge.isProxy == isProxy)
    }
  }

  @Test(
    "stale is true only when it says so",
    arguments: [
      ("stale=true", true), ("stale=\"true\"", true), ("stale=false", false), ("stale=", false),
      ("x=\"stale=true\"", false), ("", false),
    ])
  func stale(parameter: String, isStale: Bool) throws {
    let text = register("WWW-Authenticate: Digest realm=\"r\",nonce=\"n\", \(parameter)")
    #expect(Parsed(text).message?.challenge?.isStale == isStale)
  }

  @Test("of several challenges the first Digest counts")
  func several() throws {
    let parsed = Parsed(
      register(
        "WWW-Authenticate: Bearer realm=\"no\"",
        "WWW-Authenticate: DIGEST\n realm=\"one\",nonce=\"1\"",
        "WWW-Authenticate: Digest realm=\"two\",nonce=\"2\""))
    let challenge = try #require(parsed.message?.challenge)
    #expect(parsed.text(challenge.realm) == "one")
    #expect(parsed.text(challenge.nonce) == "1")
  }

  @Test("a second scheme in the same value does not overwrite the first")
  func joined() throws {
    let parsed = Parsed(
      register("WWW-Authenticate: Digest realm=\"one\", nonce=\"1\", Basic realm=\"two\""))
    #expect(parsed.text(parsed.message?.challenge?.realm) == "one")
  }

  @Test("credentials give user, realm, nonce, uri and response")
  func credentials() throws {
    let value =
      "digest username=\"10 01\",realm=\"r\",nonce=\"n\",uri=\"sip:e;x\",qop=auth,nc=00000001,"
      + "cnonce=\"c\", response=\"0123\" , opaque=\"\""
    for (name, isProxy) in [("Authorization", false), ("Proxy-Authorization", true)] {
      let parsed = Parsed(register("\(name): \(value)"))
      let credentials = try #require(parsed.message?.credentials)
      #expect(parsed.text(credentials.username) == "10 01")
      #expect(parsed.text(credentials.realm) == "r")
      #expect(parsed.text(credentials.nonce) == "n")
      #expect(parsed.text(credentials.uri) == "sip:e;x")
      #expect(parsed.text(credentials.response) == "0123")
      #expect(credentials.isProxy == isProxy)
    }
  }

  @Test(
    "what is not Digest is no credentials and no challenge",
    arguments: ["Basic realm=\"x\"", "Digest", "Digestrealm=\"x\"", "", "Bearer abc"])
  func other(value: String) throws {
    let message = try #require(
      Parsed(register("Authorization: \(value)", "WWW-Authenticate: \(value)")).message)
    #expect(message.credentials == nil)
    #expect(message.challenge == nil)
  }

  @Test(
    "a damaged list gives what stands before the damage",
    arguments: [
      "Digest username=\"u\", realm=\"open", "Digest username=\"u\", ===", "Digest username=u",
      "Digest ,,, username=u,\"", "Digest username=\"u\" realm",
    ])
  func damaged(value: String) throws {
    let parsed = Parsed(register("Authorization: \(value)"))
    let credentials = try #require(parsed.message?.credentials)
    #expect(parsed.text(credentials.username) == "u")
    #expect(credentials.realm.isEmpty)
  }
}
