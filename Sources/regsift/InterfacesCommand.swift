import ArgumentParser
import LiveCapture

/// `regsift interfaces`: what can be sniffed.
struct InterfacesCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "interfaces", abstract: "List the interfaces that sniff can capture from.")

  func perform() throws -> ExitStatus {
    let interfaces: [LiveInterface]
    do {
      interfaces = try LiveInterface.all()
    } catch {
      StandardError.say(error.message)
      return .trouble
    }
    guard !interfaces.isEmpty else {
      StandardError.say("no interface can be captured from: that needs root or CAP_NET_RAW")
      return .noPermission
    }
    return StandardOutput.write(interfaces.map { Self.line($0) + "\n" }.joined())
  }

  private static func line(_ interface: LiveInterface) -> String {
    var words = [interface.name.onOneLine]
    if !interface.isUp { words.append("(down)") }
    words += interface.addresses
    if !interface.purpose.isEmpty { words.append("- \(interface.purpose.onOneLine)") }
    return words.joined(separator: " ")
  }
}
