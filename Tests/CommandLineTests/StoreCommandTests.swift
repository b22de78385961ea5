// plan, run, list, figures and verify.

import Foundation
import TestSupport
import Testing

@Suite struct StoreCommandTests {
  @Test func planRunAndPlanAgain() throws {
    let space = try Workspace()
    let plan = try space.run("plan", "crossover")
    #expect(plan.status == 0)
    #expect(
      plan.words.contains("All runs: width 8, 1 layer, 400 unique tokens of the world corpus, 4 topics, 2 epochs."))
    #expect(plan.output.contains("\n6 of 6 runs to do, about "))
    #expect(plan.lines.allSatisfy { $0.count <= 80 })
    #expect(!space.exists("results"), "planning makes nothing")

    let runs = try space.run("plan", "crossover", "--json").results
    #expect(runs.count == 6)
    var hashes: [String] = []
    for json in runs {
      #expect(Set(json.keys) == ["hash", "label", "memory", "state", "seconds", "summary"])
      #expect(json["state"] as? String == "missing")
      hashes.append(try #require(json["hash"] as? String))
    }
    let run = try space.run("run", hashes[1], hashes[4])
    #expect(run.status == 0)
    #expect(run.output == "\(hashes[1])  finished\n\(hashes[4])  finished\n")
    #expect(try space.runs() == [hashes[1], hashes[4]].sorted())
    let times = try space.modificationTimes("results/runs")
    #expect(try space.run("run", hashes[1]).status == 0)
    #expect(try space.modificationTimes("results/runs") == times, "not trained again")
    #expect(try space.run("plan", "crossover").output.contains("\n4 of 6 runs to do, about "))
  }

