// Making and listing directories. An error while listing is an error, never an end of the list.

import Foundation
import SystemPackage

/// Makes the directory and those above it.
/// - Parameter elsewhere: for the complaint, how the command is told another place.
package func makeDirectory(
  _ path: String, elsewhere: String = StoreError.anotherDirectory
) throws(StoreError) {
  do {
    try makeDirectories(FilePath(path))
  } catch {
    throw StoreError(cannot: "make the directory", path, error, elsewhere: elsewhere)
  }
}

private func makeDirectories(_ path: FilePath) throws(Errno) {
  if path.isEmpty || mkdir(path.string, 0o777) == 0 { return }
  switch errno {
  case ENOENT:
    var parent = path
    guard parent.removeLastComponent() else { throw .noSuchFileOrDirectory }
    if parent.isEmpty { throw .noSuchFileOrDirectory }
    try makeDirectories(parent)
    if mkdir(path.string, 0o777) != 0 && errno != EEXIST { throw Errno(rawValue: errno) }
  case let reason:
    // Systems differ in what they say of a directory that is there and could not have been made.
    var information = stat()
    guard stat(path.string, &information) == 0 else { throw Errno(rawValue: reason) }
    if information.st_mode & S_IFMT != S_IFDIR { throw .notDirectory }
  }
}

/// Makes the first of the directories `stem`-1, `stem`-2, … that is not there yet; nobody else makes the same.
package func makeFreshDirectory(_ stem: String) throws(StoreError) -> String {
  var number = 1
  while mkdir("\(stem)-\(number)", 0o777) != 0 {
    if errno != EEXIST { throw StoreError(cannot: "make the directory", "\(stem)-\(number)", Errno(rawValue: errno)) }
    number += 1
  }
  return "\(stem)-\(number)"
}

/// Makes the directory if need be, and makes sure that files can be written in it.
package func requireWritableDirectory(_ path: String) throws(StoreError) {
  try makeDirectory(path)
  if access(path, W_OK) != 0 { throw StoreError(cannot: "write in", path, Errno(rawValue: errno)) }
}

/// The names in a directory in alphabetical order, without `.` and `..`; none if there is no such directory.
package func fileNames(in directory: String) throws(StoreError) -> [String] {
  guard let stream = opendir(directory) else {
    if errno == ENOENT { return [] }
    throw StoreError(cannot: "list", directory, Errno(rawValue: errno))
  }
  defer { closedir(stream) }
  var names: [String] = []
  while true {
    errno = 0
    guard let entry = readdir(stream) else {
      if errno != 0 { throw StoreError(cannot: "list", directory, Errno(rawValue: errno)) }
      return names.sorted()
    }
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
}

/// The names of those that are directories, or links to some, in alphabetical order.
package func directoryNames(in directory: String) throws(StoreError) -> [String] {
  var names: [String] = []
  for name in try fileNames(in: directory) {
    var information = stat()
    let path = "\(directory)/\(name)"
    if stat(path, &information) != 0 {
      if errno == ENOENT { continue }  // a link that leads nowhere, or just removed
      throw StoreError(cannot: "look at", path, Errno(rawValue: errno))
    }
    if information.st_mode & S_IFMT == S_IFDIR { names.append(name) }
  }
  return names
}
