import ArgumentParser

/// How a running capture is shown to whoever sits at the terminal.
struct ViewOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Write lines as things happen, where a terminal would show the full-screen view."))
  var lines = false
}
