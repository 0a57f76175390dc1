import Capture
import Decode
import SIP
import Testing

@testable import Registrations

@Suite("What an account costs in memory")
struct RecordsTests {
  @Test("a plain account with its binding, device and flow takes few bytes")
  func sizes() {
    #expect(MemoryLayout<Binding>.stride <= 208)
    #expect(MemoryLayout<Registrant>.stride <= 120)
    // One binding and one registrant are in it.
    #expect(MemoryLayout<Account>.stride <= 152 + 208 + 120)
    #expect(MemoryLayout<Reachability>.stride <= 232)
  }

  @Test(
    "an endpoint comes back as it was put in",
    arguments: [
      Endpoint(address: IPAddress(ipv4: 0), port: 0),
      Endpoint(address: IPAddress(ipv4: 0xFFFF_FFFF), port: 65535),
      Endpoint(address: IPAddress(high: 0x2001_0DB8_0000_0000, low: 1), port: 5060),
      Endpoint(address: IPAddress(high: 0, low: 1), port: 5060),
    ])
  func endpoints(_ endpoint: Endpoint) {
    var held = Compact(wrappedValue: endpoint)
    #expect(held.wrappedValue == endpoint)
    let other = Endpoint(address: IPAddress(high: 7, low: 8), port: 9)
    held.wrappedValue = other
    #expect(held.wrappedValue == other)
    held.wrappedValue = endpoint
    #expect(held.wrappedValue == endpoint)
  }

  @Test("a number of events stays at its highest and never falls below none")
  func tallies() {
    var tally = Tally(wrappedValue: Int(UInt32.max) - 1)
    tally.wrappedValue += 1
    tally.wrappedValue += 1
    #expect(tally.wrappedValue == Int(UInt32.max))
    tally.wrappedValue = -1
    #expect(tally.wrappedValue == 0)
  }

  @Test("a moment of a packet that an earlier run saw is not taken for none")
  func spares() {
    let earlier = Moment(time: Timestamp(nanoseconds: 0), frame: .earlier)
    var held = OrSpare<Moment>(wrappedValue: nil)
    #expect(held.wrappedValue == nil)
    held.wrappedValue = earlier
    #expect(held.wrappedValue == earlier)
  }

  @Test("a copy of facts that stand aside is not changed with the original")
  func asides() {
    var facts = Aside<RareFacts>()
    #expect(facts.isEmpty)
    facts.facts.callsLeftOut = 1
    let copy = facts
    facts.facts.callsLeftOut = 2
    #expect(copy.facts.callsLeftOut == 1)
    #expect(facts.facts.callsLeftOut == 2)
  }
}

@Suite("Texts on pages")
struct TextStoreTests {
  @Test("texts come back whole, on whatever page they stand")
  func pages() {
    var store = TextStore()
    let texts = (0..<200).map {
      ("sip:\($0)@example.net", String(repeating: "ä", count: $0 % 50 * 10))
    }
    let kept = texts.map { store.keep($0.0, $0.1) }
    for (pair, text) in zip(kept, texts) {
      #expect(pair.first == text.0)
      #expect(pair.second == text.1)
    }
  }

  @Test("of a text longer than any in use the beginning is kept, and said to be only that")
  func longest() {
    var store = TextStore()
    let pair = store.keep(String(repeating: "a", count: 70_000), "b")
    #expect(pair.first == String(repeating: "a", count: 1021) + "…")
    #expect(pair.second == "b")
    // Cut within a letter.
    #expect(store.keep(String(repeating: "ä", count: 513), "").first.hasSuffix("ä\u{FFFD}…"))
  }

  @Test("the words of an answer and the name of a device are kept as far as anybody reads them")
  func words() throws {
    let long = String(repeating: "No ", count: 2000)
    let account = try track(
      hosts + """
        0 phone -> switch REGISTER agent "\(long)"
        0.1 switch -> phone 403 reason "\(long)" header "Warning: 399 a \(long)"
        """
    ).onlyAccount()
    let series = try #require(account.failureSeries.first)
    for text in [series.reason, series.warning, series.userAgent] {
      #expect(text.utf8.count == 256 && text.hasSuffix("…"))
    }
  }

  @Test(
    "texts from a datagram are what they would be as strings",
    arguments: [
      ("1001", "PBX.Example.NET"), ("", ""), ("a", ""), ("", "B"), ("@[`{", "@[`{AZaz"),
      ("ä", "x"), ("x", "\u{130}"), ("\u{0}\r\n", "\u{7F}"),
      (String(repeating: "A", count: 1_020), "Z"), ("x", String(repeating: "A", count: 40_000)),
    ])
  func datagrams(_ user: String, _ host: String) {
    check(Array(user.utf8), Array(host.utf8))
  }

