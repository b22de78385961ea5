// plan for scripts, submit, status, judge. Slurm is played by two scripts here; a real one is in Tests/Cluster.

import Foundation
import Testing

@Suite struct PlanForScriptsTests {
  @Test func missingRunsAndTheirHashes() throws {
    let space = try Workspace()
    let missing = try space.run("plan", "crossover", "--missing")
    #expect(missing.status == 0 && missing.lines.count == 7)
    for line in missing.lines.dropLast() {
      #expect(
        line.wholeMatch(of: /[0-9a-f]{16} +[0-9]+ s  [0-9]+ MiB  (AR|DLM|AR control), seed [12]/) != nil, "\(line)")
    }
    let hashes = try space.run("plan", "crossover", "--missing", "--hashes").lines.dropLast()
    #expect(Array(hashes) == missing.lines.dropLast().map { String($0.prefix(16)) })
    #expect(try space.run("run", hashes[0], hashes[3]).status == 0)
    #expect(
      try space.run("plan", "crossover", "--missing", "--hashes").lines.dropLast()
        == hashes.enumerated().filter { ![0, 3].contains($0.offset) }.map(\.element)[...])
    #expect(try space.run("plan", "crossover", "--hashes").lines.dropLast() == hashes, "ended or not")
  }

  @Test func runsOfSeveralClaimsAreThereOnce() throws {
    let space = try Workspace(SuiteCommandTests.configuration)
    let all = try space.run("plan", "all", "--hashes").lines.dropLast()
    #expect(all.count == 6 + 4 + 3 && Set(all).count == all.count, "crossover, the mixture, the search")
    #expect(
      try space.run("plan", "crossover", "sparsity", "tuned-baseline", "crossover", "--hashes").lines.dropLast() == all)
    #expect(try space.run("plan", "sparsity", "sparsity", "--hashes").lines.dropLast().count == 8)
    let text = try space.run("plan", "all")
    #expect(text.words.contains("13 of 13 runs to do, about"))
    #expect(text.words.contains("4 more follow once searches have chosen them."))
    #expect(text.output.contains("crossover: DLM, seed 1") && text.output.contains("sparsity: AR, sparse, seed 2"))
  }

  /// As it stands in the documentation, but for `parallel`, which the test of the cluster has.
  @Test func thePipelineReachesTheSecondStage() throws {
    // Whatever the search chooses is none of the settings that are trained anyway.
    let space = try Workspace(
      SuiteCommandTests.configuration.replacing(
        "name = \"plain\"", with: "name = \"plain\", training = { weight_decay = 0.5 }"
      )
      .replacing("input_masking = 0.3", with: "input_masking = 0.3, training = { weight_decay = 0.5 }"))
    let pipeline = "\"$REPLICATE\" plan all --missing --hashes | xargs -n 5 \"$REPLICATE\" run"
    let first = try space.shell(pipeline)
    #expect(first.status == 0 && first.lines.count == 14, "\(first.errors)")
    let further = try space.run("plan", "all", "--missing", "--hashes").lines.dropLast()
    #expect(further.count == 4, "what the search has chosen")
    #expect(try space.shell(pipeline).status == 0)
    #expect(try space.run("plan", "all", "--missing").output.isEmpty)
    #expect(try space.run("plan", "all").output.hasSuffix("runs have ended.\n"))
  }
}

