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
      line.wholeMatch(of: /# ([A-Z_]+ = .+)/).map { String($0.1) } ?? String(line)
    }
    let profile = try scratch.file("x.profile", lines.joined(separator: "\n").utf8)
    let run = try Regsift.run("parameters", "--profile", profile)
    #expect(run.errors == "")
    #expect(run.output.split(separator: "\n").count { $0.contains("profile") } >= 20)
  }

  @Test(arguments: [["--help"], ["help", "analyze"], ["analyze", "--help"], ["rules", "-h"]])
  func `Help goes to standard output`(arguments: [String]) throws {
    let run = try Regsift().run(arguments)
    #expect(run.status == 0)
    #expect(run.output.contains("USAGE: regsift"))
    #expect(run.errors == "")
  }
}
