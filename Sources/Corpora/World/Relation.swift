// The relations of the world and the sentences that state them. Every wording ends with what it tells about the
// other end of the relation, so each of them can be a question of the `knowledge` task.

/// What can be known about a subject.
enum Relation: Int, CaseIterable, Sendable {
  /// Facts: person → place, person → animal, person → trade, person → person (symmetric), thing → store,
  /// cause → effect.
  case lives, owns, trade, friend, kept, cause
  /// Rules of a class: person → thing of the trade, thing → adjective of its class, person → tool of the trade.
  case made, adjective, tool
  /// Facts of larger worlds: person → language, instrument, plant, garment, book, beast.
  case speaks, plays, grows, wears, reads, fears

  /// The facts and the rules that `knowledge` asks for, in these proportions. Causes are only told: their answers
  /// would be two words long, and there are too few of them to hold wordings out.
  static let askedFacts: [Relation] = [.lives, .owns, .trade, .friend, .kept]
  static let askedRules: [Relation] = [.made, .made, .adjective, .adjective, .tool]

  /// The relations that a world may have beside the others, and the class of their objects.
  static let further: [(relation: Relation, objects: Lexicon.Kind)] = [
    (.speaks, .language), (.plays, .instrument), (.grows, .plant), (.wears, .garment), (.reads, .book),
    (.fears, .beast),
  ]

  /// How often a relation is stated, relative to the others.
  var weight: Double {
    switch self {
    case .lives, .owns, .trade, .friend, .kept, .adjective, .speaks, .plays, .grows, .wears, .reads, .fears: 2
    case .cause, .tool: 1
    case .made: 3
    }
  }

  /// Whether the subject is a person, who may be the person of the story.
  var isPersonal: Bool { ![.kept, .cause, .adjective].contains(self) }
}

/// One statement about the world, for example (owns, mary, horse).
struct Fact: Hashable, Sendable {
  let relation: Relation
  /// One word, or for causes two.
  let subject: String
  let object: String
}

/// A sentence pattern for a relation.
struct Wording: Sendable {
  /// Forward wordings end with the object, backward wordings with the subject.
  let isForward: Bool
  /// Words, with S in the place of the subject and O in that of the object.
  let pattern: [String]

  fileprivate init(_ pattern: String) {
    self.pattern = WordTokenizer.split(pattern)
    isForward = self.pattern.last == "O"
  }

  /// The sentence without its last full stop, cut before the answer, and the answer.
  func sentence(_ fact: Fact) -> (question: [String], answer: [String]) {
    func fill(_ word: String) -> [String] {
      switch word {
      case "S": WordTokenizer.split(fact.subject)
      case "O": WordTokenizer.split(fact.object)
      default: [word]
      }
    }
    return (pattern.dropLast().flatMap(fill), fill(isForward ? "O" : "S"))
  }
}

extension Relation {
  /// The wordings; S is the subject, O the object.
  var wordings: [Wording] { Self.allWordings[rawValue] }

  private static let allWordings: [[Wording]] = allCases.map { relation in
    let patterns: [String] =
      switch relation {
      case .lives:
        [
          "S lives in the O", "S has a house in the O", "where does S live ? in the O",
          "in the O lives S", "the O is the home of S", "who lives in the O ? S",
        ]
      case .owns:
        [
          "S owns the O", "S is the owner of the O", "what does S own ? the O",
          "the O belongs to S", "the owner of the O is S", "who owns the O ? S",
        ]
      case .trade:
        [
          "S is a O", "S works as a O", "what is the trade of S ? a O",
          "there is a O named S", "one O is called S", "who works as a O ? S",
        ]
      case .friend:
        ["S is a friend of O", "S often visits O", "who is a friend of S ? O"]
      case .kept:
        [
          "the S is in the O", "people keep the S in the O", "where is the S ? in the O",
          "in the O is the S", "the O holds the S", "what is in the O ? the S",
        ]
      case .cause:
        ["the S so the O", "when the S the O", "the O because the S", "the O after the S"]
      case .made:
        [
          "S made the O", "S knows how to make the O", "what did S make ? the O",
          "the O was made by S", "the maker of the O is S", "who made the O ? S",
        ]
      case .adjective:
        [
          "the S is very O", "people say the S is O", "how is the S ? very O",
          "one O thing is the S", "what is very O ? the S",
        ]
      case .tool:
        [
          "S works with the O", "S uses the O", "what does S work with ? the O",
          "the O is the tool of S", "the O is for S", "who works with the O ? S",
        ]
      case .speaks:
        [
          "S speaks O", "S grew up with O", "what does S speak ? O",
          "O is spoken by S", "a speaker of O is S", "who speaks O ? S",
        ]
      case .plays:
        [
          "S plays the O", "S learns the O", "what does S play ? the O",
          "the O is played by S", "a player of the O is S", "who plays the O ? S",
        ]
      case .grows:
        [
          "S grows the O", "S waters the O", "what does S grow ? the O",
          "the O is grown by S", "the O grows beside S", "who grows the O ? S",
        ]
      case .wears:
        [
          "S wears the O", "S goes out in the O", "what does S wear ? the O",
          "the O is worn by S", "the O looks good on S", "who wears the O ? S",
        ]
      case .reads:
        [
          "S reads the O", "S can recite the O", "what does S read ? the O",
          "the O is read by S", "the O is dear to S", "who reads the O ? S",
        ]
      case .fears:
        [
          "S fears the O", "S runs from the O", "what does S fear ? the O",
          "the O is feared by S", "the O follows S", "who fears the O ? S",
        ]
      }
    return patterns.map(Wording.init)
  }
}
