// Commands about what is stored and planned: list, plan, run, figures.

import ArgumentParser
import Basics
import Claims
import Configuration
import Figures
import Files
import Foundation
import Reporting
import Specification
import Wording

/// `replicate list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the claims and studies with their estimated times and last verdicts.",
    discussion: """
      Verdicts about your own texts and about other corpora stand below the claims and studies. The times are estimates for training a claim alone from an empty store with the given number of jobs; finished \
      runs are never trained again, and claims share runs.

        replicate list
        replicate list --json
      """)

  @OptionGroup var files: StoreOptions
  @Option(
    help: ArgumentHelp("Concurrent runs that the estimate assumes (default: the available cores).", valueName: "n"))
  var jobs: Int?
  @Option(help: "The preset whose finished runs and verdicts are shown (default: ci).") var preset: Preset?
  @Flag(help: "Print every claim at every preset as JSON on standard output.") var json = false

  func validate() throws {
    try requireJobs(jobs)
    if json && preset != nil { throw ValidationError("--preset: with --json every preset is printed; leave one out") }
  }

  func run() throws {
    var leftOut: [String] = []
    let rows = try claimSummaries(
      Catalogue(files.configuration.sources()), out: files.out, jobs: jobs ?? availableCores(), backend: .native
    ) { if !leftOut.contains($0) { leftOut.append($0) } }
    for reason in leftOut { Replicate.note("note: left out: \(reason)", unless: json) }
    if json {
      try printJSON(.claims, rows + adviceSummaries(out: files.out))
    } else {
      print(listText(rows, preset: preset ?? .ci, width: tableWidth), terminator: "")
      print(try adviceText(out: files.out, width: outputWidth), terminator: "")
    }
  }
}

/// `replicate plan CLAIM…`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Shows the runs that claims need, and which of them have finished.",
    discussion: """
      --missing prints one line per run that has not ended: hash, estimated seconds on one core, estimated memory and \
      a description; --hashes prints the hashes alone. Runs that a search chooses appear once the search has ended.

        replicate plan crossover --preset full
        replicate plan crossover --text book.txt
        replicate plan all --missing --hashes | parallel replicate run {}
      """)

  @Argument(help: "Claims, or all; runs that they share are shown once.", transform: nonEmpty) var claims: [String] = []
  @Flag(help: "Print only runs that have not ended, one per line.") var missing = false
  @Flag(help: "Print only hashes, one per line.") var hashes = false
  @OptionGroup var options: ClaimOptions
  @OptionGroup var text: TextOptions

  mutating func validate() throws {
    claims = try text.claims(or: claims)
    if hashes && options.json {
      throw ValidationError("--json: with --hashes the hashes alone are printed; give one of them")
    }
  }

  func run() throws {
    let studies = try options.studies(claims, text: try text.read(isSilent: options.json), leavingOut: true)
    let runner = options.runner
    var seen: Set<String> = []
    let lines = try studies.flatMap { study in
      runner.states(try runner.known(study)).filter { seen.insert($0.run.hash).inserted }
        .map { PlanLine($0.run, $0.status, claim: studies.count > 1 ? study.word : nil) }
    }.filter { !missing || !$0.hasEnded }
    if options.json {
      try printJSON(.runs, lines)
    } else if missing || hashes {
      for line in lines { print(hashes ? line.hash : line.batchText) }
    } else {
      let unchosen = try studies.reduce(0) { try $0 + runner.unchosen($1).count }
      print(
        planText(lines, unchosen: unchosen, jobs: runner.jobs, width: outputWidth, tableWidth: tableWidth),
        terminator: "")
    }
    for study in studies { try options.noteShortage(study) }
  }
}

