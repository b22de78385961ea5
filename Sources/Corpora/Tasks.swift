// The tasks that corpora have items of.

/// Items with choices, of which one is right.
public enum ChoiceTask: String, Codable, CaseIterable, Sendable, Hashable {
  /// World: how a story ends.
  case endings
  /// World: what is true of a person or a thing.
  case knowledge
  /// The same about what no document of the world ever says.
  case endingsCompositional = "endings-compositional"
  case knowledgeCompositional = "knowledge-compositional"
  /// Text: which continuation belongs to a passage.
  case cloze

  /// The accuracy of guessing: each item has four choices.
  public var chance: Double { 0.25 }

  /// Whether its items are reported beside those of another task of the same kind, whose answers the corpus could tell.
  public var isCompositional: Bool {
    switch self {
    case .endings, .knowledge, .cloze: false
    case .endingsCompositional, .knowledgeCompositional: true
    }
  }
}

/// Items that are executed.
public enum ExecutionTask: String, Codable, CaseIterable, Sendable, Hashable {
  /// Python: a function is written from its head.
  case functions
  /// Python: the middle of a function is written from what surrounds it.
  case infilling
}
