// Splits a text corpus by document, encodes it and makes the `cloze` items. The files: TextFiles.swift.

import Randomness

extension TextSpecification {
  /// The documents of a split, each part in the order that the seed gives.
  func split(seed: UInt64) throws(CorpusError) -> (training: [[UInt8]], heldOut: [[UInt8]]) {
    let documents = try documents()
    guard documents.count >= 2 else { throw .tooFewDocuments(found: documents.count, needed: 2) }
    var stream = RandomStream(seed: seed, purpose: .corpusSplit)
    let shuffled = stream.permutation(documents.count).map { documents[$0] }
    let wanted = heldOutShare * Double(documents.reduce(0) { $0 + $1.count })
    var count = 0
    var bytes = 0
    while count < shuffled.count - 1 && (count == 0 || Double(bytes) < wanted) {
      bytes += shuffled[count].count
      count += 1
    }
    return (Array(shuffled.dropFirst(count)), Array(shuffled.prefix(count)))
  }

  /// The whole sample.
  ///
  /// The tokeniser is learnt from the whole training part, also where `uniqueTokens` uses less of it. Training
  /// sequences are the documents cut at every `context` tokens; validation sequences and items start anywhere in the
  /// held-out documents and may overlap.
  func dataset(seed: UInt64, context: Int, items: Int, validationSequences: Int) throws(CorpusError) -> Dataset {
    guard context >= Cloze.shortestContext else {
      throw .contextTooShort(context: context, minimum: Cloze.shortestContext)
    }
    let parts = try split(seed: seed)
    let tokenizer: any Tokenizer =
      switch self.tokenizer {
      case .characters: CharacterTokenizer(training: parts.training)
      case .bytePairs(let vocabulary): BytePairTokenizer(training: parts.training, vocabulary: vocabulary)
      }
    func encode(_ documents: [[UInt8]]) throws(CorpusError) -> [[Int32]] {
      var encoded: [[Int32]] = []
      for document in documents { encoded.append(try tokenizer.encode(String(decoding: document, as: UTF8.self))) }
      return encoded
    }
    let training = try encode(parts.training)
    let heldOut = try encode(parts.heldOut)
    let cloze = Cloze(documents: heldOut, training: training, tokenizer: tokenizer, context: context)
    return Dataset(
      tokenizer: tokenizer, training: try windows(training, of: context),
      validation: try validation(heldOut, seed: seed, context: context, count: validationSequences),
      tasks: [try cloze.itemSet(seed: seed, count: items)])
  }

  /// The documents cut at every `context` tokens, while the windows fit in the budget.
  private func windows(_ documents: [[Int32]], of context: Int) throws(CorpusError) -> [[Int32]] {
    let total = documents.reduce(0) { $0 + $1.count }
    let budget = uniqueTokens ?? 0
    if total < budget { throw .corpusTooSmall(part: "training", tokens: total, needed: budget) }
    var rest = budget == 0 ? total : budget
    var windows: [[Int32]] = []
    for document in documents {
      for start in stride(from: 0, to: document.count, by: context) where rest > 0 {
        let window = document[start..<min(start + context, document.count, start + rest)]
        windows.append(Array(window))
        rest -= window.count
      }
    }
    return windows
  }

  private func validation(
    _ documents: [[Int32]], seed: UInt64, context: Int, count: Int
  ) throws(CorpusError) -> [[Int32]] {
    var places = documents.indices.flatMap { document in
      (0...max(0, documents[document].count - context)).map { (document: document, start: $0) }
    }
    guard places.count >= count else {
      throw .corpusTooSmall(
        part: "held-out", tokens: documents.reduce(0) { $0 + $1.count }, needed: context + count - 1)
    }
    var stream = RandomStream(seed: seed, purpose: .validationDocuments)
    stream.shuffle(&places)
    return places.prefix(count).map { Array(documents[$0.document][$0.start...].prefix(context)) }
  }
}
