// `replicate crossover` from an empty store to the verdict, again, stopped and continued, and with runs that diverge.

import Foundation
import Testing

@Suite struct CrossoverCommandTests {
  @Test func theResultAsJSON() throws {
    let space = try Workspace()
    let result = try space.run("crossover", "--json")
    #expect(result.status == 2, "two seeds decide nothing")
    #expect(result.lines.count == 2, "one line of JSON")
    let json = result.json
    #expect(
      Set(json.keys) == [
        "claim", "verdict", "preset", "seeds", "metrics", "estimates", "records", "statement", "sentence", "remarks",
        "comparisons", "machine", "trends", "effect", "p", "tables", "files", "configuration", "parts", "expected",
        "asExpected", "estimate", "low", "high", "unit", "margin",
      ])
    #expect(json["claim"] as? String == "crossover")
    #expect(json["verdict"] as? String == "inconclusive")
    #expect(json["preset"] as? String == "ci")
    #expect(json["seeds"] as? Int == 2)
    #expect((json["metrics"] as? [String: Double])?["ar_best_accuracy"] != nil)
    let estimates = try #require(json["estimates"] as? [[String: Any]])
    #expect(!estimates.isEmpty)
    for estimate in estimates {
      #expect(Set(estimate.keys).isSubset(of: ["name", "value", "low", "high", "unit"]))
      #expect(estimate["name"] is String && estimate["value"] is Double && estimate["unit"] is String)
    }
    #expect((json["records"] as? [String])?.sorted() == (try space.runs()))
    #expect(try space.runs().count == 6)

    let text = try space.read("results/crossover/verdict.json")
    var stored = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(stored.removeValue(forKey: "seal") != nil)
    #expect(stored["result"] as? NSDictionary == json as NSDictionary && stored["kind"] as? String == "verdict")
    #expect(json["asExpected"] as? Bool == false && json["expected"] as? String == "holds")
    let part = try #require((json["parts"] as? [[String: Any]])?.first)
    for key in ["estimate", "low", "high", "margin", "p"] {
      #expect(part[key] is Double && part[key] as? Double == json[key] as? Double, "\(key)")
    }
    #expect(
      (part["rule"] as? String)?.hasPrefix("holds if the 95 % interval over at least 5 seeds lies above 0") == true)
    #expect(
      try space.read("results/crossover/data.csv").hasPrefix(
        "claim,condition,arm,seed,checkpoint,epoch,tokens,flops,run,"))
    for name in ["crossover.svg", "crossover.png", "crossover.gp"] {
      #expect(space.exists("results/crossover/" + name))
    }
  }

  @Test func finishedRunsAreNotTrainedAgain() throws {
    let space = try Workspace()
    let first = try space.run("crossover")
    #expect(first.status == 2)
    #expect(
      first.words.contains("Verdict: inconclusive. DLM's final accuracy − AR's best (mean of endings, knowledge): "))
    #expect(first.output.contains("\nNumbers: results/crossover/data.csv, verdict.json\n"))
    #expect(first.errorLines.count == 6, "one line per run, for its end")
    #expect(first.lines.allSatisfy { $0.count <= 80 }, "wider than 80 columns")
    let times = try space.modificationTimes("results/runs")
    let second = try space.run("crossover")
    #expect(second.output == first.output)
    #expect(second.errors.isEmpty)
    #expect(try space.modificationTimes("results/runs") == times)
    // Other seeds share the runs that are there.
    _ = try space.run("crossover", "--seeds", "3")
    #expect(try space.runs().count == 9)
    #expect(try space.modificationTimes("results/runs").filter { times[$0.key] != nil } == times)
  }

  @Test func smokeGivesNoVerdict() throws {
    let result = try Workspace().run("crossover", "--preset", "smoke")
    #expect(result.status == 0)
    #expect(result.output.contains("No verdict (preset smoke)."))
    #expect(try Workspace().run("crossover", "--preset", "smoke", "--json").json["verdict"] == nil)
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129), (SIGXCPU, 152)] as [(Int32, Int32)])
  func aStoppedRunContinuesToTheSameNumbers(_ signal: Int32, _ status: Int32) throws {
    // Checkpoints after the first epoch, the 160th and the last: the signal comes in the long stretch between them.
    let space = try Workspace(Workspace.configuration(epochs: 2000, checkpoints: 3, seeds: 1))
    let running = try space.start(["crossover", "--jobs", "1"])
    space.awaitState()
    usleep(20_000)
    kill(running.process.processIdentifier, signal)
    let stopped = try running.finish()
    #expect(stopped.status == status)
    #expect(
      stopped.errorLines.last
        == "replicate: stopped; everything finished so far is kept: run the same command again to continue")
    let begun = try #require(try space.runs().first)
    #expect(
      !space.exists("results/runs/\(begun)/record.json"), "the signal came too late for the test to mean anything")
    #expect(space.exists("results/runs/\(begun)/state"))
    #expect(try space.run("plan", "crossover").output.contains("partial, step "))

    #expect(try space.run("run", begun).output == "\(begun)  finished\n")
    #expect(try space.run("run", begun, "--out", "whole").output == "\(begun)  finished\n")
    #expect(space.differences(of: begun, "results", "whole") == [])
    #expect(!space.exists("results/runs/\(begun)/state"))
  }

  @Test func aLossThatIsNotANumberIsADivergedRun() throws {
    // A step multiplies every weight by 1 − 10 · 100.
    let space = try Workspace(Workspace.configuration(epochs: 40, learningRate: "10", weightDecay: "100", seeds: 1))
    let result = try space.run("crossover")
    #expect(result.status == 2)
    #expect(result.output.contains("Verdict: inconclusive."))
    #expect(result.words.contains("AR, seed 1 (training diverged at step "))
    #expect(result.output.contains("Figure:  none, because no run has finished"))
    for run in try space.runs() {
      #expect(try space.read("results/runs/\(run)/record.json").contains("\"outcome\": \"diverged\""))
    }
    let plan = try space.run("plan", "crossover")
    #expect(plan.output.contains("lower `learning_rate`"))
    #expect(plan.output.contains(" in "))
    #expect(plan.output.contains("last good checkpoint: step ") || plan.output.contains("no good checkpoint before it"))
    #expect(plan.output.contains("All 3 runs have ended."))
    let metrics = try space.run("crossover", "--json").json["metrics"] as? [String: Double]
    #expect(Set(metrics?.keys.map { $0 } ?? []) == ["parametersPerUniqueToken", "tokensPerParameter"], "no accuracy")
  }

  /// One of the runs has diverged, as its record says.
  @Test func oneDivergedRunIsNamedAndTheOthersAreUsed() throws {
    let space = try Workspace(Workspace.configuration(seeds: 5))
    #expect(try space.run("crossover").words.contains("over 5 seeds"))
    let plan = try space.run("plan", "crossover", "--json").results
    let hash = try #require(plan.first { $0["label"] as? String == "DLM, seed 3" }?["hash"] as? String)
    let record = "results/runs/\(hash)/record.json"
    try space.write(
      record,
      Workspace.withoutSeal(try space.read(record))
        .replacing("\"outcome\": \"finished\"", with: "\"outcome\": \"diverged\", \"reason\": \"loss nan\""))
    let result = try space.run("crossover")
    #expect(result.status == 2)
    #expect(result.words.contains("missing or diverged: DLM, seed 3 (loss nan) •"))
    #expect(result.words.contains("over 4 seeds"))
    #expect(result.errors.isEmpty, "nothing is trained again")
  }
}
