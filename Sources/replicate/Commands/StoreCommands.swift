// Commands about what is stored and planned: list, plan, run, figures.

import ArgumentParser
import Experiments
import Figures
import Foundation

/// `replicate list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the claims with their presets, estimated time and last verdict.")

  @OptionGroup var options: ClaimOptions

  func run() throws {
    let rows = try claimSummaries(options.files.config, out: options.files.out, jobs: options.runner.jobs, backend: options.backend)
    if options.json {
      print(try jsonText(rows))
    } else {
      print(
        textTable(
          columns: ["claim", "preset", "runs", "finished", "time from empty", "last verdict"],
          rows: rows.map { [$0.claim, $0.preset.rawValue, "\($0.runs)", "\($0.finished)", formatDuration($0.seconds), $0.verdict ?? ""] }),
        terminator: "")
    }
  }
}

/// `replicate plan CLAIM`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Shows the runs that a claim needs and which of them are there.",
    discussion: "  replicate plan crossover --preset full")

  @Argument(help: "The claim.") var claim: String
  @OptionGroup var options: ClaimOptions

  func run() throws {
    let runs = try plannedRuns(claim, options.settings(try knownClaim(claim)), backend: options.backend)
    let lines = options.runner.states(runs).map { PlanLine($0.run, $0.status) }
    if options.json {
      for line in lines { print(try jsonText(line)) }
    } else {
      print(
        textTable(
          columns: ["run", "what", "state", "time"],
          rows: lines.map { [$0.hash, $0.label + ": " + $0.summary, $0.state, formatDuration($0.seconds)] }), terminator: "")
    }
  }
}

/// `replicate run HASH…`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carries out exactly the runs with these hashes, as `replicate plan` shows them.",
    discussion: "  replicate run 0123456789abcdef --preset full")

  @Argument(help: "Hashes of runs of the preset, of any claim.") var hashes: [String]
  @OptionGroup var options: ClaimOptions

  func run() async throws {
    let all = try claimNames.flatMap { try plannedRuns($0, options.settings($0), backend: options.backend) }
    let byHash = Dictionary(all.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
    let wanted = try hashes.map { hash in
      guard let run = byHash[hash] else {
        throw UsageError(description: "no run \(hash) at preset \(options.preset.rawValue); `replicate plan` lists them")
      }
      return run
    }
    try await trainToEnd(wanted, options)
  }
}

/// `replicate figures`.
struct FiguresCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures", abstract: "Redraws stored figures from their scripts and data, without training.",
    discussion: """
      By default the repository's own figures; --out names another folder of results.

        replicate figures
        replicate figures --directory results
      """)

  @Option(help: ArgumentHelp("The folder that holds a folder a claim.", valueName: "directory"))
  var directory = "figures"

  func run() async throws {
    let scripts = try figureScripts(in: directory)
    if scripts.isEmpty { throw UsageError(description: "\(directory) holds no figure; run a claim first, for example `replicate crossover`") }
    for script in scripts {
      let files = try await redraw(script: script)
      print("\(files.svg)\n\(files.png)")
    }
  }
}
