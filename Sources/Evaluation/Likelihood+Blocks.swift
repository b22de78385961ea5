// Log-likelihoods of spans under block diffusion: block by block, each by the DLM's bound given what stands before it. How
// maskings are drawn: Masking.swift.

import Objectives
import TensorEngine
import Transformer

extension LikelihoodScorer {
  /// The sum over the blocks that a span touches of the bound on log p(its tokens there | all before the block, what else
  /// the block holds).
  ///
  /// Blocks are counted from the first token. What follows the span is seen where it stands in a block with tokens of the
  /// span, and otherwise not, as AR sees nothing of it. In a block the maskings are those of a span of that many tokens: with
  /// blocks of 1 there is one, and the sum is the chain rule. Of related spans, which differ in some tokens, those that
  /// they share are scored first, the others masked, and then shown; and with few differing tokens up to four times as
  /// many maskings are asked, so that the bound is exact. A pass over the blocks before is shared by all maskings.
  func appendBlocks(_ spans: [Span], _ related: Range<Int>, size: Int, samples: Int) {
    let first = spans[related.lowerBound]
    let differing = differingPositions(related.map { spans[$0].tokens })
    if related.count > 1, differing?.isEmpty != false {
      for i in related { appendBlocks(spans, i..<i + 1, size: size, samples: samples) }
      return
    }
    let start = first.context.count
    let end = start + first.tokens.count
    let suffix = first.suffix.prefix(max(0, context - end))
    let changing = Set(related.count > 1 ? (differing ?? []).map { $0 + start } : Array(start..<end))
    let sequences = related.map { (sum: $0, tokens: first.context + spans[$0].tokens + suffix) }
    for block in start / size...(end - 1) / size {
      let positions = block * size..<min((block + 1) * size, end + suffix.count)
      let spanned = positions.clamped(to: start..<end)
      let questions = Self.blockMaskings(
        positions, shared: spanned.filter { !changing.contains($0) }, changing: spanned.filter(changing.contains),
        samples: related.count > 1 ? 4 * samples : samples, seed: seed, index: first.index ^ UInt64(block) << 32)
      // Spans that say the same before the block share its beginning.
      var rest = sequences
      while let one = rest.first {
        let alike = rest.filter { $0.tokens.prefix(positions.lowerBound) == one.tokens.prefix(positions.lowerBound) }
        rest.removeAll { sequence in alike.contains { $0.sum == sequence.sum } }
        appendBlock(alike, positions, questions[...], size: size)
      }
    }
  }

  /// The maskings of a block's positions; `scored` counts from its first.
  private static func blockMaskings(
    _ positions: Range<Int>, shared: [Int], changing: [Int], samples: Int, seed: UInt64, index: UInt64
  ) -> [Masking] {
    func maskings(_ asked: [Int], hidden: [Int], index: UInt64) -> [Masking] {
      if asked.isEmpty { return [] }
      return Masking.subsets(of: asked.count, samples: samples, seed: seed, index: index).map { masking in
        let masked = Set(hidden + asked.indices.filter { masking.masked[$0] }.map { asked[$0] })
        return Masking(
          masked: positions.map(masked.contains), scored: masking.scored.map { asked[$0] - positions.lowerBound },
          weight: masking.weight)
      }
    }
    return maskings(shared, hidden: changing, index: index | 1 << 63) + maskings(changing, hidden: [], index: index)
  }

  /// Sequences that are alike before a block, in some of its maskings.
  private func appendBlock(
    _ sequences: [(sum: Int, tokens: [Int32])], _ positions: Range<Int>, _ questions: ArraySlice<Masking>, size: Int
  ) {
    if questions.isEmpty { return }
    // A pass for each distinct input.
    var passes: [(input: [Int32], masking: Masking, asking: [(sum: Int, tokens: [Int32])])] = []
    for masking in questions {
      let known = passes.count
      for sequence in sequences {
        let input = positions.map { position in
          masking.masked[position - positions.lowerBound] ? special.mask : sequence.tokens[position]
        }
        if let same = passes[known...].firstIndex(where: { $0.input == input }) {
          passes[same].asking.append(sequence)
        } else {
          passes.append((input, masking, [sequence]))
        }
      }
    }
    let rows = positions.lowerBound + passes.count * positions.count
    if rows > capacityInTokens, questions.count > 1 {
      let middle = questions.startIndex + questions.count / 2
      appendBlock(sequences, positions, questions[..<middle], size: size)
      appendBlock(sequences, positions, questions[middle...], size: size)
      return
    }
    if rows > capacityInTokens, sequences.count > 1 {
      for sequence in sequences { appendBlock([sequence], positions, questions, size: size) }
      return
    }
    makeRoom(rows, longest: positions.upperBound)
    func appendRow(_ token: Int32, _ position: Int, _ scored: [(sum: Int, token: Int32)] = [], weight: Double = 1) {
      let block = Int32(position / size)
      append(
        token, scored: scored, weight: weight, place: RowPlace(read: position, asked: position),
        view: RowView(rank: block, limit: block))
    }
    for position in 0..<positions.lowerBound { appendRow(sequences[0].tokens[position], position) }
    if positions.lowerBound > 0 { endSequence() }
    let root = positions.lowerBound > 0 ? sequenceCount - 1 : nil
    for pass in passes {
      let scored = Set(pass.masking.scored)
      for (place, token) in pass.input.enumerated() {
        let position = positions.lowerBound + place
        let asked = scored.contains(place) ? pass.asking.map { (sum: $0.sum, token: $0.tokens[position]) } : []
        appendRow(token, position, asked, weight: pass.masking.weight)
      }
      endSequence(continuing: root)
    }
  }
}