  @Test func anUnknownHashIsAUsageError() throws {
    let result = try Workspace().run("run", "0123456789abcdef")
    #expect(result.status == 64)
    #expect(
      result.errorLines == [
        "replicate: no run 0123456789abcdef at preset ci; `replicate plan CLAIM` with the same options lists them"
      ])
  }

  @Test func aDamagedRunIsNamedSetAsideAndTrainedAgain() throws {
    let space = try Workspace()
    _ = try space.run("crossover")
    let run = try #require(try space.runs().first)
    let folder = "results/runs/\(run)"
    let metrics = try space.read(folder + "/metrics.jsonl")
    try space.write(folder + "/spec.json", "{}")
    let plan = try space.run("plan", "crossover")
    #expect(plan.output.contains("describes run"))
    #expect(plan.output.contains("\n1 of 6 runs to do, about "))
    let again = try space.run("crossover")
    #expect(again.status == 2)
    let notices = again.errorLines.filter { $0.contains("set aside") }
    #expect(notices.count == 1)
    #expect(
      notices.first?.wholeMatch(
        of: /(.*)\/spec.json: describes run [0-9a-f]{16}, not (.*); set aside in (.*)\/damaged-1/) != nil)
    #expect(try space.read(folder + "/metrics.jsonl") == metrics)
    #expect(try space.read(folder + "/damaged-1/spec.json") == "{}")
  }

  @Test func listShowsPresetsAndTheLastVerdict() throws {
    let space = try Workspace()
    _ = try space.run("crossover")
    let list = try space.run("list")
    #expect(list.status == 0)
    #expect(list.output.contains(/crossover .* 6 of 6 +inconclusive\n/))
    #expect(try space.run("list", "--preset", "full").output.contains(/crossover .* 6 of 9 +–\n/))
    let rows = try space.run("list", "--json").results
    #expect(rows.count == 3)
    #expect(rows[1]["verdict"] as? String == "inconclusive" && rows[1]["finished"] as? Int == 6)
  }

  /// What a command changes is another experiment: it stands beside the registered one.
  @Test func aChangedExperimentReplacesNothing() throws {
    let space = try Workspace()
    _ = try space.run("crossover")
    let registered = try space.read("results/crossover/verdict.json")
    let changed = try space.run("crossover", "--set", "training.epochs=1", "--json")
    #expect(changed.status == 2 && changed.errors.filter(\.isNewline).count == 6, "\(changed.errors)")
    let name = try #require(changed.json["claim"] as? String)
    #expect(
      name.wholeMatch(of: /crossover-[0-9a-f]{8}/) != nil && changed.json["label"] as? String == "training.epochs=1")
    #expect(
      (changed.json["remarks"] as? [String])?.first
        == "changed by the command: training.epochs=1; the registered experiment is another one")
    #expect(try space.read("results/crossover/verdict.json") == registered)
    #expect(try space.run("list").output.contains(/(?m)^crossover-[0-9a-f]{8} +training.epochs=1 +ci +inconclusive$/))
    #expect(try space.run("report", "--markdown").output.contains("training.epochs=1 (\(name))"))
    #expect(try space.run("doctor", "--rerun", "0").output.contains("2 verdicts"))
    let check = try space.run("check", "crossover", "--set", "training.epochs = 1")
    #expect(check.output.hasPrefix(name) && check.output.contains("\n    training.epochs = 1\n"), "the same settings")
    #expect(try space.run("crossover", "--seeds", "1").output.contains(/Numbers: results\/crossover-[0-9a-f]{8}\//))
    // What is set to what it is anyway changes nothing.
    let same = try space.run("crossover", "--set", "training.epochs=2", "--seeds", "2")
    #expect(!same.errors.contains("replaced") && same.output.contains("Numbers: results/crossover/"))
    #expect(try space.read("results/crossover/verdict.json") == registered)
  }

  /// One of another preset or configuration is replaced, with a word.
  @Test func aReplacedVerdictIsNamed() throws {
    let space = try Workspace()
    _ = try space.run("crossover")
    let smoke = try space.run("crossover", "--preset", "smoke")
    #expect(
      smoke.errorLines == [
        "note: in results, the verdict on crossover at preset ci (inconclusive) is replaced: `replicate judge` with "
          + "--preset ci gives it again from the stored runs"
      ], "\(smoke.errors)")
    let again = try space.run("judge", "crossover", "--preset", "ci")
    #expect(again.status == 2 && again.errors.contains("at preset smoke (none) is replaced"))
    try space.write("experiments.toml", Workspace.configuration(epochs: 3))
    #expect(
      try space.run("judge", "crossover").errors.contains("is replaced: the configuration has other settings now"))
  }

  @Test func figuresAreRedrawnWithoutTraining() throws {
    let space = try Workspace()
    let nowhere = try space.run("figures", "--directory", "nope")
    #expect(nowhere.status == 64)
    #expect(nowhere.errors == "replicate: there is no directory nope; name another one with --directory\n")
    try FileManager.default.createDirectory(atPath: space.file("figures"), withIntermediateDirectories: true)
    let none = try space.run("figures")
    #expect(none.status == 64)
    #expect(
      none.errorLines.count == 1
        && none.errors.contains("figures holds no figure; name another folder with --directory"))
    _ = try space.run("crossover")
    let drawn = try Data(contentsOf: URL(fileURLWithPath: space.file("results/crossover/crossover.svg")))
    try FileManager.default.removeItem(atPath: space.file("results/crossover/crossover.svg"))
    let result = try space.run("figures", "--directory", "results")
    #expect(result.status == 0)
    #expect(result.output == "results/crossover/crossover.svg\nresults/crossover/crossover.png\n")
    #expect(try Data(contentsOf: URL(fileURLWithPath: space.file("results/crossover/crossover.svg"))) == drawn)
    #expect(
      try space.run("figures", "--directory", "results", "--json").json as? [String: String]
        == ["claim": "crossover", "svg": "results/crossover/crossover.svg", "png": "results/crossover/crossover.png"])
    let printed = try space.run("figures", "--directory", "results", "--pdf", "--json").json as? [String: String]
    #expect(printed?["pdf"] == "results/crossover/crossover.pdf")
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: space.file("results/crossover/crossover.pdf"))).starts(
        with: Data("%PDF-".utf8)))
  }

  /// One that cannot be written stops no other.
  @Test func everyFigureThatCanBeIsRedrawn() throws {
    let space = try Workspace()
    _ = try space.run("crossover", "--preset", "smoke")
    _ = try space.run("crossover", "--preset", "smoke", "--set", "training.epochs=1")
    let names = try space.shell("ls results | grep crossover").output.split(separator: "\n").map(String.init)
    try #require(names.count == 2)
    try FileManager.default.createDirectory(
      atPath: space.file("results/crossover/crossover.pdf"), withIntermediateDirectories: true)
    let result = try space.run("figures", "--directory", "results", "--pdf")
    #expect(result.status == 74)
    #expect(
      result.errorLines.count == 1 && result.errors.contains("crossover.pdf\" is not a file, so a drawing does not"))
    #expect(result.output.contains("results/\(names[1])/\(names[1]).pdf"))
    try FileManager.default.removeItem(atPath: space.file("results/crossover/verdict.json"))
    try FileManager.default.createDirectory(
      atPath: space.file("results/crossover/verdict.json"), withIntermediateDirectories: true)
    let unreadable = try space.run("figures", "--directory", "results")
    #expect(unreadable.status == 74 && unreadable.output.contains("results/\(names[1])/\(names[1]).svg"))
  }

  /// Whatever stands in a stored script, it is never run: figures are drawn from data.
  @Test func aStoredScriptIsNotRun() throws {
    let space = try Workspace()
    _ = try space.run("crossover", "--preset", "smoke")
    let drawn = try ["gp", "svg"].map { try space.read("results/crossover/crossover.\($0)") }
    let attacks = "system('touch pwned'); x = `touch pwned`\n! touch pwned\nload '| touch pwned'\n"
    try space.write("results/crossover/crossover.gp", attacks)
    #expect(try space.run("figures", "--directory", "results").status == 0)
    #expect(try ["gp", "svg"].map { try space.read("results/crossover/crossover.\($0)") } == drawn)
    try space.write("foreign/claim/claim.gp", attacks)
    let foreign = try space.run("figures", "--directory", "foreign")
    #expect(foreign.status == 65)
    #expect(
      foreign.errorLines == [
        "replicate: foreign/claim: has a script but no figure.json, and stored scripts are not run; judge claim again"
      ])
    let names = try FileManager.default.subpathsOfDirectory(atPath: space.path)
    #expect(!names.contains { $0.hasSuffix("pwned") }, "nothing was run")
  }

  /// A drawing or a figure that the verdict does not name is not shown, wherever it comes from.
  @Test func onlyWhatBelongsToAVerdictIsShown() throws {
    let space = try Workspace()
    _ = try space.run("crossover")
    func report(_ arguments: String...) throws -> (page: String, errors: String) {
      let process = try space.start(["report"] + arguments)
      let result = try process.finish()
      #expect(result.status == 0, "\(result.errors)")
      return (try space.read("results/report.html"), result.errors)
    }
    let first = try report()
    #expect(first.page.contains("data:image/svg+xml,") && first.page.contains("<summary>Configuration"))
    #expect(first.errors.isEmpty)
    // A comment changes nothing, a number does.
    let settings = Workspace.configuration()
    try space.write("experiments.toml", settings + "# a comment\n")
    #expect(try report().page.contains("# a comment"))
    try space.write("experiments.toml", settings.replacing("epochs = 2", with: "epochs = 3"))
    let later = try report()
    #expect(!later.page.contains("<summary>Configuration"))
    #expect(later.page.contains("judged under other settings than it has now: crossover."))
    #expect(try space.run("report", "--config", "nowhere.toml").status == 64)
    // Judging anew without drawing leaves no drawing of the earlier verdict.
    let check = try space.run("check", "crossover")
    #expect(check.status == 2 && check.errors.contains("`replicate figures --directory results` draws those of these"))
    #expect(!space.exists("results/crossover/crossover.svg") && space.exists("results/crossover/figure.json"))
    let undrawn = try report()
    #expect(
      !undrawn.page.contains("data:image/svg+xml") && undrawn.errors.contains("crossover: no figure is known to be"))
    #expect(try space.run("figures", "--directory", "results").status == 0)
    #expect(try report().page.contains("data:image/svg+xml"))
    #expect(try space.run("check", "crossover").errors.isEmpty, "the same figure stays drawn")
    // Somebody else's drawing, and somebody else's figure.
    try space.write("results/crossover/crossover.svg", "<svg></svg>")
    #expect(!(try report().page.contains("data:image/svg+xml")))
    #expect(
      try space.run("doctor", "--rerun", "0").output.contains("crossover.svg was altered, or is of another verdict"))
    let figure = try space.read("results/crossover/figure.json")
    try space.write("results/crossover/figure.json", figure.replacing("endings", with: "endingz"))
    let refused = try space.run("figures", "--directory", "results")
    #expect(refused.status == 65 && refused.errors.contains("figure.json: is not the figure of the verdict beside it"))
    // A verdict that says something else.
    let verdict = try space.read("results/crossover/verdict.json")
    try space.write("results/crossover/verdict.json", verdict.replacing("\"inconclusive\"", with: "\"holds\""))
    #expect(try space.run("report").status == 65)
    #expect(!(try space.run("list").output.contains("holds")))
    #expect(try space.run("doctor", "--rerun", "0").output.contains("verdict.json: was altered"))
  }

  @Test func whereEveryRunDivergedNoEarlierFigureStays() throws {
    let space = try Workspace()
    _ = try space.run("crossover", "--preset", "smoke")
    #expect(space.exists("results/crossover/crossover.svg"))
    try space.write(
      "experiments.toml", Workspace.configuration(epochs: 40, learningRate: "10", weightDecay: "100", seeds: 1))
    #expect(try space.run("crossover").output.contains("Figure:  none, because no run has finished"))
    for name in ["crossover.svg", "crossover.png", "crossover.gp", "figure.json"] {
      #expect(!space.exists("results/crossover/\(name)"), "\(name)")
    }
    #expect(!(try space.run("report").errors.contains("no figure")))
  }
}

