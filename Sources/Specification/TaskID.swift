// What a model is scored on, as a type: what kind of score it is, what guessing gives, and the name that records and
// settings know it by. How it is measured is decided elsewhere.

import Corpora
import Evaluation
import Objectives

/// A task of a checkpoint's record.
package enum TaskID: Hashable, Sendable {
  /// Items with choices, by likelihood.
  case choice(ChoiceTask)
  /// Functions that are completed and executed: pass@1.
  /// - Parameter decoder: how a DLM fills in what is missing, where it is another way than the run's own.
  case execution(ExecutionTask, CompletionDecoder? = nil)
  /// Documents drawn from the model and judged by the world: the share of true sentences.
  case documents(DocumentDrawing)

  /// The accuracy of guessing; nil where guessing is impossible.
  package var chance: Double? {
    switch self {
    case .choice(let task): task.chance
    case .execution, .documents: nil
    }
  }

  /// Whether it asks for what no document of the corpus tells.
  package var isCompositional: Bool {
    switch self {
    case .choice(let task): task.isCompositional
    case .execution, .documents: false
    }
  }

  /// The name of the score on an axis.
  package var scoreName: String {
    switch self {
    case .choice: "accuracy"
    case .execution: "pass@1"
    case .documents: "true sentences"
    }
  }

  /// "endings", "functions-blocks-8", "samples-4-confidence".
  package var name: String {
    switch self {
    case .choice(let task): task.rawValue
    case .execution(let task, let decoder): task.rawValue + (decoder.map { "-\($0)" } ?? "")
    case .documents(let drawing): drawing.name
    }
  }

  /// - Returns: nil for what is not a task's name.
  package init?(name: String) {
    if let task = ChoiceTask(rawValue: name) {
      self = .choice(task)
    } else if let drawing = DocumentDrawing(name: name) {
      self = .documents(drawing)
    } else if let task = ExecutionTask.allCases.first(where: {
      name == $0.rawValue || name.hasPrefix($0.rawValue + "-")
    }) {
      let rest = name.dropFirst(task.rawValue.count + 1)
      let decoder = CompletionDecoder(String(rest))
      if !rest.isEmpty && decoder == nil { return nil }
      self = .execution(task, decoder)
    } else {
      return nil
    }
  }
}

extension TaskID: CustomStringConvertible, Comparable {
  package var description: String { name }
  package static func < (first: TaskID, second: TaskID) -> Bool { first.name < second.name }
}

/// As JSON its name, also as the key of an object.
extension TaskID: Codable, CodingKeyRepresentable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package var codingKey: any CodingKey { Key(stringValue: name) }

  package init?(codingKey: some CodingKey) { self.init(name: codingKey.stringValue) }

  package init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let task = Self(name: name) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(name) is not a task that this program knows"))
    }
    self = task
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

extension [TaskID] {
  /// "endings, knowledge".
  package var names: String { map(\.name).joined(separator: ", ") }

  /// What guessing gives on average; nil where guessing is impossible on one of them.
  package var chance: Double? {
    let chances = compactMap(\.chance)
    return isEmpty || chances.count < count ? nil : chances.reduce(0, +) / Double(count)
  }

  /// The name of their mean score on an axis.
  package var scoreName: String {
    first.map { task in allSatisfy { $0.scoreName == task.scoreName } ? task.scoreName : "score" } ?? "accuracy"
  }
}
