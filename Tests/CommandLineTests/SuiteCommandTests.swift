// all, check and report: every claim of a configuration in one go. What the verdicts are made of is tested with the claims.

import Foundation
import Testing

@Suite struct SuiteCommandTests {
  /// The tiny configuration with three more claims, one of which has two stages.
  static let configuration =
    Workspace.configuration() + """

      [sparsity]
      tasks = ["endings"]
      margin = 0.0
      variants = [{ name = "dense" }, { name = "sparse", model = { experts = { count = 2, active = 1, feed_forward = 8 } } }]

      [sparsity.preset]
      smoke = { seeds = 1 }
      ci = { seeds = 2, expected = "inconclusive" }
      full = { seeds = 2 }

      [tuned-baseline]
      tasks = ["endings", "knowledge"]
      margin = 0.0
      variants = [{ name = "plain" }, { name = "masked", input_masking = 0.3 }]

      [tuned-baseline.preset]
      smoke = { seeds = 1 }
      ci = { seeds = 2 }
      full = { seeds = 2 }

      """

  @Test func checkTrainsEachSpecificationOnceAndPrintsALineAClaim() throws {
    let space = try Workspace(Self.configuration)
    let check = try space.run("check")
    #expect(check.status == 2, "too few seeds to decide: \(check.errors)")
    #expect(check.lines.dropLast().count == 3)
    #expect(
      check.output.contains(/(?m)^crossover +inconclusive +.* points \[.*\]; p = .*, Holm .*; paper: .*EXPECTED holds$/)
    )
    #expect(check.output.contains(/(?m)^sparsity +inconclusive +[^E]*$/), "as listed")
    // crossover 6, the mixture 4; the search 2 AR and 1 DLM, its second stage at most 4, of which plain ones are shared.
    let runs = try space.runs().count
    #expect((13...17).contains(runs), "\(runs)")
    let times = try space.modificationTimes("results/runs")
    #expect(try space.run("check").output == check.output)
    #expect(try space.modificationTimes("results/runs") == times, "not trained again")
    for claim in ["crossover", "sparsity", "tuned-baseline"] { #expect(space.exists("results/\(claim)/verdict.json")) }
  }

  /// That a verdict cannot come of it is said before hours are spent.
  @Test func tooFewSeedsAreNoticedInThePlan() throws {
    let space = try Workspace()
    let words = "(2 seeds, where at least 5 are needed)"
    let planned = try space.run("plan", "crossover")
    #expect(planned.status == 0 && planned.errorLines.count == 1)
    #expect(planned.errors.hasPrefix("note: crossover: too few seeds for a verdict, which stays inconclusive: "))
    #expect(planned.errors.contains(words) && planned.errors.hasSuffix("; give more with --seeds\n"))
    #expect(try space.run("plan", "crossover", "--seeds", "5").errors.isEmpty)
    #expect(try space.run("plan", "crossover", "--preset", "smoke").errors.isEmpty)
    for arguments in [["--seeds", "2"], ["--set", "seeds=2"]] {
      #expect(try space.start(["crossover"] + arguments).finish().errorLines.first?.contains(words) == true)
    }
  }

  /// The program's own presets have enough, also where a search has yet to choose what is compared.
  @Test(arguments: ["gate", "ci", "full"]) func noPresetHasTooFewSeeds(_ preset: String) throws {
    let space = try Workspace("")
    #expect(!(try space.run("plan", "all", "--preset", preset).errors.contains("too few seeds")))
    let fewer = try space.run("plan", "tuned-baseline", "--preset", preset, "--seeds", "4")
    #expect(fewer.errors.contains("too few seeds"))
  }

  @Test func checkComparesWithWhatIsListed() throws {
    let space = try Workspace(Self.configuration)
    #expect(try space.run("check", "--expected", "sparsity").status == 0)
    #expect(try space.run("check", "sparsity").status == 2)
    try space.write(
      "experiments.toml", Self.configuration.replacing("expected = \"inconclusive\"", with: "expected = \"holds\""))
    #expect(try space.run("check", "--expected", "sparsity").status == 2)
    #expect(try space.run("check", "sparsety").errorLines.last?.contains("did you mean `sparsity`?") == true)
    #expect(
      try space.run("input-noise").errorLines == [
        "replicate: experiments.toml: input-noise: missing; expected a table, as `replicate config show` prints them"
      ])
  }

  @Test func checkSpeaksJSON() throws {
    let check = try Workspace(Self.configuration).run("check", "--json", "crossover", "sparsity", "--preset", "smoke")
    #expect(check.status == 0, "smoke never gives a verdict")
    let lines = check.lines.dropLast()
    #expect(lines.count == 2)
    for line in lines {
      let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(json["claim"] != nil && json["paper"] != nil && json["expected"] != nil)
      #expect(json["verdict"] == nil)
    }
  }

  @Test func allDrawsAndTheReportIsOnePage() throws {
    let space = try Workspace(Self.configuration)
    let early = try space.run("report")
    #expect(early.status == 64 && early.errors.contains("run `replicate all` first") || early.status == 74)
    #expect(try space.run("all", "--preset", "smoke").status == 0)
    for claim in ["crossover", "sparsity", "tuned-baseline"] { #expect(space.exists("results/\(claim)/\(claim).svg")) }
    let report = try space.run("report")
    #expect(report.output == "results/report.html\n")
    let page = try space.read("results/report.html")
    #expect(page.components(separatedBy: "<section id=").count == 4)
    #expect(page.components(separatedBy: "data:image/svg+xml;base64,").count == 4)
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
    // Nothing is loaded from elsewhere.
    #expect(!page.contains(/(src|href)="(?!#|data:|https:\/\/arxiv)/))
    #expect(page.contains("[tuned-baseline]"), "the configuration is shown")
    try space.write("results/sparsity/verdict.json", "{\"claim\": 3}")
    let broken = try space.run("report")
    #expect(broken.status == 65)
    #expect(broken.errors.contains("results/sparsity/verdict.json: not a valid record (no String at claim)"))
  }
}
