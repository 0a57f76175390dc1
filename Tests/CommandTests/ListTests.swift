import Foundation
import Testing

/// What the program says of itself.
@Suite struct ListTests {
  @Test func `The version is the one in reports`() throws {
    let run = try Regsift.run("--version")
    #expect(run.status == 0)
    let report = try Regsift.run(
      "analyze", "--format", "json", Package.sample("register-flood/violated")
    ).report()
    let tool = report.root["tool"] as? [String: Any]
    #expect(tool?["version"] as? String == run.output.split(separator: "\n").first.map(String.init))
  }

  @Test func `Every rule is listed and explained by name`() throws {
    let list = try Regsift.run("rules")
    #expect(list.status == 0)
    let report = try Regsift.run(
      "analyze", "--format", "json", Package.sample("register-flood/violated")
    ).report()
    #expect(report.testedRules.count >= 11)
    for rule in report.testedRules {
      #expect(list.output.contains("\(rule) ("))
      let explained = try Regsift.run("rules", rule)
      #expect(explained.status == 0)
      #expect(explained.output.hasPrefix("\(rule) ("))
      #expect(explained.output.contains("Needs: "))
      #expect(explained.output.contains("Source: "))
    }
  }

  @Test func `Every parameter of the report is listed with value and source`() throws {
    let list = try Regsift.run("parameters", "-p", "SS_ENDPOINT_NAT_EXPIRE=120")
    #expect(list.status == 0)
    let lines = list.output.split(separator: "\n")
    let report = try Regsift.run(
      "analyze", "--format", "json", Package.sample("register-flood/violated")
    ).report()
    #expect(lines.count == report.parameters.count)
    for parameter in report.parameters {
      let name = try #require(parameter["name"] as? String)
      #expect(lines.contains { $0.hasPrefix(name + " ") })
    }
    let line = try #require(lines.first { $0.hasPrefix("SS_ENDPOINT_NAT_EXPIRE ") })
    #expect(line.contains("120 s") && line.hasSuffix("command-line"))
  }

  @Test func `The template is a profile, and keeps what was given`() throws {
    let scratch = try Scratch()
    let template = try Regsift.run(
      "parameters", "--template", "-p", "SS_SIP_NAT_KEEP_ALIVE_MESSAGE=say \"\\hi\"", "-p",
      "SS_ENDPOINT_EXPIRE=900", "-p", "SS_ENDPOINT_REGISTER_REPLACE=off")
    #expect(template.status == 0)
    let profile = try scratch.file("x.profile", template.output.utf8)
    let read = try Regsift.run("parameters", "--profile", profile)
    #expect(read.status == 0)
    #expect(read.output.contains("say \"\\hi\""))
    let changed = read.output.split(separator: "\n").filter { $0.contains("profile \(profile):") }
    #expect(changed.count == 3)
  }

