// Which corpus a run uses, and the one entry point that turns a specification and a seed into data.

/// A corpus and its parameters.
public enum CorpusSpecification: Hashable, Sendable {
  case world(WorldSpecification)
  case text(TextSpecification)
  case python(PythonSpecification)
}

/// As JSON an object with one key, the corpus's name, and its parameters under it.
extension CorpusSpecification: Codable {
  private enum CodingKeys: String, CodingKey {
    case world = "world"
    case text = "text"
    case python = "python"
  }

  public init(from decoder: any Decoder) throws {
    let corpora = try decoder.container(keyedBy: CodingKeys.self)
    guard corpora.allKeys.count == 1, let key = corpora.allKeys.first else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected one corpus, found \(corpora.allKeys.count)"))
    }
    switch key {
    case .world: self = .world(try corpora.decode(WorldSpecification.self, forKey: key))
    case .text: self = .text(try corpora.decode(TextSpecification.self, forKey: key))
    case .python: self = .python(try corpora.decode(PythonSpecification.self, forKey: key))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var corpora = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .world(let world): try corpora.encode(world, forKey: .world)
    case .text(let text): try corpora.encode(text, forKey: .text)
    case .python(let python): try corpora.encode(python, forKey: .python)
    }
  }
}

extension CorpusSpecification {
  /// Token ids that a model of the corpus has, special ones included.
  public func vocabularySize() throws(CorpusError) -> Int {
    switch self {
    case .world(let specification): return World(specification).tokenizer.vocabularySize
    case .python(let specification): return PythonTokenizer(difficulty: specification.difficulty).vocabularySize
    case .text: return try dataset(seed: 1, context: 64, items: 0, validationSequences: 0).tokenizer.vocabularySize
    }
  }

  /// Throws `invalidSpecification` for the first field outside its range.
  public func validate() throws(CorpusError) {
    switch self {
    case .world(let specification): try specification.validate()
    case .text(let specification): try specification.validate()
    case .python(let specification): try specification.validate()
    }
  }

  /// The shortest context that holds every document and item.
  public var shortestContext: Int {
    switch self {
    case .world: World.shortestContext
    case .text: Cloze.shortestContext
    case .python(let specification): specification.shortestContext
    }
  }

  /// The sample and items of a seed: a pure function of its arguments and, for text, of the files' contents.
  ///
  /// - Parameters:
  ///   - seed: decides which documents and items are drawn, and which behaviours python holds out; what is true in the
  ///     world only if each seed has its own.
  ///   - context: longest sequence in tokens.
  ///   - items: number of items of each task; multiples of four are balanced exactly.
  ///   - validationSequences: number of held-out sequences.
  public func dataset(
    seed: UInt64, context: Int, items: Int, validationSequences: Int
  ) throws(CorpusError) -> Dataset {
    for (field, value) in [("items", items), ("validationSequences", validationSequences)] where value < 0 {
      throw .invalidSpecification(field: field, value: "\(value)", allowed: "0 or more")
    }
    try validate()
    switch self {
    case .world(let specification):
      return try World(specification, seed: seed).dataset(
        seed: seed, context: context, items: items, validationSequences: validationSequences)
    case .text(let specification):
      guard specification.isCurrent else { throw .otherTextVersion(specification.version ?? 1) }
      return try specification.dataset(
        seed: seed, context: context, items: items, validationSequences: validationSequences)
    case .python(let specification):
      return try PythonCorpus(seed: seed, difficulty: specification.difficulty).dataset(
        uniqueTokens: specification.uniqueTokens, context: context, items: items,
        validationSequences: validationSequences)
    }
  }
}

/// Throws `invalidSpecification` for a number outside its range.
func requireCount(_ value: Int, in range: ClosedRange<Int>, _ field: String) throws(CorpusError) {
  if range.contains(value) { return }
  let allowed = value < range.lowerBound ? "\(range.lowerBound) or more" : "\(range.upperBound) or fewer"
  throw .invalidSpecification(field: field, value: "\(value)", allowed: allowed)
}
