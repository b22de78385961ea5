// What a corpus hands to training and evaluation: sequences, items and the check that no item leaked into training.

/// A multiple-choice item as text.
public struct MultipleChoiceItem: Codable, Sendable, Hashable {
  public var context: String
  /// What may follow the context; exactly one is right.
  public var choices: [String]
  /// Index of the right choice.
  public var answer: Int

  public init(context: String, choices: [String], answer: Int) {
    (self.context, self.choices, self.answer) = (context, choices, answer)
  }

  /// The length of each choice in characters as `acc_norm` counts them: Unicode code points, as in
  /// lm-evaluation-harness, where it is Python's `len`.
  public var characters: [Int] { choices.map(\.unicodeScalars.count) }
}

/// A multiple-choice item as tokens. All choices of an item of this project's corpora have the same number of tokens.
public struct EncodedItem: Sendable {
  public var context: [Int32]
  public var choices: [[Int32]]
  /// Number of Unicode code points of each choice, by which `acc_norm` divides.
  public var characters: [Int]
  public var answer: Int
  /// The tokens that must not occur in a row in any training sequence: the sentence (for endings, the two sentences)
  /// that the right choice completes.
  public var probe: [Int32]
  /// What follows any of the choices, the same for all: the full stop of the sentence, where a choice lacks it. It is
  /// not scored, but a bidirectional model sees it.
  public var suffix: [Int32]

  /// - Parameter probe: nil stands for the whole context with the right choice.
  public init(
    context: [Int32], choices: [[Int32]], characters: [Int], answer: Int, probe: [Int32]? = nil,
    suffix: [Int32] = []
  ) {
    (self.context, self.choices, self.characters, self.answer) = (context, choices, characters, answer)
    self.suffix = suffix
    self.probe = probe ?? context + (choices.indices.contains(answer) ? choices[answer] : [])
  }
}

/// The items of one task, in both forms and the same order.
public struct ItemSet: Sendable {
  public var task: ChoiceTask
  public var items: [EncodedItem]
  public var texts: [MultipleChoiceItem]

  public init(_ task: ChoiceTask, items: [EncodedItem], texts: [MultipleChoiceItem]) {
    (self.task, self.items, self.texts) = (task, items, texts)
  }

  public var name: String { task.rawValue }
}

/// A corpus sample with its items: everything that a run reads.
public struct Dataset: Sendable {
  public var tokenizer: any Tokenizer
  /// Sequences of 1...context tokens. Only functions have special tokens: end tokens after them, up to the context.
  public var training: [[Int32]]
  /// Held-out sequences of the same kind.
  public var validation: [[Int32]]
  public var tasks: [ItemSet]
  /// The task `functions`, judged by execution; empty for corpora of prose.
  public var functions: [FunctionItem]
  /// The task `infilling`, judged by execution: the functions of `functions` with holes; empty but for advanced ones.
  public var infilling: [InfillingItem]
  /// Whether text counts as the same that differs only in white space: so it is for people's own files.
  public var comparesAsText = false

  public init(
    tokenizer: any Tokenizer, training: [[Int32]], validation: [[Int32]], tasks: [ItemSet],
    functions: [FunctionItem] = [], infilling: [InfillingItem] = []
  ) {
    (self.tokenizer, self.training, self.validation, self.tasks) = (tokenizer, training, validation, tasks)
    (self.functions, self.infilling) = (functions, infilling)
  }

  /// Number of tokens in all training sequences; of the end tokens after a sequence only the first counts.
  public var uniqueTokens: Int { training.reduce(0) { $0 + unpadded($1).count } }

  /// A sequence up to its first end token and with it.
  public func unpadded(_ sequence: [Int32]) -> ArraySlice<Int32> {
    let end = tokenizer.endToken
    return sequence.firstIndex(of: end).map { sequence[...$0] } ?? sequence[...]
  }

  /// One training sequence as text, without end tokens.
  public func trainingText(_ index: Int) -> String { text(training[index]) }
  /// One validation sequence as text, without end tokens.
  public func validationText(_ index: Int) -> String { text(validation[index]) }

  private func text(_ sequence: [Int32]) -> String {
    tokenizer.decode(Array(sequence.prefix { $0 != tokenizer.endToken }))
  }
}

/// How many items of the dataset could be answered by recall: their probe occurs in some training sequence, of a text
/// corpus also with other white space.
public func itemsOccurringInTraining(_ dataset: Dataset) -> Int {
  let items = dataset.tasks.flatMap(\.items).map { [$0.probe] } + dataset.functions.map(\.probes)
  var leaked = Set<ArraySlice<Int32>>()
  for (length, probes) in Dictionary(grouping: items.joined(), by: \.count) where length > 0 {
    let wanted = Set(probes.map { $0[...] })
    for sequence in dataset.training where sequence.count >= length {
      for start in 0...(sequence.count - length) {
        let window = sequence[start..<start + length]
        if wanted.contains(window) { leaked.insert(window) }
      }
    }
  }
  let read = dataset.comparesAsText ? itemsReadInTraining(dataset) : []
  return items.enumerated().count { index, probes in
    read.contains(index) || probes.contains { leaked.contains($0[...]) }
  }
}

/// The numbers of the items whose probe, as it is read, occurs in some training sequence.
private func itemsReadInTraining(_ dataset: Dataset) -> Set<Int> {
  let probes = dataset.tasks.flatMap(\.items).map { comparable($0.probe, dataset.tokenizer) }
  return occurring(probes, in: dataset.training.map { comparable(Array(dataset.tokenizer.decode($0).utf8)) })
}
