import ArgumentParser

/// Whether a later run goes on where this one ends.
struct StateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep who is registered in this file: saved every minute and at the end, read at the start.",
      valueName: "file"),
    completion: .file())
  var state: String?
}
