// Splits a text corpus by document and makes the sequences of a sample. The files: TextFiles.swift; the tokens:
// EncodedText.swift; the items: Cloze.swift.

import Randomness

extension TextSpecification {
  /// The documents of a split, each part in the order that the seed gives.
  func split(seed: UInt64) throws(CorpusError) -> (training: [[UInt8]], heldOut: [[UInt8]]) {
    try split(documents(), seed: seed)
  }

  private func split(
    _ documents: [[UInt8]], seed: UInt64
  ) throws(CorpusError) -> (training: [[UInt8]], heldOut: [[UInt8]]) {
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
  /// sequences are the documents cut at the last border between characters within every `context` tokens; validation
  /// sequences and items start at any such border in the held-out documents and may overlap.
  func dataset(seed: UInt64, context: Int, items: Int, validationSequences: Int) throws(CorpusError) -> Dataset {
    guard context >= Cloze.shortestContext else {
      throw .contextTooShort(context: context, minimum: Cloze.shortestContext)
    }
    let text = try encoded(seed: seed)
    let cloze = Cloze(text, context: context)
    return Dataset(
      tokenizer: text.tokenizer, training: try windows(text.training, of: context),
      validation: try validation(text.heldOut, seed: seed, context: context, count: validationSequences),
      tasks: [try cloze.itemSet(seed: seed, count: items)])
  }

  private func encoded(seed: UInt64) throws(CorpusError) -> EncodedText {
    let files = try files()
    let key = EncodedTexts.Key(seed: seed, tokenizer: tokenizer, heldOutShare: heldOutShare)
    return try EncodedTexts.shared.text(key, of: files.map(\.bytes)) { () throws(CorpusError) in
      let parts = try split(Self.documents(of: files), seed: seed)
      return EncodedText(training: parts.training, heldOut: parts.heldOut, tokenizer: tokenizer)
    }
  }

  /// The documents cut into sequences, while they fit in the budget, which the last one may fill in the middle of a
  /// character.
  private func windows(_ documents: [EncodedDocument], of context: Int) throws(CorpusError) -> [[Int32]] {
    let total = documents.reduce(0) { $0 + $1.tokens.count }
    let budget = uniqueTokens ?? 0
    if total < budget { throw .corpusTooSmall(part: "training", tokens: total, needed: budget) }
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
    _ documents: [EncodedDocument], seed: UInt64, context: Int, count: Int
  ) throws(CorpusError) -> [[Int32]] {
    var places: [(document: Int, range: Range<Int>)] = []
    for (index, document) in documents.enumerated() where !document.tokens.isEmpty {
      for start in 0...max(0, document.tokens.count - context) where document.cuts[start].isBorder {
        let longest = min(start + context, document.tokens.count)
        guard let end = (start + 1...longest).last(where: { document.cuts[$0].isBorder }) else { continue }
        places.append((index, start..<end))
      }
    }
    guard places.count >= count else {
      throw .corpusTooSmall(
        part: "held-out", tokens: documents.reduce(0) { $0 + $1.tokens.count }, needed: context + count - 1)
    }
    var stream = RandomStream(seed: seed, purpose: .validationDocuments)
    stream.shuffle(&places)
    return places.prefix(count).map { Array(documents[$0.document].tokens[$0.range]) }
  }
}
