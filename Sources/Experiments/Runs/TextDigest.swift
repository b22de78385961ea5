// Which text a run was planned on: the check sum that stands in its specification in place of the files' paths.

import Corpora
import Foundation

/// The files of a text corpus in numbers.
public struct TextIdentity: Sendable, Hashable {
  /// SHA-256, in hexadecimal digits, over each file's length (8 bytes, little-endian) and contents, in order.
  public let digest: String
  public let files: Int
  public let bytes: Int

  public init(_ files: [TextFile]) {
    let hash = SHA256()
    for file in files {
      withUnsafeBytes(of: UInt64(file.bytes.count).littleEndian) { hash.update($0) }
      hash.update(file.bytes)
    }
    digest = hash.finalize()
    self.files = files.count
    bytes = files.reduce(0) { $0 + $1.bytes.count }
  }
}

extension RunSpecification {
  /// Refuses a text that is not the one that the run was planned on.
  /// - Throws: `StoreError` of kind `.badData`, `CorpusError` if the files cannot be read.
  func requireUnchangedText() throws {
    guard case .text(let text) = corpus else { return }
    let identity = TextIdentity(try text.files())
    guard identity.digest == textDigest else {
      throw StoreError(
        .badData,
        "the text in \(text.paths.joined(separator: ", ")) has changed since the run was planned (SHA-256 "
          + "\(identity.digest.prefix(8))…, planned \((textDigest ?? "none").prefix(8))…); run the same command again "
          + "to ask about the text as it is now")
    }
  }
}
