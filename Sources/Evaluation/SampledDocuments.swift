// Documents drawn from a model and judged by the world: how good they are for the forward passes spent on them.

import Corpora
import Objectives
import Randomness
import TensorEngine
import Transformer

/// How the documents drawn in one way did.
public struct SampleResult: Hashable, Sendable {
  public let drawing: DocumentDrawing
  public let documents: Int
  /// Mean over documents of the share of their sentences that are true.
  public let truthful: Double
  /// Sample sd / √documents.
  public let standardError: Double
  /// Mean over documents of the share of their sentences that are well formed.
  public let wellFormed: Double
  /// Share of documents that are stories as the world tells them.
  public let stories: Double
  /// Distinct documents as a share of all: low where a model writes the same again and again.
  public let distinct: Double

  init(_ drawing: DocumentDrawing, _ documents: [[Int32]], scores: [DocumentScore]) {
    self.drawing = drawing
    self.documents = documents.count
    truthful = mean(scores.map(\.truthfulShare))
    standardError = Evaluation.standardError(scores.map(\.truthfulShare))
    wellFormed = mean(scores.map(\.wellFormedShare))
    stories = mean(scores.map { $0.isStory ? 1 : 0 })
    distinct = Double(Set(documents).count) / Double(documents.count)
  }
}

/// Draws documents at temperature 1 and has them judged.
///
/// All ways of drawing write documents of the same lengths, which are drawn from the training sequences'. A DLM sees
/// how long its canvas is, and so does an AR model that is told positions; one that reads from one end, and is cut off at
/// that length, is not charged for the sentence that it could not end (or, from right to left, begin).
public struct DocumentSampler: Sendable {
  let lengths: [Int]
  private let judge: DocumentJudge
  private let special: SpecialTokens
  private let rule: SamplingRule
  private let seed: UInt64
  private let orderSeed: UInt64

  /// - Parameters:
  ///   - count: documents for each way of drawing, at least one.
  ///   - seed: fixes the lengths and what is drawn.
  ///   - orderSeed: the run's, for which a model's fixed orders were drawn; by default the same.
  /// - Throws: `CorpusError` if there is no such world.
  public init(
    _ world: WorldSpecification, dataset: Dataset, count: Int, special: SpecialTokens, seed: UInt64,
    orderSeed: UInt64? = nil
  ) throws(CorpusError) {
    judge = try DocumentJudge(world, seed: seed)
    self.special = special
    self.seed = seed
    self.orderSeed = orderSeed ?? seed
    rule = SamplingRule(temperature: 1, excluded: [special.mask, special.begin, dataset.tokenizer.endToken])
    var stream = RandomStream(seed: seed, purpose: .sampleLengths)
    lengths = (0..<count).map { _ in stream.pick(dataset.training).count }
  }

  /// Draws and judges in every way that suits the objective: for AR one; for a DLM each number of steps in random and
  /// in confidence order, in blocks at one step per token; for one trained on suffixes each number of steps from left to right.
  public func evaluate(_ parameters: any Predictor, objective: Objective, backend: ProductBackend) -> [SampleResult] {
    if case .orderedAutoregressive(let order) = objective {
      let documents = sampleOrdered(
        parameters, order, lengths: lengths, special: special, rule: rule, seed: seed, orderSeed: orderSeed,
        backend: backend)
      let scores = documents.map { document in
        judge.score(
          document, leavingOutUnfinished: order == .leftToRight, leavingOutFirst: order == .rightToLeft)
      }
      return [SampleResult(.autoregressive, documents, scores: scores)]
    }
    if objective.maskings == .none {
      let documents = sampleAutoregressive(
        parameters, lengths: lengths, special: special, rule: rule, seed: seed, backend: backend)
      let scores = documents.map { judge.score($0, leavingOutUnfinished: true) }
      return [SampleResult(.autoregressive, documents, scores: scores)]
    }
    let blockSize: Int? = if case .blocks(let size) = objective.maskings { size } else { nil }
    return objective.orders.flatMap { order in
      // The number of passes over blocks is at least that of the blocks, so only one per token is the same for all sizes.
      (blockSize == nil ? DocumentDrawing.steps : [nil]).map { steps in
        let documents = sampleDiffusion(
          parameters, lengths: lengths, steps: steps, order: order, blockSize: blockSize, special: special, rule: rule,
          seed: seed, backend: backend)
        let drawing = DocumentDrawing.denoising(steps: steps, mostConfidentFirst: order == .confidence)
        return SampleResult(drawing, documents, scores: documents.map { judge.score($0) })
      }
    }
  }
}
