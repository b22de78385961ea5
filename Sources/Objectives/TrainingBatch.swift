// Builds what a training step feeds to the transformer. Nothing here depends on the parameters or on earlier steps.

import Randomness
import TensorEngine
import Transformer

extension Objective {
  /// Appends one training sequence x_1…x_n to `batch`.
  ///
  /// - Parameters:
  ///   - tokens: x, at least one token.
  ///   - totals: what the whole step holds, over all its batches: the loss is normalised by it.
  ///   - seed, visit: the run's seed and where in training the sequence stands: they fix its masks.
  public func append(
    _ tokens: [Int32], to batch: inout Batch, totals: StepTotals, special: SpecialTokens, seed: UInt64, visit: Visit
  ) {
    switch self {
    case .autoregressive(let inputMasking, let maskedLoss):
      var share = Float(1)
      if let maskedLoss {
        share = Float(maskedLoss / (1 + maskedLoss))
        appendShifted(tokens, masking: 0, weight: (1 - share) / Float(totals.tokens), to: &batch, special, seed, visit)
        batch.endSequence()
      }
      appendShifted(
        tokens, masking: inputMasking, weight: share / Float(totals.tokens), to: &batch, special, seed, visit)
    case .orderedAutoregressive(let reading):
      let weight = 1 / Float(totals.tokens)
      let order = reading.permutation(reading.number(at: visit), length: tokens.count, seed: seed)
      for row in tokens.indices {
        batch.append(
          row == 0 ? special.begin : tokens[order[row - 1]], target: tokens[order[row]], weight: weight,
          place: reading.place(row, in: order))
      }
    case .maskedDiffusion, .frozenDiffusion, .stratifiedDiffusion:
      let mask = diffusionMask(count: tokens.count, totals, seed: seed, visit: visit)
      var places = mask.places
      appendMasked(tokens, count: mask.maskedCount, to: &batch, totals, special) { _ in places.next() }
    case .blockDiffusion(let size):
      appendBlocks(tokens, size: size, to: &batch, totals, special, seed: seed, visit: visit)
    case .suffixDiffusion:
      let count = diffusionMask(count: tokens.count, totals, seed: seed, visit: visit).maskedCount
      appendMasked(tokens, count: count, to: &batch, totals, special) { $0 >= tokens.count - count }
    }
    batch.endSequence()
  }

  /// Each token after those before it, of which a share is masked.
  private func appendShifted(
    _ tokens: [Int32], masking: Double, weight: Float, to batch: inout Batch, _ special: SpecialTokens, _ seed: UInt64,
    _ visit: Visit
  ) {
    var stream = RandomStream(seed: seed, purpose: .inputNoise, index: visit.number)
    for (i, token) in tokens.enumerated() {
      var seen = i == 0 ? special.begin : tokens[i - 1]
      if masking > 0, i > 0, stream.uniform() < masking { seen = special.mask }
      batch.append(seen, target: token, weight: weight)
    }
  }

  /// A fresh mask at each visit; with K frozen ones the sequence's own, which are the first K of those of any larger K.
  private func diffusionMask(count: Int, _ totals: StepTotals, seed: UInt64, visit: Visit) -> DiffusionMask {
    switch self {
    case .frozenDiffusion(let maskings):
      let index = UInt64(visit.epoch % maskings) << 32 | UInt64(visit.sequence)
      return DiffusionMask(count: count, seed: seed, purpose: .frozenMask, index: index)
    case .stratifiedDiffusion:
      var stream = RandomStream(seed: seed, purpose: .stratifiedTime, index: visit.firstOfStep)
      let t = stream.uniform() + Double(visit.number - visit.firstOfStep) / Double(totals.sequences)
      return DiffusionMask(count: count, seed: seed, purpose: .diffusionMask, index: visit.number, t: t < 1 ? t : t - 1)
    case .autoregressive, .orderedAutoregressive, .maskedDiffusion, .suffixDiffusion, .blockDiffusion:
      return DiffusionMask(count: count, seed: seed, purpose: .diffusionMask, index: visit.number)
    }
  }

