/// The version of regsift, as reports and the command line state it.
public let regsiftVersion = "0.1.0"
