// Generating in another order than from left to right from an AR model that has learnt it. Without a cache: each token
// takes a pass over those before it, which is what a few documents cost little of.

import Randomness
import TensorEngine
import Transformer

/// Writes whole documents in the order that a model has learnt, one forward pass per token, many documents at once.
///
/// - Parameters:
///   - reading: document i is written in order i mod N of N fixed ones, or in a fresh one of its own.
///   - prompt: what each document begins with; empty where the order does not go on from prompts
///     (``ReadingOrder/continuesPrompts``).
///   - lengths: of the documents, the prompt's tokens included, 1…context each. Document i has random numbers of its own,
///     so what it is does not depend on the others.
///   - orderSeed: the run's seed, for which fixed orders were drawn.
public func sampleOrdered(
  _ parameters: any Predictor, _ reading: ReadingOrder, prompt: [Int32] = [], lengths: [Int],
  special: SpecialTokens, rule: SamplingRule, seed: UInt64, orderSeed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  precondition(prompt.isEmpty || reading.continuesPrompts, "a model that reads \(reading) goes on from no prompt")
  let capacity = max(512, parameters.configuration.context)
  let model = EnsembleTransformer(
    parameters, capacity: BatchCapacity(tokens: capacity, scored: capacity), scoredRows: .beforeLastQueries,
    backend: backend)
  var pages = lengths.enumerated().map { i, length in
    OrderedPage(reading, number: i, prompt: prompt, length: length, seed: seed, orderSeed: orderSeed)
  }
  var batch = Batch()
  var start = 0
  while start < pages.count {
    var end = start
    var tokens = 0
    while end < pages.count, tokens + pages[end].order.count <= capacity {
      tokens += pages[end].order.count
      end += 1
    }
    while pages[start..<end].contains(where: { !$0.isFinished }) {
      batch.removeAll()
      let unfinished = (start..<end).filter { !pages[$0].isFinished }
      for i in unfinished { pages[i].append(to: &batch, reading, special) }
      model.forward(batch, causal: true)
      for (row, i) in unfinished.enumerated() {
        let first = row * parameters.vocabulary
        pages[i].write(rule.choose(model.logitRows[first..<first + parameters.vocabulary], &pages[i].stream).token)
      }
    }
    start = end
  }
  return pages.map(\.tokens)
}

/// One document that is being written.
private struct OrderedPage {
  let order: [Int]
  private(set) var tokens: [Int32]
  private var written: Int
  var stream: RandomStream

  init(_ reading: ReadingOrder, number: Int, prompt: [Int32], length: Int, seed: UInt64, orderSeed: UInt64) {
    tokens = prompt + Array(repeating: 0, count: max(0, length - prompt.count))
    written = min(prompt.count, length)
    stream = RandomStream(seed: seed, purpose: .sampling, index: UInt64(number))
    switch reading {
    case .leftToRight, .rightToLeft: order = reading.permutation(0, length: tokens.count, seed: orderSeed)
    case .fixed(let count):
      order = reading.permutation(UInt64(number % count), length: tokens.count, seed: orderSeed)
    case .fresh:
      let rest = reading.permutation(UInt64(number), length: tokens.count - written, seed: seed)
      order = Array(0..<written) + rest.map { [written] in written + $0 }
    }
  }

  var isFinished: Bool { written == order.count }

  /// The rows up to the one that predicts the next token, which alone is scored.
  func append(to batch: inout Batch, _ reading: ReadingOrder, _ special: SpecialTokens) {
    for row in 0...written {
      batch.append(
        row == 0 ? special.begin : tokens[order[row - 1]], target: row == written ? 0 : nil,
        place: reading.place(row, in: order))
    }
    batch.endSequence()
  }

  mutating func write(_ token: Int32) {
    tokens[order[written]] = token
    written += 1
  }
}
