import Glibc

// A reader that goes away (`regsift ... | head`) shows as EPIPE where it is written to.
signal(SIGPIPE, SIG_IGN)
StandardStreams.fillGaps()
exit(CommandRun(arguments: Array(CommandLine.arguments.dropFirst())).status.rawValue)
