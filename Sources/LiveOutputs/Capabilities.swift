import CProcess

/// What the program may do beyond its user.
public enum Capabilities {
  /// Keeps the right to capture from programs that are called; the program itself keeps it.
  public static func keepFromOthers() { process_keep_capabilities() }
}
