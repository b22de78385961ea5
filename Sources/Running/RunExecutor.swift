// Carries out one run: data, training, evaluation at the checkpoints, records. Which runs are needed, and how many at
// once, is decided elsewhere. The numbers depend on the specification alone.

import Basics
import Corpora
import Evaluation
import Foundation
import Objectives
import Specification
import Store
import TensorEngine
import Training
import Transformer

/// What a run tells while it is at work.
package struct RunProgress: Sendable {
  package let step: Int
  package let steps: Int
  /// Training tokens since this process took up the run, and the seconds that it took, evaluation included.
  package let tokens: Int
  package let seconds: Double
  /// The latest checkpoint's accuracies, empty before the first.
  package let note: String
}

/// Trains and evaluates one specification and stores what comes out.
package struct RunExecutor: Sendable {
  let store: RecordStore<RunSpecification>
  let machine: Machine
  let preset: String
  /// Threads that share a run's training steps; no bit depends on it.
  let threads: Int

  package init(store: RecordStore<RunSpecification>, machine: Machine, preset: String, threads: Int = 1) {
    self.store = store
    self.machine = machine
    self.preset = preset
    self.threads = threads
  }

  /// Makes sure that the run has ended: trains it, continues it, or finds that it is finished.
  ///
  /// A run that diverges ends as such, with its checkpoints up to there; only what keeps it from being carried out throws.
  /// - Parameters:
  ///   - isStopped: asked between steps; when true the state is saved and ``Interrupted`` thrown.
  ///   - notice: told, a line at a time, what was found damaged and set aside, or whose work is continued.
  ///   - progress: called before the first step of this process, then now and then.
  /// - Throws: `StoreError` of kind `.locked` if another process is at work on the run, and whatever else keeps it from
  ///   being carried out.
  package func execute(
    _ specification: RunSpecification, isStopped: () -> Bool = { false }, notice: (String) -> Void = { _ in },
    progress: (RunProgress) -> Void = { _ in }
  ) throws {
    try specification.validate()
    let hash = try store.hash(of: specification)
    if try store.hasEnded(hash) { return }
    try specification.requireMemory()
    let writer = try store.open(specification)
    defer { writer.close() }
    if try store.hasEnded(hash) { return }

    try specification.requireItsText()
    let dataset = try specification.corpus.dataset(
      seed: specification.dataSeed, context: specification.model.context, items: specification.evaluation.items,
      validationSequences: specification.evaluation.validationSequences)
    let special = SpecialTokens(mask: dataset.tokenizer.maskToken, begin: dataset.tokenizer.beginToken)
    let trainer = try EnsembleTrainer(
      specification.training, objective: specification.objective, model: specification.model,
      vocabulary: dataset.tokenizer.vocabularySize, sequences: dataset.training, special: special,
      seed: specification.seed,
      backend: specification.backend, threads: threads)
    let evaluator = try CheckpointEvaluator(
      specification, dataset: dataset, parameters: trainer.parameters, special: special)
    var session = RunSession(writer: writer, trainer: trainer, evaluator: evaluator)
    try session.resume()
    for line in writer.notices { notice(line) }

    let clock = ContinuousClock()
    let start = clock.now
    let firstToken = trainer.tokens
    let checkpoints = Set(
      specification.evaluation.steps(
        schedule: trainer.schedule, stepsInEpoch: Double(dataset.training.count) / Double(specification.training.batch))
    )
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
      if trainer.stepCount % 16 == 0 || trainer.isFinished {
        writer.refresh()
        report()
      }
    }
    try session.finish(divergence == nil ? .finished : .diverged, reason: divergence, preset: preset, machine: machine)
  }

  /// The run was asked to stop; its state is saved.
  package struct Interrupted: ExitStatusProviding {
    package var exitStatus: ExitStatus { .interrupted }
    package var description: String { "stopped; run the same command again to continue" }
  }
}
