// Words for worlds that are larger than the written lexicon: coined ones, whose ending tells the class.

extension Lexicon {
  /// Classes of words of which there can be more than are written down.
  enum Kind: String, CaseIterable {
    case woman = "ette"
    case man = "mund"
    case home = "ton"
    case animal = "ling"
    case store = "hall"
    case trade = "wright"
    case tool = "saw"
    case thing = "pot"
    case adjective = "some"
    case language = "ese"
    case instrument = "ina"
    case plant = "wort"
    case garment = "coat"
    case book = "saga"
    case beast = "wolf"

    var written: [String] {
      switch self {
      case .woman: Lexicon.women
      case .man: Lexicon.men
      case .home: Lexicon.homes
      case .animal: Lexicon.animals
      case .store: Lexicon.stores
      case .trade, .tool, .thing, .adjective: []  // `trades` has them
      case .language, .instrument, .plant, .garment, .book, .beast: []
      }
    }
  }

  /// The first words of a class: the written ones, then coined ones, up to 980 of them.
  static func words(_ kind: Kind, _ count: Int) -> [String] {
    let written = kind.written.prefix(count)
    return written + (0..<(count - written.count)).map { coined(kind, $0) }
  }

  /// A syllable and the ending of the class: "bazton", "vekton".
  private static func coined(_ kind: Kind, _ index: Int) -> String {
    let consonants = Array("bdfgklmnprstvz"), vowels = Array("aeiou")
    // 367 and the number of syllables have no common factor, so all syllables come, far from alphabetically.
    let syllable = index * 367 % (consonants.count * vowels.count * consonants.count)
    let (rest, last) = syllable.quotientAndRemainder(dividingBy: consonants.count)
    let (first, middle) = rest.quotientAndRemainder(dividingBy: vowels.count)
    return String([consonants[first], vowels[middle], consonants[last]]) + kind.rawValue
  }

  static let thingsPerTrade = 4
  static let adjectivesPerTrade = 3

  /// The first trades: the written ones, then such with coined words.
  static func trades(_ count: Int) -> [Trade] {
    let written = trades.prefix(count)
    let further = count - written.count
    let names = words(.trade, further), tools = words(.tool, further)
    let things = words(.thing, further * thingsPerTrade)
    let adjectives = words(.adjective, further * adjectivesPerTrade)
    return written
      + (0..<further).map { index in
        Trade(
          name: names[index], tool: tools[index],
          things: Array(things[(index * thingsPerTrade)..<((index + 1) * thingsPerTrade)]),
          adjectives: Array(adjectives[(index * adjectivesPerTrade)..<((index + 1) * adjectivesPerTrade)]))
      }
  }
}
