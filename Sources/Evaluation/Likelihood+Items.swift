// Multiple-choice items answered by likelihoods: by the chain rule where it is exact, otherwise by contests between the
// choices (Contest.swift), whose questions are put to the model in common batches.

import Corpora

extension LikelihoodScorer {
  /// Answers every item.
  public func answer(_ items: [EncodedItem]) -> [ItemResult] { answer(tasks: [items])[0] }

  /// Answers the items of several tasks in common batches; no bit depends on what else is asked.
  ///
  /// Under a DLM that is asked in subsets, the tokens that all choices of an item share are scored once, while all others
  /// are masked, and then shown; so what is compared is the mean over all orders in which the shared tokens come first.
  /// The choices are compared by a ``Contest``. An item's recorded likelihoods are those of the contest's first round,
  /// in which all choices are asked alike. Choices of different lengths are scored apart, with K maskings each.
  public func answer(tasks: [[EncodedItem]]) -> [[ItemResult]] {
    var results = tasks.map { [ItemResult?](repeating: nil, count: $0.count) }
    var places: [(task: Int, item: Int)] = []
    var spans: [Span] = []
    var compared: [ComparedItem] = []
    for (task, items) in tasks.enumerated() {
      for (i, item) in items.enumerated() {
        if isComparedBySubsets, let one = ComparedItem(item, place: (task, i)) {
          compared.append(one)
        } else {
          places.append((task, i))
          spans += item.choices.map {
            Span(context: item.context, tokens: $0, index: UInt64(i), suffix: item.suffix)
          }
        }
      }
    }
    var scores = logLikelihoods(spans)[...]
    for place in places {
      let item = tasks[place.task][place.item]
      results[place.task][place.item] = ItemResult(
        scores: Array(scores.prefix(item.choices.count)), characters: item.characters, answer: item.answer)
      scores = scores.dropFirst(item.choices.count)
    }
    for (one, contest) in zip(compared, contests(compared)) {
      results[one.place.task][one.place.item] = ItemResult(
        scores: contest.scores, likelihoods: contest.firstValues, characters: one.item.characters,
        answer: one.item.answer)
    }
    return results.map { $0.compactMap { $0 } }
  }

  private var isComparedBySubsets: Bool {
    switch objective {
    case .autoregressive, .orderedAutoregressive, .suffixDiffusion, .blockDiffusion: false
    case .maskedDiffusion, .frozenDiffusion, .stratifiedDiffusion: true
    }
  }

  /// Plays all contests to their ends, round by round.
  private func contests(_ items: [ComparedItem]) -> [Contest] {
    var questions: [Question] = []
    for (number, one) in items.enumerated() where !one.shared.isEmpty {
      questions += one.sharedMaskings(samples: samples, seed: seed).map {
        Question(masking: $0, spans: [(number, one.spans[0])])
      }
    }
    let common = ask(questions, count: items.count)
    var contests = zip(items, common).map { one, common in
      Contest(
        count: one.differing.count, common: common, characters: one.item.characters, samples: samples, seed: seed,
        index: one.index)
    }
    while contests.contains(where: { !$0.isFinished }) {
      questions.removeAll(keepingCapacity: true)
      var count = 0
      var rounds: [(contest: Int, maskings: Int)] = []
      for (number, one) in items.enumerated() where !contests[number].isFinished {
        let maskings = contests[number].nextMaskings()
        rounds.append((number, maskings.count))
        for masked in maskings {
          let spans = contests[number].contenders.enumerated().map { (sum: count + $0, span: one.spans[$1]) }
          questions.append(Question(masking: one.masking(masked), spans: spans))
          count += spans.count
        }
      }
      var answers = ask(questions, count: count)[...]
      for round in rounds {
        let contenders = contests[round.contest].contenders.count
        let own = Array(answers.prefix(round.maskings * contenders))
        answers = answers.dropFirst(own.count)
        contests[round.contest].finishRound(
          (0..<contenders).map { contender in (0..<round.maskings).map { own[$0 * contenders + contender] } })
      }
    }
    return contests
  }
}

/// An item whose choices have the same number of tokens, and in which of them they differ.
private struct ComparedItem {
  let item: EncodedItem
  let place: (task: Int, item: Int)
  let spans: [Span]
  let differing: [Int]
  let shared: [Int]
  var index: UInt64 { spans[0].index }

  /// nil if the choices have different lengths, or none.
  init?(_ item: EncodedItem, place: (task: Int, item: Int)) {
    guard let differing = differingPositions(item.choices) else { return nil }
    self.differing = differing
    self.item = item
    self.place = place
    spans = item.choices.map {
      Span(context: item.context, tokens: $0, index: UInt64(place.item), suffix: item.suffix)
    }
    shared = item.choices[0].indices.filter { !differing.contains($0) }
  }

  /// A question about the differing tokens, the shared ones shown: the mean over the masked ones.
  func masking(_ masked: [Bool]) -> Masking {
    var whole = Array(repeating: false, count: spans[0].tokens.count)
    for (position, isMasked) in zip(differing, masked) { whole[position] = isMasked }
    return Masking.scoringAll(whole, weight: 1 / Double(masked.count { $0 }))
  }

  /// The questions about the shared tokens, all others masked.
  func sharedMaskings(samples: Int, seed: UInt64) -> [Masking] {
    // Other random numbers than the contest's.
    let maskings = Masking.subsets(of: shared.count, samples: samples, seed: seed, index: index | 1 << 63)
    return maskings.map { masking in
      var whole = Array(repeating: true, count: spans[0].tokens.count)
      for (position, isMasked) in zip(shared, masking.masked) { whole[position] = isMasked }
      return Masking(masked: whole, scored: masking.scored.map { shared[$0] }, weight: masking.weight)
    }
  }
}

/// Where choices of the same number of tokens differ, ascending; nil if they have different lengths, or none.
func differingPositions(_ choices: [[Int32]]) -> [Int]? {
  guard let first = choices.first, !first.isEmpty else { return nil }
  guard choices.allSatisfy({ $0.count == first.count }) else { return nil }
  return first.indices.filter { position in choices.contains { $0[position] != first[position] } }
}
