// Draws a sample of the world: training documents of a quality tier, validation documents and items.

import Randomness

extension World {
  /// The training documents in order: a smaller budget gives a prefix of a larger one.
  func trainingStories(seed: UInt64, limit: Int) -> [Story] {
    var stories: [Story] = []
    var informative: [Story] = []
    var seen = Set<[String]>()
    var tokens = 0
    var index: UInt64 = 0
    while true {
      defer { index += 1 }
      var quality = RandomStream(seed: seed, purpose: .corpusQuality, index: index)
      var stream = RandomStream(seed: seed, purpose: .corpusDocuments, index: index)
      var story: Story
      if informative.isEmpty || quality.chance(specification.quality.informativeShare) {
        story = drawStory(limit: limit, &stream)
        // A world has far more stories than a budget, so an exact repetition is only skipped.
        if !seen.insert(story.words).inserted { continue }
        informative.append(story)
      } else if quality.chance(0.5) {
        story = boilerplate(limit: limit, &quality)
      } else {
        story = nearDuplicate(of: quality.pick(informative), limit: limit, &quality)
      }
      if specification.corruption > 0 { story = corrupted(story, &quality) }
      tokens += story.count
      if tokens > specification.uniqueTokens { return stories }
      stories.append(story)
    }
  }

  /// Fresh informative stories that are not among `training`.
  func validationStories(seed: UInt64, limit: Int, count: Int, without training: [Story]) -> [Story] {
    var seen = Set(training.map(\.words))
    var stories: [Story] = []
    var index: UInt64 = 0
    while stories.count < count {
      var stream = RandomStream(seed: seed, purpose: .validationDocuments, index: index)
      let story = drawStory(limit: limit, &stream)
      if seen.insert(story.words).inserted { stories.append(story) }
      index += 1
    }
    return stories
  }

  /// The whole sample, if the world was made for this seed. Validation documents are what the world says, and so have
  /// what is missing in the training documents alone.
  func dataset(seed: UInt64, context: Int, items: Int, validationSequences: Int) throws(CorpusError) -> Dataset {
    guard context >= Self.shortestContext else {
      throw .contextTooShort(context: context, minimum: Self.shortestContext)
    }
    let limit = min(context, Self.longestDocument)
    let training = trainingStories(seed: seed, limit: limit)
    let isSample = specification.heldOut == .sample
    let whole = isSample ? World(specification, seed: seed, isWhole: true) : self
    let validation = whole.validationStories(seed: seed, limit: limit, count: validationSequences, without: training)
    var encoded: [[[Int32]]] = []
    for stories in [training, validation] {
      var sequences: [[Int32]] = []
      for story in stories { sequences.append(try tokenizer.encode(words: story.words)) }
      encoded.append(sequences)
    }
    var tasks: [ItemSet] = []
    for source in itemSources {
      let endings = try endings(source, seed: seed, count: items)
      let knowledge = try knowledge(source, seed: seed, count: items, limit: limit)
      tasks.append(try itemSet(source.endings, endings, limit: limit))
      tasks.append(try itemSet(source.knowledge, knowledge, limit: limit))
    }
    return Dataset(tokenizer: tokenizer, training: encoded[0], validation: encoded[1], tasks: tasks)
  }
}
