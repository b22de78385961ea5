// Reads a sentence of the world. All that it needs is the wordings with their places for subject and object, the events
// and the names: a world has far more sentences than these.

/// Tells what a sentence says.
struct SentenceReader: Sendable {
  /// What a sentence says.
  enum Reading: Hashable, Sendable {
    case fact(Fact, isTrue: Bool)
    case event(Event)
    case topic(Int, atStart: Bool)
    case filler
    case boilerplate
  }

  struct Event: Hashable, Sendable {
    var topic: Int
    var position: Int
    /// Places in the script from the event told before: 0 for the one that is told first.
    var step: Int
    var pronoun: String
  }

  /// A wording, ready to be compared with a sentence.
  private struct Form: Sendable {
    let relation: Relation
    /// The sentence, with nil in place of each word of subject and object.
    let tokens: [Int32?]
    let subject: Range<Int>
    let object: Range<Int>
  }

  let stop: Int32
  private let known: Set<Fact>
  /// By number of tokens.
  private let forms: [Int: [Form]]
  /// By relation, of what can be a subject, and an object, the words.
  private let subjects: [[[Int32]: String]]
  private let objects: [[[Int32]: String]]
  private let events: [[Int32]: (topic: Int, position: Int)]
  /// What an event is told with.
  private let openings: [[Int32]: (step: Int, pronoun: String)]
  /// Namings of topics and boilerplate.
  private let others: [[Int32]: Reading]
  private let filler: [Set<Int32>]

  init(_ world: World) throws(CorpusError) {
    let tokenizer = world.tokenizer
    func encode(_ words: [String]) throws(CorpusError) -> [Int32] { try tokenizer.encode(words: words) }
    let full = try encode(["."])
    stop = full[0]
    known = Set(world.truths.flatMap(\.all))

    var forms: [Int: [Form]] = [:]
    var subjects = [[[Int32]: String]](repeating: [:], count: world.truths.count)
    var objects = subjects
    for relation in world.relations {
      let facts = world.truths[relation.rawValue].all
      for fact in facts {
        subjects[relation.rawValue][try encode(WordTokenizer.split(fact.subject))] = fact.subject
        objects[relation.rawValue][try encode(WordTokenizer.split(fact.object))] = fact.object
      }
      guard let width = subjects[relation.rawValue].keys.first?.count else { continue }
      for wording in relation.wordings where world.isOffered(wording) {
        var tokens: [Int32?] = []
        var places: [String: Range<Int>] = [:]
        for word in wording.pattern {
          if word == "S" || word == "O" {
            places[word] = tokens.count..<(tokens.count + width)
            tokens += [Int32?](repeating: nil, count: width)
          } else {
            tokens.append(try encode([word])[0])
          }
        }
        tokens.append(stop)
        guard let subject = places["S"], let object = places["O"] else { continue }
        forms[tokens.count, default: []].append(
          Form(relation: relation, tokens: tokens, subject: subject, object: object))
      }
    }
    (self.forms, self.subjects, self.objects) = (forms, subjects, objects)

    var events: [[Int32]: (topic: Int, position: Int)] = [:]
    var others: [[Int32]: Reading] = [:]
    let both = world.specification.directions == .both
    for (number, topic) in world.topics.enumerated() {
      for (position, wordings) in topic.events.enumerated() {
        for wording in wordings { events[try encode(wording)] = (number, position) }
      }
      others[try encode(Story.naming(topic, atStart: true))] = .topic(number, atStart: true)
      if both { others[try encode(Story.naming(topic, atStart: false))] = .topic(number, atStart: false) }
    }
    if world.specification.quality != .high {
      for sentence in Lexicon.boilerplate { others[try encode(sentence + ["."])] = .boilerplate }
    }
    (self.events, self.others) = (events, others)

    var openings: [[Int32]: (step: Int, pronoun: String)] = [:]
    for agent in world.agents {
      openings[try encode([agent.name])] = (0, agent.pronoun)
      openings[try encode(Story.forwardMarker + [agent.pronoun])] = (1, agent.pronoun)
      if both { openings[try encode(Story.backwardMarker + [agent.pronoun])] = (-1, agent.pronoun) }
    }
    self.openings = openings

    var filler: [Set<Int32>] = []
    if world.specification.entropy > 0 {
      for words in Filler.places { filler.append(Set(try encode(words))) }
    }
    self.filler = filler
  }

  /// What the sentence, with its full stop, says; nil if it is not well formed.
  func read(_ sentence: [Int32]) -> Reading? {
    if let reading = others[sentence] { return reading }
    if sentence.count > Lexicon.wordsPerEvent, sentence.last == stop {
      let words = sentence.dropLast()
      if let opening = openings[Array(words.dropLast(Lexicon.wordsPerEvent))],
        let place = events[Array(words.suffix(Lexicon.wordsPerEvent))]
      {
        return .event(
          Event(topic: place.topic, position: place.position, step: opening.step, pronoun: opening.pronoun))
      }
    }
    for form in forms[sentence.count] ?? [] {
      guard zip(form.tokens, sentence).allSatisfy({ $0 == nil || $0 == $1 }),
        let subject = subjects[form.relation.rawValue][Array(sentence[form.subject])],
        let object = objects[form.relation.rawValue][Array(sentence[form.object])], subject != object
      else { continue }
      let fact = Fact(relation: form.relation, subject: subject, object: object)
      return .fact(fact, isTrue: known.contains(fact))
    }
    return filler.count == sentence.count && zip(filler, sentence).allSatisfy({ $0.contains($1) }) ? .filler : nil
  }
}
