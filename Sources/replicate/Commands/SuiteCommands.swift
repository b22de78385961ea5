// Commands about all claims together: all, check.

import ArgumentParser
import Basics
import Files
import Foundation
import Reporting
import Running
import SystemPackage

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
    commandName: "check", abstract: "Trains what is missing and says of every claim: does it still hold?",
    discussion: """
      Each claim has a line with verdict, effect and interval, and below it what was compared, the one-sided p (also \
      after Holm's correction over all claims) and what the paper reports; a tally comes last. Exit status: 0 all hold, \
      1 some claim fails, 2 none fails but some are inconclusive, or have no verdict because the preset is smoke. With \
      --expected the verdicts are compared with those listed in the configuration (`expected`, "holds" where nothing is \
      listed): 0 if all are as expected, 1 or 2 if a claim unexpectedly fails or is inconclusive.

      --format junit prints JUnit's XML; github prints annotations beside the text, and writes a summary with links \
      where GITHUB_STEP_SUMMARY names a file; markdown prints that summary, for a comment for example.

        replicate check
        replicate check --expected crossover data-budget
        replicate check --format junit > junit.xml
        replicate check --json
      """)

  @Argument(help: "Claims to check (default: all).", transform: nonEmpty) var names: [String] = []
  @OptionGroup var options: ClaimOptions
  @Flag(help: "Compare with the verdicts listed in the configuration.") var expected = false
  @Option(help: "How to print: text, json (the same as --json), junit, github or markdown.") var format: CheckFormat?

  /// What is printed is for a program.
  private var isForPrograms: Bool { options.json || format != nil && format != .text && format != .github }

  func validate() throws {
    if let format, format != .json, options.json {
      throw ValidationError("--json: --format \(format.rawValue) is another format; give one of them")
    }
    if expected && options.preset == .smoke {
      throw ValidationError("--expected: preset smoke gives no verdict to compare; give another --preset")
    }
  }

  func run() throws {
    let (judged, isComplete) = try judgeAll(try options.studies(names.isEmpty ? ["all"] : names), options)
    let lines = try judged.map(\.summary).withHolm()
    try show(lines)
    if judged.contains(where: { !$0.folder.isDrawn($0.record) }) {
      Replicate.note(
        "check draws no figures; `replicate figures --directory \(options.files.out)` draws those of these verdicts",
        unless: isForPrograms)
    }
    if !isComplete { throw Finish(status: .io) }
    let status = expected ? lines.statusAgainstExpected : lines.statusOfCheck
    if status != .ok { throw Finish(status: status) }
  }

  private func show(_ lines: [ClaimLine]) throws {
    let rule: CheckRule = expected ? .expected : .holds
    let environment = ProcessInfo.processInfo.environment
    let pages = PageAddress(environment: environment)
    switch options.json ? .json : format ?? .text {
    case .text: print(lines.text(width: outputWidth), terminator: "")
    case .json: try printJSON(.checks, CheckResult(lines))
    case .junit: print(lines.junit(rule), terminator: "")
    case .markdown: print(lines.markdown(rule, pages: pages), terminator: "")
    case .github:
      print(lines.text(width: outputWidth) + lines.annotations(rule), terminator: "")
      if let summary = environment["GITHUB_STEP_SUMMARY"], !summary.isEmpty {
        try append(lines.markdown(rule, pages: pages), to: summary)
      }
    }
  }

  /// Appends to a file that others write to as well.
  private func append(_ text: String, to path: String) throws {
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.append, .create], permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter { _ = try file.writeAll(text.utf8) }
    } catch {
      throw LostOutput(
        description:
          "GITHUB_STEP_SUMMARY: cannot write to \(path): \(systemReason(error)); name a file that can be written")
    }
  }
}

extension CheckFormat: ExpressibleByArgument {}

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
    let (reported, damaged) = try ReportedClaim.all(in: directory)
    for error in damaged {
      Replicate.complain(
        "\(error); left out: give the command again that wrote it, which trains nothing anew, or delete the folder")
    }
    if reported.isEmpty {
      if !damaged.isEmpty { throw Finish(status: .badData) }
      throw UsageError(
        description: "\(directory) holds no verdict; name another folder with --directory, or run `replicate all` first"
      )
    }
    if markdown {
      print(markdownReport(reported), terminator: "")
      if !damaged.isEmpty { throw Finish(status: .badData) }
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
    try writeAtomically(page, to: path, namedBy: .user, elsewhere: "name another file with --to")
    if json { try printJSON(.report, WrittenReport(claims: reported.count, page: path)) } else { print(path) }
    if !damaged.isEmpty { throw Finish(status: .badData) }
  }
}

/// What `report --json` prints.
private struct WrittenReport: Encodable {
  let claims: Int
  let page: String
}
