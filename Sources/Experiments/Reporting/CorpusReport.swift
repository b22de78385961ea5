// What `replicate corpus` shows of a corpus: counts, documents and items to read, and whether any item leaked into the
// training text.

import Basics
import Corpora
import Figures

/// A sample of a corpus as people and programs read it.
public struct CorpusReport: Codable, Sendable {
  /// The files behind a text corpus, and how they were split.
  public struct Source: Codable, Sendable {
    public let files: Int
    public let bytes: Int
    public let sha256: String
    /// What was asked for, or stands below it, and was not read, in words; empty if there is none.
    public let leftOut: String
    /// Share of the text that is held out.
    public let heldOutShare: Double
    /// Bytes that stand in the text twice, white space aside, of which one is left out.
    public let repeatedBytes: Int

    public init(_ text: TextCollection, _ survey: TextSurvey) {
      files = survey.identity.files
      bytes = survey.identity.bytes
      sha256 = survey.identity.digest
      leftOut = text.omitted.summary
      heldOutShare = survey.heldOutShares.lowerBound
      repeatedBytes = survey.repeatedBytes
    }

    enum CodingKeys: String, CodingKey {
      case files, bytes, sha256
      case leftOut = "left_out"
      case heldOutShare = "held_out_share"
      case repeatedBytes = "repeated_bytes"
    }
  }

  /// "world", "text" or "python".
  public let corpus: String
  public let seed: UInt64
  public let source: Source?
  /// Tokens of all training documents together.
  public let uniqueTokens: Int
  /// Those of the whole training part of a text, of which they are a sample.
  public let availableTokens: Int?
  /// Training sequences: whole documents of the world, pieces of at most `context` tokens of a text.
  public let documents: Int
  public let shortest: Int
  public let longest: Int
  /// Ids, the three special ones included.
  public let vocabulary: Int
  public let validationDocuments: Int
  public let validationTokens: Int
  /// Number of items of each task.
  public let items: [String: Int]
  /// Items whose tested sentence occurs in a training document: there must be none.
  public let itemsInTraining: Int
  public let exampleDocuments: [String]
  /// The ids of those documents, each encoded by itself.
  public let exampleTokens: [[Int32]]
  public let exampleItems: [String: [MultipleChoiceItem]]
  /// Of a corpus of functions: the first items with a solution and the calls that decide.
  public let exampleFunctions: [FunctionExample]?

  /// An item of the task `functions`.
  public struct FunctionExample: Codable, Sendable {
    public let prompt: String
    public let solution: String
    /// "([1, 2]) → 5"
    public let tests: [String]
  }

  enum CodingKeys: String, CodingKey {
    case corpus, seed, source, documents, shortest, longest, vocabulary, items
    case uniqueTokens = "unique_tokens"
    case availableTokens = "available_tokens"
    case validationDocuments = "validation_documents"
    case validationTokens = "validation_tokens"
    case itemsInTraining = "items_in_training"
    case exampleDocuments = "example_documents"
    case exampleTokens = "example_tokens"
    case exampleItems = "example_items"
    case exampleFunctions = "example_functions"
  }

  /// - Parameters:
  ///   - exampleDocuments: how many of the first training documents to show.
  ///   - exampleItems: how many of the first items of each task.
  public init(
    _ dataset: Dataset, corpus: String, seed: UInt64, source: Source? = nil, availableTokens: Int? = nil,
    exampleDocuments: Int, exampleItems: Int
  ) {
    self.corpus = corpus
    self.seed = seed
    self.source = source
    self.availableTokens = availableTokens
    uniqueTokens = dataset.uniqueTokens
    documents = dataset.training.count
    let lengths = dataset.training.map { dataset.unpadded($0).count }
    shortest = lengths.min() ?? 0
    longest = lengths.max() ?? 0
    vocabulary = dataset.tokenizer.vocabularySize
    validationDocuments = dataset.validation.count
    validationTokens = dataset.validation.reduce(0) { $0 + dataset.unpadded($1).count }
    var counts = Dictionary(dataset.tasks.map { ($0.name, $0.items.count) }, uniquingKeysWith: +)
    if !dataset.functions.isEmpty { counts["functions"] = dataset.functions.count }
    items = counts
    itemsInTraining = itemsOccurringInTraining(dataset)
    self.exampleDocuments = dataset.training.indices.prefix(exampleDocuments).map(dataset.trainingText)
    exampleTokens = self.exampleDocuments.map { (try? dataset.tokenizer.encode($0)) ?? [] }
    self.exampleItems = Dictionary(
      dataset.tasks.map { ($0.name, Array($0.texts.prefix(exampleItems))) }, uniquingKeysWith: +)
    exampleFunctions =
      dataset.functions.isEmpty
      ? nil
      : dataset.functions.prefix(exampleItems).map { item in
        FunctionExample(
          prompt: dataset.tokenizer.decode(item.prompt), solution: item.solution, tests: item.tests.map(\.description))
      }
  }

