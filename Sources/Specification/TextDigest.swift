// Which text a run was planned on: the checksum in its specification, in place of the files' paths.

import Corpora
import Files
import Foundation
import Synchronization

/// The files of a text corpus in numbers.
package struct TextIdentity: Sendable, Hashable {
  /// SHA-256, in hexadecimal digits, over each file's length (8 bytes, little-endian) and contents, in order.
  package let digest: String
  package let files: Int
  package let bytes: Int

  package init(_ files: [TextFile]) {
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

extension TextIdentity {
  package init(_ text: TextCollection) { self.init(text.files) }
}

extension CorpusSpecification {
  /// The checksum of a corpus of texts, nil for those that are generated.
  package var textDigest: String? {
    switch self {
    case .world, .python: nil
    case .text(let text): digests.digest(of: text.text)
    }
  }
}

/// Checksums of texts that were asked for: a plan has many runs on one text, and texts are long.
private let digests = Digests()

private final class Digests: Sendable {
  private let known = Mutex<[(text: TextCollection, digest: String)]>([])

  func digest(of text: TextCollection) -> String {
    if let found = known.withLock({ $0.first { $0.text == text }?.digest }) { return found }
    let digest = TextIdentity(text).digest
    known.withLock { $0.append((text, digest)) }
    return digest
  }
}

extension RunSpecification {
  /// Refuses a text that is not the one that the run was planned on.
  /// - Throws: `StoreError` of kind `.badData`.
  package func requireItsText() throws(StoreError) {
    guard case .text(let specification) = corpus else { return }
    let identity = TextIdentity(specification.text)
    guard identity.digest == textDigest else {
      throw StoreError(
        .badData,
        "this is not the text that the run was planned on (SHA-256 \(identity.digest.prefix(8))…, planned "
          + "\((textDigest ?? "none").prefix(8))…); give the files as they were then, or ask about the text as it is "
          + "now by the command that planned the run")
    }
  }

  /// Whether this program would make the same numbers of the specification that it had when it was written.
  var isCurrent: Bool {
    if case .text(let text) = corpus, !text.isCurrent { return false }
    return formatVersion == Self.currentFormatVersion
  }
}
