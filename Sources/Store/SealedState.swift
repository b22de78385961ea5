// The frame around a saved state: by which program format, for which run, and whether every byte is as it was written.
// What a state contains is the executor's concern.

import Files
import Foundation

package enum SealedState {
  /// Raised whenever older states cannot be continued from.
  static let currentFormatVersion = 1

  private static let name = "replicate-state"

  /// Bytes of the frame at most.
  static let longestFrame = 256

  /// A line with format version, run and SHA-256, then the state.
  static func sealed(_ state: Data, run hash: String) -> Data {
    Data("\(name) \(currentFormatVersion) \(hash) \(sha256(state))\n".utf8) + state
  }

  /// The state of that run.
  /// - Throws: `StoreError` of kind `.badData` naming the path and what is wrong.
  package static func opened(_ data: Data, run hash: String, path: String) throws(StoreError) -> Data {
    guard let end = data.prefix(longestFrame).firstIndex(of: UInt8(ascii: "\n")) else {
      throw StoreError(.badData, "\(path): is not a saved state")
    }
    let line = String(decoding: data[data.startIndex..<end], as: UTF8.self)
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 4, words[0] == name else { throw StoreError(.badData, "\(path): is not a saved state") }
    guard words[1] == "\(currentFormatVersion)" else {
      throw StoreError(
        .badData, "\(path): format version \(words[1]), this program reads \(currentFormatVersion)")
    }
    guard words[2] == hash else { throw StoreError(.badData, "\(path): is a state of run \(words[2]), not \(hash)") }
    let state = data[data.index(after: end)...]
    guard sha256(state) == words[3] else {
      throw StoreError(.badData, "\(path): was cut or altered (its SHA-256 differs)")
    }
    return Data(state)
  }
}
