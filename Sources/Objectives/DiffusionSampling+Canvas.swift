// One sequence that is being denoised: which masks a pass fills, and in which order.

import Randomness
import TensorEngine
import Transformer

struct Canvas {
  /// How much each pass fills.
  enum Pace {
    /// An even share in each of the passes that are left.
    case passes(left: Int)
    case tokens(Int)
  }

  let prompt: [Int32]
  private(set) var tokens: [Int32]
  private let suffix: [Int32]
  private let mask: Int32
  private let end: Int32?
  private let decoder: CompletionDecoder
  private let blockSize: Int?
  private let rank: [Int]
  private var pace: Pace
  private var stream: RandomStream

  /// - Parameters:
  ///   - blockSize: of a model that sees one block after the other, counted from the prompt's first token; nil for one that
  ///     sees all.
  ///   - end: what follows it is end tokens; nil where that is not so.
  ///   - index: of the sequence's random numbers.
  init(
    prompt: [Int32], count: Int, suffix: [Int32] = [], pace: Pace, decoder: CompletionDecoder,
    blockSize: Int? = nil, special: SpecialTokens, seed: UInt64, index: UInt64, end: Int32? = nil
  ) {
    (self.prompt, self.suffix, self.decoder, self.end) = (prompt, suffix, decoder, end)
    self.blockSize = blockSize
    mask = special.mask
    tokens = [Int32](repeating: special.mask, count: count)
    self.pace =
      switch pace {
      case .passes(let left): .passes(left: max(1, min(left, count)))
      case .tokens(let number): .tokens(max(1, number))
      }
    stream = RandomStream(seed: seed, purpose: .sampling, index: index)
    rank = decoder == .leftToRight ? Array(0..<count) : stream.permutation(count)
  }

  var length: Int { prompt.count + tokens.count + suffix.count }

  var isFinished: Bool {
    if case .passes(left: 0) = pace { return true }
    return !tokens.contains(mask)
  }

  func append(to batch: inout Batch) {
    if let blockSize { return appendBlocks(of: blockSize, to: &batch) }
    for token in prompt { batch.append(token) }
    for token in tokens { batch.append(token, target: token == mask ? 0 : nil) }
    for token in suffix { batch.append(token) }
    batch.endSequence()
  }

  /// What has been written and the block that is being written, each row seeing its own block and those before.
  private func appendBlocks(of size: Int, to batch: inout Batch) {
    let first = prompt.count + (tokens.firstIndex(of: mask) ?? 0)
    for (position, token) in (prompt + tokens).prefix((first / size + 1) * size).enumerated() {
      let block = Int32(position / size)
      batch.append(
        token, target: position >= prompt.count && token == mask ? 0 : nil,
        place: RowPlace(read: position, asked: position), view: RowView(rank: block, limit: block))
    }
    batch.endSequence()
  }

  /// The masks that a pass answers for: all, or those of the first block that has any.
  private var asked: [Int] {
    let masked = tokens.indices.filter { tokens[$0] == mask }
    guard let blockSize, let first = masked.first else { return masked }
    return masked.filter { (prompt.count + $0) / blockSize == (prompt.count + first) / blockSize }
  }

  /// Fills masks from the logits of the masked rows, the first of which is `first`.
  ///
  /// - Returns: the number of rows that were masked.
  mutating func fill(
    _ logits: UnsafeBufferPointer<Float>, from first: Int, vocabulary: Int, rule: SamplingRule
  ) -> Int {
    let masked = asked
    let share = nextShare(of: masked.count)
    var proposals = candidates(masked, share).map { row in
      let start = (first + row) * vocabulary
      let choice = rule.choose(logits[start..<start + vocabulary], &stream)
      return (position: masked[row], token: choice.token, probability: choice.probability)
    }
    switch decoder {
    case .leftToRight, .random: break
    case .blocks, .confidence:
      // The first mask is never held back, so that every pass fills something.
      proposals.removeAll { $0.token == end && $0.position != masked[0] }
      proposals.sort { ($1.probability, $0.position) < ($0.probability, $1.position) }
    case .confidenceEarlyEnd:
      proposals.sort { ($1.probability, $0.position) < ($0.probability, $1.position) }
    }
    for proposal in proposals.prefix(share) { tokens[proposal.position] = proposal.token }
    if let end, let first = tokens.firstIndex(of: end) {
      for position in tokens[first...].indices { tokens[position] = end }
    }
    return masked.count
  }

  private mutating func nextShare(of masked: Int) -> Int {
    switch pace {
    case .passes(let left):
      pace = .passes(left: left - 1)
      return (masked + left - 1) / left
    case .tokens(let number): return number
    }
  }

  /// The masks that may be filled, as indices into `masked`.
  private func candidates(_ masked: [Int], _ share: Int) -> [Int] {
    switch decoder {
    case .confidence, .confidenceEarlyEnd: Array(masked.indices)
    case .blocks(let size): masked.indices.filter { masked[$0] / size == masked[0] / size }
    case .leftToRight, .random:
      Array(masked.indices.sorted { rank[masked[$0]] < rank[masked[$1]] }.prefix(share))
    }
  }
}
