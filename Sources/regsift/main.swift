import Glibc

// A reader that goes away (`regsift ... | head`) shows as EPIPE where it is written to.
signal(SIGPIPE, SIG_IGN)
// So does a file that may not grow further: EFBIG.
signal(SIGXFSZ, SIG_IGN)
// Who started this one may have it ignore the end of programs: then nobody could wait for one.
signal(SIGCHLD, SIG_DFL)
StandardStreams.fillGaps()
_ = ReportFile.mask
exit(CommandRun(arguments: Array(CommandLine.arguments.dropFirst())).status.rawValue)
