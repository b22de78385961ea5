// A specification is possible or refused, whoever wrote it: every number of it is replaced by extremes, and what is accepted
// can be planned, estimated and described without a trap.

import Corpora
import Foundation
import Objectives
import TensorEngine
import Testing
import Training
import Transformer
@testable import Cluster
@testable import Files
@testable import Reporting
@testable import Specification
@testable import Store
@testable import Wording

@Suite struct LimitsTests {
  private static func specification(_ change: (inout RunSpecification) -> Void = { _ in }) -> RunSpecification {
    var specification = RunSpecification(
      corpus: .world(WorldSpecification(uniqueTokens: 400)), dataSeed: 1, seed: 1,
      objective: .autoregressive(inputMasking: 0.1),
      model: ModelConfiguration(
        width: 8, heads: 2, feedForward: 16, layers: 1, context: 48,
        experts: .init(count: 4, active: 2, feedForward: 8)),
      training: TrainingConfiguration(epochs: 2, batch: 4, learningRate: 1e-3),
      evaluation: EvaluationConfiguration(
        checkpoints: 3, items: 8, samples: 1, validationSequences: 4, validationSamples: 1, sampledDocuments: 2,
        evenCheckpoints: 2),
      backend: .native)
    change(&specification)
    return specification
  }

  static let specifications = [
    specification(), specification { $0.objective = .frozenDiffusion(maskings: 3) },
    specification { $0.objective = .orderedAutoregressive(order: .fixed(3)) },
    specification { $0.objective = .blockDiffusion(size: 4) },
    specification { ($0.training.averaging, $0.training.decayShape) = (0.9, .exponential) },
    specification { $0.training.precision = .bfloat16 },
    specification { ($0.training.ensemble, $0.objective) = (3, .maskedDiffusion) },
    specification {
      $0.corpus = .python(PythonSpecification(uniqueTokens: 500))
      $0.evaluation.sampledDocuments = nil
      $0.evaluation.tokensPerPass = 4
      $0.objective = .maskedDiffusion
    },
    specification {
      $0.corpus = .text(TextSpecification(text: TextCollection(), uniqueTokens: 600))
      $0.evaluation.sampledDocuments = nil
      $0.objective = .suffixDiffusion
    },
  ]

