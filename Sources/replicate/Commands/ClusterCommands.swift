// Commands for many machines: submit, status, judge.

import ArgumentParser
import Basics
import Cluster
import Foundation
import Reporting

/// `replicate submit CLAIM…`.
struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Submits missing runs to Slurm, then the jobs that judge them.",
    discussion: """
      Writes and submits a job array of the runs that have not ended and are not queued already, packed so that each \
      task lasts minutes; then, where a search has to choose first, an array of the runs it chooses; then a job that \
      computes verdicts, tables and figures. If anything is lost, run the same command again: it submits only what is \
      missing. Scripts and logs are in the directory slurm below --out. The program, the configuration and --out must \
      be the same files on every node. --jobs is the number of runs, and of processors, per task.

        replicate submit crossover --preset full
        replicate submit all --preset full --partition cpu --array-limit 200
        replicate submit crossover --text book.txt
        replicate submit all --preset full --dry-run
      """)

  @Argument(help: "Claims, or all.", transform: nonEmpty) var claims: [String] = []
  @OptionGroup var options: ClaimOptions
  @OptionGroup var text: TextOptions
  @OptionGroup var figures: FigureOptions
  @Option(help: ArgumentHelp("Intended length of a task in minutes.", valueName: "n")) var minutes = 10.0
  @Option(help: ArgumentHelp("Slurm's partition.", valueName: "name"), transform: nonEmpty) var partition: String?
  @Option(help: ArgumentHelp("Slurm's account.", valueName: "name"), transform: nonEmpty) var account: String?
  @Option(
    help: ArgumentHelp("Time limit of a task in sbatch's format (default: from the estimates).", valueName: "limit"),
    transform: nonEmpty)
  var time: String?
  @Option(help: ArgumentHelp("Largest number of an array's tasks that run at once.", valueName: "n"))
  var arrayLimit: Int?
  @Flag(help: "Print the scripts and submit nothing.") var dryRun = false

  mutating func validate() throws {
    claims = try text.claims(or: claims)
    guard minutes > 0, minutes <= 100_000 else { throw ValidationError("--minutes \(minutes): give a number above 0") }
    if let arrayLimit, arrayLimit < 1 { throw ValidationError("--array-limit \(arrayLimit): give a number from 1") }
    if dryRun && options.json { throw ValidationError("--json: a dry run prints scripts; give one of them") }
    for (name, value) in [("partition", partition), ("account", account), ("time", time)] {
      guard let value else { continue }
      if value.wholeMatch(of: /[A-Za-z0-9_.:,+-]+/) == nil {
        throw ValidationError("--\(name) '\(value)': give letters, digits and _ . : , + - only")
      }
    }
  }

  mutating func run() throws {
    let studies = try options.studies(claims, text: try text.readForRuns(options), leavingOut: true)
    let names = claims.contains("all") ? ["all"] : studies.map(\.word)
    let directory = FileManager.default.currentDirectoryPath
    let folder = (options.files.out.hasPrefix("/") ? "" : directory + "/") + options.files.out + "/slurm"
    if folder.contains(where: \.isNewline) {
      throw UsageError(
        description: "--out: no Slurm script can name a directory with a line break in its name; give another")
    }
    let name = names.count == 1 ? names[0] : "claims"
    let submission = try Submission(
      studies, words: names, runner: options.runner, queue: try queue(in: folder),
      folder: freshFolder("\(name)-\(options.preset.rawValue)", in: folder),
      call: BatchCall(executable: try programPath(), directory: directory, options: text.arguments + options.arguments),
      options: BatchOptions(
        partition: partition, account: account, time: time, arrayLimit: arrayLimit, minutes: minutes,
        jobs: options.jobs ?? 1, judgeOptions: figures.arguments))
    if submission.scripts.isEmpty {
      if options.json {
        try printJSON(.submission, SubmissionRecord(claims: claims))
      } else {
        print(shownLines(nothing(submission), rest: ""))
      }
    } else if dryRun {
      print(submission.dryRun, terminator: "")
    } else {
      let record = try completed { try await submission.submit() }
      if options.json { try printJSON(.submission, record) } else { print(submission.text(record)) }
    }
  }

  /// A dry run needs no Slurm.
  private func queue(in folder: String) throws -> QueuedRuns {
    do {
      return try completed { try await QueuedRuns.current(in: folder) }
    } catch is SlurmError where dryRun {
      return .none
    }
  }

  private func nothing(_ submission: Submission) -> String {
    submission.queued > 0
      ? "Nothing to submit: every run that has not ended is queued already (\(submission.queued))."
      : "Nothing to submit: every run has ended. `replicate judge` computes the verdicts."
  }
}

/// `replicate status CLAIM…`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows how far claims have got: runs finished, at work, lost and missing, and the time left.",
    discussion: """
      It only reads, so it is safe while runs are at work, here or on other machines. Times are estimates for one core.

        replicate status crossover --preset full
        replicate status all --preset full --json
      """)

  @Argument(help: "Claims, or all.", transform: nonEmpty) var claims: [String] = []
  @OptionGroup var options: ClaimOptions
  @OptionGroup var text: TextOptions

  mutating func validate() throws {
    claims = try text.claims(or: claims)
    if options.jobs != nil { throw ValidationError("--jobs: the times are those of one core; leave it out") }
  }

  func run() throws {
    let status = try GridStatus(
      try options.studies(claims, text: try text.read(), leavingOut: true), runner: options.runner)
    if options.json {
      try printJSON(.status, status)
    } else {
      print(status.text(width: outputWidth, tableWidth: tableWidth), terminator: "")
    }
  }
}

/// `replicate judge CLAIM…`.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge", abstract: "Computes verdicts, tables and figures from stored runs, without training.",
    discussion: """
      A missing run is named and makes its claim inconclusive. The exit status is that of `replicate all`.

        replicate judge crossover --preset full
        replicate judge all
      """)

  @Argument(help: "Claims, or all.", transform: nonEmpty) var claims: [String] = []
  @OptionGroup var options: ClaimOptions
  @OptionGroup var text: TextOptions
  @OptionGroup var figures: FigureOptions

  mutating func validate() throws {
    claims = try text.claims(or: claims)
    if options.jobs != nil { throw ValidationError("--jobs: judge trains nothing; leave it out") }
  }

  func run() throws {
    let studies = try options.studies(claims, text: try text.read(isSilent: options.json), leavingOut: true)
    if !text.paths.isEmpty {  // a question, whose answer is more than a line
      for study in studies { try show(study, options, figures) }
      return
    }
    let status = try present(try judge(studies, options), options, figures)
    if status != .ok { throw Finish(status: status) }
  }
}

extension ClaimOptions {
  /// The options that decide which runs there are, as a command takes them.
  var arguments: [String] {
    // In one word, because a path may begin with a dash.
    ["--preset=\(preset.rawValue)", "--out=\(files.out)", "--backend=\(backend.rawValue)"]
      + files.configuration.arguments + (corpus.map { ["--corpus=\($0.rawValue)"] } ?? [])
      + (seeds.map { ["--seeds=\($0)"] } ?? []) + (portable ? ["--portable"] : [])
  }
}

/// The absolute path of this program.
private func programPath() throws -> String {
  do {
    return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  } catch {
    throw UsageError(description: "the path of this program cannot be found in /proc/self/exe; is /proc mounted?")
  }
}
