// What can go wrong with output: no gnuplot or one that fails, a directory that cannot be written, nobody who reads.

import Foundation
import Testing

@Suite struct OutputTests {
  @Test func withoutGnuplotTheNumbersAreThere() throws {
    let space = try Workspace()
    let result = try space.run("crossover", environment: ["PATH": "/nonexistent"])
    let reason = "gnuplot is not on the PATH; install it with \"apt-get install gnuplot-nox\""
    #expect(result.status == 2, "the verdict's")
    #expect(
      result.errorLines.first == "note: there will be no figure: \(reason); or say --no-figures", "before training")
    #expect(result.errorLines.last == "replicate: \(reason)")
    #expect(result.output.contains("Verdict: inconclusive."))
    #expect(result.output.hasSuffix("Numbers: results/crossover/data.csv, verdict.json\n"))
    #expect(space.exists("results/crossover/data.csv") && space.exists("results/crossover/verdict.json"))
    #expect(!space.exists("results/crossover/crossover.gp"))
    let all = try space.run("all", environment: ["PATH": "/nonexistent"])
    #expect(all.status == 2 && all.errorLines.last == "replicate: \(reason)")
    #expect(try space.run("crossover").status == 2, "with gnuplot the figure follows")
    #expect(space.exists("results/crossover/crossover.svg"))
  }

  /// Where nobody wants a figure, nobody speaks of one.
  @Test(arguments: [["crossover", "--preset", "smoke"], ["all", "--preset", "smoke"], ["judge", "crossover"]])
  func withoutFigures(_ arguments: [String]) throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    let result = try space.start(arguments + ["--no-figures"], environment: ["PATH": "/nonexistent"]).finish()
    #expect(result.status == (arguments[0] == "judge" ? 2 : 0))
    #expect(!(result.errors + result.output).contains("gnuplot"))
    #expect(space.exists("results/crossover/figure.json") == (arguments[0] != "judge"))
    #expect(!space.exists("results/crossover/crossover.svg"))
  }

  /// Without a verdict there is no status but the figure's.
  @Test func withoutGnuplotAndVerdictNotEverythingIsDone() throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    for arguments in [["crossover", "--preset", "smoke"], ["all", "--preset", "smoke"]] {
      #expect(try space.start(arguments, environment: ["PATH": "/nonexistent"]).finish().status == 74)
    }
  }

  @Test func aFailingGnuplotIsAnError() throws {
    let space = try Workspace()
    try space.write("bin/gnuplot", "#!/bin/sh\necho 'line 7: no such terminal' >&2\nexit 1\n")
    chmod(space.file("bin/gnuplot"), 0o755)
    let path = space.file("bin") + ":/usr/bin:/bin"
    let result = try space.run("crossover", "--json", environment: ["PATH": path])
    #expect(result.status == 2, "the verdict's")
    #expect(result.json["claim"] as? String == "crossover", "the result is printed nevertheless")
    #expect(
      result.errorLines.last?.hasPrefix("replicate: gnuplot failed on figure \"crossover\"") == true, "\(result.errors)"
    )
    #expect(result.errorLines.last?.contains("line 7: no such terminal") == true)
    #expect(!space.exists("results/crossover/crossover.svg"), "no figure was left half-drawn")
    #expect(try space.run("figures", "--directory", "results").status == 0, "it can be drawn without judging again")
    #expect(space.exists("results/crossover/crossover.svg"))
  }

  /// Without PATH the system's own folders are searched, for gnuplot too.
  @Test func withoutAPathThereIsNoWrongNote() throws {
    let result = try Workspace().shell("env -u PATH $REPLICATE crossover --preset smoke")
    #expect(result.status == 0 && !result.errors.contains("no figure"), "\(result.errors)")
  }

  /// A remedy names an option that the command has.
  @Test func everyCommandIsToldAnotherPlaceInItsOwnWay() throws {
    let space = try Workspace()
    #expect(try space.run("crossover", "--preset", "smoke").status == 0)
    try space.write("file", "a regular file")
    let reason = "a part of the path is not a directory; check the path, or"
    for (arguments, path, remedy) in [
      (["report", "--to", "file/x.html"], "file/x.html", "name another file with --to"),
      (["export", "--to", "file/x.csv"], "file/x.csv", "name another file with --to"),
      (["config", "init", "file/x.toml"], "file/x.toml", "name another file"),
    ] {
      let result = try space.start(arguments).finish()
      #expect(result.status == 74 && result.errors == "replicate: cannot write \(path): \(reason) \(remedy)\n")
    }
    let events = try space.run("export", "--events", "file/logs")
    #expect(events.status == 74 && events.errors.hasSuffix("name another directory with --events\n"))
    // What figures are redrawn in is where they are.
    _ = try space.shell("rm results/crossover/crossover.*; mkdir results/crossover/crossover.svg")
    let figures = try space.run("figures", "--directory", "results")
    #expect(figures.status == 74 && figures.errors.hasSuffix("so a drawing does not replace it; remove it\n"))
    #expect(!figures.errors.contains("--out"))
  }

  @Test(arguments: ["file/results", "/proc/results"]) func aDirectoryThatCannotBeMade(_ out: String) throws {
    let space = try Workspace()
    try space.write("file", "a regular file")
    let result = try space.run("crossover", "--out", out)
    #expect(result.status == 74)
    #expect(result.errorLines.count == 1, "before anything is trained: \(result.errors)")
    #expect(result.errors.hasPrefix("replicate: cannot make the directory \(out)/runs: "))
    #expect(result.output.isEmpty)
  }

  @Test(arguments: [
    "$REPLICATE --help", "$REPLICATE crossover --help", "$REPLICATE corpus world --documents 200", "$REPLICATE list",
    "$REPLICATE crossover --preset smoke", "$REPLICATE crossover --preset smoke --json",
  ])
  func aClosedOutputIsNoCrash(_ command: String) throws {
    let space = try Workspace()
    // `true` reads nothing, so the pipe is closed from the start; the status is that of replicate.
    let result = try space.shell("set -o pipefail; \(command) | true")
    #expect(result.status < 128, "ended by a signal: \(result.errors)")
    #expect(!result.errors.contains("Fatal error"))
    let head = try space.shell("\(command) | head -1")
    #expect(head.status == 0)
    #expect(head.lines.count == 2)
  }
}
