// Judges documents that a model has written about the world: which of their sentences the world could say, and which of
// these it would stand by. Nothing is parsed: the world has some thousand sentences, and all of them are known.

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

/// Knows every sentence of a world.
///
/// An event is true where it stands: told first and by the person's name, or one step after ("then she …") or before
/// ("before that she …") the event in the sentence before, in the same script and with that person's pronoun. The name
/// of the topic is true if there are events and all are the topic's. Boilerplate, which only worlds of lower quality
/// have, claims nothing and counts as true.
public struct DocumentJudge: Sendable {
  private let readings: [[Int32]: Reading]
  private let stop: Int32

  /// What a sentence says.
  enum Reading: Hashable, Sendable {
    case fact(Fact, isTrue: Bool)
    case event(Event)
    case topic(Int, atStart: Bool)
    case boilerplate
  }

  struct Event: Hashable, Sendable {
    var topic: Int
    var position: Int
    /// Places in the script from the event told before: 0 for the one that is told first.
    var step: Int
    var pronoun: String
  }

  /// - Throws: `CorpusError` if there is no such world.
  public init(_ specification: WorldSpecification) throws(CorpusError) {
    try specification.validate()
    let world = World(specification)
    var readings: [[Int32]: Reading] = [:]
    for (words, reading) in world.sentences { readings[try world.tokenizer.encode(words: words)] = reading }
    self.readings = readings
    stop = try world.tokenizer.encode(words: ["."])[0]
  }

  /// Judges one document.
  ///
  /// - Parameter leavingOutUnfinished: whether words after the last full stop are not a sentence at all, as is fair
  ///   to a writer who did not know where the document would end.
  public func score(_ tokens: [Int32], leavingOutUnfinished: Bool = false) -> DocumentScore {
    var sentences = tokens.split(separator: stop, omittingEmptySubsequences: false).map { Array($0) + [stop] }
    let unfinished = sentences.removeLast().count > 1
    let told = sentences.map { readings[$0] }
    let topics = Set(told.compactMap { if case .event(let event) = $0 { event.topic } else { nil } })

    var score = DocumentScore()
    var isStory = !unfinished
    var previous: Event?
    var events: [Event] = []
    var facts = Set<Fact>()
    var namings = 0
    for (place, reading) in told.enumerated() {
      var isTrue = false
      var event: Event?
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

extension World {
  /// Every sentence that is well formed here, with what it says.
  var sentences: [(words: [String], reading: DocumentJudge.Reading)] {
    var all: [(words: [String], reading: DocumentJudge.Reading)] = []
    for relation in Relation.allCases {
      let known = truths[relation.rawValue]
      let objects = Set(known.map(\.object)).sorted()
      for subject in Set(known.map(\.subject)).sorted() {
        for object in objects where subject != object {
          let fact = Fact(relation: relation, subject: subject, object: object)
          for wording in relation.wordings where isOffered(wording) {
            let (question, answer) = wording.sentence(fact)
            all.append((question + answer + ["."], .fact(fact, isTrue: isTrue(fact))))
          }
        }
      }
    }
    let both = specification.directions == .both
    for (number, topic) in topics.enumerated() {
      all.append((Story.naming(topic, atStart: true), .topic(number, atStart: true)))
      if both { all.append((Story.naming(topic, atStart: false), .topic(number, atStart: false))) }
      for (position, wordings) in topic.events.enumerated() {
        func add(_ start: [String], step: Int, _ pronoun: String) {
          let event = DocumentJudge.Event(topic: number, position: position, step: step, pronoun: pronoun)
          for wording in wordings { all.append((start + wording + ["."], .event(event))) }
        }
        for agent in agents { add([agent.name], step: 0, agent.pronoun) }
        for pronoun in Set(agents.map(\.pronoun)).sorted() {
          add(Story.forwardMarker + [pronoun], step: 1, pronoun)
          if both { add(Story.backwardMarker + [pronoun], step: -1, pronoun) }
        }
      }
    }
    if specification.quality != .high { all += Lexicon.boilerplate.map { ($0 + ["."], .boilerplate) } }
    return all
  }
}
