// What makes training text worse: boilerplate, near-duplicates and corrupted words.

import Randomness

extension World {
  /// A document of sentences that say nothing about the world.
  func boilerplate(limit: Int, _ stream: inout RandomStream) -> Story {
    var story = Story()
    for index in stream.permutation(Lexicon.boilerplate.count) {
      let sentence = Lexicon.boilerplate[index] + ["."]
      if story.count + sentence.count <= limit { story.sentences.append(sentence) }
    }
    return story
  }

  /// The document with its first or last sentence replaced by a sentence of boilerplate.
  func nearDuplicate(of story: Story, limit: Int, _ stream: inout RandomStream) -> Story {
    var copy = story
    let isAtEnd = stream.chance(0.5)
    if isAtEnd { copy.sentences.removeLast() } else { copy.sentences.removeFirst() }
    let sentence = stream.pick(Lexicon.boilerplate) + ["."]
    if copy.count + sentence.count <= limit { copy.sentences.insert(sentence, at: isAtEnd ? copy.sentences.count : 0) }
    return copy
  }

  /// The document with a share of its words replaced by random words; marks stay. A document that this happens to turn
  /// into something held out stays as it was.
  func corrupted(_ story: Story, _ stream: inout RandomStream) -> Story {
    let replacements = tokenizer.words.filter { $0 != "." && $0 != "?" }
    var copy = story
    for sentence in copy.sentences.indices {
      for word in copy.sentences[sentence].indices {
        let original = copy.sentences[sentence][word]
        if original == "." || original == "?" || !stream.chance(specification.corruption) { continue }
        copy.sentences[sentence][word] = stream.pick(replacements)
      }
    }
    return statesHeldOut(copy) ? story : copy
  }

  /// Whether a held-out sentence or a held-out pairing of events occurs in the story.
  func statesHeldOut(_ story: Story) -> Bool {
    if story.sentences.contains(where: heldOutSentences.contains) { return true }
    for (first, second) in zip(story.sentences, story.sentences.dropFirst()) {
      let pair = [first, second].map { Array($0.dropLast().suffix(Lexicon.wordsPerEvent)) }
      if heldOutPairings.contains(pair) || heldOutPairings.contains(pair.reversed()) { return true }
    }
    return false
  }
}
