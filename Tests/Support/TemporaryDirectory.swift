// What tests of several modules share: folders that disappear, and the words of errors.

import Files
import Foundation
import SystemPackage

/// A directory that disappears with the test.
package final class TemporaryDirectory {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)").path
    try makeDirectory(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

package func fileExists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

/// Adds bytes to a file, as a stranger would.
package func append(_ data: Data, to path: String) throws {
  let file = try FileDescriptor.open(
    FilePath(path), .writeOnly, options: [.append, .create], permissions: [.ownerReadWrite])
  try file.closeAfter { _ = try file.writeAll(data) }
}

package func message(_ body: () throws(StoreError) -> Void) -> String? {
  do throws(StoreError) {
    try body()
    return nil
  } catch {
    return error.description
  }
}
