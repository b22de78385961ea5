// What `replicate corpus` shows of a corpus: counts, documents and items to read, and whether any item leaked into the
// training text.

import Basics
import Claims
import Corpora
import Figures
import Files
import Wording

/// A sample of a corpus as people and programs read it.
package struct CorpusReport: Codable, Sendable {
  /// The files behind a text corpus, and how they were split.
  package struct Source: Codable, Sendable {
    package let files: Int
    package let bytes: Int
    package let sha256: String
    /// What was asked for, or stands below it, and was not read, in words; empty if there is none.
    package let leftOut: String
    /// Share of the text that is held out.
    package let heldOutShare: Double
    /// Bytes that are in the text twice, white space aside, of which one is left out.
    package let repeatedBytes: Int

    package init(_ text: TextCollection, _ survey: TextSurvey) {
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
  package let corpus: String
  package let seed: UInt64
  package let source: Source?
  /// Tokens of all training documents together.
  package let uniqueTokens: Int
  /// Those of the whole training part of a text, of which they are a sample.
  package let availableTokens: Int?
  /// Training sequences: whole documents of the world, pieces of at most `context` tokens of a text.
  package let documents: Int
  package let shortest: Int
  package let longest: Int
  /// Ids, the three special ones included.
  package let vocabulary: Int
  package let validationDocuments: Int
  package let validationTokens: Int
  /// Number of items of each task.
  package let items: [String: Int]
  /// Items whose tested sentence occurs in a training document: there must be none.
  package let itemsInTraining: Int
  package let exampleDocuments: [String]
  /// The ids of those documents, each encoded by itself.
  package let exampleTokens: [[Int32]]
  package let exampleItems: [String: [MultipleChoiceItem]]
  /// Of a corpus of functions: the first items with a solution and the calls that decide.
  package let exampleFunctions: [FunctionExample]?

  /// An item of the task `functions`.
  package struct FunctionExample: Codable, Sendable {
    package let prompt: String
    package let solution: String
    /// "([1, 2]) → 5"
    package let tests: [String]
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
  package init(
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
  package func requireNoLeak() throws(LeakedItems) {
    if itemsInTraining > 0 { throw LeakedItems(count: itemsInTraining, of: items.values.reduce(0, +)) }
  }
}

/// Held-out items are in the training text.
package struct LeakedItems: ExitStatusProviding {
  package var exitStatus: ExitStatus { .badData }
  package let count: Int
  package let of: Int

  package var description: String {
    "\(grouped(count)) of \(grouped(of)) held-out items (\(percent(Double(count) / Double(max(of, 1))))) occur in the "
      + "training text, so their score would measure recall; do not evaluate on this corpus, take another seed or text"
  }
}

extension CorpusReport {
  /// Counts, documents, then items with the right answer marked, for a terminal of that width.
  package func text(width: Int) -> String {
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
      [
        "items in training", itemsInTraining == 0 ? "none, as it must be" : "\(grouped(itemsInTraining)): MUST BE NONE",
      ],
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
      text += "\n" + wrapped("Task \(task): what follows? ✓ marks the right answer", width: width) + "\n"
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
      let task = "Task functions: complete the definition (here with a solution) so that every call returns its value"
      text += "\n" + wrapped(task, width: width) + "\n"
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
