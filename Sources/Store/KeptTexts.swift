// Texts from standard input, kept beside the runs that were planned on them, so that they need not be piped a second
// time.

import Corpora
import Files
import Foundation
import Specification

/// `results/texts/`: a file for each text that came by standard input, named by its checksum.
package struct KeptTexts: Sendable {
  /// The directory, which is made when a text is kept.
  package let directory: String

  /// - Parameter out: the directory of results.
  package init(below out: String) { directory = out + "/texts" }

  /// The file of a text with this checksum, there or not.
  func path(digest: String) -> String { "\(directory)/\(digest.prefix(16)).txt" }

  /// Writes the text unless it is there.
  /// - Returns: the path of its file, which can be named in place of standard input from now on.
  @discardableResult
  package func keep(_ file: TextFile) throws(StoreError) -> String {
    let path = path(digest: TextIdentity([file]).digest)
    if try !isThere(path) {
      try makeDirectory(directory)
      try writeAtomically(Data(file.bytes), to: path)
    }
    return path
  }

  /// The text of a run, if it came by standard input alone and was kept.
  /// - Throws: `StoreError` if it is not what was kept, `CorpusError` if it cannot be read.
  package func text(digest: String) throws -> TextCollection? {
    let path = path(digest: digest)
    if try !isThere(path) { return nil }
    let text = try TextSelection(paths: [path]).read()
    guard TextIdentity(text).digest == digest else {
      throw StoreError(.badData, "\(path): was altered (its SHA-256 is not the one in its name); remove it")
    }
    return text
  }
}
