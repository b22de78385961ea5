// A sample of a text that is too long to be split again and again within a budget. It is a text of its own, kept as a
// file, so that every later command can name it.

import Configuration
import Corpora
import Foundation
import Specification

/// Bytes of text that are worth splitting for a budget: far more than models can be trained on within it.
package func usefulBytes(minutes: Double, cores: Int) -> Int {
  max(4_000_000, Int(min(minutes * Double(cores) * 50_000, 500_000_000)))
}

/// Random documents of a text, about so many bytes together, as one file; nil if the text has no more.
/// - Throws: `CorpusError`.
package func sampled(_ text: TextCollection, to bytes: Int, _ settings: ClaimSettings) throws -> TextFile? {
  if text.bytes <= bytes + bytes / 4 { return nil }
  var specification = settings.text.specification(text)
  specification.heldOutShare = Double(bytes) / Double(text.bytes)
  // What would be held out is a random part of that size.
  let documents = try specification.splits(seeds: [0], context: settings.model.context).first?.heldOut ?? []
  var sample: [UInt8] = []
  for document in documents {
    sample += document
    if sample.last != UInt8(ascii: "\n") { sample.append(UInt8(ascii: "\n")) }
    sample.append(UInt8(ascii: "\n"))
  }
  return TextFile(path: "sample", bytes: sample)
}
