// train, evaluate, sample and compare.

import Foundation
import Testing

@Suite struct ModelCommandTests {
  /// Trains a model and gives its hash.
  private func trained(_ space: Workspace, _ arguments: String...) throws -> String {
    let process = try space.start(["train"] + arguments + ["--json"])
    let result = try process.finish()
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json["state"] as? String == "finished")
    return try #require(result.json["hash"] as? String)
  }

  @Test func trainingPrintsItsCheckpointsAndStoresTheRun() throws {
    let space = try Workspace()
    let result = try space.run("train", "dlm", "--epochs", "3", "--width", "12", "--layers", "2", "--seed", "4")
    #expect(result.status == 0)
    #expect(
      result.lines.first?.words == [
        "epoch", "step", "training", "loss", "validation", "CE", "endings", "%", "knowledge", "%",
      ])
    let run = try #require(try space.runs().first)
    #expect(
      result.words.contains(
        "Run: \(run), DLM, width 12, 2 layers, 400 unique tokens of the world corpus, 4 topics, 3 epochs, seed 4"))
    #expect(try space.read("results/runs/\(run)/config.json").contains("\"intermediate_size\": 32"))
    #expect(
      try trained(space, "dlm", "--epochs", "3", "--width", "12", "--layers", "2", "--seed", "4") == run, "the same run"
    )
  }

  /// What was set stays as it was set, and what follows is said.
  @Test func theFeedForwardWidthFollowsTheWidthUnlessItIsSet() throws {
    let space = try Workspace()
    func inner(_ run: String) throws -> String {
      String(
        try #require(try space.read("results/runs/\(run)/config.json").firstMatch(of: /"intermediate_size": (\d+)/)?.1))
    }
    let following = try space.run("train", "ar", "--width", "12")
    #expect(following.errors.contains("the feed-forward width follows --width: 32 in place of 16"))
    #expect(try inner(try #require(try space.runs().first)) == "32")
    let run = try trained(space, "ar", "--width", "12", "--set", "model.feed_forward=24")
    #expect(try inner(run) == "24")
  }

  @Test(arguments: [
    (["train", "rnn"], "rnn"), (["train", "dlm", "--width", "9"], "width 9 is not divisible by 2 heads"),
    (["train", "dlm", "--input-masking", "0.3"], "only AR has an input to mask"),
    (["train", "ar", "--epochs", "0"], "--epochs 0"),
    (["train", "ar", "--dropout", "1"], "dropout 1.0"), (["sample", "zzz"], "has no run zzz"),
    (["evaluate", "abc", "--items", "0"], "--items 0"), (["compare", "a", "b"], "has no run a"),
    (["sample", "abc", "--temperature", "nan"], "--temperature nan"),
    (["train", "block-dlm"], "Missing option --block: a block-dlm has blocks of a size; give for example --block 4"),
    (["train", "ar", "--block", "4"], "--block: only a block-dlm has blocks; leave it out"),
    (["train", "ar", "--seeds", "3"], "--seeds: one model has one seed; give it with --seed"),
    (["train", "ar", "--set", "seeds=3"], "--set seeds: one model has one seed; give it with --seed"),
    (["train", "ar", "--epochs", "3", "--set", "training.epochs = 4"], "--epochs 3 sets it too; leave one out"),
    (["train", "ar", "--width", "1000000000"], "--width 1000000000: give a number from 2 to 8192"),
    (["train", "ar", "--layers", "9999"], "--layers 9999: give a number from 1 to 256"),
    (["train", "ar", "--learning-rate", "0"], "--learning-rate 0.0: give a number from 1e-09 to 10.0"),
    (["train", "ar", "--weight-decay", "inf"], "--weight-decay inf"),
    (["train", "ar", "--ensemble", "0"], "--ensemble 0: give a number from 1 to 8"),
    (["train", "ar", "--ensemble", "2", "--set", "training.ensemble=3"], "--ensemble 2 sets it too; leave one out"),
    (["train", "ar", "--ensemble", "2", "--order", "fixed-2"], "ensemble 2 with the order fixed-2, which is of one"),
    (["train", "ar", "--unique-tokens", "3"], "from 48 to"),
    (["evaluate", "abc", "--config", "x"], "--config"), (["evaluate", "abc", "--samples", "99999"], "from 1 to 10000"),
    (["doctor", "--config", "x"], "--config"), (["judge", "crossover", "--jobs", "2"], "--jobs: judge trains nothing"),
    (["status", "crossover", "--jobs", "2"], "--jobs: the times are those of one core"),
    (["report", "--markdown", "--to", "x"], "--to: with --markdown"),
    (["list", "--json", "--preset", "ci"], "--preset: "),
    (["plan", "crossover", "--hashes", "--json"], "--json: with --hashes"),
    (["submit", "crossover", "--dry-run", "--json"], "--json: a dry run prints scripts"),
    (["check", "--expected", "--preset", "smoke"], "--expected: preset smoke gives no verdict"),
  ])
  func mistakesAreUsageErrors(_ arguments: [String], _ words: String) throws {
    let result = try Workspace().start(arguments).finish()
    #expect(result.status == 64 && result.errors.contains(words), "\(result.errors)")
  }

  /// What a machine cannot have is refused before anything is built, and nothing is left in the store.
  @Test func memoryThatCannotBeHadIsALine() throws {
    let space = try Workspace()
    let result = try space.run("train", "ar", "--width", "8192", "--layers", "256", "--json")
    #expect(result.status == 74 && result.output.isEmpty)
    #expect(result.errorLines.last?.contains(/needs about \d+(\.\d)? [MG]iB/) == true)
    #expect(try space.runs().isEmpty)
    let corpus = try space.run("corpus", "world", "--unique-tokens", "1000000000")
    #expect([0, 74].contains(corpus.status), "unless there are 50 GiB")
  }

  @Test func optionsWithoutEffectAreRefused() throws {
    let space = try Workspace()
    let run = try trained(space, "ar")
    try space.write("book.txt", Workspace.prose(60))
    for (arguments, words) in [
      (["evaluate", run, "--samples", "4"], "--samples: an AR model's likelihoods are exact"),
      (["sample", run, "--text", "book.txt"], "--text: run \(run) was trained on the world corpus"),
      (["compare", "results", "results", "--out", "x"], "--out: says where runs are"),
    ] {
      let result = try space.start(arguments).finish()
      #expect(result.status == 64 && result.errors.contains(words), "\(result.errors)")
    }
  }

  /// What `train` and `sample` say of a damaged model helps when it is followed.
  @Test func aDamagedModelIsToldWithARemedyThatWorks() throws {
    let space = try Workspace()
    let run = try trained(space, "ar")
    let path = "results/runs/\(run)/model.safetensors"
    let whole = try Data(contentsOf: URL(fileURLWithPath: space.file(path)))
    try space.write(path, whole.dropLast() + [whole.last.map { $0 ^ 1 } ?? 0])
    for arguments in [["sample", run], ["train", "ar"]] {
      let result = try space.start(arguments).finish()
      #expect(result.status == 65 && result.output.isEmpty)
      let line = result.errorLines.last ?? ""
      #expect(line.contains("model.safetensors: was altered") && line.contains("delete it, and the command"), "\(line)")
    }
    try FileManager.default.removeItem(atPath: space.file(path))
    #expect(try trained(space, "ar") == run)
    #expect(try Data(contentsOf: URL(fileURLWithPath: space.file(path))) == whole)
  }

  /// Every command that reads runs says what is damaged and what helps, and gives no number of it.
  @Test(arguments: [
    ("printf x >> metrics.jsonl", "metrics.jsonl: was altered"), ("rm metrics.jsonl", "metrics.jsonl is lost"),
    ("rm spec.json", "spec.json is lost"), ("sed -i s/finished/diverged/ record.json", "record.json: was altered"),
  ])
  func damageIsNamedByEveryReader(_ damage: String, _ words: String) throws {
    let space = try Workspace()
    let (whole, broken) = (try trained(space, "dlm"), try trained(space, "ar"))
    _ = try space.shell("cp -r results copy; cd results/runs/\(broken); \(damage)")
    for arguments in [
      ["sample", broken], ["evaluate", broken], ["compare", broken, whole], ["compare", "results", "copy"],
    ] {
      let result = try space.start(arguments).finish()
      #expect(result.status == 65 && result.output.isEmpty, "\(arguments): \(result.errors)")
      let line = result.errorLines.last ?? ""
      #expect(line.contains(words) && line.contains("the command that trained the run makes it again"), "\(line)")
    }
    let export = try space.run("export")
    #expect(
      export.status == 0 && export.errors.contains("\(broken): ") && export.errors.contains(words), "\(export.errors)")
    let table = try space.read("results/runs.csv")
    #expect(table.contains(whole) && !table.contains(broken))
    #expect(try trained(space, "ar") == broken)
    #expect(try space.run("compare", "results", "copy").status == 0)
  }

  /// The checksum is that of the file, so the run is whole; its numbers are of no use all the same.
  @Test func weightsThatAreNotFiniteHaveNoScores() throws {
    let space = try Workspace()
    let run = try trained(space, "ar")
    let (path, record) = ("results/runs/\(run)/model.safetensors", "results/runs/\(run)/record.json")
    let before = try space.shell("sha256sum \(path)").output.prefix(64)
    var model = try Data(contentsOf: URL(fileURLWithPath: space.file(path)))
    model.replaceSubrange(model.count - 4..<model.count, with: [0, 0, 0xC0, 0x7F])
    try space.write(path, model)
    let after = try space.shell("sha256sum \(path)").output.prefix(64)
    try space.write(record, Workspace.withoutSeal(try space.read(record)).replacing(before, with: after))
    for command in ["evaluate", "sample"] {
      let result = try space.run(command, run)
      #expect(result.status == 65 && result.output.isEmpty)
      #expect(result.errorLines.last?.contains("has values that are not finite, so the model gives no answers") == true)
    }
  }

  /// With the run's own numbers of items the scores are those of its last checkpoint.
  @Test(arguments: ["ar", "dlm"]) func evaluatingRepeatsTheLastCheckpoint(_ objective: String) throws {
    let space = try Workspace()
    let run = try trained(space, objective)
    let again = try space.run("evaluate", String(run.prefix(6)), "--json")
    #expect(again.status == 0)
    let last = try #require(try space.read("results/runs/\(run)/metrics.jsonl").split(separator: "\n").last)
    let line = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
    for key in ["tasks", "validation"] {
      #expect((line[key] as? NSDictionary) == (again.json[key] as? NSDictionary), "\(key)")
    }
    let more = try space.start(
      ["evaluate", run, "--items", "24"] + (objective == "dlm" ? ["--samples", "3"] : [])
    ).finish()
    #expect(more.status == 0 && more.output.contains("endings") && more.output.contains("Validation cross-entropy: "))
    #expect(more.lines.contains { $0.words.prefix(2) == ["endings", "24"] })
  }

  /// An ensemble is evaluated as a whole, with the scores of its record; it writes, and one member is not taken for it.
  @Test(arguments: ["ar", "dlm"]) func anEnsembleIsOneModel(_ objective: String) throws {
    let space = try Workspace()
    let run = try trained(space, objective, "--ensemble", "2")
    let again = try space.run("evaluate", run, "--json")
    #expect(again.status == 0)
    let last = try #require(try space.read("results/runs/\(run)/metrics.jsonl").split(separator: "\n").last)
    let line = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
    #expect((line["validation"] as? NSDictionary) == (again.json["validation"] as? NSDictionary))
    for (task, scores) in try #require(again.json["tasks"] as? [String: NSDictionary]) {
      #expect(scores == (line["tasks"] as? [String: NSDictionary])?[task], "\(task)")
    }
    let drawn = try space.run("sample", run, "--count", "1", "--length", "7", "--seed", "3")
    #expect(drawn.status == 0 && drawn.output.contains("an ensemble of 2") && drawn.output.contains("(7 tokens, "))
    #expect(try space.run("doctor").status == 0)
    let single = try trained(space, objective)
    let result = try space.run("compare", single, run)
    #expect(result.lines.contains { $0.words == ["training.ensemble", "–", "2"] }, "\(result.output)")
    #expect(try space.run("evaluate", single, "--json").output != again.output)
  }

  @Test func samplingShowsEveryStep() throws {
    let space = try Workspace()
    let run = try trained(space, "dlm")
    let arguments = ["sample", run, "--count", "2", "--length", "10", "--steps", "5", "--show-steps"]
    let drawn = try space.start(arguments).finish()
    #expect(drawn.status == 0)
    let steps = drawn.lines.filter { $0.firstMatch(of: /^\d+\s\s/) != nil }
    #expect(steps.count == 10)
    #expect(steps.prefix(5).map { line in line.count(where: { $0 == "·" }) } == [8, 6, 4, 2, 0])
    #expect(drawn.lines.count(where: { $0.hasPrefix("(10 tokens, 5 forward passes; of ") }) == 2)
    #expect(try space.start(arguments).finish().output == drawn.output, "a seed fixes what is drawn")
    #expect(try space.start(arguments + ["--seed", "2"]).finish().output != drawn.output)
    let prompted = try space.run("sample", run, "--prompt", "then she", "--length", "6", "--count", "1", "--json")
    #expect((prompted.json["text"] as? String)?.hasPrefix("then she ") == true)
    #expect(prompted.json["passes"] as? Double == 4)
    let unknown = try space.run("sample", run, "--prompt", "quux")
    #expect(unknown.status == 65 && unknown.errors.contains("quux"))
    #expect(try space.run("sample", run, "--length", "49").status == 65)

    let other = try trained(space, "ar")
    let words = try space.run("sample", other, "--count", "1", "--length", "7", "--temperature", "0")
    #expect(words.output.contains("(7 tokens, 7 forward passes; of "))
    #expect(try space.run("sample", other, "--steps", "3").status == 64)
  }

  /// A model writes without the text that it was trained on, and the same; scores need the held-out part.
  @Test(arguments: ["byte-pairs", "characters"]) func aTextRunNeedsItsTextForScores(_ tokenizer: String) throws {
    let space = try Workspace()
    try space.write("book.txt", Workspace.prose(60))
    let run = try trained(space, "dlm", "--text", "book.txt", "--set", "text.tokenizer=\(tokenizer)")
    let writing = ["sample", run, "--count", "1", "--length", "20", "--prompt", "the river "]
    let with = try space.start(writing + ["--text", "book.txt"]).finish()
    #expect(with.status == 0 && !with.output.isEmpty)
    let apart = try space.start(writing).finish()
    #expect(apart.status == 0 && apart.output == with.output, "\(apart.errors)")
    #expect(try space.run("sample", run).status == 0, "as long as the context")
    let without = try space.run("evaluate", run)
    #expect(without.status == 65 && without.errors.contains("name its files with --text"))
    try space.write("book.txt", Workspace.prose(60, from: 1))
    let changed = try space.run("evaluate", run, "--text", "book.txt")
    #expect(changed.status == 65 && changed.errors.contains("this is not the text that the run was planned on"))
  }

  @Test func comparingSaysWhatDiffers() throws {
    let space = try Workspace()
    let runs = [try trained(space, "ar"), try trained(space, "dlm", "--epochs", "3")]
    let result = try space.run("compare", runs[0], runs[1])
    #expect(result.status == 0)
    #expect(result.lines.contains { $0.words == ["training.epochs", "2", "3"] })
    #expect(result.words.contains("objective.autoregressive.inputMasking 0 –"))
    #expect(result.words.contains("objective.maskedDiffusion – yes"))
    #expect(result.output.contains("endings, best") && result.output.contains("or weights differ."))
    // For programs settings and scores are numbers.
    let numbers = try space.run("compare", runs[0], runs[1], "--json").json
    func row(_ list: String, _ name: String) -> [String: Any]? {
      (numbers[list] as? [[String: Any]])?.first { $0["name"] as? String == name }
    }
    let epochs = try #require(row("parameters", "training.epochs"))
    #expect(epochs["first"] as? Int == 2 && epochs["second"] as? Int == 3)
    #expect(row("parameters", "objective.maskedDiffusion")?["second"] as? Bool == true)
    #expect(row("parameters", "objective.maskedDiffusion")?["first"] == nil)
    let best = try #require(row("metrics", "endings, best"))
    #expect(best["unit"] as? String == "accuracy" && (0...1).contains(best["first"] as? Double ?? -1))
    #expect(row("metrics", "training tokens")?["first"] as? Int ?? 0 > 100)
    let same = try space.run("compare", runs[0], runs[0])
    #expect(same.output.contains("The specifications are the same.") && same.output.contains("are bit-identical."))

    #expect(try space.run("crossover").status == 2)
    _ = try space.shell("cp -r results other")
    let stores = try space.run("compare", "results", "other")
    #expect(
      stores.lines.prefix(3) == [
        "7 runs in both, 0 only in results, 0 only in other.", "All runs that are in both are bit-identical.",
        "All stored verdicts are the same.",
      ])
    try FileManager.default.removeItem(atPath: space.file("other/crossover"))
    _ = try space.shell("rm -r other/runs/\(runs[0])")
    let json = try space.run("compare", "results", "other", "--json").json
    #expect(json["common"] as? Double == 6 && json["onlyInFirst"] as? Double == 1)
    let verdict = try #require((json["verdicts"] as? [[String: Any]])?.first)
    let outcome = try #require(verdict["first"] as? [String: Any])
    #expect(verdict["claim"] as? String == "crossover" && verdict["second"] == nil)
    #expect(outcome["verdict"] as? String == "inconclusive" && outcome["estimate"] is Double)
    #expect(try space.run("compare", "results", "other").output.contains("\n  other: –"))
    #expect(try space.run("compare", "results", "nothing").status == 64)
  }
}

extension String {
  fileprivate var words: [String] { split(whereSeparator: \.isWhitespace).map(String.init) }
}