  @Test("what is no text at all is left to be mended")
  func mended() {
    check([0x31, 0xFF, 0x32], [0x41])
    check([0x31], [0xC3])
    var store = TextStore()
    let bytes: [UInt8] = [0x41, 0x80]
    let all = ByteRange(offset: 0, length: 2)
    #expect(store.keep(all, .none, of: bytes.span) == nil)
    // What was written of it is written over.
    #expect(store.keep("b", "c").first == "b")
  }

  /// Compares both ways to keep an address and two texts.
  private func check(_ user: [UInt8], _ host: [UInt8]) {
    let bytes = user + host
    let border = UInt16(user.count)
    let (first, second) = (
      ByteRange(offset: 0, length: border),
      ByteRange(offset: border, length: UInt16(host.count))
    )
    let texts = (String(decoding: user, as: UTF8.self), String(decoding: host, as: UTF8.self))
    let isShort = bytes.allSatisfy { $0 < 0x80 } && bytes.count < 32_767
    var store = TextStore()
    let address = store.keep(user: first, host: second, of: bytes.span)
    let pair = store.keep(first, second, of: bytes.span)
    #expect((address != nil) == isShort)
    #expect((pair != nil) == (isShort && !bytes.isEmpty))
    if let address {
      #expect(address.first == texts.0 + "@" + texts.1.lowercased())
      #expect(address.second == "")
    }
    if let pair {
      #expect(pair.first == texts.0)
      #expect(pair.second == texts.1)
    }
  }

  @Test("no text is no text")
  func none() {
    var store = TextStore()
    #expect(store.keep("", "").first == "")
    #expect(store.keep("", "x").first == "")
    #expect(store.keep("x", "").second == "")
  }
}

@Suite("A sample of gaps")
struct GapSampleTests {
  @Test("it takes every gap, then every second, then every fourth, spread over the whole span")
  func spread() {
    var sample = GapSample()
    for gap: UInt32 in 1...8 { sample.add(milliseconds: gap) }
    #expect(sample.sample == [1, 2, 3, 4, 5, 6, 7, 8])
    sample.add(milliseconds: 9)
    #expect(sample.sample == [2, 4, 6, 8, 9])
    for gap: UInt32 in 10...16 { sample.add(milliseconds: gap) }
    #expect(sample.sample == [2, 4, 6, 8, 9, 11, 13, 15])
    for gap: UInt32 in 17...33 { sample.add(milliseconds: gap) }
    #expect(sample.sample == [8, 15, 21, 29, 33])
    #expect(sample.count == 33)
    #expect(sample.shortest == 1)
    #expect(sample.longest == 33)
  }
}

@Suite("Gaps of a flow")
struct FlowGapsTests {
  @Test("they say what a sample of all of them says, however many there are")
  func likeASample() {
    var store = GapStore()
    var gaps = FlowGaps()
    var others = FlowGaps()
    var sample = GapSample()
    #expect(gaps.isEmpty && store.longest(of: gaps) == 0)
    for gap: UInt32 in [5, 3, 9, 9, 2, 30, 1, 4, 8, 7, 6] {
      #expect(store.add(milliseconds: gap, to: &gaps) == (gap > sample.longest))
      store.add(milliseconds: 1000 + gap, to: &others)
      sample.add(milliseconds: gap)
      let held = store.sample(of: gaps)
      #expect(held.sample == sample.sample)
      #expect((held.count, held.shortest) == (sample.count, sample.shortest))
      #expect((held.longest, held.median) == (sample.longest, sample.median))
      #expect(store.longest(of: gaps) == sample.longest)
    }
    store.clear(&gaps)
    #expect(gaps.isEmpty && store.sample(of: gaps).count == 0)
    #expect(store.sample(of: others).longest == 1030)
  }
}

@Suite("A list that nearly always has one element")
struct FewTests {
  @Test("it holds what an array would, whether none, one or several")
  func likeAnArray() {
    var few = Few<Number>()
    var array: [Number] = []
    func agree() -> Bool {
      Array(few) == array && few.count == array.count && few.isEmpty == array.isEmpty
        && few.contains { $0 == 3 } == array.contains(3)
        && few.firstIndex { $0 > 1 } == array.firstIndex { $0 > 1 }
    }
    #expect(agree())
    for number: Number in [1, 2, 3] {
      few.append(number)
      array.append(number)
      #expect(agree())
    }
    #expect(few.remove(at: 1) == array.remove(at: 1))
    #expect(agree())
    few.removeAll { $0 == 1 }
    array.removeAll { $0 == 1 }
    #expect(agree())
    few.append(4)
    array.append(4)
    #expect(few.popLast() == array.popLast())
    #expect(agree())
    few.removeAll { _ in true }
    array = []
    #expect(agree() && few.popLast() == nil)
  }
}

private struct Number: HasFiller, ExpressibleByIntegerLiteral, Comparable {
  static let filler = Number(integerLiteral: -1)
  let value: Int

  init(integerLiteral value: Int) { self.value = value }

  static func < (left: Number, right: Number) -> Bool { left.value < right.value }
}
