// A key of experiments.toml that would have no effect is refused when the file is read, at its line.

import Corpora
import Foundation
import TestSupport
import Testing
@testable import Claims
@testable import Configuration
@testable import Files
@testable import Running
@testable import Specification

private let projectFile = "\(#filePath)".replacing("Tests/ClaimsTests/IdleKeysTests.swift", with: "experiments.toml")

@Suite struct IdleKeysTests {
  /// What is wrong with the project's own configuration after some lines more, each behind a header.
  private func problems(_ lines: String, replacing old: String = "", with new: String = "") throws -> [String] {
    let path = NSTemporaryDirectory() + "idle-keys-\(UUID().uuidString).toml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var text = try String(contentsOfFile: projectFile, encoding: .utf8)
    if !old.isEmpty { text = text.replacing(old, with: new) }
    try Data((text + "\n" + lines + "\n").utf8).write(to: URL(fileURLWithPath: path))
    do {
      _ = try ExperimentFile(path: path, claims: Claim.schemas)
      return []
    } catch {
      return error.problems.map { $0.description.replacing(path, with: "e.toml") }
    }
  }

  @Test func theProjectsOwnHasNone() throws { #expect(try problems("") == []) }

  /// A key under a header of the file's, and what is said of it.
  @Test(arguments: [
    ("[crossover]", "corpus = \"python\"", "crossover.corpus: crossover is about one of world, text, kjv,"),
    ("[coder]", "", ""),
    ("[crossover]", "variants = []", "crossover.variants: has no effect: crossover has one condition; remove it"),
    ("[repetition.preset.ci]", "variants = [{ name = \"a\" }]", "repetition.preset.ci.variants: has no effect: "),
    ("[crossover]", "tuning_seeds = 2", "crossover.tuning_seeds: has no effect: crossover searches nothing; remove it"),
    ("[model-size]", "margin = 0.1", "model-size.margin: has no effect: model-size is not judged by a difference"),
    ("[crossover]", "thresholds = { rise = 1 }", "crossover.thresholds: has no effect: crossover has none; remove it"),
    (
      "[validation-loss]", "text = { vocabulary = 300 }",
      "validation-loss.text: has no effect: validation-loss is about the world"
    ),
    ("[crossover]", "text = { vocabulary = 300 }", ""),
    (
      "[crossover]", "python = { unique_tokens = 900 }",
      "crossover.python: has no effect: crossover is about the world corpus"
    ),
    (
      "[coder]", "world = { topics = 5 }",
      "coder.world: has no effect: coder is about the python corpus here; remove it"
    ),
    (
      "[crossover.preset.gate]", "evaluation = { tokens_per_pass = 8 }",
      "crossover.preset.gate.evaluation.tokens_per_pass: has no effect: crossover is about the world corpus here, which has no "
        + "functions to fill in; remove it"
    ),
    (
      "[coder]", "evaluation = { sampled_documents = 8 }",
      "coder.evaluation.sampled_documents: has no effect: coder is about the python corpus here, and documents"
    ),
    (
      "[crossover.preset.smoke]", "expected = \"fails\"",
      "crossover.preset.smoke.expected: has no effect: preset smoke gives no"
    ),
    (
      "[preset.smoke]", "expected = \"fails\"",
      "preset.smoke.expected: has no effect: preset smoke gives no verdict; remove it"
    ),
    ("[preset.ci]", "preset = { ci = { seeds = 9 } }", "preset.ci.preset: unknown key"),
    ("[crossover.preset.ci]", "preset = 3", "crossover.preset.ci.preset: unknown key"),
    ("[crossover]", "input_masking = 0.3", "crossover.input_masking: unknown key"),
  ])
  func isRefusedAtItsPlace(_ header: String, _ line: String, _ message: String) throws {
    let isThere = try String(contentsOfFile: projectFile, encoding: .utf8).contains("\n" + header)
    let found =
      isThere
      ? try problems("", replacing: "\n" + header, with: "\n" + header + "\n" + line + "\n#")
      : try problems(header + "\n" + line)
    if message.isEmpty {
      #expect(found == [])
    } else {
      #expect(
        found.count == 1 && found[0].wholeMatch(of: /e\.toml:\d+: (.*)/)?.1.hasPrefix(message) == true, "\(found)")
    }
  }

  /// The keys of a variant that its claim does not take.
  @Test(arguments: [
    (
      "{ name = \"0.1\", input_masking = 0.1 }", "seeds = 3",
      "input-noise.variants[0].seeds: has no effect: the search runs on"
    ),
    (
      "{ name = \"0.1\", input_masking = 0.1 }", "maskings = 3",
      "input-noise.variants[0].maskings: has no effect: the search is"
    ),
    (
      "[{ name = \"1\", maskings = 1 }, { name = \"4\", maskings = 4 }", "input_masking = 0.1",
      "monte-carlo.preset.smoke.variants[1].input_masking: has no effect: monte-carlo trains no AR; remove it"
    ),
  ])
  func aVariantsIdleKeyIsRefused(_ variant: String, _ key: String, _ message: String) throws {
    let found = try problems("", replacing: variant, with: variant.dropLast(2) + ", \(key) }")
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }

  @Test(arguments: [
    (
      "[\"endigs\"]",
      "the world corpus has no task \"endigs\" (did you mean `endings`?), only \"endings\", \"knowledge\""
    ),
    ("[\"endings\", \"endings\"]", "a task is named twice"),
    ("[\"functions\"]", "the world corpus has no task \"functions\", only \"endings\", \"knowledge\""),
    ("[]", "expected an array of 1 to 8 strings, found an array of 0"),
  ])
  func tasksAreThoseOfTheCorpus(_ tasks: String, _ message: String) throws {
    let found = try problems("", replacing: "total ones\n", with: "total ones\ntasks = \(tasks)\n")
    #expect(found.count == 1 && found[0].contains("sparsity.tasks") && found[0].contains(message), "\(found)")
  }

  @Test func theCorpusDecidesWhichTasksThereAre() throws {
    for (corpus, task, other) in [("python", "functions", "cloze"), ("kjv", "cloze", "endings")] {
      let own = "total ones\ncorpus = \"\(corpus)\"\n"
      #expect(try problems("", replacing: "total ones\n", with: own) == [])
      #expect(try problems("", replacing: "total ones\n", with: own + "tasks = [\"\(task)\"]\n") == [])
      let found = try problems("", replacing: "total ones\n", with: own + "tasks = [\"\(other)\"]\n")
      #expect(
        !found.isEmpty && found.allSatisfy { $0.contains("the \(corpus) corpus has no task \"\(other)\"") }, "\(found)")
    }
  }

  /// The names in the configuration are those that records have.
  @Test func tasksAreCalledAsInDatasets() throws {
    for heldOut in HeldOut.allCases {
      let corpus = CorpusSpecification.world(WorldSpecification(uniqueTokens: 400, topics: 8, heldOut: heldOut))
      let dataset = try corpus.dataset(seed: 1, context: 48, items: 4, validationSequences: 2)
      #expect(dataset.tasks.map { .choice($0.task) } == corpus.tasks)
    }
    for difficulty in PythonDifficulty.allCases {
      let corpus = CorpusSpecification.python(PythonSpecification(uniqueTokens: 900, difficulty: difficulty))
      let dataset = try corpus.dataset(seed: 1, context: 96, items: 4, validationSequences: 2)
      #expect(corpus.tasks.contains(.execution(.infilling)) == !dataset.infilling.isEmpty)
    }
  }

  /// Where a verdict is about them, compositional items are asked at every checkpoint.
  @Test func judgedTasksAreAskedAlways() throws {
    for (tasks, expected) in [("endings", CompositionalItems.last), ("endings-compositional", .always)] {
      let path = NSTemporaryDirectory() + "judged-tasks-\(UUID().uuidString).toml"
      defer { try? FileManager.default.removeItem(atPath: path) }
      let text = try String(contentsOfFile: projectFile, encoding: .utf8)
        .replacing("total ones\n", with: "total ones\ntasks = [\"\(tasks)\"]\n")
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let settings = try ExperimentFile(path: path, claims: Claim.schemas).settings("sparsity", .ci)
      #expect(settings.evaluation.compositionalItems == expected)
      #expect(settings.variants.allSatisfy { $0.evaluation.compositionalItems == expected })
    }
  }

  @Test func settingsHaveADigestOfWhatDecides() throws {
    let file = try ExperimentFile(path: projectFile, claims: Claim.schemas)
    let settings = try file.settings("sparsity", .ci)
    let digest = try settings.digest()
    var changed = settings
    changed.expected = .fails
    changed.file = "elsewhere"
    changed.text.vocabulary = 999
    #expect(try changed.digest() == digest, "none of these decides anything")
    for change: (inout ClaimSettings) -> Void in [
      { $0.seeds += 1 }, { $0.margin += 0.01 }, { $0.variants[1].model.dropout = 0.1 }, { $0.variants.swapAt(0, 1) },
      { $0.tasks.removeLast() }, { $0.world.worldSeed = 7 }, { $0.training.batch = 8 }, { $0.variants[0].seeds = 3 },
    ] {
      var other = settings
      change(&other)
      #expect(try other.digest() != digest)
    }
    let digests = try Claim.all.flatMap { claim in
      try file.presets(claim.name).map { try file.settings(claim.name, $0).digest() }
    }
    #expect(Set(digests).count > digests.count / 2)
  }
}