  /// The mean over the `count` masked tokens, one sequence's share of the step's loss.
  private func appendMasked(
    _ tokens: [Int32], count: Int, to batch: inout Batch, _ totals: StepTotals, _ special: SpecialTokens,
    isMasked: (Int) -> Bool
  ) {
    let weight = 1 / (Float(totals.sequences) * Float(count))
    for (i, token) in tokens.enumerated() {
      if isMasked(i) {
        batch.append(special.mask, target: token, weight: weight)
      } else {
        batch.append(token)
      }
    }
  }
}

extension Objective {
  /// The blocks of a sequence, but for the last one, as they are; then all of them masked, each seeing itself and what the
  /// former say before it. Both stand in the places of their tokens.
  private func appendBlocks(
    _ tokens: [Int32], size: Int, to batch: inout Batch, _ totals: StepTotals, _ special: SpecialTokens, seed: UInt64,
    visit: Visit
  ) {
    let last = (tokens.count - 1) / size
    for position in 0..<last * size {
      let block = Int32(position / size)
      batch.append(
        tokens[position], place: RowPlace(read: position, asked: position), view: RowView(rank: block, limit: block))
    }
    for block in 0...last {
      let positions = block * size..<min((block + 1) * size, tokens.count)
      // The first block's mask is the one that masked diffusion draws.
      let mask =
        block == 0
        ? DiffusionMask(count: positions.count, seed: seed, purpose: .diffusionMask, index: visit.number)
        : DiffusionMask(
          count: positions.count, seed: seed, purpose: .blockMask, index: visit.number << 16 | UInt64(block))
      let weight =
        Float(positions.count) / Float(tokens.count) / (Float(totals.sequences) * Float(mask.maskedCount))
      var places = mask.places
      for position in positions {
        let place = RowPlace(read: position, asked: position)
        let view = RowView(rank: RowView.hidden, limit: Int32(block) - 1, group: Int32(block))
        if places.next() {
          batch.append(special.mask, target: tokens[position], weight: weight, place: place, view: view)
        } else {
          batch.append(tokens[position], place: place, view: view)
        }
      }
    }
  }
}

/// The mask of one training sequence: t ~ U(0, 1), every token masked with probability t, one uniformly chosen token where
/// none was. It is drawn twice from the same stream, once to count and once to use, instead of being kept.
struct DiffusionMask {
  /// Masked tokens, at least one.
  let maskedCount: Int
  /// The tokens in order.
  let places: Places

  /// Tells for one token after the other whether it is masked.
  struct Places {
    fileprivate var stream: RandomStream
    fileprivate let t: Float
    fileprivate let forced: Int?
    fileprivate var position = 0

    mutating func next() -> Bool {
      defer { position += 1 }
      return stream.uniformFloat() < t || position == forced
    }
  }

  /// - Parameter given: t, instead of the stream's own.
  init(count: Int, seed: UInt64, purpose: Purpose, index: UInt64, t given: Double? = nil) {
    var stream = RandomStream(seed: seed, purpose: purpose, index: index)
    let own = stream.uniform()
    let t = given ?? own
    let start = stream
    let limit = Float(t)
    var masked = 0
    for _ in 0..<count where stream.uniformFloat() < limit { masked += 1 }
    let forced = masked == 0 ? stream.below(count) : nil
    maskedCount = max(masked, 1)
    places = Places(stream: start, t: limit, forced: forced)
  }
}

/// Where in training a sequence is fed in.
public struct Visit: Hashable, Sendable {
  /// Number of the sequence since training began, repetitions counted.
  public var number: UInt64
  /// Number of the sequence in the corpus, below 2³².
  public var sequence: Int
  public var epoch: Int
  /// ``number`` of the first sequence of the step.
  public var firstOfStep: UInt64

  /// - Parameter firstOfStep: by default the sequence is its step's first.
  public init(number: UInt64, sequence: Int, epoch: Int, firstOfStep: UInt64? = nil) {
    self.number = number
    self.sequence = sequence
    self.epoch = epoch
    self.firstOfStep = firstOfStep ?? number
  }
}

/// The extent of one training step.
public struct StepTotals: Hashable, Sendable {
  public var sequences: Int
  public var tokens: Int

  public init(sequences: Int, tokens: Int) {
    self.sequences = sequences
    self.tokens = tokens
  }
}
