// What a run carries from checkpoint to checkpoint, and how it is saved and continued. When to do so is decided by
// RunExecutor.swift.

import Corpora
import Evaluation
import Files
import Foundation
import Objectives
import Specification
import Store
import Training
import Transformer
import Wording

/// A run at work: its trainer, of one model or an ensemble, its evaluator, and the only writer of its folder.
struct RunSession {
  let writer: RunWriter
  let trainer: EnsembleTrainer
  let evaluator: CheckpointEvaluator
  /// Seconds that earlier processes spent on the run.
  private(set) var earlierSeconds = 0.0
  /// The latest checkpoint's accuracies, empty before the first.
  private(set) var note = ""
  private var lossSum = 0.0
  private var lossSteps = 0
  private var lastCheckpoint: (step: Int, epoch: Double)?
  private let start = ContinuousClock.now

  init(writer: RunWriter, trainer: EnsembleTrainer, evaluator: CheckpointEvaluator) {
    self.writer = writer
    self.trainer = trainer
    self.evaluator = evaluator
  }

  /// One step; why the run diverged in it, if it did.
  mutating func step() throws -> String? {
    do {
      lossSum += try trainer.step()
      lossSteps += 1
      return nil
    } catch {
      guard case .diverged = error else { throw error }
      return explanation(error.description)
    }
  }

  /// Continues from the last state that can be used, or starts from the beginning. What cannot be used is set aside.
  mutating func resume() throws {
    var reasons: [String] = []
    var states: [RunFile] = []
    for file in [RunFile.state, .previousState] where try isThere(writer.path(of: file)) { states.append(file) }
    let fresh = states.isEmpty ? nil : trainer.state()
    // Every state of a run has about the same length, so that a file that is much longer is none.
    let limit = 4 * (fresh?.encoded().count ?? 0) + 1 << 20
    for file in states {
      do {
        guard let data = try writer.readState(file, limit: limit) else { continue }
        try restore(SafetensorsFile(bytes: [UInt8](data), name: writer.path(of: file)))
        return
      } catch let error as StoreError where error.kind != .badData {
        throw error
      } catch {
        reasons.append("\(error)")
        try writer.setAside([file], because: "\(error)")
      }
    }
    if let fresh { try trainer.restore(fresh) }
    (lossSum, lossSteps, earlierSeconds) = (0, 0, 0)
    // Lines without a state are what a crash before the first one left; beside a damaged state they may be worth a look.
    if let reason = reasons.last { try writer.setAside([.metrics, .items], because: reason) }
    try writer.rewind(metrics: .start, items: .start)
  }

  private mutating func restore(_ file: SafetensorsFile) throws {
    func value<T>(_ name: String, _ read: (String) -> T?) throws -> T {
      guard let value = file.metadata[name].flatMap(read) else {
        throw TrainingError.unusableState("it has no usable `\(name)`")
      }
      return value
    }
    let loss = try value("lossBits") { UInt64($0) }
    lossSteps = try value("lossSteps") { Int($0).flatMap { (0...trainer.schedule.steps).contains($0) ? $0 : nil } }
    earlierSeconds = try value("seconds") { Double($0).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }
    lossSum = Double(bitPattern: loss)
    let metrics = try value(RunFile.metrics.markName) { LineMark($0) }
    try trainer.restore(file)
    try writer.rewind(metrics: metrics, items: value(RunFile.items.markName) { LineMark($0) })
    if let last = try writer.checkpoints().last { remember(last) }
  }

  /// Saves all that continuing needs; the state before it is kept too.
  func save() throws {
    var file = trainer.state()
    let marks = writer.marks
    file.metadata["lossBits"] = "\(lossSum.bitPattern)"
    file.metadata["lossSteps"] = "\(lossSteps)"
    file.metadata["seconds"] = "\(seconds)"
    file.metadata[RunFile.metrics.markName] = marks.metrics.description
    file.metadata[RunFile.items.markName] = marks.items.description
    try writer.writeState(Data(file.encoded()))
  }

  /// Evaluates, appends and saves; why the run diverged, if the model no longer gives finite likelihoods.
  mutating func checkpoint() throws -> String? {
    let (record, items) = evaluator.evaluate(
      at: TrainingPosition(step: trainer.stepCount, epoch: trainer.epoch, tokens: trainer.tokens),
      isLast: trainer.isFinished, trainingLoss: lossSum / Double(max(lossSteps, 1)))
    guard record.isFinite else {
      return explanation("diverged: the likelihoods after step \(record.step) are not finite")
    }
    try writer.append(record, items: items)
    remember(record)
    lossSum = 0
    lossSteps = 0
    try save()
    return nil
  }

  private mutating func remember(_ record: CheckpointRecord) {
    lastCheckpoint = (record.step, record.epoch)
    note = record.note
  }

  /// What happened, from where on nothing can be used, and what to change.
  private func explanation(_ what: String) -> String {
    let last = lastCheckpoint.map { "last good checkpoint: step \($0.step), epoch \(rounded($0.epoch))" }
    return "\(what); \(last ?? "no good checkpoint before it"); lower `learning_rate`"
  }

  /// Seconds spent on the run so far, by all processes.
  var seconds: Double { earlierSeconds + (ContinuousClock.now - start) / .seconds(1) }

  /// Stores the model and ends the run.
  func finish(_ outcome: RunOutcome, reason: String?, preset: String, machine: Machine) throws {
    let tokenizer = evaluator.dataset.tokenizer
    let parameters = trainer.parameters
    let role = ModelRole(trainer.objective, members: parameters.members.count, tokenizer: tokenizer)
    var file = SafetensorsFile(metadata: parameters.members[0].huggingFaceMetadata(role))
    parameters.storeMembers(in: &file)
    try writer.write(Data(file.encoded()), as: .model)
    let files =
      parameters.members[0].huggingFaceFiles(role)
      + tokenizer.huggingFaceFiles(
        context: parameters.configuration.context, precedesBegin: trainer.objective.maskings == .none)
    for (name, contents) in files {
      guard let file = RunFile(rawValue: name) else { preconditionFailure("a run has no file \(name)") }
      try writer.write(Data(contents.utf8), as: file)
    }
    try writer.finish(outcome, reason: reason, preset: preset, machine: machine, seconds: seconds, summary: [:])
  }
}
