// Filler: sentences of freely chosen words, which say nothing about the world and which nothing predicts.

import Randomness

enum Filler {
  private static let adjectives = WordTokenizer.split(
    "pale bright tiny round damp hollow smooth sour noisy lazy clever proud")
  private static let nouns = WordTokenizer.split(
    "comet fog echo shadow breeze spark wave dream whisper bubble rainbow star")
  private static let adverbs = WordTokenizer.split(
    "slowly softly barely nearly seldom rarely gladly sadly oddly boldly neatly calmly")
  private static let verbs = WordTokenizer.split(
    "drifted faded sparkled trembled vanished returned floated glowed lingered danced sank spun")

  /// What may be in each place.
  static let places = [adjectives, nouns, adverbs, verbs, ["."]]

  /// "pale echo gladly spun."
  static func draw(_ stream: inout RandomStream) -> [String] { places.map { stream.pick($0) } }
}

extension World {
  /// The filler of a document, no more than there is room for. Without entropy nothing is drawn.
  func drawFiller(room: Int = .max, _ stream: inout RandomStream) -> [[String]] {
    guard specification.entropy > 0 else { return [] }
    let length = Filler.places.count
    let wanted = specification.entropy * Self.meanDocument / Double(length)
    let count = Int(wanted) + (stream.chance(wanted - wanted.rounded(.down)) ? 1 : 0)
    return (0..<max(0, min(count, room / length))).map { _ in Filler.draw(&stream) }
  }

  /// Tokens of a document, about.
  private static let meanDocument = 43.0
}