@Suite struct VerifyCommandTests {
  static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/dense.safetensors").path

  @Test func aGoodFilePasses() throws {
    let space = try Workspace()
    let json = try space.run("verify", Self.fixture, "--json")
    #expect(json.status == 0)
    #expect(Set(json.json.keys) == ["fixture", "kind", "max_error", "passed", "tolerance"])
    #expect(json.json["kind"] as? String == "dense")
    #expect(json.json["passed"] as? Bool == true)
    let errors = try #require(json.json["max_error"] as? [String: Double])
    #expect(errors["ar.logits"] != nil && errors["dlm.loss"] != nil)
    let text = try space.run("verify", Self.fixture)
    #expect(text.status == 0)
    #expect(text.output.hasSuffix("dense model: passed\n"))
  }

  @Test func aTruncatedFileIsBadData() throws {
    let space = try Workspace()
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.fixture))
    try space.write("short.safetensors", data.prefix(data.count / 2))
    try space.write("shorter.safetensors", data.prefix(5))
    try space.write("text.safetensors", "this is no safetensors file at all")
    for name in ["short", "shorter", "text"] {
      let result = try space.run("verify", name + ".safetensors", "--json")
      #expect(result.status == 65, "\(name)")
      #expect(result.errorLines.count == 1 && result.errors.contains("\(name).safetensors"), "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  /// A model's file is a safetensors file, but no oracle.
  @Test func anotherFileIsBadData() throws {
    let space = try Workspace()
    _ = try space.run("crossover", "--preset", "smoke")
    let run = try #require(try space.runs().first)
    let result = try space.run("verify", "results/runs/\(run)/model.safetensors")
    #expect(result.status == 65)
    #expect(result.errorLines.count == 1 && result.errors.contains("is not an oracle file"), "\(result.errors)")
  }

  @Test func aMissingFileIsAnError() throws {
    let result = try Workspace().run("verify", "nowhere.safetensors")
    #expect(result.status == 74)
    #expect(result.errorLines.count == 1 && result.errors.contains("nowhere.safetensors"), "\(result.errors)")
  }
}

