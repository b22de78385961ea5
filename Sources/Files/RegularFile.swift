// Opening and reading regular files, and nothing else: a pipe or a device never hangs or fills the memory, a link that
// nobody asked for is not followed, and what is read is bounded. "Not there" is told apart from "cannot be read now"
// everywhere. Writing is in AtomicFile.swift.

import Basics
import Foundation
import SystemPackage

/// Who chose the last name of a path. A link in its place is followed if a user did; where the program expects a file
/// of its own making, a link is somebody else's doing.
package enum NamedBy: Sendable {
  case user, program
}

/// The longest files that are read into memory, in bytes: far beyond what the program writes.
package enum SizeLimit {
  /// Records, specifications, verdicts, configurations, locks.
  package static let record = 64 << 20
  /// Lines of metrics or items, data and drawings of a figure.
  package static let lines = 1 << 30
  /// Weights.
  package static let weights = 1 << 34
}

/// What is at a path, by stat(2).
package enum FileKind: Equatable {
  case regular, directory, link, pipe, socket, device

  init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .directory
    case S_IFLNK: self = .link
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    default: self = .device
    }
  }
}

/// Why a file is not taken although the system gives it.
package enum FileRefusal: ExitStatusProviding, Equatable {
  case notRegular(FileKind)
  case tooLong(limit: Int)

  package var exitStatus: ExitStatus { .io }
  package var description: String { reason() }
}

/// The file's contents.
/// - Throws: `StoreError` of kind `.io` if it is not there, cannot be read, is not a regular file or is longer than
///   `limit`.
package func readFile(
  _ path: String, namedBy origin: NamedBy = .program, limit: Int = SizeLimit.record
) throws(StoreError) -> Data {
  guard let data = try readFileIfThere(path, namedBy: origin, limit: limit) else {
    throw StoreError(cannot: "read", path, Errno.noSuchFileOrDirectory)
  }
  return data
}

/// The file's contents, nil if there is no such file: not because it cannot be read.
/// - Throws: `StoreError` of kind `.io` if it cannot be read, is not a regular file or is longer than `limit`.
package func readFileIfThere(
  _ path: String, namedBy origin: NamedBy = .program, limit: Int = SizeLimit.record
) throws(StoreError) -> Data? {
  var data = Data()
  let isThere = try readInPieces(path, namedBy: origin, limit: limit) { data.append(contentsOf: $0) }
  return isThere ? data : nil
}

/// Gives `body` the contents of a file piece by piece.
/// - Returns: whether there is such a file.
package func readInPieces(
  _ path: String, namedBy origin: NamedBy = .program, limit: Int = .max, _ body: (UnsafeRawBufferPointer) -> Void
) throws(StoreError) -> Bool {
  do {
    let (file, information) = try openRegular(path, .readOnly, namedBy: origin)
    return try file.closeAfter {
      if information.st_size > limit { throw FileRefusal.tooLong(limit: limit) }
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
      defer { buffer.deallocate() }
      var total = 0
      while true {
        let count = try file.read(into: buffer)
        if count == 0 { return true }
        total += count
        if total > limit { throw FileRefusal.tooLong(limit: limit) }  // it has grown, or has no length, as in /proc
        body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
  } catch Errno.noSuchFileOrDirectory {
    return false
  } catch {
    throw StoreError(cannot: "read", path, error)
  }
}

/// Opens a regular file without ever waiting for another end of it.
/// - Throws: `Errno`, or `FileRefusal` if it is not a regular file.
package func openRegular(
  _ path: String, _ mode: FileDescriptor.AccessMode, namedBy origin: NamedBy,
  options: FileDescriptor.OpenOptions = [], permissions: FilePermissions? = nil
) throws -> (file: FileDescriptor, information: stat) {
  var options = options.union([.closeOnExec, .nonBlocking])
  if origin == .program { options.insert(.noFollow) }
  let file: FileDescriptor
  do {
    file = try FileDescriptor.open(FilePath(path), mode, options: options, permissions: permissions)
  } catch Errno.tooManySymbolicLinkLevels where kind(of: path) == .link {
    throw FileRefusal.notRegular(.link)
  } catch Errno.noSuchAddressOrDevice {
    throw FileRefusal.notRegular(kind(of: path) ?? .device)  // a pipe that nobody reads, a socket
  }
  do {
    var information = stat()
    try check(fstat(file.rawValue, &information))
    let kind = FileKind(mode: information.st_mode)
    if kind != .regular { throw FileRefusal.notRegular(kind) }
    return (file, information)
  } catch {
    try? file.close()
    throw error
  }
}

/// Whether anything exists at the path, even a dangling link.
/// - Throws: `StoreError` of kind `.io` if that cannot be told.
package func isThere(_ path: String) throws(StoreError) -> Bool {
  try information(at: path) != nil
}

/// What lstat(2) says of the path, nil if nothing is there.
/// - Throws: `StoreError` of kind `.io` if that cannot be told.
package func information(at path: String) throws(StoreError) -> stat? {
  var information = stat()
  if lstat(path, &information) == 0 { return information }
  if errno == ENOENT { return nil }
  throw StoreError(cannot: "look at", path, Errno(rawValue: errno))
}

/// What is at the path itself; nil if that cannot be told.
package func kind(of path: String) -> FileKind? {
  var information = stat()
  return lstat(path, &information) == 0 ? FileKind(mode: information.st_mode) : nil
}

package func check(_ result: CInt) throws(Errno) {
  if result != 0 { throw Errno(rawValue: errno) }
}
