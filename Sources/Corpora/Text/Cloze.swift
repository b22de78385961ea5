// The items of a text corpus: which of four continuations follows a held-out passage. As in the world's tasks, four
// items share their choices and each is right once, so a scorer that ignores the context is at chance.

import Randomness

/// Passages are cut between characters, and the four continuations of a group alike: each begins with a word, or each
/// within a script that has no blanks, or, where a text has too few of those, each at the beginning of a line, or
/// anywhere; and all have the same number of tokens. A difficulty asks for words, and for more in common.
struct Cloze {
  static let shortestContext = 6

  /// Held-out documents, from which passages and continuations come.
  private let documents: [EncodedDocument]
  /// The training documents in comparable form, in which no tested stretch may occur.
  private let trainingTexts: [[UInt8]]
  private let tokenizer: any TextTokenizer
  /// Most tokens of a continuation, and of what stands before it.
  private let longest: (continuation: Int, before: Int)
  private let difficulty: ClozeDifficulty?
  /// The words that continuations may have; nil for any.
  private let words: Set<ArraySlice<Int32>>?
  /// By which choices are matched; nil if they are not.
  private let frequencies: PairFrequencies?

  /// - Parameters:
  ///   - context: most tokens of a passage with its continuation; at most a third of them is the continuation.
  ///   - difficulty: nil for continuations of a sixth to a third of the context.
  init(_ text: EncodedText, context: Int, difficulty: ClozeDifficulty? = nil) {
    (documents, trainingTexts, tokenizer) = (text.heldOut, text.trainingTexts, text.tokenizer)
    longest = (context / 3, context - context / 3)
    self.difficulty = difficulty
    words = (difficulty?.commonest).map { commonestWords($0, in: text.training) }
    frequencies = difficulty?.matched == true ? PairFrequencies(text.training) : nil
  }

  /// A passage: what is shown, and from `cut` to `end` its continuation.
  private struct Passage {
    let document: Int
    let start: Int
    let cut: Int
    let end: Int
    /// The stretch that must not be in the training part.
    let probe: Range<Int>

    var length: Int { end - cut }
  }

  /// What the passages of a group have in common.
  private struct Kind: Hashable {
    let cut: Cut
    let length: Int
    /// For distractors from the same document.
    var document: Int?
    /// For choices that are matched: the logarithm of the continuation's probability, to one nat.
    var weight: Int?
  }

  /// Passages that will make four items, with the texts of their continuations.
  private struct Group {
    var passages: [Passage] = []
    var texts: [String] = []
  }

  func itemSet(seed: UInt64, count: Int) throws(CorpusError) -> ItemSet {
    var stream = RandomStream(seed: seed, purpose: .corpusItems)
    var set = ItemSet(.cloze, items: [], texts: [])
    var places = places()
    stream.shuffle(&places)
    let ranked = Dictionary(grouping: places) { documents[$0.document].cuts[$0.token].rank ?? .max }
    var pool = ranked.sorted { $0.key < $1.key }.flatMap(\.value)[...]
    var open: [Kind: [Group]] = [:]
    while set.items.count < count {
      guard !pool.isEmpty else { throw .tooFewItems(task: "cloze", available: set.items.count, requested: count) }
      let next = pool.prefix(16 * count + 64)
      pool = pool.dropFirst(next.count)
      for passage in unknown(next.compactMap(passage)) where set.items.count < count {
        if let group = add(passage, to: &open) { append(group, to: &set, &stream) }
      }
    }
    set.items = Array(set.items.prefix(count))
    set.texts = Array(set.texts.prefix(count))
    return set
  }

  /// Every border at which a continuation may begin.
  private func places() -> [(document: Int, token: Int)] {
    documents.indices.flatMap { document in
      documents[document].cuts.indices.lazy.filter { documents[document].cuts[$0].isBorder }
        .map { (document: document, token: $0) }
    }
  }

