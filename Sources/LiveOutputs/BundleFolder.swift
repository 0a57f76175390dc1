import Glibc
import Synchronization

/// The folder that bundles are put into: each is a folder written aside and renamed when it is
/// whole, and there are only so many.
public final class BundleFolder: Sendable {
  /// So many bundles at the most; older ones may be somebody's evidence, so none is removed.
  public static let most = 100

  private let path: String
  private let folder: Mutex<Folder>

  private static let suffix = ".part"

  /// Takes over `path`, which need not exist; what an earlier run left half-written is removed.
  public init(_ path: String) throws(OutputError) {
    let folder = try Folder(path)
    let names = try folder.names()
    for name in names where Self.isUnfinished(name) { Self.remove(name, in: folder.descriptor) }
    self.path = path.hasSuffix("/") ? path : path + "/"
    self.folder = Mutex(folder)
  }

  /// Whether no more bundles fit.
  public var isFull: Bool {
    let names = try? folder.withLock { (folder) throws(OutputError) in try folder.names() }
    return (names ?? []).count { isTimed($0.utf8[...]) } >= Self.most
  }

  /// Where a bundle of that name is to be written; the name must suit files.
  public func begin(_ name: String) -> String { path + "." + name + Self.suffix }

  /// Gives a bundle that was begun its name; gives the path.
  public func finish(_ name: String) throws(OutputError) -> String {
    let target = path + name
    // A folder with something in it is not replaced.
    guard rename(begin(name), target) == 0 else { throw OutputError("cannot rename", errno) }
    return target
  }

  /// Removes what was written of a bundle.
  public func abandon(_ name: String) {
    folder.withLock { Self.remove("." + name + Self.suffix, in: $0.descriptor) }
  }

  private static func isUnfinished(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(suffix) && isTimed(name.utf8.dropFirst())
  }

  /// Removes a folder of files: there are no folders in it that this program has made.
  private static func remove(_ name: String, in folder: Int32) {
    let inside = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard inside >= 0 else { return }
    for file in (try? Folder.names(in: inside)) ?? [] { unlinkat(inside, file, 0) }
    close(inside)
    unlinkat(folder, name, AT_REMOVEDIR)
  }
}
