// Which text a run was planned on: the check sum that stands in its specification in place of the files' paths.

import Corpora
import Crypto
import Foundation

/// The files of a text corpus in numbers.
public struct TextIdentity: Sendable, Hashable {
  /// SHA-256, in hexadecimal digits, over each file's length (8 bytes, little-endian) and contents, in order.
  public let digest: String
  public let files: Int
  public let bytes: Int

  public init(_ files: [TextFile]) {
    var hash = SHA256()
    for file in files {
      hash.update(data: withUnsafeBytes(of: UInt64(file.bytes.count).littleEndian) { Data($0) })
      hash.update(data: file.bytes)
    }
    digest = hexadecimal(hash.finalize())
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
