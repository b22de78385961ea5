// SHA-256 by the system's libcrypto, in pieces or at once, always in lower-case hexadecimal digits.
// What is hashed, and why, is decided by the callers.

import CLibcrypto
import Foundation
import SystemPackage

/// A SHA-256 in the making.
package final class SHA256 {
  fileprivate let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      fatalError("libcrypto has no SHA-256")  // no memory for 100 bytes, or a libcrypto that was built without it
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes at the end.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    precondition(EVP_DigestUpdate(context, start, bytes.count) == 1, "libcrypto refused to digest")
  }

  /// Adds bytes at the end.
  package func update(_ data: some ContiguousBytes) {
    data.withUnsafeBytes { update($0) }
  }

  /// The digest of all that was added, in hexadecimal digits. Nothing can be added afterwards.
  package func finalize() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "libcrypto refused to digest")
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension SHA256 {
  /// The digest of all that was added so far; more can be added afterwards.
  func digestSoFar() -> String {
    let copy = SHA256()
    precondition(EVP_MD_CTX_copy_ex(copy.context, context) == 1, "libcrypto refused to copy")
    return copy.finalize()
  }
}

/// The SHA-256 of `data` in hexadecimal digits.
package func sha256(_ data: Data) -> String {
  let hash = SHA256()
  hash.update(data)
  return hash.finalize()
}

/// The SHA-256 of a file of a store in hexadecimal digits, read in pieces; nil if there is no such file.
package func sha256(ofFileIfThere path: String) throws(StoreError) -> String? {
  let hash = SHA256()
  return try readInPieces(path, { hash.update($0) }) ? hash.finalize() : nil
}

/// The SHA-256 of a file of a store in hexadecimal digits, read in pieces.
package func sha256(ofFile path: String) throws(StoreError) -> String {
  guard let digest = try sha256(ofFileIfThere: path) else {
    throw StoreError(cannot: "read", path, Errno.noSuchFileOrDirectory)
  }
  return digest
}
