// The items of a text corpus: which of four continuations follows a held-out passage. As in the world's tasks, four
// items share their choices and each is right once, so a scorer that ignores the context is at chance.

import Randomness

struct Cloze {
  static let shortestContext = 6

  /// Held-out documents, from which passages and continuations come.
  let documents: [[Int32]]
  /// The training documents in comparable form, in which no tested stretch may occur.
  let trainingTexts: [[UInt8]]
  let tokenizer: any Tokenizer
  /// Tokens of a passage with its continuation; a third of them is the continuation.
  let context: Int

  private struct Place: Hashable {
    var document: Int
    var start: Int
  }

  private var continuationLength: Int { context / 3 }
  private var contextLength: Int { context - continuationLength }
  /// Length of the tested stretch: the continuation and half as many tokens before it.
  private var probeLength: Int { continuationLength + continuationLength / 2 }

  private func passage(_ place: Place) -> ArraySlice<Int32> {
    documents[place.document][place.start..<place.start + context]
  }

  private func continuation(_ place: Place) -> ArraySlice<Int32> { passage(place).suffix(continuationLength) }

  func itemSet(seed: UInt64, count: Int) throws(CorpusError) -> ItemSet {
    var stream = RandomStream(seed: seed, purpose: .corpusItems)
    var set = ItemSet(name: "cloze", items: [], texts: [])
    var pool = places(count: count, &stream)
    while set.items.count < count {
      var group: [Place] = []
      var rest: [Place] = []
      for place in pool {
        if group.count < 4 && group.allSatisfy({ areApart($0, place) }) {
          group.append(place)
        } else {
          rest.append(place)
        }
      }
      guard group.count == 4 else { throw .tooFewItems(task: "cloze", available: set.items.count, requested: count) }
      pool = rest
      for (index, place) in zip(group.indices, stream.permutation(4)) {
        var order = group.indices.filter { $0 != index }
        stream.shuffle(&order)
        order.insert(index, at: place)
        append(group[index], choices: order.map { Array(continuation(group[$0])) }, answer: place, to: &set)
      }
    }
    set.items = Array(set.items.prefix(count))
    set.texts = Array(set.texts.prefix(count))
    return set
  }

  private func append(_ place: Place, choices: [[Int32]], answer: Int, to set: inout ItemSet) {
    let before = Array(passage(place).prefix(contextLength))
    let texts = choices.map(tokenizer.decode)
    set.items.append(
      EncodedItem(
        context: before, choices: choices, characters: texts.map(\.count), answer: answer,
        probe: Array(passage(place).suffix(probeLength))))
    set.texts.append(MultipleChoiceItem(context: tokenizer.decode(before), choices: texts, answer: answer))
  }

  /// Different continuations of passages that share no token.
  private func areApart(_ first: Place, _ second: Place) -> Bool {
    (first.document != second.document || abs(first.start - second.start) >= context)
      && continuation(first) != continuation(second)
  }

  /// Candidate passages in random order, those first whose continuation begins with a blank: a choice that begins
  /// inside a word would be told by its first letters. Passages whose tested stretch also stands in the training part,
  /// white space and line ends aside, are left out.
  private func places(count: Int, _ stream: inout RandomStream) -> [Place] {
    var places = documents.indices.flatMap { document in
      (0..<max(0, documents[document].count - context + 1)).map { Place(document: document, start: $0) }
    }
    stream.shuffle(&places)
    let isBlank = (0..<Int32(tokenizer.vocabularySize)).map { id in
      tokenizer.decode([id]).unicodeScalars.first?.properties.isWhitespace == true
    }
    let (inside, atBlank) = (
      places.filter { continuation($0).first.map { !isBlank[Int($0)] } ?? true },
      places.filter { continuation($0).first.map { isBlank[Int($0)] } ?? false }
    )
    let pool = (atBlank + inside).prefix(16 * count + 64)
    let tested = pool.map { comparable(passage($0).suffix(probeLength), tokenizer) }
    let known = occurring(tested, in: trainingTexts)
    return zip(pool.indices, pool).filter { !known.contains($0.0 - pool.startIndex) }.map(\.1)
  }
}
