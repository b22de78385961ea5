// Finds the figures that are stored in a folder of results.

import Foundation

/// The gnuplot scripts `CLAIM/CLAIM.gp` below a directory, in alphabetical order.
/// - Throws: `StoreError` if the directory cannot be read.
public func figureScripts(in directory: String) throws(StoreError) -> [String] {
  try fileNames(in: directory).map { "\(directory)/\($0)/\($0).gp" }.filter { fileExists($0) }
}