  /// The passage whose continuation begins there; nil if the document has not enough on both sides, or not the words
  /// that the difficulty asks for.
  private func passage(_ place: (document: Int, token: Int)) -> Passage? {
    let document = documents[place.document]
    let cut = place.token
    let (first, latest) = (cut - longest.before, cut - (longest.before + 1) / 2)
    let last = cut + longest.continuation
    guard first >= 0, let end = end(of: document, from: cut, last: last),
      let start = document.beginning(in: first...latest)
    else { return nil }
    // A few words are in any text; that they follow just these must be new.
    let tested = difficulty == nil ? end - cut + (end - cut) / 2 : (longest.before + longest.continuation) / 2
    return Passage(document: place.document, start: start, cut: cut, end: end, probe: max(start, end - tested)..<end)
  }

  private func end(of document: EncodedDocument, from cut: Int, last: Int) -> Int? {
    guard let difficulty else {
      guard last <= document.tokens.count else { return nil }
      return document.end(in: cut + (longest.continuation + 1) / 2...last)
    }
    guard document.cuts[cut].beginsWord else { return nil }
    let found = Array(document.words(in: cut..<min(last, document.tokens.count)).prefix(difficulty.words))
    guard found.count == difficulty.words, let end = found.last?.upperBound,
      words.map({ words in found.allSatisfy { words.contains(document.tokens[$0]) } }) ?? true
    else { return nil }
    return end
  }

  private func kind(of passage: Passage) -> Kind {
    let document = documents[passage.document]
    var kind = Kind(cut: document.cuts[passage.cut], length: passage.length)
    if let frequencies {
      kind.weight = Int(frequencies.logProbability(document.tokens[passage.cut..<passage.end]).rounded())
    }
    switch difficulty?.distractors {
    case .sameDocument: kind.document = passage.document
    case .elsewhere, nil: break
    }
    return kind
  }

  /// Adds a passage to the first group that it can be in; the group if that completes it.
  private func add(_ passage: Passage, to open: inout [Kind: [Group]]) -> Group? {
    let kind = kind(of: passage)
    let text = tokenizer.decode(Array(documents[passage.document].tokens[passage.cut..<passage.end]))
    var groups = open[kind] ?? []
    defer { open[kind] = groups }
    let suitable = groups.firstIndex { group in
      !group.texts.contains(text) && group.passages.allSatisfy { areApart($0, passage) }
    }
    guard let index = suitable else {
      // A text that repeats itself for ever would open ever more groups.
      if groups.count < 64 { groups.append(Group(passages: [passage], texts: [text])) }
      return nil
    }
    groups[index].passages.append(passage)
    groups[index].texts.append(text)
    return groups[index].passages.count == 4 ? groups.remove(at: index) : nil
  }

  /// Whether passages share no token and, where the difficulty wants it, no document.
  private func areApart(_ first: Passage, _ second: Passage) -> Bool {
    if first.document == second.document && difficulty?.distractors == .elsewhere { return false }
    return first.document != second.document || first.end <= second.start || second.end <= first.start
  }

  /// The four items of a group, the right answer in each place once.
  private func append(_ group: Group, to set: inout ItemSet, _ stream: inout RandomStream) {
    let passages = group.passages
    for (index, answer) in zip(passages.indices, stream.permutation(4)) {
      var order = passages.indices.filter { $0 != index }
      stream.shuffle(&order)
      order.insert(index, at: answer)
      let tokens = documents[passages[index].document].tokens
      let before = Array(tokens[passages[index].start..<passages[index].cut])
      let written = MultipleChoiceItem(
        context: tokenizer.decode(before), choices: order.map { group.texts[$0] }, answer: answer)
      let choices = order.map { choice in
        Array(documents[passages[choice].document].tokens[passages[choice].cut..<passages[choice].end])
      }
      set.items.append(
        EncodedItem(
          context: before, choices: choices, characters: written.characters, answer: answer,
          probe: Array(tokens[passages[index].probe])))
      set.texts.append(written)
    }
  }

  /// Those passages whose tested stretch does not occur in the training part, white space aside.
  private func unknown(_ passages: [Passage]) -> [Passage] {
    let tested = passages.map { comparable(documents[$0.document].tokens[$0.probe], tokenizer) }
    let known = occurring(tested, in: trainingTexts)
    return passages.indices.filter { !known.contains($0) }.map { passages[$0] }
  }
}
