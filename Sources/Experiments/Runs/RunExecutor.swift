// Carries out one run: data, training, evaluation at the checkpoints, records. Which runs are needed, and how many at
// once, is decided elsewhere. One thread; the numbers depend on the specification alone.

import Corpora
import Evaluation
import Foundation
import Objectives
import TensorEngine
import Training
import Transformer

/// What a run tells while it is at work.
public struct RunProgress: Sendable {
  public let step: Int
  public let steps: Int
  /// Training tokens since this process took up the run, and the seconds that it took, evaluation included.
  public let tokens: Int
  public let seconds: Double
  /// The latest checkpoint's accuracies, empty before the first.
  public let note: String
}

/// Trains and evaluates one specification and stores what comes out.
public struct RunExecutor: Sendable {
  let store: RecordStore<RunSpecification>
  let machine: Machine
  let preset: String

  public init(store: RecordStore<RunSpecification>, machine: Machine, preset: String) {
    self.store = store
    self.machine = machine
    self.preset = preset
  }

  /// Makes sure that the run has ended: trains it, continues it, or finds that it is finished.
  ///
  /// A run that diverges ends as such, with its checkpoints up to there; only what keeps it from being carried out throws.
  /// - Parameters:
  ///   - isStopped: asked between steps; when true the state is saved and ``Interrupted`` thrown.
  ///   - progress: called before the first step of this process, then now and then.
  public func execute(
    _ specification: RunSpecification, isStopped: () -> Bool = { false }, progress: (RunProgress) -> Void = { _ in }
  ) throws {
    let hash = try store.hash(of: specification)
    if store.status(of: hash).hasEnded { return }
    let writer = try store.open(specification)
    defer { writer.close() }
    if store.status(of: hash).hasEnded { return }

    try specification.requireUnchangedText()
    let dataset = try specification.corpus.dataset(
      seed: specification.dataSeed, context: specification.model.context, items: specification.evaluation.items,
      validationSequences: specification.evaluation.validationSequences)
    let special = SpecialTokens(mask: dataset.tokenizer.maskToken, begin: dataset.tokenizer.beginToken)
    let trainer = try Trainer(
      specification.training, objective: specification.objective, model: specification.model,
      vocabulary: dataset.tokenizer.vocabularySize, sequences: dataset.training, special: special, seed: specification.seed,
      backend: specification.backend)
    let evaluator = try CheckpointEvaluator(specification, dataset: dataset, trainer: trainer, special: special)
    var session = Session(writer: writer, trainer: trainer, evaluator: evaluator)
    try session.resume()

    let clock = ContinuousClock()
    let start = clock.now
    let firstToken = trainer.tokens
    let checkpoints = Set(
      specification.evaluation.steps(
        schedule: trainer.schedule, stepsInEpoch: Double(dataset.training.count) / Double(specification.training.batch)))
    func report() {
      progress(
        RunProgress(
          step: trainer.stepCount, steps: trainer.schedule.steps, tokens: trainer.tokens - firstToken,
          seconds: (clock.now - start) / .seconds(1), note: session.note))
    }
    report()
    var divergence: String?
    while !trainer.isFinished {
      if isStopped() {
        try session.save()
        throw Interrupted()
      }
      divergence = try session.step()
      if divergence != nil { break }
      if checkpoints.contains(trainer.stepCount) {
        divergence = try session.checkpoint()
        if divergence != nil { break }
      }
      if trainer.stepCount % 16 == 0 || trainer.isFinished { report() }
    }
    let seconds = (clock.now - start) / .seconds(1) + session.earlierSeconds
    try session.finish(
      divergence == nil ? .finished : .diverged, reason: divergence, preset: preset, machine: machine, seconds: seconds)
  }

  /// The run was asked to stop; its state is saved.
  public struct Interrupted: Error, CustomStringConvertible {
    public var description: String { "stopped; run the same command again to continue" }
  }

  /// What is carried from checkpoint to checkpoint.
  private struct Session {
    let writer: RunWriter
    let trainer: Trainer
    let evaluator: CheckpointEvaluator
    var earlierSeconds = 0.0
    private(set) var note = ""
    private var lossSum = 0.0
    private var lossSteps = 0
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now

    init(writer: RunWriter, trainer: Trainer, evaluator: CheckpointEvaluator) {
      self.writer = writer
      self.trainer = trainer
      self.evaluator = evaluator
    }

    /// One step; why the run diverged in it, if it did.
    mutating func step() throws -> String? {
      do {
        lossSum += try trainer.step().loss
        lossSteps += 1
        return nil
      } catch {
        guard case .diverged = error else { throw error }
        return error.description
      }
    }

    /// Continues from the stored state, or begins anew.
    mutating func resume() throws {
      guard let data = try writer.read(.state) else {
        try writer.rewind(toStep: 0)
        return
      }
      let file = try SafetensorsFile(bytes: [UInt8](data), name: writer.path(of: .state))
      try trainer.restore(file)
      lossSum = Double(bitPattern: UInt64(file.metadata["lossBits"] ?? "") ?? 0)
      lossSteps = Int(file.metadata["lossSteps"] ?? "") ?? 0
      earlierSeconds = Double(file.metadata["seconds"] ?? "") ?? 0
      try writer.rewind(toStep: trainer.stepCount)
    }

    func save() throws {
      var file = trainer.state()
      file.metadata["lossBits"] = "\(lossSum.bitPattern)"
      file.metadata["lossSteps"] = "\(lossSteps)"
      file.metadata["seconds"] = "\(earlierSeconds + (clock.now - start) / .seconds(1))"
      try writer.write(Data(file.encoded()), as: .state)
    }

    /// Evaluates, appends and saves; why the run diverged, if the model no longer gives finite likelihoods.
    mutating func checkpoint() throws -> String? {
      let (record, items) = evaluator.evaluate(trainingLoss: lossSum / Double(max(lossSteps, 1)))
      guard record.isFinite else {
        return "diverged: the likelihoods after step \(record.step) are not finite; lower `learning_rate`"
      }
      try writer.append(record, items: items)
      note = record.note
      lossSum = 0
      lossSteps = 0
      try save()
      return nil
    }

    func finish(_ outcome: RunOutcome, reason: String?, preset: String, machine: Machine, seconds: Double) throws {
      var file = SafetensorsFile(metadata: ["format": "pt"])
      trainer.parameters.store(in: &file)
      try writer.write(Data(file.encoded()), as: .model)
      try writer.write(
        Data(trainer.parameters.huggingFaceConfiguration.utf8), as: .modelConfiguration)
      try writer.remove(.state)
      try writer.finish(outcome, reason: reason, preset: preset, machine: machine, seconds: seconds, summary: [:])
    }
  }
}

extension RunStatus {
  /// Whether nothing more is to be done for the run.
  public var hasEnded: Bool {
    switch self {
    case .finished, .diverged: true
    case .missing, .partial, .failed: false
    }
  }
}
