// Judges documents that a model has written about the world: which of their sentences the world could say, and which of
// these it would stand by. What a single sentence says: SentenceReader.swift.

/// How a document did, in sentences. Words after the last full stop are a sentence that is not well formed.
public struct DocumentScore: Hashable, Sendable {
  public var sentences = 0
  /// Sentences in some wording of the world with words of the right classes, true or not.
  public var wellFormed = 0
  /// Those of them that are true: facts and rules of the hidden world, events that follow the script, the topic's name.
  public var truthful = 0
  /// Whether the whole is a document that the world tells, but for what it holds out, its length and its order: three or
  /// four events in one direction, at least one fact and none twice, all true, the topic named first, last or not at
  /// all.
  public var isStory = false

  /// `wellFormed` / `sentences`, 0 without sentences.
  public var wellFormedShare: Double { sentences == 0 ? 0 : Double(wellFormed) / Double(sentences) }
  /// `truthful` / `sentences`, 0 without sentences.
  public var truthfulShare: Double { sentences == 0 ? 0 : Double(truthful) / Double(sentences) }
}

/// Knows what every sentence of a world says.
///
/// An event is true where it stands: told first and by the person's name, or one step after ("then she …") or before
/// ("before that she …") the event in the sentence before, in the same script and with that person's pronoun. The name
/// of the topic is true if there are events and all are the topic's. Filler and boilerplate, which only worlds of lower
/// quality have, claim nothing and count as true.
public struct DocumentJudge: Sendable {
  private let reader: SentenceReader
  private let stop: Int32

  /// - Parameter seed: the run's, needed where each seed has its own world.
  /// - Throws: `CorpusError` if there is no such world.
  public init(_ specification: WorldSpecification, seed: UInt64? = nil) throws(CorpusError) {
    try specification.validate()
    if specification.worldPerSeed && seed == nil {
      throw .invalidSpecification(field: "worldPerSeed", value: "true", allowed: "false where no seed is given")
    }
    reader = try SentenceReader(World(specification, seed: seed))
    stop = reader.stop
  }

  /// Judges one document.
  ///
  /// - Parameters:
  ///   - leavingOutUnfinished: whether words after the last full stop are not a sentence at all, as is fair to a writer
  ///     who did not know where the document would end.
  ///   - leavingOutFirst: whether the first sentence does not count either, as is fair to a writer from right to left.
  public func score(
    _ tokens: [Int32], leavingOutUnfinished: Bool = false, leavingOutFirst: Bool = false
  ) -> DocumentScore {
    var sentences = tokens.split(separator: stop, omittingEmptySubsequences: false).map { Array($0) + [stop] }
    let unfinished = sentences.removeLast().count > 1
    if leavingOutFirst, !sentences.isEmpty { sentences.removeFirst() }
    let told = sentences.map { reader.read($0) }
    let topics = Set(told.compactMap { if case .event(let event) = $0 { event.topic } else { nil } })

    var score = DocumentScore()
    var isStory = !unfinished
    var previous: SentenceReader.Event?
    var events: [SentenceReader.Event] = []
    var facts = Set<Fact>()
    var namings = 0
    for (place, reading) in told.enumerated() {
      var isTrue = false
      var event: SentenceReader.Event?
      switch reading {
      case .fact(let fact, let isKnown):
        isTrue = isKnown
        isStory = isStory && facts.insert(fact).inserted
      case .event(let next):
        if next.step == 0 {
          isTrue = events.isEmpty
        } else if let previous {
          isTrue =
            next.topic == previous.topic && next.pronoun == previous.pronoun
            && next.position == previous.position + next.step
        }
        if next.step != 0, events.count > 1, let last = events.last { isStory = isStory && last.step == next.step }
        events.append(next)
        event = next
      case .topic(let topic, let atStart):
        isTrue = topics == [topic]
        namings += 1
        isStory = isStory && place == (atStart ? 0 : told.count - 1)
      case .boilerplate:
        isTrue = true
        isStory = false
      case .filler: isTrue = true
      case nil: break
      }
      previous = event
      score.sentences += 1
      score.wellFormed += reading == nil ? 0 : 1
      score.truthful += isTrue ? 1 : 0
    }
    if unfinished && !leavingOutUnfinished { score.sentences += 1 }
    score.isStory =
      isStory && score.truthful == score.sentences && namings < 2 && !facts.isEmpty && (3...4).contains(events.count)
    return score
  }
}
