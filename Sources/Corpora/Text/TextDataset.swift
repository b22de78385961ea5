// Makes the sequences of a sample of a text corpus. The split: TextSplit.swift; the tokens: EncodedText.swift; the
// items: Cloze.swift.

import Randomness

extension TextSpecification {
  /// The whole sample.
  ///
  /// The tokeniser is learnt from the whole training part, also where `uniqueTokens` uses less of it. Training
  /// sequences are the documents cut at the last border between characters within every `context` tokens; validation
  /// sequences and items start at any such border in the held-out documents and may overlap, but none of them is in
  /// the training part, white space aside.
  func dataset(seed: UInt64, context: Int, items: Int, validationSequences: Int) throws(CorpusError) -> Dataset {
    guard context >= Cloze.shortestContext else {
      throw .contextTooShort(context: context, minimum: Cloze.shortestContext)
    }
    let text = try encoded(seed: seed, context: context)
    let cloze = Cloze(text, context: context, difficulty: difficulty)
    var dataset = Dataset(
      tokenizer: text.tokenizer, training: try windows(text.training, of: context),
      validation: try validation(text, seed: seed, context: context, count: validationSequences),
      tasks: [try cloze.itemSet(seed: seed, count: items)])
    dataset.comparesAsText = true
    return dataset
  }

  private func encoded(seed: UInt64, context: Int) throws(CorpusError) -> EncodedText {
    let key = EncodedTexts.Key(seed: seed, tokenizer: tokenizer, heldOutShare: heldOutShare, context: context)
    return try EncodedTexts.shared.text(key, of: text.files.map(\.bytes)) { () throws(CorpusError) in
      let parts = try documents(context: context).split(seed: seed, heldOutShare: heldOutShare)
      return EncodedText(training: parts.training, heldOut: parts.heldOut, tokenizer: tokenizer)
    }
  }

  /// The documents cut into sequences, while they fit in the budget, which the last one may fill in the middle of a
  /// character.
  private func windows(_ documents: [EncodedDocument], of context: Int) throws(CorpusError) -> [[Int32]] {
    let total = documents.reduce(0) { $0 + $1.tokens.count }
    let budget = uniqueTokens ?? 0
    if total < budget { throw .tooFewTokens(available: total, requested: budget) }
    var rest = budget == 0 ? total : budget
    var windows: [[Int32]] = []
    for document in documents {
      var start = 0
      while start < document.tokens.count && rest > 0 {
        let longest = min(start + context, document.tokens.count)
        let end = min((start + 1...longest).last { document.cuts[$0].isBorder } ?? longest, start + rest)
        windows.append(Array(document.tokens[start..<end]))
        rest -= end - start
        start = end
      }
    }
    return windows
  }

  private func validation(
    _ text: EncodedText, seed: UInt64, context: Int, count: Int
  ) throws(CorpusError) -> [[Int32]] {
    var places: [(document: Int, range: Range<Int>)] = []
    for (index, document) in text.heldOut.enumerated() where !document.tokens.isEmpty {
      for start in 0...max(0, document.tokens.count - context) where document.cuts[start].isBorder {
        let longest = min(start + context, document.tokens.count)
        guard let end = (start + 1...longest).last(where: { document.cuts[$0].isBorder }) else { continue }
        places.append((index, start..<end))
      }
    }
    var stream = RandomStream(seed: seed, purpose: .validationDocuments)
    stream.shuffle(&places)
    var sequences: [[Int32]] = []
    var rest = places[...]
    while sequences.count < count {
      if rest.isEmpty { throw .tooFewSequences(available: sequences.count, requested: count) }
      let next = rest.prefix(2 * count).map { Array(text.heldOut[$0.document].tokens[$0.range]) }
      rest = rest.dropFirst(next.count)
      let known = occurring(next.map { comparable($0, text.tokenizer) }, in: text.trainingTexts)
      sequences += next.indices.filter { !known.contains($0) }.map { next[$0] }
    }
    return Array(sequences.prefix(count))
  }
}
