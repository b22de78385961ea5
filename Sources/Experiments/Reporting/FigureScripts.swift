// Finds the figures that are stored in a folder of results.

import Foundation

/// The gnuplot scripts `CLAIM/CLAIM.gp` below a directory, in alphabetical order.
/// - Throws: `StoreError` if the directory cannot be read.
public func figureScripts(in directory: String) throws(StoreError) -> [String] {
  var scripts: [String] = []
  for name in try directoryNames(in: directory) {
    let path = "\(directory)/\(name)/\(name).gp"
    guard let kind = try information(at: path).map({ FileKind(mode: $0.st_mode) }) else { continue }
    if kind != .regular { throw StoreError(cannot: "read", path, FileRefusal.notRegular(kind)) }
    scripts.append(path)
  }
  return scripts
}
