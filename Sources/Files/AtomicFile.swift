// Writing whole files: a written file is either the old one or the complete new one, also after a crash. What the files
// contain is not known here. Reading is in RegularFile.swift, files that grow are in GrowingFile.swift.

import Foundation
import SystemPackage

package let fileMode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

/// Replaces the file by `data`: writes a temporary file of an unpredictable name in the same directory, syncs, renames,
/// syncs the directory. A link in the program's own place is replaced; one that a user named is followed.
/// - Parameter elsewhere: for the complaint, how the command is told another place.
/// - Throws: `StoreError` of kind `.io`; the old file is then whole. Pipes, devices and directories are not replaced.
package func writeAtomically(
  _ data: Data, to path: String, namedBy origin: NamedBy = .program, elsewhere: String = StoreError.anotherDirectory
) throws(StoreError) {
  guard FilePath(path).lastComponent != nil else { throw StoreError(.io, "cannot write \"\(path)\": no file name") }
  do {
    let target = FilePath(try place(of: path, namedBy: origin))
    let directory = target.removingLastComponent()
    let (temporary, file) = try makeTemporary(in: directory)
    do {
      try file.closeAfter {
        try file.writeAll(data)
        try check(fsync(file.rawValue))
      }
      try check(rename(temporary.string, target.string))
    } catch {
      unlink(temporary.string)
      throw error
    }
    try syncDirectory(directory)
  } catch {
    throw StoreError(cannot: "write", path, error, elsewhere: elsewhere)
  }
}

package func writeAtomically(
  _ text: String, to path: String, namedBy origin: NamedBy = .program, elsewhere: String = StoreError.anotherDirectory
) throws(StoreError) {
  try writeAtomically(Data(text.utf8), to: path, namedBy: origin, elsewhere: elsewhere)
}

/// Where to rename to: the path, or where a user's link leads.
private func place(of path: String, namedBy origin: NamedBy) throws -> String {
  var path = path
  if origin == .user, kind(of: path) == .link {
    guard let resolved = realpath(path, nil) else { throw Errno(rawValue: errno) }
    defer { free(resolved) }
    path = String(cString: resolved)
  }
  switch kind(of: path) {
  case nil, .regular, .link: return path
  case let kind?: throw FileRefusal.notRegular(kind)
  }
}

/// A new file with an unpredictable name, so that nothing can wait in its place.
private func makeTemporary(in directory: FilePath) throws -> (path: FilePath, file: FileDescriptor) {
  while true {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    let path = directory.appending("\(temporaryPrefix)\(digits)\(temporarySuffix)")
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec], permissions: fileMode)
      return (path, file)
    } catch Errno.fileExists {
      continue
    }
  }
}

private let temporaryPrefix = ".replicate-"
private let temporarySuffix = ".tmp"

/// Removes what interrupted writes have left in the directory. Call it only while nobody else writes there.
package func removeTemporaries(in directory: String) throws(StoreError) {
  // Earlier versions named them ".NAME.PROCESS.NUMBER.tmp".
  for name in try fileNames(in: directory) where name.hasPrefix(".") && name.hasSuffix(temporarySuffix) {
    unlink(FilePath(directory).appending(name).string)
  }
}

private func syncDirectory(_ path: FilePath) throws {
  let directory = try FileDescriptor.open(path.isEmpty ? "." : path, .readOnly, options: [.directory, .closeOnExec])
  try directory.closeAfter {
    // Some file systems have nothing to sync for a directory and say so by EINVAL.
    if fsync(directory.rawValue) != 0, errno != EINVAL { throw Errno(rawValue: errno) }
  }
}
