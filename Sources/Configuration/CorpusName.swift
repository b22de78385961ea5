// Which corpora experiments can be about, by the names that settings and commands give them, and which tasks each has.

import Corpora

/// A corpus by its name.
package enum CorpusName: Hashable, Sendable, CaseIterable, RawRepresentable {
  case world
  case python
  /// The user's own files.
  case text
  case natural(NaturalCorpus)

  package static let allCases: [CorpusName] = [.world, .python, .text] + NaturalCorpus.allCases.map { .natural($0) }
  /// Those of prose, with multiple-choice tasks.
  package static let prose: [CorpusName] = allCases.filter { $0.kind != .python }

  package init?(rawValue: String) {
    guard let corpus = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = corpus
  }

  package var rawValue: String {
    switch self {
    case .world: "world"
    case .python: "python"
    case .text: "text"
    case .natural(let corpus): corpus.rawValue
    }
  }

  /// The table that has a corpus's settings.
  package enum Kind: String, CaseIterable, Sendable {
    case world, python, text
  }

  package var kind: Kind {
    switch self {
    case .world: .world
    case .python: .python
    case .text, .natural: .text
    }
  }

  /// The tasks that a claim is judged by unless it names others.
  package var judgedTasks: [TaskName] {
    switch self {
    case .world: [.endings, .knowledge]
    case .python: [.functions]
    case .text, .natural: [.cloze]
    }
  }

  /// The tasks that every checkpoint of a run on it has a score on.
  /// - Parameter heldOut: what the world's items ask for.
  package func tasks(_ heldOut: HeldOut) -> [TaskName] {
    switch (self, heldOut) {
    case (.world, .sample): judgedTasks + [.endingsCompositional, .knowledgeCompositional]
    case (.world, .compositional), (.python, _), (.text, _), (.natural, _): judgedTasks
    }
  }
}

/// The tasks of the corpora, as records call them.
package enum TaskName: String, CaseIterable, Sendable {
  case endings, knowledge
  case endingsCompositional = "endings-compositional"
  case knowledgeCompositional = "knowledge-compositional"
  case functions
  case cloze
}
