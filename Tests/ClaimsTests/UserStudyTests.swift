// A user's question in TOML: what it plans, what it says of made-up results, and what is refused in it.

import Corpora
import Foundation
import Objectives
import TestSupport
import Testing
@testable import Claims
@testable import Configuration
@testable import Files
@testable import Specification
@testable import Statistics

/// Two arms under three conditions, all forms of questions.
private let text = """
  [study.two-rates]
  statement = "more epochs help a DLM more than AR"
  seeds = 5
  world = { unique_tokens = 2000 }
  [[study.two-rates.arms]]
  name = "AR"
  objective = "autoregressive"
  input_masking = 0.2
  [[study.two-rates.arms]]
  name = "DLM"
  objective = "masked-diffusion"
  training = { learning_rate = 1e-3 }
  [[study.two-rates.conditions]]
  name = "short"
  training = { epochs = 10 }
  [[study.two-rates.conditions]]
  name = "middle"
  training = { epochs = 20 }
  [[study.two-rates.conditions]]
  name = "long"
  training = { epochs = 40 }
  [[study.two-rates.questions]]
  trend = "DLM"
  minus = "AR"
  direction = "increasing"
  [[study.two-rates.questions]]
  compare = ["DLM", "AR"]
  quantity = "validation-loss"
  margin = 0.1
  role = "beside"
  [[study.two-rates.questions]]
  overtakes = ["DLM", "AR"]
  quantity = "endings"
  direction = "decreasing"
  role = "beside"
  """

