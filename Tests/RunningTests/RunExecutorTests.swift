// One specification gives the same bytes: alone, beside others, and after an interruption.
import AllocationMeter
import Corpora
import Foundation
import Objectives
import TensorEngine
import TestSupport
import Testing
import Training
import Transformer
@testable import Benchmark
@testable import Files
@testable import Running
@testable import Specification
@testable import Store

@Suite struct RunExecutorTests {
  private let directory = FileManager.default.temporaryDirectory.appending(path: "replicate-runs-\(UUID().uuidString)")
    .path

  private func specification(
    _ objective: Objective, seed: UInt64 = 1, dropout: Double = 0, experts: ModelConfiguration.Experts? = nil,
    backend: ProductBackend = .native
  ) -> RunSpecification {
    RunSpecification(
      corpus: .world(WorldSpecification(uniqueTokens: 1500)), dataSeed: seed, seed: seed, objective: objective,
      model: ModelConfiguration(
        width: 16, heads: 2, feedForward: 24, layers: 2, context: 48, experts: experts, dropout: dropout),
      training: TrainingConfiguration(epochs: 3, batch: 8, learningRate: 3e-3),
      evaluation: EvaluationConfiguration(
        checkpoints: 4, items: 8, samples: 2, validationSequences: 4, validationSamples: 2),
      backend: backend)
  }

  private func executor(_ name: String) -> RunExecutor {
    RunExecutor(
      store: RecordStore(directory: "\(directory)/\(name)"),
      machine: Machine(processor: "p", cores: 1, kernel: "k", blas: "b", version: "0"), preset: "test")
  }

  /// The bytes of everything that a run's numbers are in.
  private func bytes(_ name: String, _ specification: RunSpecification) throws -> [Data] {
    let store = RecordStore<RunSpecification>(directory: "\(directory)/\(name)")
    let hash = try store.hash(of: specification)
    return try [RunFile.metrics, .items, .model].map {
      try Data(contentsOf: URL(fileURLWithPath: store.path(of: $0, in: hash)))
    }
  }

