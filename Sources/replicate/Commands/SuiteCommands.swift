// Commands about all claims together: all, check.

import ArgumentParser
import Experiments

/// `replicate all`.
struct AllCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Trains, judges and draws every claim; runs that claims share are trained once.",
    discussion: """
        replicate all
        replicate all --preset full
      """)

  @OptionGroup var options: ClaimOptions

  func run() throws {
    let (judged, isComplete) = try judgeAll(try options.configuredClaims(), options)
    let status = try present(judged, options)
    if !isComplete { throw Finish(status: .io) }
    if status != .ok { throw Finish(status: status) }
  }
}

/// `replicate check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Trains what is missing and prints a line a claim: do the claims still hold?",
    discussion: """
      A line says verdict, effect with interval, one-sided p (also after Holm's correction over all claims) and what the paper \
      reports. Exit status: 0 all hold, 1 some claim fails, 2 none fails but some are inconclusive. With --expected the verdicts \
      are compared with those that the configuration lists (`expected`, "holds" where nothing is listed): 0 if all are as \
      expected, 1 or 2 if a claim fails or is inconclusive against expectation.

        replicate check
        replicate check --expected crossover data-budget
        replicate check --json
      """)

  @Argument(help: "Claims to check (default: all).", transform: nonEmpty) var names: [String] = []
  @OptionGroup var options: ClaimOptions
  @Flag(help: "Compare with the verdicts that the configuration lists.") var expected = false

  func run() throws {
    let chosen = names.isEmpty ? try options.configuredClaims() : try names.map { try knownClaim($0) }
    let (judged, isComplete) = try judgeAll(chosen, options)
    try printLines(judged, json: options.json)
    if !isComplete { throw Finish(status: .io) }
    let lines = judged.map(\.summary)
    let status = expected ? lines.statusAgainstExpected : lines.status
    if status != .ok { throw Finish(status: status) }
  }
}

/// `replicate report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Writes one self-contained HTML page of all stored verdicts, tables and figures.",
    discussion: """
      Reads what the claims have stored, trains nothing. The page needs no network and follows the reader's light or dark \
      preference.

        replicate report
        replicate report --directory figures --to verdicts.html
      """)

  @Option(help: ArgumentHelp("The folder that holds a folder a claim.", valueName: "directory"), transform: nonEmpty)
  var directory = "results"
  @Option(
    help: ArgumentHelp("Where to write the page (default: report.html in the directory).", valueName: "file"),
    transform: nonEmpty)
  var to: String?
  @Option(help: ArgumentHelp("The configuration to show.", valueName: "file"), transform: nonEmpty) var config = "experiments.toml"
  @Flag(help: "Print the table of verdicts in Markdown instead of writing the page.") var markdown = false
  @Flag(help: "Print what was written as JSON on standard output.") var json = false

  func run() throws {
    let reported = try ReportedClaim.all(in: directory)
    if reported.isEmpty {
      throw UsageError(
        description: "\(directory) holds no verdict; name another folder by --directory, or run `replicate all` first")
    }
    if markdown {
      print(markdownReport(reported), terminator: "")
      return
    }
    let configuration = try readFileIfThere(config, namedBy: .user).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let page = try htmlReport(reported, configuration: configuration, version: replicateVersion)
    let path = to ?? directory + "/report.html"
    try writeAtomically(page, to: path, namedBy: .user)
    print(json ? try jsonText(["claims": "\(reported.count)", "page": path]) : path)
  }
}
