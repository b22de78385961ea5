// Commands about what is stored and planned: list, plan, run, figures.

import ArgumentParser
import Experiments
import Figures
import Foundation

/// `replicate list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the claims with their presets, estimated time and last verdict.",
    discussion: """
      The times are estimates of training a claim alone from an empty store with the given number of jobs; runs that are \
      finished are never trained again, and claims share runs.

        replicate list
        replicate list --json
      """)

  @OptionGroup var files: StoreOptions
  @Option(help: ArgumentHelp("Runs at once, for the estimate (default: the number of cores).", valueName: "n"))
  var jobs: Int?
  @Option(help: "The preset whose finished runs and verdicts are shown.") var preset = Preset.ci
  @Flag(help: "Print every claim at every preset as JSON on standard output.") var json = false

  func validate() throws { try requireJobs(jobs) }

  func run() throws {
    let rows = try claimSummaries(
      files.config, out: files.out, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, backend: .native)
    if json {
      print(try jsonText(rows))
    } else {
      print(listText(rows, preset: preset), terminator: "")
    }
  }
}

/// `replicate plan CLAIM`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Shows the runs that a claim needs and which of them are there.",
    discussion: """
        replicate plan crossover --preset full
        replicate plan crossover --text book.txt
      """)

  @Argument(help: "The claim.") var claim: String
  @OptionGroup var options: ClaimOptions
  @OptionGroup var text: TextOptions

  func run() throws {
    let runs = try options.runner.known(try options.study(try knownClaim(claim), text: text.paths))
    let lines = options.runner.states(runs).map { PlanLine($0.run, $0.status) }
    if options.json {
      for line in lines { print(try jsonText(line)) }
    } else {
      print(planText(lines, jobs: options.runner.jobs, width: outputWidth), terminator: "")
    }
  }
}

/// `replicate run HASH…`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carries out exactly the runs with these hashes, as `replicate plan` shows them.",
    discussion: """
      For batch systems: the options must be those that `replicate plan` was called with, because they decide which runs \
      there are.

        replicate run 0123456789abcdef --preset full
      """)

  @Argument(help: "Hashes of runs of the preset, of any claim.") var hashes: [String]
  @OptionGroup var options: ClaimOptions
  @OptionGroup var text: TextOptions

  func run() async throws {
    let all = try options.configuredClaims().filter { text.paths.isEmpty || textClaims.contains($0.name) }.flatMap {
      try options.runner.known(try options.study($0, text: text.paths))
    }
    let byHash = Dictionary(all.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
    let wanted = try hashes.map { hash in
      guard let run = byHash[hash] else {
        throw UsageError(
          description: "no run \(hash) at preset \(options.preset.rawValue)\(suggestion(for: hash, among: byHash.keys)); "
            + "`replicate plan CLAIM` with the same options lists them")
      }
      return run
    }
    try await trainToEnd(wanted, options)
    for (run, status) in options.runner.states(wanted) {
      let line = PlanLine(run, status)
      print(options.json ? try jsonText(line) : "\(line.hash)  \(line.state)")
    }
  }
}

/// `replicate figures`.
struct FiguresCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures", abstract: "Redraws stored figures from their scripts and data, without training.",
    discussion: """
      By default the repository's own figures; --directory names another folder of results.

        replicate figures
        replicate figures --directory results
      """)

  @Option(help: ArgumentHelp("The folder that holds a folder a claim.", valueName: "directory"))
  var directory = "figures"
  @Flag(help: "Print a line of JSON a figure on standard output.") var json = false

  func run() async throws {
    let scripts = try figureScripts(in: directory)
    if scripts.isEmpty {
      throw UsageError(
        description: "\(directory) holds no figure; name another folder by --directory, or run a claim first, for "
          + "example `replicate crossover`")
    }
    for script in scripts {
      _ = try await redraw(script: script)
      let stem = script.dropLast(".gp".count)
      print(json ? try jsonText(["svg": stem + ".svg", "png": stem + ".png"]) : "\(stem).svg\n\(stem).png")
    }
  }
}
