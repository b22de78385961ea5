// Scripts drawn with the world. An event is about two nouns, and its three wordings say three different things about
// them; nothing in an event tells which comes next, so a script can only be learnt from stories.

import Randomness

extension Lexicon {
  private static func list(_ words: String) -> [String] { WordTokenizer.split(words) }

  private static let eventVerbs = list(
    """
    carried dragged lifted rolled tied washed hid shook broke mended counted weighed marked traded burned buried \
    wrapped threw cut bent split swept hung moved
    """)
  private static let eventPlaces = list("near under behind beside against across above below")
  private static let eventNouns = list(
    """
    rope lamp barrel wheel bucket feather mirror drum ribbon spoon pillow shovel carpet wagon statue fence pebble \
    curtain bottle plate crate needle thread bridge anchor lantern saddle whistle button ticket letter parcel helmet \
    shield arrow cannon tunnel tower pillar ditch puddle hedge orchard acorn pumpkin turnip onion cherry barley honey \
    butter vinegar pepper copper silver marble ivory amber velvet leather cotton timber gravel cement
    """)
  private static let firstNames = list(
    """
    lost hidden broken golden frozen silent ancient crooked distant empty famous gentle narrow purple restless secret \
    stolen sunken twisted wandering
    """)
  private static let lastNames = list(
    """
    voyage wedding feast harvest journey contest market rescue quarrel bargain parade hunt siege banquet riddle treaty \
    festival pilgrimage errand auction
    """)

  /// As many as there are names.
  static let mostTopics = firstNames.count * lastNames.count

  /// Every word that a drawn script can have, whether or not it is in this world's.
  static let drawnTopicWords =
    eventVerbs + eventPlaces + eventNouns + firstNames + lastNames + ["the"]

  /// Topics with different names, whose events all have different wordings.
  static func drawTopics(_ count: Int, _ stream: inout RandomStream) -> [Topic] {
    var taken = Set<[String]>()
    return stream.permutation(mostTopics).prefix(count).map { name in
      let events = (0..<eventsPerTopic).map { _ in
        while true {
          let event = drawEvent(&stream)
          if taken.isDisjoint(with: event) {
            taken.formUnion(event)
            return event
          }
        }
      }
      let (first, last) = name.quotientAndRemainder(dividingBy: lastNames.count)
      return Topic(name: [firstNames[first], lastNames[last]], events: events)
    }
  }

  /// Three wordings with different verbs: "carried the rope near copper", "hid rope under the copper", "cut the copper
  /// beside rope".
  private static func drawEvent(_ stream: inout RandomStream) -> [[String]] {
    let nouns = stream.permutation(eventNouns.count).prefix(2).map { eventNouns[$0] }
    let verbs = stream.permutation(eventVerbs.count).prefix(wordingsPerEvent).map { eventVerbs[$0] }
    let places = verbs.map { _ in stream.pick(eventPlaces) }
    return [
      [verbs[0], "the", nouns[0], places[0], nouns[1]],
      [verbs[1], nouns[0], places[1], "the", nouns[1]],
      [verbs[2], "the", nouns[1], places[2], nouns[0]],
    ]
  }
}
