// Where settings come from: the defaults inside the program, a file laid over them, settings of the command line over both.

import Foundation
import TestSupport
import Testing
@testable import Claims
@testable import Configuration
@testable import Files
@testable import Specification

/// What is said of what is not one setting.
private let notOne =
  "is not one setting; give for example training.epochs=100, world.quality=low or study.mine.statement='\"wide wins\"'"

@Suite struct ConfigurationSourcesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func catalogue(_ text: String? = nil, _ assignments: String...) throws -> Catalogue {
    let path = directory.path + "/my.toml"
    if let text { try writeAtomically(text, to: path) }
    var sources = ConfigurationSources(file: path, assignments: assignments.map { .init(option: "--set", text: $0) })
    if text == nil { sources.file = nil }
    return try Catalogue(sources)
  }

  private func problems(_ text: String? = nil, _ assignment: String? = nil) throws -> [String] {
    do {
      let catalogue = try assignment.map { try self.catalogue(text, $0) } ?? self.catalogue(text)
      _ = try catalogue.file.settings("data-quality", .ci)
      return []
    } catch let error as ConfigurationError {
      return error.problems.map { $0.description.replacing(directory.path + "/", with: "") }
    }
  }

  @Test func theDefaultsAreTheRepositorysOwn() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../experiments.toml")
    #expect(try Data(ConfigurationSources.defaults.utf8) == Data(contentsOf: file))
    #expect(try catalogue().entries.map(\.name) == Claim.all.map(\.name))
  }

  @Test func trainingHasOptions() throws {
    let settings = try catalogue("[data-quality.training]\ndecay_shape = \"cosine\"\naveraging = 0.99\nensemble = 2\n")
      .file
      .settings("data-quality", .ci)
    #expect(settings.training.decayShape == .cosine && settings.training.averaging == 0.99)
    #expect(settings.training.ensemble == 2)
    let plain = try catalogue().file.settings("data-quality", .ci)
    #expect(plain.training.decayShape == .linear && plain.training.averaging == 0)
    #expect(plain.training.ensemble == 1)
    #expect(try plain.digest() != settings.digest())
    let shape = try problems(nil, "data-quality.training.decay_shape=\"steep\"")
    #expect(shape.count == 1 && shape[0].contains("expected \"linear\", \"exponential\" or \"cosine\""), "\(shape)")
    let rate = try problems(nil, "data-quality.training.averaging=1")
    #expect(rate.count == 1 && rate[0].contains("training.averaging"), "\(rate)")
    for number in ["0", "9", "1.5"] {
      let members = try problems(nil, "data-quality.training.ensemble=\(number)")
      #expect(members.count == 1 && members[0].contains("training.ensemble"), "\(members)")
    }
    let end = try problems("[data-quality.training]\ndecay_shape = \"exponential\"\nfinal_share = 0\n")
    #expect(end.contains { $0.contains("an exponential decay cannot end at") }, "\(end)")
  }

  @Test func aFileSaysOnlyWhatDiffers() throws {
    let usual = try catalogue().file
    let mine = try catalogue("[crossover.preset.ci]\nseeds = 7\n[training]\nclip = 0.5").file
    #expect(try mine.settings("crossover", .ci).seeds == 7)
    #expect(try mine.settings("repetition", .ci).seeds == usual.settings("repetition", .ci).seeds)
    #expect(try mine.settings("repetition", .ci).training.clip == 0.5)
    #expect(try mine.settings("crossover", .ci).model == usual.settings("crossover", .ci).model)
  }

  @Test func aSettingOfTheCommandLineWinsEverywhere() throws {
    let file = try catalogue("[data-quality]\ntraining = { epochs = 4 }", "training.epochs=9", "seeds=2").file
    for claim in ["data-quality", "model-size"] {
      let settings = try file.settings(claim, .gate)
      #expect(([settings.training] + settings.variants.map(\.training)).allSatisfy { $0.epochs == 9 })
      #expect(([settings.seeds] + settings.variants.map(\.seeds)).allSatisfy { $0 == 2 })
    }
  }

  @Test func aSettingThatNamesItsTableCountsThere() throws {
    let file = try catalogue(nil, "crossover.preset.ci.seeds=7", "preset.gate.seeds = 6").file
    #expect(try file.settings("crossover", .ci).seeds == 7)
    #expect(try file.settings("crossover", .full).seeds == catalogue().file.settings("crossover", .full).seeds)
    #expect(try file.settings("crossover", .gate).seeds == 6)
  }

  @Test func aFileCanSayEverythingItself() throws {
    let text = ConfigurationSources.defaults
    let start = try #require(text.range(of: "[coder]")), end = try #require(text.range(of: "[tuned-baseline]"))
    let without = text[..<start.lowerBound] + text[end.lowerBound...]
    #expect(try catalogue("defaults = false\n" + without).entries.count == Claim.all.count - 1)
    #expect(try catalogue("defaults = true\n" + without).entries.count == Claim.all.count)
    #expect(try problems("defaults = 1") == ["my.toml:1: defaults: expected true or false, found 1"])
  }

  @Test func wordsNeedNoQuotationMarks() throws {
    #expect(try catalogue(nil, "world.quality=low").file.settings("crossover", .ci).world.quality == .low)
  }

  /// Every mistake is one line, however many claims build on what it is in.
  @Test(
    arguments: [
      ("[model]\nwidht = 32", nil, "my.toml:2: model.widht: unknown key (did you mean `width`?)"),
      ("[preset.ci]\nsedes = 3", nil, "my.toml:2: preset.ci.sedes: unknown key (did you mean `seeds`?)"),
      ("[crosover]\nmargin = 0", nil, "my.toml:1: crosover: unknown key (did you mean `crossover`?)"),
      (nil, "training.epoch=3", "--set: training.epoch: unknown key (did you mean `epochs`?)"),
      (nil, "nonsense=3", "--set: nonsense: unknown key"),
      (nil, "seeds=0", "--set: seeds: expected an integer from 1 to 100, found 0"),
      (nil, "tuning_seeds=2", "--set: tuning_seeds: has no effect: data-quality searches nothing; remove it"),
      (nil, "crossover.sedes=2", "--set: crossover.sedes: unknown key (did you mean `seeds`?)"),
      (nil, "seeds", "--set: 'seeds' \(notOne)"),
      (nil, "training={}", "--set: 'training={}' \(notOne)"),
      (nil, "seeds=2\nmargin=1", "--set: 'seeds=2\\nmargin=1' \(notOne)"),
    ] as [(String?, String?, String)])
  func aMistakeIsOneLine(_ text: String?, _ assignment: String?, _ message: String) throws {
    #expect(try problems(text, assignment) == [message])
  }
}