  @Test func openBLASDoesNotMultiplyInBFloat16() throws {
    let impossible = Self.specification { ($0.training.precision, $0.backend) = (.bfloat16, .openBLAS) }
    let error = #expect(throws: ImpossibleRun.self) { try impossible.validate() }
    #expect(
      try #require(error).description
        == "no run can have this: training: bfloat16 products with the backend openblas; use native")
  }

  private static let extremes: [JSONValue] = [
    .integer(0), .integer(-1), .integer(1), .integer(.max), .integer(.min), .unsigned(.max), .integer(1 << 53),
    .integer(1_000_000), .integer(4096), .number(0.5), .number(1e308), .number(-1e308), .number(5e-324), .string("nan"),
    .string("inf"), .null, .boolean(true), .array([]), .object([:]), .string(""),
  ]

  /// Every way of putting an extreme in the place of one value.
  private static func variations(_ value: JSONValue) -> [JSONValue] {
    switch value {
    case .object(let fields):
      fields.flatMap { name, field in
        variations(field).map { changed in
          var fields = fields
          fields[name] = changed
          return .object(fields)
        } + [.object(fields.filter { $0.key != name })]
      }
    default: extremes
    }
  }

  @Test(arguments: specifications.indices) func everyNumberIsPossibleOrRefused(_ index: Int) throws {
    let original = Self.specifications[index]
    try original.validate()
    var accepted = 0
    var refused = 0
    for value in Self.variations(try jsonValue(original)) {
      let specification: RunSpecification
      do {
        specification = try recordDecoder().decode(RunSpecification.self, from: Data(value.canonical().utf8))
      } catch is ImpossibleRun {
        refused += 1
        continue
      } catch is DecodingError {
        continue
      }
      accepted += 1
      let run = try PlannedRun(label: "r", specification: specification)
      #expect(run.estimatedSeconds.isFinite && run.estimatedBytes > 0)
      let line = PlanLine(run, .missing)
      #expect(!line.batchText.isEmpty && !specification.summary.isEmpty)
      let packs = pack([run, run], seconds: 600, jobs: 1024)
      #expect(packs.count == 1 && packs[0].bytes > 0)
      let sequences = specification.corpus.nominalUniqueTokens
      let schedule = specification.training.schedule(steps: specification.training.steps(sequences: sequences))
      let steps = specification.evaluation.steps(schedule: schedule, stepsInEpoch: .infinity)
      #expect(steps.allSatisfy { $0 >= 1 && $0 <= schedule.steps })
      _ = try run.trainingFLOPsWithoutCorpus()
      if run.estimatedBytes > 1 << 44 { #expect(throws: (any Error).self) { try specification.requireMemory() } }
    }
    #expect(accepted > 50 && refused > 100, "\(accepted) accepted, \(refused) refused")
  }

  static let impossible: [(change: @Sendable (inout RunSpecification) -> Void, reason: String)] = [
    ({ $0.model.width = 1_000_000_000 }, "model: width 1000000000 is not from 2 to 8192"),
    ({ $0.model.experts?.active = 9 }, "model: experts.active 9 is not from 1 to 4"),
    ({ $0.model.normEpsilon = .nan }, "model: normEpsilon nan is not from 1e-12 to 1.0"),
    ({ $0.training.epochs = 0 }, "training: epochs 0 is not from 1 to 1000000"),
    ({ $0.training.decay = 0.99 }, "training: warmup and decay together exceed the whole run"),
    ({ $0.training.averaging = 1 }, "training: averaging 1.0 is not from 0.0 to 0.99999"),
    ({ $0.training.ensemble = 0 }, "training: ensemble 0 is not from 1 to 8"),
    ({ $0.training.ensemble = 9 }, "training: ensemble 9 is not from 1 to 8"),
    (
      {
        $0.training.ensemble = 2
        $0.objective = .orderedAutoregressive(order: .fixed(4))
      },
      "training: ensemble 2 with the order fixed-4, which is of one model's seed; use another order, or ensemble 1"
    ),
    ({ $0.evaluation.checkpoints = .max }, "evaluation: checkpoints 9223372036854775807 is not from 1 to 10000"),
    ({ $0.objective = .autoregressive(inputMasking: 1) }, "objective: inputMasking 1.0 is not from 0.0 to 0.99"),
    (
      { $0.objective = .autoregressive(inputMasking: 0.1, maskedLoss: 0) },
      "objective: maskedLoss 0.0 is not from 0.01 to 100.0"
    ),
    ({ $0.objective = .autoregressive(inputMasking: 0, maskedLoss: 1) }, "objective: maskedLoss without inputMasking"),
    (
      { $0.corpus = .world(WorldSpecification(agents: 13)) },
      "corpus field agents is 13; allowed: even numbers in 12...100"
    ),
    ({ $0.model.context = 39 }, "model: context 39 is too short for the world corpus; use at least 40"),
    (
      {
        $0.corpus = .python(PythonSpecification())
        $0.objective = .orderedAutoregressive(order: .rightToLeft)
      },
      "objective: a model that reads right-to-left does not complete functions; use the python corpus with AR or a DLM"
    ),
    (
      { $0.corpus = .python(PythonSpecification()) },
      "evaluation: sampledDocuments 2 of the python corpus, whose documents cannot be judged"
    ),
  ]

  @Test(arguments: impossible.indices)
  func whatIsImpossibleSaysWhy(_ index: Int) throws {
    let (change, reason) = Self.impossible[index]
    let specification = Self.specification(change)
    #expect(throws: ImpossibleRun(reason: reason)) { try specification.validate() }
    #expect(throws: ImpossibleRun(reason: reason)) { try PlannedRun(label: "r", specification: specification) }
  }

  /// A folder that is named after what it contains, whatever that is.
  @Test func aStoredSpecificationIsNotTrusted() throws {
    let directory = NSTemporaryDirectory() + "limits-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let foreign = Self.specification { $0.training.warmup = 1e300 }
    let hash = try specificationHash(foreign)
    let store = RecordStore<RunSpecification>(directory: directory)
    try makeDirectory(store.folder(of: hash))
    try writeAtomically(try jsonText(foreign), to: store.path(of: .specification, in: hash))
    let error = #expect(throws: StoreError.self) { try store.specification(of: hash) }
    #expect(error?.kind == .badData)
    #expect(
      error?.description.hasSuffix(
        "spec.json: no run can have this: training: warmup 1e+300 is not from 0.0 to 1.0; remove the folder") == true)
  }

  @Test(arguments: [
    "\"step\":-1", "\"step\":9223372036854775807", "\"tokens\":-5", "\"epoch\":\"nan\"", "\"epoch\":-1",
  ])
  func aCheckpointIsInTraining(_ field: String) throws {
    let line = #"{"epoch":1,"step":1,"tokens":1,"trainingLoss":1,"tasks":{}}"#
    _ = try recordDecoder().decode(CheckpointRecord.self, from: Data(line.utf8))
    let name = field.prefix { $0 != ":" }
    let altered = line.replacing("\(name):1", with: field)
    #expect(throws: DecodingError.self) { try recordDecoder().decode(CheckpointRecord.self, from: Data(altered.utf8)) }
  }

  /// Both counts of a plan are grouped alike.
  @Test func aPlanCountsItsRuns() throws {
    let line = PlanLine(try PlannedRun(label: "r", specification: Self.specification()), .missing)
    let text = planText(Array(repeating: line, count: 1145), unchosen: 1600, jobs: 2, width: 200)
    #expect(text.contains("1 145 of 1 145 runs to do") && text.contains("1 600 more follow"))
  }

  @Test(
    arguments: [
      (0.5, 1), (-0.4, 0), (1e300, .max), (-1e300, .min), (.infinity, .max), (.nan, 0), (9.3e18, .max), (12, 12),
    ] as [(Double, Int)])
  func wholeNumbersSaturate(_ value: Double, _ whole: Int) {
    #expect(Int(saturating: value) == (value == 0.5 ? Int((0.5).rounded()) : whole))
  }
}

extension PlannedRun {
  /// The formula's operands at their largest.
  fileprivate func trainingFLOPsWithoutCorpus() throws -> Double {
    specification.model.trainingFLOPs(length: specification.model.context, scored: 1, vocabulary: 65_536, causal: true)
  }
}