  @Test func `Every line of the template can be set to what it shows`() throws {
    let scratch = try Scratch()
    let template = try Regsift.run("parameters", "--template").output
    let lines = template.split(separator: "\n").map { line in
      line.wholeMatch(of: /# ([A-Z_]+: .+)/).map { String($0.1) } ?? String(line)
    }
    let profile = try scratch.file("x.profile", lines.joined(separator: "\n").utf8)
    let run = try Regsift.run("parameters", "--profile", profile)
    #expect(run.errors == "")
    #expect(run.output.split(separator: "\n").count { $0.contains("profile") } >= 20)
  }

  @Test func `The template of changed values is a profile with all of them`() throws {
    let scratch = try Scratch()
    // A value of its own for every parameter, found in what each says it accepts.
    let template = try Regsift.run("parameters", "--template").output
    var given: [String: String] = [:]
    var accepts = ""
    for line in template.split(separator: "\n") {
      if let words = line.wholeMatch(of: /# Accepts (.+)/) { accepts = String(words.1) }
      if let name = line.wholeMatch(of: /# ([A-Z_]+):.*/) {
        given[String(name.1)] = Self.value(accepts, not: line)
      }
    }
    #expect(given.count == template.split(separator: "\n").count { $0.hasPrefix("# Accepts ") })
    let arguments = given.sorted { $0.key < $1.key }.flatMap { ["-p", "\($0.key)=\($0.value)"] }
    let written = try Regsift().run(["parameters", "--template"] + arguments)
    #expect(written.errors == "")
    let profile = try scratch.file("x.yaml", written.output.utf8)
    let again = try Regsift.run("parameters", "--template", "--profile", profile)
    #expect(again.output == written.output)
    let report = try Regsift.run("parameters", "--format", "json", "--profile", profile).report()
    #expect(report.parameters.count == given.count)
    for parameter in report.parameters {
      let name = try #require(parameter["name"] as? String)
      #expect(parameter["source"] as? String == "profile")
      #expect(parameter["value"].map { "\($0)" } == given[name], "\(name)")
    }
  }

  /// Something a parameter accepts, and not what it is by default.
  private static func value(_ accepts: String, not line: Substring) -> String {
    if let range = accepts.prefixMatch(of: /a whole number from (\d+) to (\d+)/) {
      return line.hasSuffix(": \(range.1)") ? String(range.2) : String(range.1)
    }
    if accepts.hasPrefix("On, Off") { return line.hasSuffix(": On") ? "Off" : "On" }
    if accepts.hasPrefix("up to 256 bytes") { return "say \"\\hi\" # not" }
    if accepts.hasPrefix("up to 32 numbers") { return "0.5,1.25,3" }
    return accepts.prefix { $0 != "." }.components(separatedBy: ", ").last ?? ""
  }

  @Test func `A scenario shows what is advised and what is set otherwise`() throws {
    let run = try Regsift.run(
      "parameters", "--scenario", "nat", "--scenario", "Primary_Trunk", "-p",
      "SS_SIP_USER_AGENT_EXPIRE=240")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    let expire = try #require(lines.first { $0.hasPrefix("SS_SIP_USER_AGENT_EXPIRE ") })
    #expect(expire.hasSuffix("  recommended 120 to 300 s (nat, primary-trunk)"))
    let delay = try #require(lines.first { $0.hasPrefix("SS_SIP_USER_AGENT_RETRY_DELAY ") })
    #expect(delay.hasSuffix("  recommended 30 to 45 s (nat, primary-trunk): 60 s is not"))
    #expect(lines.count { $0.contains("recommended") } == 2)
    let template = try Regsift.run("parameters", "--template", "--scenario", "critical").output
    #expect(template.contains("# Recommended: 30 s (critical), "))
  }

  @Test func `A scenario changes what the report recommends, and no value`() throws {
    let sample = Package.sample("register-flood/violated")
    let plain = try Regsift.run("analyze", "--format", "json", sample).report()
    let report = try Regsift.run(
      "analyze", "--format", "json", "--scenario", "primary-trunk", sample
    ).report()
    #expect(plain.parameters.allSatisfy { $0["recommended"] is NSNull })
    for (before, after) in zip(plain.parameters, report.parameters) {
      #expect("\(before["value"] ?? "")" == "\(after["value"] ?? "")")
    }
    let delay = report.parameter("SS_SIP_USER_AGENT_RETRY_DELAY")?["recommended"] as? [String: Any]
    #expect(delay?["lowest"] as? Int == 30)
    #expect(delay?["highest"] as? Int == 45)
    #expect(delay?["value"] is NSNull)
    #expect(delay?["scenarios"] as? [String] == ["primary-trunk"])
  }

  @Test func `The list of parameters for scripts is the report's`() throws {
    let sample = Package.sample("register-flood/violated")
    let options = ["--format", "json", "-p", "SS_ENDPOINT_EXPIRE=900", "--scenario", "critical"]
    let list = try Regsift().run(["parameters"] + options).report()
    let report = try Regsift().run(["analyze"] + options + [sample]).report()
    #expect(list.root["schema"] as? String == "regsift-parameters/1")
    // Only a report has packets to observe anything in.
    func without(_ key: String, _ parameters: [[String: Any]]) -> NSArray {
      parameters.map { $0.filter { $0.key != key } } as NSArray
    }
    #expect(list.parameters.allSatisfy { $0["observed"] is NSNull })
    #expect(without("observed", list.parameters) == without("observed", report.parameters))
    let expiry = list.parameter("SS_ENDPOINT_EXPIRE")
    #expect(expiry?["value"] as? Int == 900)
  }

  @Test(arguments: [["--help"], ["help", "analyze"], ["analyze", "--help"], ["rules", "-h"]])
  func `Help goes to standard output`(arguments: [String]) throws {
    let run = try Regsift().run(arguments)
    #expect(run.status == 0)
    #expect(run.output.contains("USAGE: regsift"))
    #expect(run.errors == "")
  }
}
