import Parameters

/// Reads a profile file.
enum ProfileTarget {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    guard bytes.count < 8192, let text = String(validating: bytes, as: UTF8.self) else { return }
    var profile = Profile()
    do throws(ProfileError) {
      try profile.load(text: text, file: "profile.yaml")
    } catch {
      try Shown.demandPlain(error.description)
      let untouched = profile.entries.allSatisfy { $0.source == .documented }
      return try demand(untouched, "a profile with a mistake changes nothing")
    }
    var again = Profile()
    do throws(ProfileError) { try again.load(text: text, file: "profile.yaml") } catch {
      throw BrokenPromise(description: "a profile is read twice, or not at all")
    }
    try demand(
      profile.entries.map(\.value) == again.entries.map(\.value), "it says the same both times")
  }
}
