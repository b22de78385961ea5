// A configuration that is wrong: every mistake on a line of its own with file, line and remedy; nothing is trained.

import Foundation
import Testing

@Suite struct ConfigurationInputTests {
  @Test func unknownKeysAreNamedWithTheNearest() throws {
    let text = Workspace.configuration().replacing("learning_rate", with: "learning_rat")
    let line =
      text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix("learning_rat") } ?? 0
    let space = try Workspace(text)
    let result = try space.run("crossover")
    #expect(result.status == 64)
    #expect(
      result.errors.contains(
        "experiments.toml:\(line + 1): training.learning_rat: unknown key (did you mean `learning_rate`?)\n"))
    #expect(result.errors.contains("training.learning_rate: missing; expected a number"))
    #expect(!space.exists("results"))
  }

  @Test func everyMistakeIsReportedAtOnce() throws {
    let text = Workspace.configuration(width: 9).replacing("batch = 4", with: "batch = \"four\"")
      .replacing("agents = 12", with: "agents = 13").replacing("seeds = 2", with: "seedz = 2")
    let result = try Workspace(text).run("list")
    #expect(result.status == 64)
    #expect(result.errors.contains("experiments.toml:4: model.width: width 9 is not divisible by 2 heads"))
    #expect(result.errors.contains("training.batch: expected an integer from 1 to 65536, found the string \"four\""))
    #expect(result.errors.contains("world.agents: there are as many women as men: expected an even number, found 13"))
    #expect(result.errors.contains("crossover.preset.ci.seedz: unknown key (did you mean `seeds`?)"))
  }

  @Test(arguments: [
    ("width = 8", "width = 6", "model.width: head width 3 (width / heads) must be even for rotary positions"),
    ("layers = 1", "layers = 0", "model.layers: expected an integer from 1 to 256, found 0"),
    (
      "learning_rate = 1e-3", "learning_rate = nan",
      "training.learning_rate: expected a number from 1e-09 to 10, found nan"
    ),
    ("[model]", "[model", "not valid TOML"),
    ("[text]", "[txt]", "txt: unknown key (did you mean `text`?)"),
  ])
  func impossibleValuesAreRefused(_ old: String, _ new: String, _ expected: String) throws {
    let space = try Workspace(Workspace.configuration().replacing(old, with: new))
    let result = try space.run("crossover")
    #expect(result.status == 64)
    #expect(result.errors.contains(expected), "\(result.errors)")
    #expect(!space.exists("results"))
  }

  /// Without the table everything else would be said to be missing.
  @Test func whatReplacesATableIsTheOnlyProblem() throws {
    let space = try Workspace("preset = \"full\"\nmodel = 3\n")
    #expect(
      try space.run("list").errorLines == [
        "replicate: experiments.toml:2: model: expected a table, found 3",
        "experiments.toml:1: preset: expected a table, found the string \"full\"; the option --preset chooses one",
      ])
    #expect(
      try Workspace().run("plan", "crossover", "--set", "crossover.preset=3").errorLines == [
        "replicate: --set: crossover.preset: expected a table, found 3"
      ])
  }

  /// A complaint quotes what was given, and nobody reads a hundred thousand letters.
  @Test(arguments: [["crossover", "--set"], ["crossover", "--config"], ["sample"], ["crossover", "--jobs"], []])
  func complaintsAboutLongArgumentsStayShort(_ arguments: [String]) throws {
    let result = try Workspace().start(arguments + [String(repeating: "x", count: 100_000)]).finish()
    #expect(result.status == 64 && result.errors.utf8.count < 4000, "\(result.errors.utf8.count)")
  }

  @Test func aMissingFileIsNamed() throws {
    let result = try Workspace().run("crossover", "--config", "nowhere.toml")
    #expect(result.status == 64)
    #expect(
      result.errorLines == ["replicate: nowhere.toml: no such file; check the path after --config"])
  }

  @Test func aContextTooShortForTheWorldIsRefused() throws {
    let text = Workspace.configuration().replacing("context = 48", with: "context = 16")
    let result = try Workspace(text).run("corpus", "world")
    #expect(result.status == 64)
    #expect(
      result.errorLines == [
        "replicate: the context of 16 tokens is too short for this corpus; use at least 40 "
          + "(`context` in [model])"
      ])
  }
}
