// Encodes a split text corpus and makes the `cloze` items. The split: TextSplit.swift; the items: Cloze.swift.

import Randomness

extension TextSpecification {
  /// The whole sample.
  ///
  /// The tokeniser is learnt from the whole training part, also where `uniqueTokens` uses less of it. Training
  /// sequences are the documents cut at every `context` tokens; validation sequences and items start anywhere in the
  /// held-out documents and may overlap, but none of them stands in the training part, white space aside.
  func dataset(seed: UInt64, context: Int, items: Int, validationSequences: Int) throws(CorpusError) -> Dataset {
    guard context >= Cloze.shortestContext else {
      throw .contextTooShort(context: context, minimum: Cloze.shortestContext)
    }
    let parts = try documents(context: context).split(seed: seed, heldOutShare: heldOutShare)
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
    let trainingTexts = parts.training.map(comparable)
    let cloze = Cloze(documents: heldOut, trainingTexts: trainingTexts, tokenizer: tokenizer, context: context)
    var places = places(heldOut, seed: seed, context: context)[...]
    var validation: [[Int32]] = []
    while validation.count < validationSequences {
      if places.isEmpty { throw .tooFewSequences(available: validation.count, requested: validationSequences) }
      let next = Array(places.prefix(2 * validationSequences))
      places = places.dropFirst(next.count)
      let known = occurring(next.map { comparable($0, tokenizer) }, in: trainingTexts)
      validation += next.indices.filter { !known.contains($0) }.map { Array(next[$0]) }
    }
    var dataset = Dataset(
      tokenizer: tokenizer, training: try windows(training, of: context),
      validation: Array(validation.prefix(validationSequences)),
      tasks: [try cloze.itemSet(seed: seed, count: items)])
    dataset.comparesAsText = true
    return dataset
  }

  /// The documents cut at every `context` tokens, while the windows fit in the budget.
  private func windows(_ documents: [[Int32]], of context: Int) throws(CorpusError) -> [[Int32]] {
    let total = documents.reduce(0) { $0 + $1.count }
    let budget = uniqueTokens ?? 0
    if total < budget { throw .tooFewTokens(available: total, requested: budget) }
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

  /// The sequences of the held-out documents, one for each place where one can start, in random order.
  private func places(_ documents: [[Int32]], seed: UInt64, context: Int) -> [ArraySlice<Int32>] {
    var places = documents.flatMap { document in
      (0...max(0, document.count - context)).map { document[$0...].prefix(context) }
    }
    var stream = RandomStream(seed: seed, purpose: .validationDocuments)
    stream.shuffle(&places)
    return places
  }
}
