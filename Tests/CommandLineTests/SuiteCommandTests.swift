// all, check and report: every claim of a configuration in one go. What the verdicts are made of is tested with the claims.

import Foundation
import FoundationXML
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
    #expect(check.output.contains(/(?m)^crossover +inconclusive, EXPECTED holds .* hold$/))
    #expect(check.words.contains(/: inconclusive|inconclusive: DLM's final accuracy − AR's best .* points \[.*\]/))
    #expect(check.words.contains(/p = .*, Holm .*; paper: 1B models/))
    #expect(check.output.contains(/(?m)^sparsity +inconclusive +[^E]*$/), "as listed")
    for part in ["dense", "sparse"] {
      #expect(check.words.contains("inconclusive: \(part), DLM's final accuracy − AR's best: "), "every part is shown")
    }
    #expect(check.lines.allSatisfy { $0.count <= 80 }, "wider than 80 columns")
    #expect(check.words.hasSuffix("3 claims: 1 as expected, 2 not (crossover, tuned-baseline); 3 are inconclusive."))
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

  /// What is set for all claims and is impossible for one leaves out that one where everything is shown, and is an
  /// error that names it where everything is to be judged.
  @Test func aSettingThatOneClaimCannotHaveIsToldOfThatClaim() throws {
    let space = try Workspace("")
    let change = ["--preset", "smoke", "--set", "training.ensemble=2"]
    let reason = "order: no run can have this: training: ensemble 2 with the order fixed-"
    let planned = try space.start(["plan", "all"] + change).finish()
    #expect(planned.status == 0 && planned.errors.contains("note: left out: \(reason)"), "\(planned.errors)")
    #expect(try space.run("list", "--set", "training.ensemble=2").status == 0)
    #expect(try space.run("list", "--set", "training.ensemble=2").errors.contains("note: left out: \(reason)"))
    for command in ["judge", "status"] {
      let done = try space.start([command, "all"] + change).finish()
      #expect(done.status != 64 && done.errors.contains("note: left out: \(reason)"), "\(command): \(done.errors)")
    }
    for arguments in [["plan", "order"], ["check"], ["all"]] {
      let refused = try space.start(arguments + change).finish()
      #expect(
        refused.status == 64 && refused.errors.contains("replicate: \(reason)"), "\(arguments): \(refused.errors)")
    }
  }

  /// A setting of another preset would have no effect.
  @Test(arguments: ["preset.ci.seeds=3", "crossover.preset.full.seeds=2"])
  func aSettingOfAnotherPresetIsRefused(_ setting: String) throws {
    let refused = try Workspace("").run("plan", "crossover", "--preset", "smoke", "--set", setting)
    #expect(refused.status == 64 && refused.errors.contains("and the command about smoke; give --preset"))
    let preset = setting.contains("ci") ? "ci" : "full"
    #expect(try Workspace("").run("plan", "crossover", "--preset", preset, "--set", setting).status == 0)
  }

  /// What a claim varies itself cannot be set for all of its conditions, and the built-in file is not to blame.
  @Test(arguments: [
    ("regime", "model.width=16"), ("data-budget", "world.unique_tokens=1000"), ("parameter-noise", "model.dropout=0.1"),
    ("tuned-baseline", "training.weight_decay=0.3"),
  ])
  func whatAClaimVariesCannotBeSet(_ claim: String, _ setting: String) throws {
    let refused = try Workspace("").run(claim, "--preset", "gate", "--set", setting)
    #expect(refused.status == 64)
    #expect(
      refused.errors.hasSuffix(" and varies such settings itself; leave out --set \(setting)\n"), "\(refused.errors)")
  }

  /// The program's own presets have enough, also where a search has yet to choose what is compared.
  @Test(arguments: ["gate", "ci", "full"]) func noPresetHasTooFewSeeds(_ preset: String) throws {
    let space = try Workspace("")
    // At gate natural-text has too few on purpose, so that it comes out the same with and without the corpora's packages.
    let few = try space.run("plan", "all", "--preset", preset).errors.split(separator: "note: ")
      .filter { $0.contains("too few seeds") && !(preset == "gate" && $0.hasPrefix("natural-text: ")) }
    #expect(few.isEmpty)
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
    #expect(check.status == 2, "smoke never gives a verdict, so nothing is checked")
    let claims = try #require(check.json["claims"] as? [[String: Any]])
    #expect(claims.count == 2)
    let tally = try #require(check.json["tally"] as? [String: Any])
    #expect(tally["claims"] as? Int == 2 && tally["withoutVerdict"] as? Int == 2 && tally["asExpected"] as? Int == 0)
    for json in claims {
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
    #expect(page.components(separatedBy: "data:image/svg+xml,").count == 4)
    #expect(page.contains("<th>claim</th><th>verdict</th>"), "the verdict is visible on a phone")
    #expect(page.contains("holds if the 95 % interval over at least 5 seeds lies above 0"))
    #expect(
      page.contains("(negative control)") && page.contains("<td>sparse, DLM&#39;s final accuracy − AR&#39;s best</td>"))
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

/// `check` as continuous integrations take it.
@Suite struct CheckFormatTests {
  private let space: Workspace

  init() throws { space = try Workspace(SuiteCommandTests.configuration) }

  @Test func junit() throws {
    let check = try space.run("check", "--format", "junit", "--expected", "crossover", "sparsity")
    #expect(check.status == 2, "\(check.errors)")
    let suite = try XMLDocument(xmlString: check.output).rootElement()
    #expect(suite?.name == "testsuites" && suite?.attribute(forName: "tests")?.stringValue == "2")
    #expect(suite?.attribute(forName: "failures")?.stringValue == "1")
    let cases = try #require(try suite?.nodes(forXPath: "testsuite/testcase") as? [XMLElement])
    #expect(cases.map { $0.attribute(forName: "name")?.stringValue } == ["crossover", "sparsity"])
    let failure = try #require(cases[0].elements(forName: "failure").first)
    #expect(failure.attribute(forName: "message")?.stringValue?.contains("(expected: holds)") == true)
    #expect(failure.stringValue?.contains("holds if the 95 % interval") == true)
    #expect(cases[1].elements(forName: "failure").isEmpty && cases[1].elements(forName: "skipped").isEmpty)
    // Without the list, what is undecided is skipped.
    let plain = try XMLDocument(xmlString: try space.run("check", "--format", "junit", "sparsity").output)
    #expect(try plain.nodes(forXPath: "//skipped").count == 1)
  }

  @Test func github() throws {
    let environment = [
      "GITHUB_STEP_SUMMARY": space.file("summary.md"), "GITHUB_SERVER_URL": "https://github.com",
      "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee",
    ]
    try space.write("Documentation/claims/crossover.md", "a page")
    try space.write("summary.md", "before\n")
    let process = try space.start(
      ["check", "--format", "github", "--expected", "crossover", "sparsity"], environment: environment)
    let check = try process.finish()
    #expect(check.status == 2)
    let annotations = check.lines.filter { $0.hasPrefix("::") }
    #expect(annotations.count == 2, "one that is unexpected, and the tally: \(annotations)")
    #expect(
      annotations.first?.hasPrefix("::error title=replicate%3A crossover::inconclusive (expected: holds): ") == true)
    #expect(annotations.first?.contains("95 %25 interval") == true && annotations.first?.contains("%0A") == true)
    #expect(annotations.last?.hasPrefix("::notice title=replicate check::2 claims: 1 as expected") == true)
    let summary = try space.read("summary.md")
    #expect(summary.hasPrefix("before\n### replicate check\n"))
    #expect(summary.contains("[crossover](https://github.com/a/b/blob/c0ffee/Documentation/claims/crossover.md)"))
    #expect(
      summary.contains(#/\| ❌ +\| \[crossover\]/#) && summary.contains(#/\| ✅ +\| sparsity /#), "no page, no link")
    #expect(!summary.contains(/\]\((?!https:)/), "every link is absolute")
    let markdown = try space.run("check", "--format", "markdown", "--expected", "crossover", "sparsity")
    #expect(markdown.output.hasPrefix("### replicate check\n\n2 claims: 1 as expected, 1 not (crossover)"))
  }

  @Test func formatsThatDoNotGoTogether() throws {
    let both = try space.run("check", "--json", "--format", "junit")
    #expect(both.status == 64 && both.errors.contains("--json: --format junit is another format"))
    #expect(try space.run("check", "--format", "html").status == 64)
    #expect(try space.run("check", "--format", "json", "--preset", "smoke", "sparsity").json["tally"] != nil)
  }
}
