// One training run as a sequence of steps. When to evaluate, store or stop is decided by the caller of `step`.

import Basics
import Dispatch
import Objectives
import Randomness
import Synchronization
import TensorEngine
import Transformer

/// Trains one model. Everything a step does follows from (configuration, seed, step): a trainer restored at step s
/// continues bit for bit.
public final class Trainer {
  /// The model: what is to be evaluated and stored. With averaging the average of the weights, else the weights.
  public let parameters: ModelParameters
  /// The weights that the gradient moves.
  let weights: ModelParameters
  let average: WeightAverage?
  public let configuration: TrainingConfiguration
  public let objective: Objective
  public let schedule: Schedule
  /// Steps done.
  public private(set) var stepCount = 0
  /// Training tokens seen.
  public private(set) var tokens = 0
  let optimizer: any Optimizer
  /// One computation for each thread; the first is that of the calling thread.
  let models: [Transformer]
  var model: Transformer { models[0] }
  private let arena = Arena()
  private let kernels: any Kernels
  private let sequences: [[Int32]]
  private let special: SpecialTokens
  private let seed: UInt64
  private let chunkTokens: Int
  /// The chunks of a step, of which the first ones are in use.
  private(set) var batches: [Batch] = []
  /// Chunks since training began.
  var chunks: UInt64 = 0
  /// Chunk c of a step adds to gradient c mod their number; they are then added in order, so that threads change no bit.
  private let gradients: [UnsafeMutablePointer<Float>]
  /// For each number of gradients in use, those after the first.
  private let otherGradients: [[UnsafeMutablePointer<Float>]]
  private let losses: UnsafeMutablePointer<Double>  // [chunks of a step]
  private var order: (epoch: Int, permutation: [Int])

  /// The largest number of tokens that a dense model processes at once: few enough that a chunk's activations stay in
  /// cache, enough that the matrix products run at speed. Results depend on it in the last bits only.
  public static let tokensInChunk = 512

  /// The largest number of gradients that chunks add to apart from each other, and so of threads that have work.
  public static let largestGradientCount = 4

  /// - Parameters:
  ///   - sequences: the unique training sequences, each of 1…context tokens.
  ///   - seed: fixes initialisation, order, masks and dropout.
  ///   - threads: at most this many threads share a step's chunks; no bit depends on it.
  /// - Throws: ``TrainingError/corpusTooSmall`` if there are fewer sequences than a batch holds.
  public init(
    _ configuration: TrainingConfiguration, objective: Objective, model: ModelConfiguration, vocabulary: Int,
    sequences: [[Int32]], special: SpecialTokens, seed: UInt64, backend: ProductBackend,
    threads: Int = 1, kernels: any Kernels = KernelChoice.current
  ) throws(TrainingError) {
    guard sequences.count >= configuration.batch else {
      throw .corpusTooSmall(sequences: sequences.count, batch: configuration.batch)
    }
    self.kernels = kernels
    self.configuration = configuration
    self.objective = objective
    self.sequences = sequences
    order = (-1, Array(sequences.indices))
    self.special = special
    self.seed = seed
    schedule = configuration.schedule(steps: configuration.steps(sequences: sequences.count))
    weights = ModelParameters(model, vocabulary: vocabulary)
    weights.initialise(seed: seed)
    average = configuration.averaging > 0 ? WeightAverage(of: weights, rate: configuration.averaging) : nil
    parameters = average?.parameters ?? weights
    optimizer = AdamW(arena, count: weights.buffer.count, configuration, kernels: kernels)
    // The load-balance loss is a statement about the whole batch, so a mixture of experts takes it in one piece.
    let longest = objective.rows(of: model.context)
    chunkTokens = model.experts == nil ? max(Self.tokensInChunk, longest) : configuration.batch * longest
    let gradientCount = configuration.batch * longest <= chunkTokens ? 1 : Self.largestGradientCount
    gradients =
      [weights.buffer.gradient]
      + (1..<gradientCount).map { [arena, buffer = weights.buffer] _ in
        arena.floats(buffer.count)
      }
    otherGradients = [[]] + (1...gradientCount).map { [gradients] in Array(gradients[1..<$0]) }
    losses = arena.doubles(configuration.batch)
    models = (0..<max(1, min(threads, gradientCount))).map { [weights, chunkTokens] thread in
      let model = Transformer(
        thread == 0 ? weights : ModelParameters(sharingValuesOf: weights),
        capacity: BatchCapacity(tokens: chunkTokens, scored: chunkTokens, longest: longest),
        scoredRows: objective.scoredRows,
        backend: backend, precision: configuration.precision, kernels: kernels)
      model.dropoutClock.isTraining = model.parameters.configuration.hasDropout
      model.dropoutClock.seed = seed
      return model
    }
  }