  /// Fails if any item could be answered by recall.
  public func requireNoLeak() throws(LeakedItems) {
    if itemsInTraining > 0 { throw LeakedItems(count: itemsInTraining, of: items.values.reduce(0, +)) }
  }
}

/// Held-out items stand in the training text.
public struct LeakedItems: ExitStatusProviding {
  public var exitStatus: ExitStatus { .badData }
  public let count: Int
  public let of: Int

  public var description: String {
    "\(grouped(count)) of \(grouped(of)) held-out items (\(percent(Double(count) / Double(max(of, 1))))) occur in the "
      + "training text, so their score would measure recall; do not evaluate on this corpus, take another seed or text"
  }
}

extension CorpusReport {
  /// Counts, documents, then items with the right answer marked, for a terminal of that width.
  public func text(width: Int) -> String {
    let perDocument = documents > 0 ? Double(uniqueTokens) / Double(documents) : 0
    let piece = corpus == "text" ? "piece" : "document"
    var facts = [
      [
        "unique tokens",
        grouped(uniqueTokens) + (availableTokens.map { " of \(grouped($0)) in the training part" } ?? ""),
      ],
      [
        "training",
        "\(counted(documents, piece)) of \(shortest) to \(longest) tokens, \(rounded(perDocument)) on average",
      ],
      ["vocabulary", "\(grouped(vocabulary)) ids, with end, begin and mask"],
      ["validation", "\(counted(validationDocuments, "held-out \(piece)")), \(grouped(validationTokens)) tokens"],
      ["items", items.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) \($0.key)" }.joined(separator: ", ")],
      ["items in training", itemsInTraining == 0 ? "none, as it must be" : "\(grouped(itemsInTraining)): MUST BE NONE"],
    ]
    if let source {
      facts.insert(["text", "\(counted(source.files, "file")), \(grouped(source.bytes)) bytes"], at: 0)
      facts.insert(["SHA-256", source.sha256], at: 1)
      if !source.leftOut.isEmpty { facts.insert(["left out", source.leftOut], at: 1) }
      if source.repeatedBytes > 0 {
        facts.append(["repeated", "\(counted(source.repeatedBytes, "byte")) that stand in the text already, left out"])
      }
      facts.append(["held out", "\(percent(source.heldOutShare)) of the text"])
    }
    let column = (facts.map { displayWidth($0[0]) }.max() ?? 0) + 2
    var text = "The \(corpus) corpus, seed \(seed)\n\n"
    for fact in facts {
      let label = "  " + fact[0] + String(repeating: " ", count: column - displayWidth(fact[0]))
      text += wrapped(fact[1], width: width, first: label, rest: String(repeating: " ", count: column + 2)) + "\n"
    }
    if !exampleDocuments.isEmpty { text += "\nTraining \(piece)s\n" }
    for (index, document) in exampleDocuments.enumerated() {
      text += "\n" + block(document, number: index + 1, width: width)
    }
    for (task, examples) in exampleItems.sorted(by: { $0.key < $1.key }) where !examples.isEmpty {
      text += "\nTask \(task): what follows? ✓ marks the right answer\n"
      for (index, item) in examples.enumerated() {
        text += "\n" + block(item.context, number: index + 1, width: width)
        for (choice, words) in item.choices.enumerated() {
          let mark = choice == item.answer ? "    ✓ " : "      "
          // One line, with every blank: where a text's words begin is a part of them.
          text += mark + visible(words, blanks: .shown) + "\n"
        }
      }
    }
    if let exampleFunctions, !exampleFunctions.isEmpty {
      text += "\nTask functions: complete the definition (here with a solution) so that every call returns its value\n"
      for (index, item) in exampleFunctions.enumerated() {
        text += "\n" + block(item.solution, number: index + 1, width: width)
        for test in item.tests { text += "      \(test)\n" }
      }
    }
    return text
  }

  /// A numbered text: prose wrapped, lines that the text itself has kept.
  private func block(_ text: String, number: Int, width: Int) -> String {
    let label = "\(number)" + String(repeating: " ", count: max(1, 4 - "\(number)".count))
    if corpus == "world" { return wrapped(text, width: width, first: label, rest: "    ") + "\n" }
    // The line break that ends a file begins no line.
    let whole = corpus == "python" && text.hasSuffix("\n") ? String(text.dropLast()) : text
    let lines = visible(whole, blanks: .tabsShown).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { ($0 == 0 ? label : "    ") + "│\($1)\n" }.joined()
  }
}
