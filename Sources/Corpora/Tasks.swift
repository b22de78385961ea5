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
}

/// Items that are executed.
public enum ExecutionTask: String, Codable, CaseIterable, Sendable, Hashable {
  /// Python: a function is written from its head.
  case functions
  /// Python: the middle of a function is written from what surrounds it.
  case infilling
}
