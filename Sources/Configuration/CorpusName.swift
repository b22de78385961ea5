// Which corpora experiments can be about, by the names that settings and commands give them, and which tasks each has.

import Corpora
import Specification

/// A corpus by its name.
package enum CorpusName: Hashable, Sendable, CaseIterable, RawRepresentable {
  case world
  case python
  /// The user's own files.
  case text
  case natural(NaturalCorpus)

  package static let allCases: [CorpusName] = Kind.allCases.flatMap { kind -> [CorpusName] in
    switch kind {
    case .world: [.world]
    case .python: [.python]
    case .text: [.text] + NaturalCorpus.allCases.map { .natural($0) }
    }
  }
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
  package var judgedTasks: [TaskID] {
    switch self {
    case .world: [.choice(.endings), .choice(.knowledge)]
    case .python: [.execution(.functions)]
    case .text, .natural: [.choice(.cloze)]
    }
  }

}

extension CorpusSpecification {
  /// The tasks that every checkpoint of a run on it has a score on.
  package var tasks: [TaskID] {
    switch self {
    case .world(let world):
      switch world.heldOut {
      case .compositional: [.choice(.endings), .choice(.knowledge)]
      case .sample:
        [.choice(.endings), .choice(.knowledge), .choice(.endingsCompositional), .choice(.knowledgeCompositional)]
      }
    case .python(let python):
      switch python.difficulty {
      case .basic: [.execution(.functions)]
      case .advanced: [.execution(.functions), .execution(.infilling)]
      }
    case .text: [.choice(.cloze)]
    }
  }
}