@Suite struct ClusterCommandTests {
  /// A directory with commands that answer as Slurm does: the third job fails if there is a file `full`.
  private func slurm(_ space: Workspace) throws -> [String: String] {
    let sbatch = """
      #!/bin/bash
      echo "$@" >>submitted
      if [[ -e full && $(wc -l <submitted) -ge 3 ]]; then echo 'sbatch: error: Batch job submission failed' >&2; exit 1; fi
      echo $((100 + $(wc -l <submitted)))
      """
    try space.write("slurm/sbatch", sbatch)
    try space.write("slurm/squeue", "#!/bin/bash\nif [[ -e queue ]]; then cat queue; fi\n")
    for name in ["sbatch", "squeue"] {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: space.file("slurm/" + name))
    }
    return ["PATH": space.file("slurm") + ":/usr/bin:/bin"]
  }

  @Test func withoutSlurmADryRunWorksAndASubmissionSaysSo() throws {
    let space = try Workspace()
    let dry = try space.start(["submit", "crossover", "--dry-run"], environment: ["PATH": space.path]).finish()
    #expect(dry.status == 0, "\(dry.errors)")
    #expect(
      dry.output.contains("results/slurm/crossover-ci-1/runs-0.sh <==\n#!/bin/bash\n#SBATCH --job-name=replicate\n"))
    #expect(dry.lines.suffix(3).first?.hasPrefix("runs_0=$(sbatch --parsable ") == true)
    #expect(!space.exists("results"), "a dry run writes nothing")
    let real = try space.start(["submit", "crossover"], environment: ["PATH": space.path]).finish()
    #expect(real.status == 74)
    #expect(
      real.errorLines.count == 1
        && real.errors.contains("squeue is not on the PATH: run this where Slurm is installed"))
    #expect(!space.exists("results"))
  }

  /// The jobs ask about the same text, and what they leave is judged as `crossover --text` judges it.
  @Test func aTextIsHandedOver() throws {
    let space = try Workspace()
    try space.write("my text.txt", Workspace.prose(60))
    let text = ["--text", "my text.txt", "--preset", "smoke"]
    let script = try space.start(
      ["submit", "crossover", "--dry-run"] + text, environment: ["PATH": space.path]
    ).finish()
    #expect(script.status == 0, "\(script.errors)")
    #expect(script.output.contains(" run '--text=my text.txt' --preset=smoke "))
    #expect(script.output.contains(" judge crossover '--text=my text.txt' --preset=smoke "))
    #expect(try space.start(["status", "crossover"] + text).finish().words.contains("crossover 3 0 0 0 0 3"))
    let asked = try space.start(["crossover"] + text).finish()
    let judged = try space.start(["judge", "crossover"] + text).finish()
    #expect(asked.status == 0 && judged.status == 0 && judged.output == asked.output && judged.errors.isEmpty)
    #expect(
      try space.start(["judge", "sparsity"] + text).finish().status == 64, "only crossover can be asked about a text")
  }

  @Test func aSubmissionIsRememberedUntilItIsOver() throws {
    let space = try Workspace(SuiteCommandTests.configuration)
    let slurm = try slurm(space)
    let first = try space.run("submit", "all", "--minutes", "1e-9", "--partition", "cpu", environment: slurm)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("Submitted 13 runs in "))
    let submitted = try space.read("submitted").split(separator: "\n").map(String.init)
    let folder = space.file("results/slurm/all-ci-1")
    #expect(submitted.count == 3)
    #expect(
      submitted.map { String($0.drop { $0 != "/" }) } == ["runs-0", "chosen", "judge"].map { "\(folder)/\($0).sh" })
    #expect(submitted[2].hasPrefix("--parsable --dependency=afterany:101:102 "))
    let script = try space.read("results/slurm/all-ci-1/runs-0.sh")
    #expect(script.contains("\n#SBATCH --partition=cpu\n"))

    // Two tasks are still queued; of the others one has run.
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(try space.read("results/slurm/all-ci-1/submission.json").utf8))
        as? [String: Any])
    let jobs = try #require(json["jobs"] as? [[String: Any]])
    let tasks = try #require(jobs[0]["tasks"] as? [[String]])
    #expect(tasks.count == 13 && tasks.allSatisfy { $0.count == 1 })
    try space.write("queue", "101 0\n101 2\n102 N/A\n")
    #expect(try space.run("run", tasks[1][0]).status == 0)
    let again = try space.run("submit", "all", "--dry-run", environment: slurm)
    #expect(again.status == 0)
    for hash in tasks[3...].joined() { #expect(again.output.contains(hash)) }
    for hash in tasks[..<3].joined() { #expect(!again.output.contains(hash)) }
    #expect(again.output.contains("results/slurm/all-ci-2/runs-0.sh <=="))

    try space.write("queue", tasks.indices.map { "101 \($0)\n" }.joined())
    let queued = try space.run("submit", "all", environment: slurm)
    #expect(queued.output == "Nothing to submit: every run that has not ended is queued already (12).\n")
    #expect(try space.read("submitted").split(separator: "\n").count == 3)
  }

  @Test func aSubmissionThatFailsHalfwayNamesWhatIsQueued() throws {
    let space = try Workspace(SuiteCommandTests.configuration)
    let slurm = try slurm(space)
    try space.write("full", "")
    let result = try space.run("submit", "all", environment: slurm)
    #expect(result.status == 74)
    #expect(result.errorLines.count == 1)
    #expect(
      result.errors.contains("Batch job submission failed; submitted before that: runs-0 as job 101, chosen as job 102")
    )
    #expect(try space.read("results/slurm/all-ci-1/submission.json").contains("\"102\""))
  }

  @Test(arguments: [
    ["--array-limit", "0"], ["--minutes", "0"], ["--partition", "a b"], ["--account", "a\nb"], ["--time", "\"1\""],
  ])
  func whatSlurmCouldMisreadIsAUsageError(_ options: [String]) throws {
    let result = try Workspace().start(["submit", "crossover", "--dry-run"] + options).finish()
    #expect(result.status == 64)
    #expect(result.errors.contains("Error: \(options[0])"), "\(result.errors)")
  }

  @Test func statusCountsAndJudgeJudges() throws {
    let space = try Workspace(SuiteCommandTests.configuration)
    let none = try space.run("status", "all")
    #expect(none.status == 0)
    #expect(none.output.contains(/\ncrossover +6 +0 +0 +0 +0 +6\b/))
    #expect(none.output.contains(/\ntuned-baseline +7 \+ 4 +0\b/))
    #expect(none.output.contains(/\nall +13 \+ 4 +0 +0 +0 +0 +13\b/))
    #expect(none.words.contains("0 of 13 runs have ended, and 4 more follow once searches have chosen them; about "))
    #expect(!space.exists("results"))
    #expect(none.lines.allSatisfy { $0.count <= 80 })

    let hashes = try space.run("plan", "crossover", "--hashes").lines.dropLast()
    #expect(try space.run("run", hashes[0], hashes[1]).status == 0)
    let json = try space.run("status", "crossover", "--json").json
    #expect(Set(json.keys) == ["claims", "lost", "running", "total"])
    let total = try #require(json["total"] as? [String: Any])
    #expect(
      total["runs"] as? [String: Int] == [
        "finished": 2, "missing": 4, "running": 0, "stopped": 0, "diverged": 0, "failed": 0,
      ])
    #expect(total["secondsLeft"] as? Double ?? 0 > 0)

    let early = try space.run("judge", "crossover")
    #expect(early.status == 2, "runs are missing")
    #expect(try space.read("results/crossover/verdict.json").contains("(not run)"))
    #expect(try space.runs().count == 2, "nothing is trained")
    #expect(try space.run("crossover").status == 2)
    let trained = try space.read("results/crossover/verdict.json")
    let judged = try space.run("judge", "crossover")
    #expect(judged.output.hasPrefix("crossover         inconclusive"))
    #expect(judged.output.hasSuffix("Figure: results/crossover/crossover.png\n"))
    #expect(try space.read("results/crossover/verdict.json") == trained)
    #expect(try space.run("status", "crossover").words.hasSuffix("All 6 runs have ended."))
  }

  @Test func aLostRunIsNamed() throws {
    let space = try Workspace()
    _ = try space.run("crossover")
    let run = try #require(try space.runs().first)
    try space.write("results/runs/\(run)/spec.json", "{}")
    let status = try space.run("status", "crossover")
    #expect(status.output.contains(/\ncrossover +6 +5 +0 +0 +1 +0\b/))
    #expect(status.words.contains("\(run), crossover: ") && status.words.contains("describes run"))
    #expect(try space.run("status", "crosover").errorLines.last?.contains("did you mean `crossover`?") == true)
  }
}
