// Commands about all claims together: all, check.

import ArgumentParser
import Files
import Reporting
import Running

/// `replicate all`.
struct AllCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Trains, judges and draws every claim; runs that claims share are trained once.",
    discussion: """
        replicate all
        replicate all --preset full
      """)

  @OptionGroup var options: ClaimOptions
  @OptionGroup var figures: FigureOptions

  func run() throws {
    figures.announce(options)
    let (judged, isComplete) = try judgeAll(try options.studies(["all"]), options)
    let status = try present(judged, options, figures)
    if !isComplete { throw Finish(status: .io) }
    if status != .ok { throw Finish(status: status) }
  }
}

/// `replicate check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Trains what is missing and prints one line per claim: do the claims still hold?",
    discussion: """
      Each line gives the verdict, the effect with its interval, the one-sided p (also after Holm's correction over \
      all claims) and what the paper reports. Exit status: 0 all hold, 1 some claim fails, 2 none fails but some are \
      inconclusive. With --expected the verdicts are compared with those listed in the configuration (`expected`, \
      "holds" where nothing is listed): 0 if all are as expected, 1 or 2 if a claim unexpectedly fails or is \
      inconclusive.

        replicate check
        replicate check --expected crossover data-budget
        replicate check --json
      """)

  @Argument(help: "Claims to check (default: all).", transform: nonEmpty) var names: [String] = []
  @OptionGroup var options: ClaimOptions
  @Flag(help: "Compare with the verdicts listed in the configuration.") var expected = false

  func validate() throws {
    if expected && options.preset == .smoke {
      throw ValidationError("--expected: preset smoke gives no verdict to compare; give another --preset")
    }
  }

  func run() throws {
    let (judged, isComplete) = try judgeAll(try options.studies(names.isEmpty ? ["all"] : names), options)
    try printLines(judged, json: options.json)
    if judged.contains(where: { !$0.folder.isDrawn($0.record) }) {
      Replicate.note(
        "check draws no figures; `replicate figures --directory \(options.files.out)` draws those of these verdicts",
        unless: options.json)
    }
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
      Reads stored results and trains nothing. A figure or configuration that does not belong to the verdicts is left \
      out. The page works offline and follows the reader's light or dark preference.

        replicate report
        replicate report --directory figures --to verdicts.html
      """)

  @Option(
    help: ArgumentHelp("The folder that holds one folder per claim.", valueName: "directory"), transform: nonEmpty)
  var directory = "results"
  @Option(
    help: ArgumentHelp("Where to write the page (default: report.html in the directory).", valueName: "file"),
    transform: nonEmpty)
  var to: String?
  @Option(
    help: ArgumentHelp("The configuration to show (default: experiments.toml, if it exists).", valueName: "file"),
    transform: nonEmpty)
  var config: String?
  @Flag(help: "Print the table of verdicts in Markdown instead of writing the page.") var markdown = false
  @Flag(help: "Print what was written as JSON on standard output.") var json = false

  func validate() throws {
    for (name, isGiven) in [("to", to != nil), ("config", config != nil), ("json", json)] where markdown && isGiven {
      throw ValidationError("--\(name): with --markdown only the table of verdicts is printed; leave one out")
    }
  }

  func run() throws {
    let reported = try ReportedClaim.all(in: directory)
    if reported.isEmpty {
      throw UsageError(
        description: "\(directory) holds no verdict; name another folder with --directory, or run `replicate all` first"
      )
    }
    if markdown {
      print(markdownReport(reported), terminator: "")
      return
    }
    let configuration = try ReportedConfiguration(path: config, of: reported)
    let page = try htmlReport(reported, configuration: configuration, version: replicateVersion)
    for claim in reported where claim.lacksFigure {
      Replicate.complain(
        "\(claim.name): no figure is known to be this verdict's, so none is shown; `replicate figures --directory "
          + "\(directory)` draws it where there is a figure.json, else judge \(claim.name) again")
    }
    let path = to ?? directory + "/report.html"
    try writeAtomically(page, to: path, namedBy: .user)
    print(json ? try jsonText(["claims": "\(reported.count)", "page": path]) : path)
  }
}
