// Reading and writing whole files. A written file is either the old one or the complete new one, also after a crash.
// What the files contain is not known here.

import Foundation
import Synchronization
import SystemPackage

private let temporaryCount = Atomic<UInt64>(0)
private let fileMode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

/// Replaces the file by `data`: writes a temporary name in the same directory, syncs, renames, syncs the directory.
public func writeAtomically(_ data: Data, to path: String) throws(StoreError) {
  let target = FilePath(path)
  guard let name = target.lastComponent?.string else { throw StoreError(.io, "cannot write \"\(path)\": no file name") }
  let directory = target.removingLastComponent()
  let number = temporaryCount.wrappingAdd(1, ordering: .relaxed).newValue
  let temporary = directory.appending(".\(name).\(getpid()).\(number).tmp")
  do {
    try writeAndSync(data, to: temporary)
    try check(rename(temporary.string, target.string))
    try syncDirectory(directory)
  } catch {
    unlink(temporary.string)
    throw StoreError(cannot: "write", path, error)
  }
}

public func writeAtomically(_ text: String, to path: String) throws(StoreError) {
  try writeAtomically(Data(text.utf8), to: path)
}

/// Adds `data` at the end of the file, which is made if need be, and syncs. A crash can leave a part of `data`.
public func appendAndSync(_ data: Data, to path: String) throws(StoreError) {
  do {
    let file = try FileDescriptor.open(
      FilePath(path), .writeOnly, options: [.append, .create, .closeOnExec], permissions: fileMode)
    try file.closeAfter {
      try file.writeAll(data)
      try check(fsync(file.rawValue))
    }
  } catch {
    throw StoreError(cannot: "write", path, error)
  }
}

public func readFile(_ path: String) throws(StoreError) -> Data {
  var data = Data()
  try readInPieces(path) { data.append(contentsOf: $0) }
  return data
}

/// Makes the directory and those above it.
public func makeDirectory(_ path: String) throws(StoreError) {
  var prefix = FilePath(path)
  var missing: [FilePath] = []
  while !prefix.isEmpty, access(prefix.string, F_OK) != 0 {
    missing.append(prefix)
    if !prefix.removeLastComponent() { break }
  }
  do {
    for directory in missing.reversed() where mkdir(directory.string, 0o777) != 0 && errno != EEXIST {
      throw Errno(rawValue: errno)
    }
  } catch {
    throw StoreError(cannot: "make the directory", path, error)
  }
}

/// Makes the directory if need be, and makes sure that files can be written in it.
func requireWritableDirectory(_ path: String) throws(StoreError) {
  try makeDirectory(path)
  if access(path, W_OK) != 0 { throw StoreError(cannot: "write in", path, Errno(rawValue: errno)) }
}

func fileExists(_ path: String) -> Bool {
  access(path, F_OK) == 0
}

/// Removes what interrupted writes have left in the directory. Call it only while nobody else writes there.
func removeTemporaries(in directory: String) throws(StoreError) {
  for name in try fileNames(in: directory) where name.hasPrefix(".") && name.hasSuffix(".tmp") {
    unlink(FilePath(directory).appending(name).string)
  }
}

/// The names in a directory in alphabetical order, without `.` and `..`; none if there is no such directory.
func fileNames(in directory: String) throws(StoreError) -> [String] {
  guard let stream = opendir(directory) else {
    if errno == ENOENT { return [] }
    throw StoreError(cannot: "list", directory, Errno(rawValue: errno))
  }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

func check(_ result: CInt) throws(Errno) {
  if result != 0 { throw Errno(rawValue: errno) }
}

private func writeAndSync(_ data: Data, to path: FilePath) throws {
  let file = try FileDescriptor.open(
    path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: fileMode)
  try file.closeAfter {
    try file.writeAll(data)
    try check(fsync(file.rawValue))
  }
}

private func syncDirectory(_ path: FilePath) throws {
  let directory = try FileDescriptor.open(path.isEmpty ? "." : path, .readOnly, options: [.directory, .closeOnExec])
  try directory.closeAfter {
    // Some file systems have nothing to sync for a directory and say so by EINVAL.
    if fsync(directory.rawValue) != 0, errno != EINVAL { throw Errno(rawValue: errno) }
  }
}

/// Gives `body` the contents of a file piece by piece.
func readInPieces(_ path: String, _ body: (UnsafeRawBufferPointer) -> Void) throws(StoreError) {
  do {
    let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
    try file.closeAfter {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
      defer { buffer.deallocate() }
      while true {
        let count = try file.read(into: buffer)
        if count == 0 { return }
        body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
  } catch {
    throw StoreError(cannot: "read", path, error)
  }
}