/// `replicate run HASH…`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carries out exactly the runs with the given hashes, as listed by `replicate plan`.",
    discussion: """
      For batch systems. The options must be those given to `replicate plan`, because they determine which runs there \
      are. It is safe to call it twice for the same run, even on two machines that share the directory of results: \
      only one of them computes the run.

        replicate run 0123456789abcdef --preset full
      """)

  @Argument(help: "Hashes of runs of the preset, of any claim.", transform: nonEmpty) var hashes: [String] = []
  @OptionGroup var options: ClaimOptions
  @OptionGroup var text: TextOptions

  mutating func validate() throws {
    if hashes.isEmpty { hashes = text.takeBack(where: isHash) }
    if hashes.isEmpty { throw ValidationError("Missing expected argument '<hashes> ...'") }
  }

  mutating func run() throws {
    let own = try text.readForRuns(options)
    let options = options
    let studies = try options.studies(["all"], text: own, leavingOut: true)
    // Only the runs that searches choose need results to be read.
    var byHash = Dictionary(studies.flatMap(\.runs).map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
    if !hashes.allSatisfy({ byHash[$0] != nil }) {
      let further = try studies.flatMap { try options.runner.known($0) }
      byHash.merge(further.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let wanted = try hashes.map { hash in
      guard let run = byHash[hash] else {
        throw UsageError(
          description:
            "no run \(hash) at preset \(options.preset.rawValue)\(suggestion(for: hash, among: byHash.keys)); "
            + "`replicate plan CLAIM` with the same options lists them")
      }
      return run
    }
    try trainToEnd(wanted, options)
    let lines = options.runner.states(wanted).map { PlanLine($0.run, $0.status) }
    if options.json {
      try printJSON(.runs, lines)
    } else {
      for line in lines { print("\(line.hash)  \(line.state)") }
    }
  }
}

/// `replicate figures`.
struct FiguresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures", abstract: "Redraws stored figures from their data, without training.",
    discussion: """
      By default it redraws the repository's own figures; --directory names another folder of results. Each \
      figure.json that belongs to the verdict beside it is drawn by a newly written script; a stored script is never \
      run. The exit status is 65 if a figure belongs to no verdict, 74 if one cannot be written; the others are \
      still drawn.

      --pdf also draws each for a column of a printed page, 8.5 cm wide, one panel below another, as NAME.pdf.

        replicate figures
        replicate figures --directory results --pdf
      """)

  @Option(
    help: ArgumentHelp("The folder that holds one folder per claim.", valueName: "directory"), transform: nonEmpty)
  var directory = "figures"
  @Flag(help: "Also draw NAME.pdf, as wide as a column of a printed page.") var pdf = false
  @Flag(help: "Print what was drawn as JSON on standard output.") var json = false

  func run() throws {
    guard try isThere(directory) else {
      throw UsageError(description: "there is no directory \(directory); name another one with --directory")
    }
    let (figures, scriptsOnly) = try storedFigures(in: directory)
    if figures.isEmpty && scriptsOnly.isEmpty {
      throw UsageError(
        description: "\(directory) holds no figure; name another folder with --directory, or run a claim first, for "
          + "example `replicate crossover`")
    }
    var status = Basics.ExitStatus.ok
    func refuse(_ reason: String, _ worst: Basics.ExitStatus = .badData) {
      Replicate.complain(reason)
      if status != .io { status = worst }
    }
    var drawings: [[String: String]] = []
    for folder in figures {
      do {
        guard let drawn = try completed({ try await folder.redraw() }) else { continue }
        var files = [("svg", drawn.svg), ("png", drawn.png)]
        if pdf { files.append(("pdf", try completed { try await folder.drawColumn() })) }
        drawings.append(Dictionary(uniqueKeysWithValues: [("claim", folder.name)] + files))
        if !json { for file in files { print(file.1) } }
      } catch let error as StoreError {
        refuse("\(error)", error.exitStatus)
      } catch FigureError.unwritable(let path, let reason) {
        refuse(
          "cannot write \(path): \(reason); make it writable, or copy \(directory) and name the copy with --directory",
          .io)
      } catch let error as FigureError where error.isOfOneFigure {
        refuse("\(error)", error.exitStatus)
      }
    }
    for folder in scriptsOnly {
      refuse(
        "\(folder.path): has a script but no figure.json, and stored scripts are not run; judge \(folder.name) again")
    }
    if json { try printJSON(.figures, drawings) }
    if status != .ok { throw Finish(status: status) }
  }
}
