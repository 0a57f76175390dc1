import ArgumentParser
import Parameters

/// One run of the program, from arguments to exit status.
struct CommandRun {
  let arguments: [String]

  /// Runs, and tells how it ended.
  var status: ExitStatus {
    do {
      try checkCommand()
      var command = try Regsift.parseAsRoot(arguments)
      guard let subcommand = command as? any Subcommand else {
        try command.run()
        return .clean
      }
      return try subcommand.perform()
    } catch {
      // --help and --version come as errors, too.
      guard Regsift.exitCode(for: error).isSuccess else { return refuse(error) }
      return StandardOutput.write(Regsift.fullMessage(for: error) + "\n")
    }
  }

  /// ArgumentParser calls an unknown command an unexpected argument: say what it is instead.
  private func checkCommand() throws {
    guard let first = arguments.first, !first.hasPrefix("-") || first == "-" else { return }
    guard !Regsift.commandNames.contains(first) else { return }
    var line = "there is no command '\(first)': \(Regsift.commandNames.joined(separator: ", "))"
    if let nearest = Spelling.nearest(to: first, among: Regsift.commandNames) {
      line += "; the nearest is \(nearest)"
    }
    throw UsageError(line)
  }

  private func refuse(_ error: any Error) -> ExitStatus {
    if let error = error as? CannotWrite {
      StandardError.say(error.description)
      return .trouble
    }
    let message = (error as? UsageError)?.description ?? Regsift.message(for: error)
    var command = Regsift.configuration.commandName ?? ""
    if let first = arguments.first, first != "help", Regsift.commandNames.contains(first) {
      command += " " + first
    }
    StandardError.say("\(Self.sentence(message)) (see '\(command) --help')")
    return .usage
  }

  /// ArgumentParser's messages may have several lines, and a full stop.
  private static func sentence(_ message: String) -> String {
    var sentence = ""
    for line in message.split(separator: "\n") {
      if !sentence.isEmpty { sentence += " " }
      sentence += line.drop { $0 == " " }
    }
    return sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }
}