@Suite struct ExportTests {
  @Test func everyRunInOneTable() throws {
    let space = try Workspace()
    let none = try space.run("export")
    #expect(none.status == 64 && none.errors.contains("results holds no run that has ended"))
    _ = try space.run("crossover")
    let result = try space.run("export", "--json")
    #expect(
      result.status == 0 && result.json["runs"] as? Int == 6 && result.json["csv"] as? String == "results/runs.csv")
    let rows = try space.read("results/runs.csv").split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 1 + (result.json["rows"] as? Int ?? 0) && rows.allSatisfy { $0.count == rows[0].count })
    #expect(rows[0].prefix(5) == ["run", "outcome", "preset", "arm", "objective"])
    #expect(Set(rows.dropFirst().map { String($0[0]) }) == Set(try space.runs()))
    #expect(Set(rows.dropFirst().map { $0[3] }) == ["AR", "DLM"])
    // The same numbers as the claim's own.
    let own = try space.read("results/crossover/data.csv").split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let (all, flops) = (try #require(rows[0].firstIndex(of: "flops")), try #require(own[0].firstIndex(of: "flops")))
    #expect(Set(rows.dropFirst().map { $0[all] }) == Set(own.dropFirst().map { $0[flops] }))
    // A run that is damaged, and one that has not ended, are named and left out.
    let runs = try space.runs()
    try space.write("results/runs/\(runs[0])/spec.json", "{}")
    try FileManager.default.removeItem(atPath: space.file("results/runs/\(runs[1])/record.json"))
    let partial = try space.run("export", "--to", "some.csv")
    #expect(partial.status == 0 && partial.output == "some.csv\n" && partial.errorLines.count == 2, "\(partial.errors)")
    #expect(try !space.read("some.csv").contains(runs[0]) && !space.read("some.csv").contains(runs[1]))
  }

  @Test func eventsForTensorBoard() throws {
    let space = try Workspace()
    _ = try space.run("crossover", "--seeds", "2")
    let result = try space.run("export", "--events", "logs")
    #expect(result.status == 0 && result.output == "logs: 6 runs\n")
    let run = try #require(try FileManager.default.contentsOfDirectory(atPath: space.file("logs/DLM")).first)
    let file = try Data(contentsOf: URL(fileURLWithPath: space.file("logs/DLM/\(run)/events.out.tfevents.0.replicate")))
    #expect(file.dropFirst(23).starts(with: Data("brain.Event:2".utf8)))
    for tag in ["loss/training", "loss/validation", "endings/acc", "knowledge/nll_wrong"] {
      #expect(file.range(of: Data(tag.utf8)) != nil, "\(tag)")
    }
    #expect(try space.run("export", "--events", "logs", "--to", "x.csv").status == 64)
  }
}
