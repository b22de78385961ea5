// The words of the world: persons, trades, things, places, causes and boilerplate. No structure between them beyond
// the classes; which person has which trade, house or animal is decided in World.swift. Scripts: Lexicon+Topics.swift.
// What a larger world needs beyond these: Lexicon+Coined.swift.

enum Lexicon {
  static let women = ["mary", "anna", "clara", "ruth", "emma", "nora", "julia", "alice"]
  static let men = ["john", "peter", "simon", "paul", "henry", "oscar", "felix", "david"]

  /// A trade, its tool, the things it makes and the adjectives that agree with these things.
  struct Trade {
    let name: String
    let tool: String
    let things: [String]
    let adjectives: [String]
  }

  static let trades = [
    Trade(
      name: "baker", tool: "oven", things: ["bread", "cake", "pie", "bun"],
      adjectives: ["fresh", "sweet", "tasty"]),
    Trade(
      name: "smith", tool: "hammer", things: ["bell", "kettle", "sword", "key"],
      adjectives: ["rusty", "shiny", "heavy"]),
    Trade(
      name: "weaver", tool: "loom", things: ["scarf", "blanket", "shirt", "cloak"],
      adjectives: ["woollen", "striped", "fluffy"]),
    Trade(
      name: "joiner", tool: "chisel", things: ["chair", "table", "ladder", "bench"],
      adjectives: ["wooden", "sturdy", "polished"]),
  ]

  static let animals = [
    "horse", "goat", "hen", "pig", "cow", "dog", "cat", "duck", "goose", "donkey", "sheep", "mule", "rabbit", "parrot",
    "lamb", "bull",
  ]
  static let homes = [
    "valley", "forest", "village", "harbour", "cave", "castle", "town", "meadow", "swamp", "city", "desert", "canyon",
    "jungle", "prairie", "suburb", "mill",
  ]
  static let stores = ["cellar", "attic", "barn", "shed", "chapel", "vault"]

  /// Cause and effect, each said after "the".
  static let causes = [
    ("rain fell", "river rose"), ("sun shone", "snow melted"), ("wind blew", "gate creaked"),
    ("frost came", "flowers died"), ("bells rang", "crowd cheered"),
  ]

  /// Sentences that say nothing about the world.
  static let boilerplate = [
    "this page is free for everybody", "there is news on this page", "click here for more news",
    "read more news on this page", "click here and read more", "more news is here for everybody",
    "read this page at home", "this page is the best page", "there is more to read here",
    "everybody likes to click here",
  ].map { WordTokenizer.split($0) }
}
