// A folder for work that nobody keeps. It is locked as long as its process lives, so that the next process can
// recognise and remove what a killed one has left.

import Files
import Foundation
import SystemPackage

/// A folder of this process's own among the system's temporary files (TMPDIR), removed by ``remove()``.
final class TemporaryFolder: Sendable {
  let path: String
  private let lock: CInt

  /// - Parameter prefix: what the names of such folders begin with.
  /// - Throws: `StoreError` of kind `.io` if it cannot be made.
  init(_ prefix: String) throws(StoreError) {
    let directory = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    Self.removeLeftovers(prefix, in: directory)
    var template = Array("\(directory)/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      let reason = Errno(rawValue: errno).description.lowercased()
      throw StoreError(
        .io, "cannot make a temporary folder in \(directory): \(reason); name another directory with TMPDIR")
    }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    lock = Self.opened(path)
    if lock >= 0 { flock(lock, LOCK_SH | LOCK_NB) }
  }

  /// Removes the folder with all that is in it.
  func remove() {
    try? FileManager.default.removeItem(atPath: path)
    if lock >= 0 { close(lock) }
  }

  /// Removes this user's folders of that prefix that no process holds.
  private static func removeLeftovers(_ prefix: String, in directory: String) {
    for name in (try? fileNames(in: directory)) ?? [] where name.hasPrefix(prefix) {
      let path = "\(directory)/\(name)"
      let file = opened(path)
      if file < 0 { continue }
      var information = stat()
      // Another process may not yet have locked what it has just made.
      if fstat(file, &information) == 0, information.st_uid == geteuid(), time(nil) - information.st_mtim.tv_sec >= 1,
        flock(file, LOCK_EX | LOCK_NB) == 0
      {
        try? FileManager.default.removeItem(atPath: path)
      }
      close(file)
    }
  }

  private static func opened(_ path: String) -> CInt { open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
}
