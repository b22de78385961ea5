// Estimated seconds and bytes against real ones, and the remarks about records of several machines.

import Corpora
import Objectives
import TensorEngine
import TestSupport
import Testing
import Training
import Transformer
@testable import Claims
@testable import Configuration
@testable import Specification

/// A run of the world corpus at preset ci, as in experiments.toml, with what a claim changes of it.
private func run(
  _ objective: Objective, unique: Int = 6000, epochs: Int = 300, width: Int = 64, feedForward: Int = 168,
  layers: Int = 3,
  dropout: Double = 0, experts: ModelConfiguration.Experts? = nil, checkpoints: Int = 14, items: Int = 400,
  sequences: Int = 100,
  drawn: Int? = 64, seed: UInt64 = 1, backend: ProductBackend = .native
) throws -> PlannedRun {
  try PlannedRun(
    label: "\(objective.shortName), seed \(seed)",
    specification: RunSpecification(
      corpus: .world(WorldSpecification(uniqueTokens: unique)), dataSeed: seed, seed: seed, objective: objective,
      model: ModelConfiguration(
        width: width, heads: 4, feedForward: feedForward, layers: layers, context: 48, experts: experts,
        dropout: dropout),
      training: TrainingConfiguration(epochs: epochs, batch: 16, learningRate: 2e-3),
      evaluation: EvaluationConfiguration(
        checkpoints: checkpoints, items: items, samples: 4, validationSequences: sequences, validationSamples: 8,
        sampledDocuments: drawn),
      backend: backend))
}

@Suite struct RunCostTests {
  /// Seconds, bytes and FLOPs are those of all members; the program and the corpus are there once.
  @Test func everyMemberOfAnEnsembleCosts() throws {
    let one = try run(.maskedDiffusion)
    var specification = one.specification
    specification.training.ensemble = 3
    let three = try PlannedRun(label: "three", specification: specification)
    #expect(abs(three.estimatedSeconds / one.estimatedSeconds - 3) < 1e-9)
    #expect(try three.trainingFLOPsPerToken() == 3 * one.trainingFLOPsPerToken())
    let corpus = 55 * 6000
    #expect(abs(three.estimatedOwnBytes - corpus - 3 * (one.estimatedOwnBytes - corpus)) < 4)
    #expect(three.estimatedBytes - three.estimatedOwnBytes == one.estimatedBytes - one.estimatedOwnBytes)
  }

  /// The seconds that stand in the quickest records of these runs on an AMD EPYC (Zen 5).
  @Test func secondsAreThoseOfRealRuns() throws {
    let experts = ModelConfiguration.Experts(count: 4, active: 2, feedForward: 84)
    let records: [(PlannedRun, Double)] = [
      (try run(.plainAutoregressive), 14.3), (try run(.maskedDiffusion), 18.3), (try run(.suffixDiffusion), 19.7),
      (try run(.plainAutoregressive, dropout: 0.3), 27.8), (try run(.plainAutoregressive, experts: experts), 17.8),
      (try run(.maskedDiffusion, experts: experts), 31.0), (try run(.plainAutoregressive, feedForward: 336), 22.1),
      (try run(.plainAutoregressive, width: 32, feedForward: 88, layers: 2), 4.2),
      (try run(.maskedDiffusion, width: 32, feedForward: 88, layers: 2), 5.4),
      (
        try run(
          .plainAutoregressive, unique: 20_000, epochs: 400, checkpoints: 24, items: 1000, sequences: 200, drawn: nil),
        64.5
      ),
      (
        try run(
          .maskedDiffusion, unique: 20_000, epochs: 400, checkpoints: 24, items: 1000, sequences: 200, drawn: nil),
        73.5
      ),
    ]
    for (run, seconds) in records {
      #expect(
        abs(run.estimatedSeconds / seconds - 1) < 0.1,
        "\(run.specification.summary): \(run.estimatedSeconds), really \(seconds)")
    }
  }

  /// The largest resident sizes of such runs, and the engine's own count, which is a part of it.
  @Test(arguments: [(32, 88, 2, 58.0), (64, 168, 3, 81), (96, 256, 4, 124), (128, 344, 4, 164)])
  func bytesAreThoseOfRealRuns(width: Int, feedForward: Int, layers: Int, mebibytes: Double) throws {
    let run = try run(.maskedDiffusion, unique: 3000, width: width, feedForward: feedForward, layers: layers, drawn: 24)
    let estimate = Double(run.estimatedBytes) / 1_048_576
    #expect(abs(estimate / mebibytes - 1) < 0.05, "\(estimate), really \(mebibytes)")
    let dataset = try run.specification.corpus.dataset(seed: 1, context: 48, items: 4, validationSequences: 2)
    let trainer = try Trainer(
      run.specification.training, objective: .maskedDiffusion, model: run.specification.model,
      vocabulary: dataset.tokenizer.vocabularySize, sequences: dataset.training,
      special: SpecialTokens(mask: dataset.tokenizer.maskToken, begin: dataset.tokenizer.beginToken), seed: 1,
      backend: .native)
    let engine = run.estimatedBytes - 46_000_000  // without the program itself
    #expect(trainer.memory < engine && 6 * trainer.memory > engine, "\(trainer.memory) of \(engine)")
  }
}