@Suite struct UserStudyTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func catalogue(_ text: String) throws -> Catalogue {
    let path = directory.path + "/my.toml"
    try writeAtomically(text, to: path)
    return try Catalogue(ConfigurationSources(file: path))
  }

  private func study(_ text: String, _ name: String = "two-rates", _ preset: Preset = .ci) throws -> Study {
    try catalogue(text).entry(name).study(preset, backend: .native)
  }

  /// Made-up results: AR stays where it is, the DLM rises with the epochs of its condition, its loss is lower by 0.3.
  private func results(_ runs: [PlannedRun], gain: Double = 0.01) -> RunResults {
    RunResults(
      results: runs.map { run in
        let specification = run.specification
        let epochs = Double(specification.training.epochs)
        let isDLM = !specification.objective.isAutoregressive
        let shift = 0.001 * Double(specification.seed)
        return RunResult(
          run: run,
          checkpoints: [0.25, 0.5, 1].enumerated().map { index, place in
            let accuracy = shift + (isDLM ? 0.3 + gain * epochs * place : 0.5)
            let task = CheckpointRecord.Task(acc: accuracy, accStandardError: 0.01, items: 100)
            return CheckpointRecord(
              epoch: place * epochs, step: index + 1, tokens: Int(place * epochs * 2000), trainingLoss: 1,
              validation: .init(
                crossEntropy: (isDLM ? 2.7 : 3) - 0.1 * place + shift, standardError: 0.1, samples: 1, sequences: 4),
              tasks: ["endings": task, "knowledge": task])
          })
      }, missing: [:])
  }

  @Test func armsAreCombinedWithConditions() throws {
    let runs = try study(text).runs
    #expect(runs.count == 2 * 3 * 5)
    #expect(Set(runs.map(\.specification.training.epochs)) == [10, 20, 40])
    for run in runs {
      let isAR = run.specification.objective == .autoregressive(inputMasking: 0.2)
      #expect(isAR || run.specification.objective == .maskedDiffusion)
      #expect(run.specification.training.learningRate == (isAR ? 2e-3 : 1e-3))
    }
  }

  @Test func runsAreSharedWithClaims() throws {
    let same = """
      [study.same]
      statement = "nothing new"
      [study.same.preset.smoke]
      world = { unique_tokens = 4000 }
      training = { epochs = 20 }
      evaluation = { checkpoints = 5, items = 40, validation_sequences = 20, samples = 2, validation_samples = 2, sampled_documents = 0 }
      [[study.same.arms]]
      name = "DLM"
      objective = "masked-diffusion"
      [[study.same.questions]]
      compare = ["DLM", "DLM"]
      """
    let claim = try catalogue(same).entry("crossover").study(.smoke, backend: .native)
    #expect(Set(try study(same, "same", .smoke).runs.map(\.hash)).isSubset(of: Set(claim.runs.map(\.hash))))
  }

  /// The texts of a corpus of texts reach every arm under every condition.
  @Test func everyArmReadsTheText() throws {
    try writeAtomically(String(repeating: "A line of a text.\n", count: 400), to: directory.path + "/book.txt")
    let book = try TextSelection(paths: [directory.path + "/book.txt"]).read()
    let about = text.replacing("world = { unique_tokens = 2000 }", with: "corpus = \"text\"")
      .replacing("quantity = \"endings\"", with: "quantity = \"cloze\"")
    let runs = try catalogue(about).entry("two-rates").study(.ci, text: book, backend: .native).runs
    for run in runs { #expect(run.specification.textDigest == TextIdentity(book).digest) }
    #expect(runs.count == 30)
    #expect(throws: TextMissing.self) { try study(about) }
  }

  /// Settings of the world that a study's conditions vary would silently do nothing under another corpus.
  @Test func anotherCorpusDropsNothingSilently() throws {
    let conditions = text.replacing("world = { unique_tokens = 2000 }\n", with: "")
      .replacing("training = { epochs = 10 }", with: "world = { unique_tokens = 2000 }")
    let path = directory.path + "/my.toml"
    func problems(_ text: String) throws -> [String] {
      try writeAtomically(text, to: path)
      var sources = ConfigurationSources(file: path)
      sources.assignments = [.init(option: "--corpus", text: "corpus = \"kjv\"")]
      do {
        _ = try Catalogue(sources).file.study("two-rates", .ci)
        return []
      } catch {
        return error.problems.map(\.message)
      }
    }
    let own = conditions.replacing("quantity = \"endings\"", with: "quantity = \"accuracy\"")
    let both = own.replacing(
      "world = { unique_tokens = 2000 }", with: "world = { unique_tokens = 2000 }\ntext = { unique_tokens = 2000 }")
    let refusal = "has no effect: the study is about the kjv corpus here, whose settings are `text`"
    let alone = try problems(own).filter { $0.contains(refusal) }
    let beside = try problems(both).filter { $0.contains("has no effect") }
    #expect(!alone.isEmpty && beside.isEmpty, "\(alone) \(beside)")
  }

  @Test func everyFormOfQuestionIsAnswered() throws {
    let study = try study(text)
    let report = try study.report(results(study.runs))
    #expect(report.verdict == .holds)
    #expect(report.trends.values.first?.verdict == .holds)
    let losses = report.comparisons.filter { $0.key.hasPrefix("validation_loss_ar_best_minus_dlm_final") }
    #expect(losses.count == 3)
    for comparison in losses.values {
      #expect(comparison.verdict == .holds)
      #expect(abs((comparison.interval?.estimate ?? 0) - 0.3) < 1e-9)
    }
    let crossing = try #require(report.remarks.first { $0.contains("overtakes") })
    #expect(crossing.contains("short none"), "\(crossing)")
    #expect(report.figure?.panels.count == 3)
    #expect(try study.data(results(study.runs)).rows.count == 30 * 3)
  }

  @Test func whatDoesNotRiseDoesNotHold() throws {
    let study = try study(text)
    #expect(try study.report(results(study.runs, gain: -0.005)).verdict == .fails)
    #expect(try study.report(RunResults(results: [], missing: [:])).verdict == .inconclusive)
  }

  /// Whatever the runs or the rules follow from is in the digest that a verdict names.
  @Test(arguments: [
    ("margin = 0.1", "margin = 0.2"), ("role = \"beside\"", "role = \"judged\""),
    ("learning_rate = 1e-3", "learning_rate = 2e-3"), ("direction = \"increasing\"", "direction = \"decreasing\""),
    ("name = \"short\"", "name = \"brief\""), ("more epochs help", "epochs help"), ("input_masking = 0.2", ""),
  ])
  func theDigestKnowsEverything(_ old: String, _ new: String) throws {
    #expect(try study(text).digest != study(text.replacing(old, with: new)).digest)
    #expect(try study(text).digest == study(text + "\n# a comment").digest)
  }

  @Test(arguments: [
    ("compare = [\"DLM\", \"AR\"]", "compare = [\"DLM\", \"AT\"]", "no arm is named \"AT\" (did you mean `AR`?)"),
    (
      "objective = \"masked-diffusion\"", "objective = \"diffusion\"",
      "expected \"autoregressive\", \"masked-diffusion\""
    ),
    ("role = \"beside\"", "roll = 1", "unknown key (did you mean `role`?)"),
    ("seeds = 5", "margin = 0", "each question of a study has its own"),
    ("seeds = 5", "variants = []", "a study has `conditions`"),
    ("name = \"middle\"", "name = \"short\"", "two conditions are named \"short\""),
    ("name = \"DLM\"", "name = \"AR\"", "two arms are named \"AR\""),
    ("trend = \"DLM\"", "", "exactly one of `compare`, `overtakes` and `trend`"),
    ("quantity = \"endings\"", "quantity = \"ending\"", "did you mean `endings`?"),
    ("study.two-rates", "study.crossover", "is the name of a claim or text"),
    ("study.two-rates", "study.Two_Rates", "is not a valid name for a study"),
    ("input_masking = 0.2", "maskings = 2", "only frozen-diffusion has a number of them"),
    ("learning_rate = 1e-3", "learning_rat = 1e-3", "did you mean `learning_rate`?"),
    ("quantity = \"endings\"", "measure = \"best\"", "measure: has no effect: `overtakes` is about whole curves"),
    ("minus = \"AR\"", "against = \"best\"", "against: has no effect: a trend without `minus` is about one arm"),
  ])
  func isRefusedAtItsLine(_ old: String, _ new: String, _ message: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try catalogue(text.replacing(old, with: new)) }
    let lines = error?.problems.map(\.description) ?? []
    #expect(lines.contains { $0.contains(message) && $0.contains("my.toml:") }, "\(lines)")
  }
}
