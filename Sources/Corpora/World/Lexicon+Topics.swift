// The scripts: in each topic five events follow each other in this order, and each event has three wordings of exactly
// five words, said after a name or a pronoun. Topics share verbs and nouns, so that single words do not give them away.

extension Lexicon {
  struct Topic {
    /// One word; two if the script is drawn.
    let name: [String]
    /// `events[position][wording]`: five words.
    let events: [[[String]]]

    init(name: [String], events: [[[String]]]) { (self.name, self.events) = (name, events) }

    init(_ name: String, _ events: [[String]]) {
      self.name = [name]
      self.events = events.map { $0.map { WordTokenizer.split($0) } }
    }
  }

  static let eventsPerTopic = 5
  static let wordingsPerEvent = 3
  static let wordsPerEvent = 5

  static let topics = [
    Topic(
      "trading",
      [
        ["put apples into the basket", "filled the basket with apples", "got apples for the basket"],
        ["got everything to the square", "took everything to the square", "went out to the square"],
        ["asked a price for everything", "called out a good price", "gave everybody a good price"],
        ["sold everything to a buyer", "found a buyer for everything", "gave everything to a buyer"],
        ["got home with the coins", "took the coins home again", "went home with the coins"],
      ]),
    Topic(
      "fishing",
      [
        ["left shore in the boat", "took the boat from shore", "got into the old boat"],
        ["put the net under water", "threw out the old net", "let the old net down"],
        ["waited there for an hour", "sat there for an hour", "waited in the old boat"],
        ["pulled up many big fish", "got many fish on board", "found many fish on board"],
        ["cooked the fish on shore", "cooked fish over a fire", "ate the fish with friends"],
      ]),
    Topic(
      "baking",
      [
        ["put warm water in flour", "worked water into the flour", "poured water over the flour"],
        ["worked the dough by hand", "made soft dough by hand", "made the dough very soft"],
        ["left the dough to rest", "covered the dough with cloth", "put cloth over the dough"],
        ["put dough over the fire", "left dough over the fire", "cooked dough on the fire"],
        ["shared the loaf with friends", "gave everybody the warm loaf", "ate the loaf with friends"],
      ]),
    Topic(
      "travelling",
      [
        ["asked about the best way", "looked for the best way", "found out the best way"],
        ["put clothes into the bag", "filled the bag with clothes", "got clothes for the bag"],
        ["left the house at dawn", "went out early at dawn", "closed the door at dawn"],
        ["walked down the dusty road", "took the long dusty road", "went down the dusty road"],
        ["slept at a small inn", "got to an old inn", "stayed in a small inn"],
      ]),
    Topic(
      "illness",
      [
        ["woke up with a fever", "got up with a fever", "felt a fever at dawn"],
        ["called for the old doctor", "asked for a good doctor", "looked for a good doctor"],
        ["took the medicine with water", "drank the medicine with water", "put medicine into the water"],
        ["stayed in bed all week", "slept in bed all week", "was in bed all week"],
        ["felt good and strong again", "got up and felt strong", "was up and strong again"],
      ]),
    Topic(
      "building",
      [
        ["dug a big deep hole", "made a very deep hole", "worked on a deep hole"],
        ["set the stones in rows", "put the stones in rows", "set many stones in rows"],
        ["made the walls of brick", "built the walls of brick", "put up big brick walls"],
        ["put a roof on top", "built a roof on top", "covered everything with a roof"],
        ["painted the old door red", "gave the door red paint", "put red paint on everything"],
      ]),
    Topic(
      "learning",
      [
        ["sang a song in class", "opened class with a song", "sang an old song again"],
        ["wrote words on the board", "put words on the board", "filled the board with words"],
        ["read a page out loud", "read from the old page", "looked for the old page"],
        ["took a very hard test", "worked on a hard test", "wrote a long hard test"],
        ["sat out in the yard", "went out into the yard", "ran out into the yard"],
      ]),
    Topic(
      "storms",
      [
        ["looked up at black clouds", "looked at the black clouds", "watched the big black clouds"],
        ["closed all the old windows", "closed the door and windows", "pulled all the windows closed"],
        ["took a candle for light", "sat there with a candle", "found a candle for light"],
        ["heard the thunder all night", "heard the loud thunder there", "waited out the loud thunder"],
        ["pulled branches from the path", "took branches from the path", "found branches on the path"],
      ]),
    Topic(
      "gardening",
      [
        ["dug in the dark soil", "turned over the dark soil", "worked on the dark soil"],
        ["put the seeds in rows", "set many seeds in rows", "dropped the seeds in rows"],
        ["gave water to the rows", "poured water on the rows", "got water for the rows"],
        ["pulled out all the weeds", "took weeds from the rows", "found weeds in the rows"],
        ["picked the beans for dinner", "filled the basket with beans", "cooked the beans for dinner"],
      ]),
  ]
}