@Suite struct ProvenanceTests {
  private let machine = Machine(
    processor: "AMD EPYC", cores: 2, kernel: "Linux 6", blas: "OpenBLAS 0.3.21, core SkylakeX", version: "0.1.0")

  private func remarks(backend: ProductBackend = .native, _ change: (inout Machine) -> Void) throws -> [String] {
    let runs = try (1...3).map { try run(.plainAutoregressive, seed: $0, backend: backend) }
    let results = runs.map { run in
      var own = machine
      if run.specification.seed == 3 { change(&own) }
      return RunResult(run: run, checkpoints: [], machine: own)
    }
    return RunResults(results: results, missing: [:]).provenance(runs + runs)
  }

  @Test func oneKindOfMachineIsNotWorthAWord() throws {
    #expect(try remarks { _ in }.isEmpty)
    #expect(try remarks { $0.cores = 64 }.isEmpty)
    let unknown = try run(.plainAutoregressive)
    #expect(RunResults(results: [RunResult(run: unknown, checkpoints: [])], missing: [:]).provenance([unknown]).isEmpty)
  }

  @Test func processorsAreNamed() throws {
    let heading = "records of several processors: AMD EPYC (2 runs), Intel Xeon (1 run)"
    #expect(
      try remarks { $0.processor = "Intel Xeon" } == [
        heading
          + "; with the native backend, as with --portable, they must be identical to those of one machine with the same C library"
      ])
    #expect(
      try remarks(backend: .openBLAS) { $0.processor = "Intel Xeon" } == [
        heading
          + "; with one BLAS kernel, as --portable pins it, they must be identical to those of one machine with the same C library"
      ])
  }

  @Test func kernelsAndVersionsAreNamed() throws {
    let kernels = "records of several BLAS kernels: Haswell (1 run), SkylakeX (2 runs)"
    #expect(
      try remarks { $0.blas = "OpenBLAS 0.3.21, core Haswell" } == [
        kernels + "; the native backend computes its products without BLAS, so no bit depends on them"
      ])
    let samples =
      "; with --portable they must be identical to those of one machine, without it they are different samples of the same thing"
    #expect(try remarks(backend: .openBLAS) { $0.blas = "OpenBLAS 0.3.21, core Haswell" } == [kernels + samples])
    let both = try remarks(backend: .openBLAS) {
      $0.processor = "Intel Xeon"
      $0.blas = "OpenBLAS 0.3.21, core Haswell"
    }
    #expect(both == ["records of several processors: AMD EPYC (2 runs), Intel Xeon (1 run)", kernels + samples])
    #expect(
      try remarks { $0.version = "0.2.0" }.first?.hasPrefix(
        "records of several versions of the program: 0.1.0 (2 runs), 0.2.0 (1 run)") == true)
  }

  @Test func everyClaimSaysSo() throws {
    let path = "\(#filePath)".replacing("Tests/SpecificationTests/RunCostTests.swift", with: "experiments.toml")
    let file = try ExperimentFile(path: path, claims: Claim.schemas)
    for claim in Claim.all {
      let study = try claim.study(file.settings(claim.name, .smoke), backend: .native)
      if study.runs.isEmpty {
        #expect(claim.name == "natural-text", "only a claim about corpora that are not read here has no runs")
        continue
      }
      let results = study.runs.enumerated().map { index, run in
        var own = machine
        if index > 0 { own.processor = "Intel Xeon" }
        let tasks = Dictionary(
          (["endings", "knowledge", "functions"] as [TaskID]).map {
            ($0, CheckpointRecord.Task(acc: 0.4, accStandardError: 0, nllRight: 1, nllWrong: 2, items: 4))
          },
          uniquingKeysWith: { first, _ in first })
        let checkpoints = [1.0, 2, 3].map { epoch in
          CheckpointRecord(
            epoch: epoch, step: Int(epoch), tokens: 10 * Int(epoch), trainingLoss: 1,
            validation: .init(crossEntropy: epoch, standardError: 0, samples: 1, sequences: 1), tasks: tasks)
        }
        return RunResult(run: run, checkpoints: checkpoints, machine: own)
      }
      let remarks = try study.report(RunResults(results: results, missing: [:])).remarks
      #expect(remarks.contains { $0.hasPrefix("records of several processors: ") }, "\(claim.name)")
    }
  }
}
