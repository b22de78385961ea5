// One training run as a sequence of steps. When to evaluate, store or stop is decided by who calls `step`.

import Basics
import Objectives
import Randomness
import TensorEngine
import Transformer

/// Trains one model. Everything a step does follows from (configuration, seed, step): a trainer restored at step s
/// continues bit for bit.
public final class Trainer {
  public let parameters: ModelParameters
  public let configuration: TrainingConfiguration
  public let objective: Objective
  public let schedule: Schedule
  /// Steps done.
  public private(set) var stepCount = 0
  /// Training tokens seen.
  public private(set) var tokens = 0
  let moments: AdamWMoments
  let model: Transformer
  private let arena = Arena()
  private let sequences: [[Int32]]
  private let special: SpecialTokens
  private let seed: UInt64
  private let chunkTokens: Int
  var batch = Batch()
  private var order: (epoch: Int, permutation: [Int])

  /// The largest number of tokens that a dense model processes at once: few enough that a chunk's activations stay in
  /// cache, enough that the matrix products run at speed. Results depend on it in the last bits only.
  public static let tokensInChunk = 512

  /// - Parameters:
  ///   - sequences: the unique training sequences, each of 1…context tokens.
  ///   - seed: fixes initialisation, order, masks and dropout.
  /// - Throws: ``TrainingError/corpusTooSmall`` if there are fewer sequences than a batch holds.
  public init(
    _ configuration: TrainingConfiguration, objective: Objective, model: ModelConfiguration, vocabulary: Int,
    sequences: [[Int32]], special: SpecialTokens, seed: UInt64, backend: ProductBackend
  ) throws(TrainingError) {
    guard sequences.count >= configuration.batch else {
      throw .corpusTooSmall(sequences: sequences.count, batch: configuration.batch)
    }
    self.configuration = configuration
    self.objective = objective
    self.sequences = sequences
    order = (-1, Array(sequences.indices))
    self.special = special
    self.seed = seed
    schedule = configuration.schedule(steps: configuration.steps(sequences: sequences.count))
    parameters = ModelParameters(model, vocabulary: vocabulary)
    parameters.initialise(seed: seed)
    moments = AdamWMoments(arena, count: parameters.buffer.count)
    // The load-balance loss is a statement about the whole batch, so a mixture of experts takes it in one piece.
    let longest = model.context
    chunkTokens = model.experts == nil ? max(Self.tokensInChunk, longest) : configuration.batch * longest
    self.model = Transformer(
      parameters, capacity: BatchCapacity(tokens: chunkTokens, scored: chunkTokens), scoredRows: objective.scoredRows,
      backend: backend)
    self.model.dropoutClock.isTraining = model.dropout > 0
    self.model.dropoutClock.seed = seed
  }

  /// What one step saw.
  public struct StepReport: Sendable {
    /// The objective's loss before the update, nats per scored token.
    public let loss: Double
    /// Global norm of the gradient before clipping.
    public let gradientNorm: Double
  }

  /// Bytes of parameters, moments and activations.
  public var memory: Int { arena.byteCount + parameters.byteCount + model.arena.byteCount }

  /// Whether the schedule is used up.
  public var isFinished: Bool { stepCount >= schedule.steps }

  /// Epochs done, fractional.
  public var epoch: Double {
    Double(min(stepCount * configuration.batch, configuration.epochs * sequences.count)) / Double(sequences.count)
  }

  /// One optimiser step.
  /// - Throws: ``TrainingError/diverged`` if loss or gradient is not finite; the parameters are then those before the step.
  @discardableResult
  public func step() throws(TrainingError) -> StepReport {
    let first = stepCount * configuration.batch
    let slots = first..<min(first + configuration.batch, configuration.epochs * sequences.count)
    var totals = StepTotals(sequences: slots.count, tokens: 0)
    for slot in slots { totals.tokens += sequences[sequence(slot)].count }

    var loss = 0.0
    forEachChunk(slots, totals) { loss += runChunk() }

    let norm = parameters.buffer.gradientNorm
    guard loss.isFinite, norm.isFinite else {
      let place = loss.isFinite ? gradientNotFinite : forwardNotFinite(slots, totals)
      parameters.buffer.clearGradients()
      throw .diverged(step: stepCount, loss: loss, gradientNorm: norm, place: place)
    }
    let c = configuration
    moments.update(
      parameters.buffer, step: stepCount + 1, learningRate: schedule.rate(stepCount), beta1: c.beta1, beta2: c.beta2,
      epsilon: c.epsilon,
      decay: c.weightDecay, gradientScale: clippingScale(norm: norm, clip: c.clip))
    stepCount += 1
    tokens += totals.tokens
    return StepReport(loss: loss, gradientNorm: norm)
  }

  /// Fills `batch` with the step's sequences, as many at a time as fit, and calls `body` for each filling.
  func forEachChunk(_ slots: Range<Int>, _ totals: StepTotals, _ body: () -> Void) {
    batch.removeAll()
    for slot in slots {
      let visit = Visit(number: UInt64(slot), sequence: sequence(slot), epoch: slot / sequences.count)
      let next = sequences[visit.sequence]
      if batch.tokens.count + next.count > chunkTokens { body() }
      objective.append(next, to: &batch, totals: totals, special: special, seed: seed, visit: visit)
    }
    body()
  }

  private func runChunk() -> Double {
    let loss = model.forward(batch, causal: objective.isCausal)
    model.backward()
    model.dropoutClock.batch += 1
    batch.removeAll()
    return loss
  }

  /// Which sequence stands at a place of the endless concatenation of shuffled epochs.
  func sequence(_ slot: Int) -> Int {
    let epoch = slot / sequences.count
    if order.epoch != epoch {
      var stream = RandomStream(seed: seed, purpose: .epochOrder, index: UInt64(epoch))
      stream.permute(&order.permutation)
      order.epoch = epoch
    }
    return order.permutation[slot % sequences.count]
  }

  /// Continues from an earlier state; used by Trainer+State.
  func resume(step: Int, tokens: Int, chunks: UInt64) {
    stepCount = step
    self.tokens = tokens
    model.dropoutClock.batch = chunks
  }

  var chunks: UInt64 { model.dropoutClock.batch }
}

/// Why training cannot start or go on.
public enum TrainingError: ExitStatusProviding {
  case corpusTooSmall(sequences: Int, batch: Int)
  /// `place` is where the numbers stopped being finite, as far as that can be told.
  case diverged(step: Int, loss: Double, gradientNorm: Double, place: String)
  case unusableState(String)

  public var exitStatus: ExitStatus { .badData }

  public var description: String {
    switch self {
    case .corpusTooSmall(let sequences, let batch):
      "the corpus has \(sequences) training sequences, fewer than one batch of \(batch); raise the number of unique "
        + "tokens, or lower `batch` in [training]"
    case .diverged(let step, let loss, let norm, let place):
      "training diverged at step \(step) in \(place): loss \(loss), gradient norm \(norm)"
    case .unusableState(let reason): "the saved training state cannot be used: \(reason)"
    }
  }
}