  /// What one step saw.
  public struct StepReport: Sendable {
    /// The objective's loss before the update, nats per scored token.
    public let loss: Double
    /// Global norm of the gradient before clipping.
    public let gradientNorm: Double
  }

  /// Bytes of parameters, moments and activations.
  public var memory: Int {
    arena.byteCount + weights.byteCount + (average?.parameters.byteCount ?? 0)
      + models.reduce(0) { $0 + $1.arena.byteCount }
  }

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

    let count = fillBatches(slots, totals)
    runChunks(count)
    var loss = 0.0
    for chunk in 0..<count { loss += losses[chunk] }
    chunks += UInt64(count)

    let others = otherGradients[min(count, gradients.count)]
    let norm = kernels.gradientNorm(of: weights.buffer, adding: others)
    guard loss.isFinite, norm.isFinite else {
      let place = loss.isFinite ? gradientNotFinite : forwardNotFinite(chunks: count)
      weights.buffer.clearGradients()
      throw .diverged(step: stepCount, loss: loss, gradientNorm: norm, place: place)
    }
    optimizer.update(
      weights.buffer,
      OptimizerStep(
        number: stepCount + 1, learningRate: schedule.rate(stepCount),
        gradientScale: clippingScale(norm: norm, clip: configuration.clip)))
    average?.add(weights.buffer, step: stepCount + 1)
    stepCount += 1
    tokens += totals.tokens
    return StepReport(loss: loss, gradientNorm: norm)
  }

  /// Fills `batches` with the step's sequences, as many in each as fit; the number of those in use.
  private func fillBatches(_ slots: Range<Int>, _ totals: StepTotals) -> Int {
    var last = -1
    for slot in slots {
      let visit = Visit(
        number: UInt64(slot), sequence: sequence(slot), epoch: slot / sequences.count,
        firstOfStep: UInt64(slots.lowerBound))
      let next = sequences[visit.sequence]
      if last < 0 || batches[last].tokens.count + objective.rows(of: next.count) > chunkTokens {
        last += 1
        if last == batches.count { batches.append(Batch()) }
        batches[last].removeAll()
      }
      objective.append(next, to: &batches[last], totals: totals, special: special, seed: seed, visit: visit)
    }
    return last + 1
  }

  /// Forward and backward passes of the first `count` batches, shared by the threads.
  private func runChunks(_ count: Int) {
    let shares = min(count, gradients.count)
    let workers = min(models.count, shares)
    if workers <= 1 {
      for share in 0..<shares { runShare(share, of: count, model) }
      model.parameters.buffer.gradient = gradients[0]
      return
    }
    let next = Atomic(0)
    nonisolated(unsafe) let trainer = self  // each share and each model is one thread's at a time
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let share = next.add(1, ordering: .relaxed).oldValue
        if share >= shares { break }
        trainer.runShare(share, of: count, trainer.models[worker])
      }
    }
    model.parameters.buffer.gradient = gradients[0]
  }

  /// The chunks that add to one gradient, in order.
  private func runShare(_ share: Int, of count: Int, _ model: Transformer) {
    model.parameters.buffer.gradient = gradients[share]
    for chunk in stride(from: share, to: count, by: gradients.count) {
      model.dropoutClock.batch = chunks + UInt64(chunk)
      losses[chunk] = model.forward(batches[chunk], causal: objective.attention == .causal, keepingLogits: false)
      model.backward()
    }
  }

  /// Which sequence is at a place of the endless concatenation of shuffled epochs.
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
    self.chunks = chunks
  }
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
