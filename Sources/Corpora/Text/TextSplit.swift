// Splits a text corpus by document into what is trained on and what is held out.

import Randomness

/// A split of a text corpus, each part in the order that the seed gives.
public struct TextSplit: Sendable {
  public let training: [[UInt8]]
  public let heldOut: [[UInt8]]
  /// Bytes that are in neither part because they are in the corpus already, white space aside.
  public let repeatedBytes: Int

  /// Share of the text, by bytes, that is held out.
  public var heldOutShare: Double {
    let (training, heldOut) = (training.reduce(0) { $0 + $1.count }, heldOut.reduce(0) { $0 + $1.count })
    return Double(heldOut) / Double(training + heldOut)
  }
}

extension TextDocuments {
  /// The split of a seed. What is held out comes as near to the share as the first documents of the seed's order can,
  /// with at least one document in either part.
  /// - Throws: `textTooShort` if there are fewer than two documents.
  func split(seed: UInt64, heldOutShare: Double) throws(CorpusError) -> TextSplit {
    guard documents.count >= 2 else { throw .textTooShort(bytes: bytes, repeated: repeatedBytes) }
    var stream = RandomStream(seed: seed, purpose: .corpusSplit)
    let shuffled = stream.permutation(documents.count).map { documents[$0] }
    let wanted = heldOutShare * Double(bytes)
    var (count, heldOut) = (1, shuffled[0].count)
    while count < shuffled.count - 1, Double(heldOut) + Double(shuffled[count].count) / 2 <= wanted {
      heldOut += shuffled[count].count
      count += 1
    }
    return TextSplit(
      training: Array(shuffled.dropFirst(count)), heldOut: Array(shuffled.prefix(count)), repeatedBytes: repeatedBytes)
  }
}

extension TextSpecification {
  /// The documents that the corpus is split by.
  /// - Parameter context: tokens of a passage, by which long files are cut.
  func documents(context: Int) throws(CorpusError) -> TextDocuments {
    if text.files.isEmpty { throw .noText(paths: [], omitted: []) }
    return TextDocuments(text.files, heldOutShare: heldOutShare, context: context)
  }

  /// The splits of some seeds.
  /// - Throws: `noText`, `textTooShort`.
  public func splits(seeds: [UInt64], context: Int) throws(CorpusError) -> [TextSplit] {
    let documents = try documents(context: context)
    var splits: [TextSplit] = []
    for seed in seeds { splits.append(try documents.split(seed: seed, heldOutShare: heldOutShare)) }
    return splits
  }
}