  @Test(arguments: ProductBackend.allCases)
  func aloneAndBesideOthersAreTheSame(backend: ProductBackend) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let specifications = [1, 2, 3, 4].map {
      specification($0 % 2 == 0 ? .maskedDiffusion : .plainAutoregressive, seed: $0, backend: backend)
    }
    for each in specifications { try executor("alone").execute(each) }
    let together = executor("together")
    for result in try runInParallel(specifications, workers: 4, body: { try together.execute($0) }) { try result.get() }
    for each in specifications { #expect(try bytes("alone", each) == bytes("together", each)) }
    #expect(
      try bytes("alone", specifications[0]) != bytes("alone", specifications[2]), "another seed gives other numbers")
  }

  @Test(arguments: [
    (Objective.maskedDiffusion, 0.0, false), (.autoregressive(inputMasking: 0.3), 0.2, false),
    (.maskedDiffusion, 0.1, true),
  ])
  func interruptedAndContinuedIsTheSame(objective: Objective, dropout: Double, mixture: Bool) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let spec = specification(
      objective, dropout: dropout, experts: mixture ? .init(count: 3, active: 2, feedForward: 12) : nil)
    try executor("whole").execute(spec)
    var interruptions = 0
    for limit in [3, 4, 1, 2, 100] {
      var steps = 0
      do {
        try executor("parts").execute(
          spec,
          isStopped: {
            steps += 1
            return steps > limit
          })
      } catch is RunExecutor.Interrupted {
        interruptions += 1
      }
    }
    #expect(interruptions == 4)
    #expect(try bytes("whole", spec) == bytes("parts", spec))
  }

  /// The weights go their way as without averaging; what is evaluated and stored is their average. A rate that leaves only
  /// the last weights gives the plain run's bytes.
  @Test func theAverageIsEvaluatedAndStored() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let specs = [0, 0.9, 1e-12].map { rate in
      var spec = specification(.maskedDiffusion)
      spec.training.averaging = rate
      return spec
    }
    for spec in specs { try executor("runs").execute(spec) }
    let store = RecordStore<RunSpecification>(directory: "\(directory)/runs")
    let records = try specs.map { try store.checkpoints(of: store.hash(of: $0)).records }
    #expect(records[0].map(\.trainingLoss) == records[1].map(\.trainingLoss))
    let losses = records.map { $0.map(\.validation?.crossEntropy) }
    #expect(losses[0].first == losses[1].first, "after one step the average is the weights")
    #expect(records[0][0].step == 1 && zip(losses[0], losses[1]).dropFirst().allSatisfy { $0 != $1 })
    let stored = try specs.map { try bytes("runs", $0) }
    #expect(stored[0] == stored[2] && stored[0][2] != stored[1][2])

    var interruptions = 0
    for limit in [2, 3, 100] {
      var steps = 0
      do {
        try executor("parts").execute(
          specs[1],
          isStopped: {
            steps += 1
            return steps > limit
          })
      } catch is RunExecutor.Interrupted {
        interruptions += 1
      }
    }
    #expect(try interruptions == 2 && bytes("parts", specs[1]) == stored[1])
  }

  /// The mixture is evaluated, on the tokens of one member; whatever stops it, the same bytes come out; and it is stored
  /// as what it is.
  @Test(arguments: [Objective.plainAutoregressive, .maskedDiffusion])
  func anEnsembleIsEvaluatedAndStored(objective: Objective) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let plain = specification(objective, dropout: 0.1)
    var two = plain
    two.training.ensemble = 2
    two.evaluation.sampledDocuments = 2
    for spec in [plain, two] { try executor("runs").execute(spec) }
    let store = RecordStore<RunSpecification>(directory: "\(directory)/runs")
    let hashes = try [plain, two].map { try store.hash(of: $0) }
    let records = try hashes.map { try store.checkpoints(of: $0).records }
    #expect(records[0].map(\.tokens) == records[1].map(\.tokens) && records[0].map(\.step) == records[1].map(\.step))
    #expect(zip(records[0], records[1]).allSatisfy { $0.validation?.crossEntropy != $1.validation?.crossEntropy })
    let drawn = records[1].last?.tasks.keys.filter { if case .documents = $0 { true } else { false } } ?? []
    #expect(!drawn.isEmpty, "documents are drawn of the mixture")

    let files = try hashes.map {
      try SafetensorsFile(bytes: [UInt8](store.weights(of: $0)), name: store.path(of: .model, in: $0))
    }
    let vocabulary = try plain.corpus.vocabularySize()
    let single = ModelParameters(plain.model, vocabulary: vocabulary)
    try single.load(files[0])
    let members = Ensemble((0..<2).map { _ in ModelParameters(plain.model, vocabulary: vocabulary) })
    try members.loadMembers(files[1])
    func values(_ parameters: ModelParameters) -> [[Float]] {
      parameters.buffer.slices.map { parameters.buffer.values(of: $0) }
    }
    #expect(values(members.members[0]) == values(single), "member 0 is the plain run")
    #expect(values(members.members[1]) != values(single))
    #expect(throws: SafetensorsError.self) { try single.load(files[1]) }
    let configuration = try String(
      contentsOfFile: store.path(of: .modelConfiguration, in: hashes[1]), encoding: .utf8)
    #expect(configuration.contains("\"model_type\": \"replicate_ensemble\""))

    var interruptions = 0
    var notices: [String] = []
    for limit in [2, 3, 100] {
      var steps = 0
      do {
        try executor("parts").execute(
          two,
          isStopped: {
            steps += 1
            return steps > limit
          }, notice: { notices.append($0) })
      } catch is RunExecutor.Interrupted {
        interruptions += 1
      }
    }
    #expect(try interruptions == 2 && bytes("parts", two) == bytes("runs", two))
    #expect(notices.isEmpty, "every state could be used")
  }

  @Test(arguments: [
    (Objective.plainAutoregressive, 1), (.maskedDiffusion, 14), (.suffixDiffusion, 7),
    (.frozenDiffusion(maskings: 2), 14),
  ])
  func documentsAreDrawnAtTheEnd(objective: Objective, ways: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let plain = specification(objective)
    #expect(!(try jsonValue(plain).canonical().contains("sampledDocuments")))  // the names of older runs stay
    var drawn = plain
    drawn.evaluation.sampledDocuments = 2
    for spec in [plain, drawn] { try executor("runs").execute(spec) }
    let store = RecordStore<RunSpecification>(directory: "\(directory)/runs")
    let records = try [plain, drawn].map { try store.checkpoints(of: store.hash(of: $0)).records }
    #expect(records[0].dropLast() == records[1].dropLast() && records[0].count == records[1].count)
    let last = try #require(records[1].last)
    let sampled = last.tasks.filter { $0.value.distinct != nil }
    #expect(sampled.count == ways && sampled.keys.allSatisfy { $0.name.hasPrefix("samples") })
    #expect(last.tasks.filter { $0.value.distinct == nil } == records[0].last?.tasks)
    #expect(last.note == records[0].last?.note && last.note.hasPrefix("endings "))
    for task in sampled.values {
      #expect(task.items == 2 && (0...1).contains(task.acc) && task.acc <= task.wellFormed ?? -1)
    }
    // Such a name has no curve; it is read off the last checkpoint.
    let name = try #require(sampled.keys.first)
    let result = RunResult(run: try PlannedRun(label: "r", specification: drawn), checkpoints: records[1])
    #expect(throws: (any Error).self) { try result.curve { $0.tasks[name]?.acc } }
  }

  @Test func onlyTheWorldJudgesDocuments() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var spec = specification(.maskedDiffusion)
    spec.evaluation.sampledDocuments = 0
    #expect(throws: ImpossibleRun.self) { try executor("runs").execute(spec) }
    spec.evaluation.sampledDocuments = 2
    spec.corpus = .python(PythonSpecification(uniqueTokens: 600))
    #expect(throws: ImpossibleRun.self) { try executor("runs").execute(spec) }
  }

  /// Functions are executed at every checkpoint; other decoders are tried at the end only, and by the DLM only.
  @Test(arguments: [Objective.maskedDiffusion, .plainAutoregressive])
  func functionsAreExecuted(objective: Objective) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var spec = specification(objective)
    spec.corpus = .python(PythonSpecification(uniqueTokens: 600))
    spec.evaluation.tokensPerPass = 4
    spec.evaluation.comparedDecoders = [.random]
    try executor("functions").execute(spec)
    let store = RecordStore<RunSpecification>(directory: "\(directory)/functions")
    let checkpoints = try store.checkpoints(of: store.hash(of: spec)).records
    #expect(checkpoints.count > 1)
    for checkpoint in checkpoints {
      let task = try #require(checkpoint.tasks["functions"])
      #expect(task.items == 8 && (0...1).contains(task.acc) && task.accNorm == nil && task.nllRight == nil)
      let isLast = checkpoint.step == checkpoints.last?.step
      #expect((checkpoint.tasks["functions-random"] != nil) == (isLast && objective == .maskedDiffusion))
    }
    try executor("again").execute(spec)
    #expect(try bytes("functions", spec) == bytes("again", spec))
  }

  /// Estimated likelihoods are dear, so what no document tells is asked of a DLM at the end only, with the same answers.
  @Test(arguments: [Objective.maskedDiffusion, .plainAutoregressive])
  func compositionalItemsAreAskedAtTheEnd(objective: Objective) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let compositional: [TaskID] = [.choice(.endingsCompositional), .choice(.knowledgeCompositional)]
    var records: [[CheckpointRecord]] = []
    for when in CompositionalItems.allCases {
      var spec = specification(objective)
      spec.corpus = .world(WorldSpecification(uniqueTokens: 1500, heldOut: .sample))
      spec.evaluation.compositional = when == .always ? nil : when
      spec.evaluation = spec.evaluation.asked(of: objective)
      try executor("\(when)").execute(spec)
      let store = RecordStore<RunSpecification>(directory: "\(directory)/\(when)")
      records.append(try store.checkpoints(of: store.hash(of: spec)).records)
    }
    #expect(records[0].count > 1 && records[0].count == records[1].count)
    for (always, last) in zip(records[0], records[1]) {
      let isAsked = objective == .plainAutoregressive || last.step == records[1].last?.step
      let asked = always.tasks.filter { isAsked || !compositional.contains($0.key) }
      #expect(last.tasks == asked && always.tasks.count == 4)
    }
  }

  /// What only functions need is not spelt out for other corpora, whose runs keep their names.
  @Test func otherSpecificationsStayTheSame() throws {
    let text = try jsonValue(specification(.maskedDiffusion)).canonical()
    #expect(text.contains("validationSamples") && !text.contains("tokensPerPass"))
  }

  @Test func aFinishedRunIsNotTrainedAgain() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let spec = specification(.maskedDiffusion)
    try executor("once").execute(spec)
    var steps = 0
    try executor("once").execute(spec, progress: { _ in steps += 1 })
    #expect(steps == 0)
  }

  /// Unoptimised builds allocate for every generic call; the optimised one must not.
  @Test func aTrainingStepAllocatesNothing() throws {
    #if !DEBUG
      for objective in BenchmarkObjective.allCases {
        let measurement = try measureTraining(.tiny, objective, backend: .native, seconds: 0.01, peak: 1)
        #expect(measurement.allocationsPerStep == 0, "\(objective)")
      }
    #endif
    let before = allocations_of_this_thread()
    let kept = Array(0..<1000)
    #expect(allocations_of_this_thread() > before || before < 0, "the meter sees an array of \(kept.count) being made")
  }
}
