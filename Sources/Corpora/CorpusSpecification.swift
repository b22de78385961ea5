// Which corpus a run uses, and the one entry point that turns a specification and a seed into data.

/// A corpus and its parameters.
public enum CorpusSpecification: Codable, Hashable, Sendable {
  case world(WorldSpecification)
  case text(TextSpecification)
  case python(PythonSpecification)
}

extension CorpusSpecification {
  /// Token ids that a model of the corpus has, special ones included.
  public func vocabularySize() throws(CorpusError) -> Int {
    switch self {
    case .world(let specification): return World(specification).tokenizer.vocabularySize
    default: return try dataset(seed: 1, context: 64, items: 0, validationSequences: 0).tokenizer.vocabularySize
    }
  }

  /// The sample and items of a seed: a pure function of its arguments and, for text, of the files' contents.
  ///
  /// - Parameters:
  ///   - seed: decides which documents and items are drawn, and which behaviours python holds out, never what is true in
  ///     the world.
  ///   - context: longest sequence in tokens.
  ///   - items: number of items of each task; multiples of four are balanced exactly.
  ///   - validationSequences: number of held-out sequences.
  public func dataset(
    seed: UInt64, context: Int, items: Int, validationSequences: Int
  ) throws(CorpusError) -> Dataset {
    for (field, value) in [("items", items), ("validationSequences", validationSequences)] where value < 0 {
      throw .invalidSpecification(field: field, value: "\(value)", allowed: "0 or more")
    }
    switch self {
    case .world(let specification):
      try specification.validate()
      return try World(specification).dataset(
        seed: seed, context: context, items: items, validationSequences: validationSequences)
    case .text(let specification):
      try specification.validate()
      return try specification.dataset(
        seed: seed, context: context, items: items, validationSequences: validationSequences)
    case .python(let specification):
      try specification.validate()
      return try PythonCorpus(seed: seed).dataset(
        uniqueTokens: specification.uniqueTokens, context: context, items: items,
        validationSequences: validationSequences)
    }
  }
}
