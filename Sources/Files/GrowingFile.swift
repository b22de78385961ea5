// A file of lines that only grows, as its one writer knows it: its length and its contents are known in memory and
// compared with the disk, whose contents are never taken on trust.

import Foundation
import SystemPackage
import Wording

/// How much of a file of lines counts: its length in bytes, and the SHA-256 of those.
package struct LineMark: Sendable, Equatable {
  package let bytes: Int
  package let digest: String

  /// "1204 5f70…".
  package var description: String { "\(bytes) \(digest)" }

  /// The mark of a file that is empty or not there.
  package static let start = LineMark(of: Data())

  init(bytes: Int, digest: String) {
    self.bytes = bytes
    self.digest = digest
  }

  init(of data: Data) {
    self.init(bytes: data.count, digest: sha256(data))
  }

  /// - Returns: nil if the text is not one that `description` gives.
  package init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let bytes = Int(parts[0]), bytes >= 0 else { return nil }
    self.init(bytes: bytes, digest: String(parts[1]))
  }
}

/// The file, with the mark of everything that its writer has put into it.
package struct GrowingFile {
  let path: String
  private var bytes = 0
  private var hash = SHA256()

  /// A file that is to be empty or not there.
  package init(path: String) {
    self.path = path
  }

  /// How long the file is by what was written, and the SHA-256 of that.
  package var mark: LineMark { LineMark(bytes: bytes, digest: hash.digestSoFar()) }

  /// What is there, if its beginning has that mark; empty where nothing is.
  /// - Throws: `StoreError` of kind `.badData` if it is something else.
  package func contents(upTo mark: LineMark) throws(StoreError) -> Data {
    let data = try readFileIfThere(path, limit: SizeLimit.lines) ?? Data()
    guard LineMark(of: data.prefix(mark.bytes)) == mark else {
      throw StoreError(.badData, "\(path): its lines are not those that the state was saved with")
    }
    return data
  }

  /// Goes on from that mark: what is behind it in `contents` is cut off the file, which from now on belongs to no other
  /// folder too.
  package mutating func rewind(to mark: LineMark, of contents: Data) throws(StoreError) {
    let counted = Data(contents.prefix(mark.bytes))
    let isShared = try isShared()
    if counted.isEmpty {
      try removeFile(path)
    } else if contents.count > counted.count || isShared {
      try writeAtomically(counted, to: path)
    }
    bytes = counted.count
    hash = SHA256()
    hash.update(counted)
  }

  /// Adds `data` at the end and syncs. A crash can leave a part of it.
  /// - Throws: `StoreError` of kind `.badData` if the file is not as long as its writer left it.
  package mutating func append(_ data: Data) throws(StoreError) {
    if try isShared() {
      // A copy of the folder by hard links: it keeps what it has.
      let written = try readFile(path, limit: SizeLimit.lines)
      if LineMark(of: written) != mark { throw changed(written.count) }
      try writeAtomically(written, to: path)
    }
    do {
      let (file, information) = try openRegular(
        path, .writeOnly, namedBy: .program, options: [.append, .create], permissions: fileMode)
      try file.closeAfter {
        if information.st_size != bytes { throw changed(information.st_size) }
        try file.writeAll(data)
        try check(fsync(file.rawValue))
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(cannot: "write", path, error)
    }
    bytes += data.count
    hash.update(data)
  }

  /// Makes sure that every byte is as it was written.
  /// - Throws: `StoreError` of kind `.badData` if one is not.
  package func verify() throws(StoreError) {
    let digest = try sha256(ofFileIfThere: path)
    if (digest ?? LineMark.start.digest) != mark.digest { throw changed(nil) }
  }

  private func isShared() throws(StoreError) -> Bool {
    try information(at: path).map { $0.st_nlink > 1 } ?? false
  }

  private func changed(_ length: Int?) -> StoreError {
    let lengths = length.map { $0 == bytes ? "" : ": it has \($0) bytes, \(bytes) were written" } ?? ""
    return .changedAtWork(path, lengths)
  }
}

extension StoreError {
  /// A file of a run that its writer did not leave as it is now.
  package static func changedAtWork(_ path: String, _ how: String = "") -> StoreError {
    StoreError(
      .badData,
      "\(path): was changed by another program while the run was at work\(how); run the same command again, which sets "
        + "aside what cannot be used")
  }
}

/// Removes the file if it is there.
package func removeFile(_ path: String) throws(StoreError) {
  if unlink(path) != 0, errno != ENOENT { throw StoreError(cannot: "remove", path, Errno(rawValue: errno)) }
}
