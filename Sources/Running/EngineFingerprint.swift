// What the engine computes, as sixteen characters: three tiny fixed runs, all of whose numbers go into a checksum. Records
// carry it, so that numbers of another engine are noticed where they are read, and continuous integration can name its
// stored runs by it.

import Corpora
import Evaluation
import Files
import Foundation
import Objectives
import Specification
import Training
import Transformer

/// The fingerprint of what this program computes on this machine, which takes some milliseconds once.
///
/// Between them the runs are of all three kinds of corpora, both objectives, a dense model and one with experts, dropout,
/// masked inputs and averaged weights, training, likelihoods, and functions that are executed. Two engines with one
/// fingerprint may still differ elsewhere; two with different ones give different numbers. No instruction set or number
/// of threads changes it, while another C library may.
package let engineFingerprint: String = {
  do {
    return try fingerprint(of: fingerprintedRuns)
  } catch {
    preconditionFailure("the fixed runs of the fingerprint: \(error)")
  }
}()

/// The fingerprint of what comes out of these runs.
func fingerprint(of runs: [RunSpecification], threads: Int = 1) throws -> String {
  let digest = SHA256()
  for run in runs { try update(digest, with: run, threads: threads) }
  return String(digest.finalize().prefix(16))
}

/// Trains and evaluates without a store; everything that would be stored goes into the digest.
private func update(_ digest: SHA256, with run: RunSpecification, threads: Int) throws {
  try run.validate()
  let dataset = try run.corpus.dataset(
    seed: run.dataSeed, context: run.model.context, items: run.evaluation.items,
    validationSequences: run.evaluation.validationSequences)
  let special = SpecialTokens(mask: dataset.tokenizer.maskToken, begin: dataset.tokenizer.beginToken)
  let trainer = try Trainer(
    run.training, objective: run.objective, model: run.model, vocabulary: dataset.tokenizer.vocabularySize,
    sequences: dataset.training, special: special, seed: run.seed, backend: run.backend,
    threads: threads)
  let evaluator = try CheckpointEvaluator(run, dataset: dataset, parameters: trainer.parameters, special: special)
  var loss = 0.0
  while !trainer.isFinished { loss += try trainer.step().loss }
  let (record, items) = evaluator.evaluate(
    at: TrainingPosition(step: trainer.stepCount, epoch: trainer.epoch, tokens: trainer.tokens), isLast: true,
    trainingLoss: loss / Double(trainer.stepCount))
  var model = SafetensorsFile(metadata: [:])
  trainer.parameters.store(in: &model)
  var lines = [try jsonValue(run), try jsonValue(record)]
  lines += try items.map { try jsonValue($0) }
  for line in lines { digest.update(Data(line.canonical().utf8)) }
  digest.update(Data(model.encoded()))
}

/// The fixed runs. To alter them alters the fingerprint of every engine.
var fingerprintedRuns: [RunSpecification] {
  var model = ModelConfiguration(width: 16, heads: 2, feedForward: 24, layers: 2, context: 48, dropout: 0.1)
  var training = TrainingConfiguration(epochs: 2, batch: 4, learningRate: 3e-3)
  let evaluation = EvaluationConfiguration(
    checkpoints: 1, items: 4, samples: 2, validationSequences: 2, validationSamples: 2)
  func run(
    _ corpus: CorpusSpecification, _ objective: Objective, _ model: ModelConfiguration
  ) -> RunSpecification {
    RunSpecification(
      corpus: corpus, dataSeed: 1, seed: 1, objective: objective, model: model, training: training,
      evaluation: evaluation, backend: .native)
  }
  let world = WorldSpecification(
    uniqueTokens: 400, corruption: 0.05, agents: 12, topics: 6, skew: 0.5, entropy: 0.1, heldOut: .sample,
    worldPerSeed: true)
  let first = run(.world(world), .autoregressive(inputMasking: 0.1), model)
  model.dropout = 0
  model.experts = .init(count: 4, active: 2, feedForward: 16)
  training.averaging = 0.9
  training.decayShape = .cosine
  let text = TextSpecification(
    text: TextCollection(files: [TextFile(path: "text", bytes: Array(fixedText.utf8))]),
    tokenizer: .bytePairs(vocabulary: 280), uniqueTokens: 400, heldOutShare: 0.3)
  let second = run(.text(text), .maskedDiffusion, model)
  model.experts = nil
  let python = PythonSpecification(uniqueTokens: 300)
  model.context = max(model.context, python.shortestContext)
  return [first, second, run(.python(python), .maskedDiffusion, model)]
}

/// Paragraphs that are all different.
private var fixedText: String {
  let things = ["river", "stone", "house", "winter", "bread", "garden", "lamp", "road", "letter", "bird", "song"]
  let deeds = ["finds", "keeps", "brings", "leaves", "hears", "paints", "carries"]
  return (0..<24).map { paragraph in
    (0..<4).map { sentence in
      let n = paragraph * 7 + sentence * 5
      let m = paragraph / 11 + sentence
      return
        "The \(things[n % 11]) of the \(things[(n / 11 + m) % 11]) \(deeds[(n + m) % 7]) \(things[(n * 5 + m) % 11])."
    }.joined(separator: " ") + " That was number \(paragraph).\n"
  }.joined(separator: "\n")
}
