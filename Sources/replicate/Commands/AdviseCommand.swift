// `replicate advise`: what should be trained on a user's own text? What is tried and how it is judged: Sources/Advise;
// here runs are carried out, shown and stored.

import Advise
import ArgumentParser
import Basics
import Claims
import Configuration
import Corpora
import Files
import Foundation
import Reporting
import Running
import Specification
import Store
import TensorEngine
import Training
import Transformer
import Wording

/// `replicate advise PATH…`.
struct AdviseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise", abstract: "Says what to train on your own text: which objective, which settings, how long.",
    discussion: """
      Searches settings for AR (dropout, weight decay, input masking) and for the DLM (learning rate, averaging, \
      weight decay), as many trials for each, on tuning splits of the text; then trains plain AR and what was chosen \
      on fresh splits, where the held-out loss decides. The answer names settings, epochs, certainty, cost and what \
      speaks for the other objective, and ends with commands to paste. Exit status 0 whatever the answer.

      Everything is stored below the directory of results: an interrupted or repeated command continues, `list` and \
      `report` show the answer, results/NAME has it as JSON, HTML and figure.

        replicate advise book.txt
        replicate advise notes/ src/ --include '*.md' --include '*.py' --name mine
        replicate advise book.txt --budget 60
        pdftotext paper.pdf - | replicate advise - --budget 5 --json
      """)

  @Argument(
    help: "UTF-8 files, directories (read recursively), or - for standard input.", transform: nonEmpty)
  var paths: [String]
  @OptionGroup var files: StoreOptions
  @OptionGroup var patterns: TextPatternOptions

  @Option(
    help: ArgumentHelp(
      "Minutes that it may take, to which models, search and splits are fitted.", valueName: "minutes"))
  var budget = 10.0

  @Option(
    help: ArgumentHelp(
      "What the answer is stored and found as (default: advice- and the text's checksum).", valueName: "name"),
    transform: nonEmpty)
  var name: String?

  @Option(
    help: ArgumentHelp("Unique training tokens (default: the whole text where it fits).", valueName: "n"))
  var uniqueTokens: Int?
  @Option(help: ArgumentHelp("Model width (default: as the text and the budget suggest).", valueName: "n"))
  var width: Int?
  @Option(help: ArgumentHelp("Number of layers (default: likewise).", valueName: "n")) var layers: Int?
  @Option(help: ArgumentHelp("Passes over the unique tokens at most (default: likewise).", valueName: "n"))
  var epochs: Int?
  @Option(help: ArgumentHelp("Fresh splits to judge on, 3 to 8 (default: as many as fit).", valueName: "n"))
  var splits: Int?
  @Option(help: ArgumentHelp("Concurrent runs (default: the available cores).", valueName: "n")) var jobs: Int?
  @Flag(help: "Print the answer as JSON on standard output.") var json = false

  func validate() throws {
    guard Self.budgets.contains(budget) else {
      throw ValidationError("--budget \(budget): give a number of minutes from 0.1 to 10000")
    }
    if let name, !isAdviceName(name) {
      throw ValidationError(
        "--name \(name.prefix(80)): use lower-case letters, digits and single hyphens, as in my-book, at most 60 of them, "
          + "and no name of a claim nor one of \(reservedNames.joined(separator: ", "))")
    }
    try requireOption("unique-tokens", uniqueTokens, in: 1000...TextSpecification.uniqueTokensRange.upperBound)
    try requireOption("width", width, in: ModelConfiguration.Limits.width)
    try requireOption("layers", layers, in: ModelConfiguration.Limits.layers)
    try requireOption("epochs", epochs, in: TrainingConfiguration.Limits.epochs)
    try requireOption("splits", splits, in: AdvicePlan.splits)
    try requireJobs(jobs)
    for assignment in files.configuration.assignments {
      let key = assignment.prefix { $0 != "=" }.trimmingCharacters(in: .whitespaces)
      if let option = Self.decided[key] {
        throw ValidationError("--set \(key): the plan decides it; \(option)")
      }
    }
  }

  /// Minutes that can be asked for.
  static let budgets = 0.1...10_000

  /// Settings that the plan decides, with what to say instead.
  private static let decided = [
    "model.width": "give --width", "model.layers": "give --layers", "training.epochs": "give --epochs",
    "text.unique_tokens": "give --unique-tokens", "model.feed_forward": "it follows from --width",
    "model.dropout": "it is searched", "model.attention_dropout": "dropout is searched",
    "model.feed_forward_dropout": "dropout is searched", "evaluation.items": "it follows from the text",
    "evaluation.checkpoints": "it is the same for every advice", "corpus": "an advice is about a text of yours",
    "evaluation.validation_sequences": "it follows from the text",
    "text.training_tokens": "give --epochs", "seeds": "give --splits",
  ]

  func run() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let settings = try defaults()
    if settings.training.ensemble > 1 {
      throw UsageError(
        description:
          "training.ensemble: an advice is about single models; leave it out, and train what is advised with "
          + "`replicate train --ensemble \(settings.training.ensemble)`")
    }
    try refuseWidth(settings)
    let cores = plannedCores()
    let whole = try readText()
    let (text, given) = try sampledIfLong(whole.text, whole.paths, settings, cores: cores)
    Replicate.note("splitting the text …", unless: json)
    let inventory = try TextInventory(settings, text: text)
    let name = name ?? "advice-\(inventory.identity.digest.prefix(8))"
    let folder = ClaimFolder(name, in: files.out)
    let wishes = AdviceWishes(
      uniqueTokens: uniqueTokens, width: width, layers: layers, epochs: epochs, splits: splits)
    try noteWhatIsReplaced(name, in: folder, by: wishes, about: inventory)
    let (plan, measured) = try planned(
      wishes, for: inventory, of: text, settings, in: folder, cores: cores,
      preparation: (clock.now - start) / .seconds(1))
    let (pace, preparation) = (measured.pace, measured.preparation)
    let coreSeconds = budget * 60 * Double(cores)

    let runner = Runner(store: files.store, machine: .this, preset: "advise", jobs: jobs ?? cores)
    let isSilent = json
    let inquiry = Inquiry(
      plan: plan, inventory: inventory, name: textName(whole.text), wholeBytes: whole.text.bytes, budgetMinutes: budget,
      pace: pace, jobs: cores,
      tell: { Replicate.note($0, unless: isSilent) },
      carryOut: { try carriedOut($0, runner) })
    let search = try inquiry.search()
    let spent = search.seconds > 0 ? search.seconds : search.estimated
    let context = CommandContext(
      text: textArguments(given, isSample: text.bytes < whole.text.bytes), configuration: files.configuration.arguments,
      out: files.out, defaults: settings)
    let (advice, runs, results) = try answer(
      inquiry, search, coreSeconds: coreSeconds - spent - preparation * Double(cores), context)
    try show(advice, name: name, search, plan, runs, results, runner, seconds: (clock.now - start) / .seconds(1))
  }

  /// The advice, judged on as many fresh splits as there is time for, or as were asked for.
  private func answer(
    _ inquiry: Inquiry, _ search: SearchOutcome, coreSeconds: Double, _ context: CommandContext
  ) throws -> (advice: Advice, runs: [PlannedRun], results: RunResults) {
    do {
      return try inquiry.judge(search, coreSeconds: splits == nil ? coreSeconds : nil) {
        try nextCommands($0, inquiry.plan, inventory: inquiry.inventory, context)
      }
    } catch let error as NoAnswer {
      throw Unanswered(description: "\(error); see `replicate doctor --out \(files.out)`")
    }
  }

  /// Reads the text; standard input is kept, so that the next commands can name it.
  private func readText() throws -> (text: TextCollection, paths: [String]) {
    let text = try patterns.read(paths, isSilent: json)
    guard let input = text.standardInput else { return (text, paths) }
    let path = try KeptTexts(below: files.out).keep(input)
    Replicate.note(oneLine("note: standard input is kept as \(path), which can be named in its place"), unless: json)
    return (text, paths.map { $0 == TextSelection.standardInput ? path : $0 })
  }

  /// A long text's sample, kept as a file of its own, with the path that names it.
  private func sampledIfLong(
    _ text: TextCollection, _ paths: [String], _ settings: ClaimSettings, cores: Int
  ) throws -> (text: TextCollection, paths: [String]) {
    guard let sample = try sampled(text, to: usefulBytes(minutes: budget, cores: cores), settings) else {
      return (text, paths)
    }
    let path = try KeptTexts(below: files.out).keep(sample)
    Replicate.note(
      oneLine("note: the text is longer than can be used in the time; a random sample of it is kept as \(path)"),
      unless: json)
    return (try TextSelection(paths: [path]).read(), [path])
  }

  /// What names the text in the next commands; patterns chose among the user's files, not the sample of them.
  private func textArguments(_ paths: [String], isSample: Bool) -> [String] {
    let texts = paths.map { "--text=\($0)" }
    if isSample { return texts }
    return texts + patterns.include.map { "--include=\($0)" } + patterns.exclude.map { "--exclude=\($0)" }
  }

  /// "book.txt", "notes (12 files)" or "12 files".
  private func textName(_ text: TextCollection) -> String {
    if text.files.count == 1 { return URL(fileURLWithPath: text.files[0].path).lastPathComponent }
    let files = counted(text.files.count, "file")
    return paths.count == 1 ? "\(URL(fileURLWithPath: paths[0]).lastPathComponent) (\(files))" : files
  }

  /// The settings that `train --text` begins with.
  private func defaults() throws -> ClaimSettings {
    var sources = files.configuration.sources()
    sources.assignments.append(.init(option: "advise", text: "corpus = \"\(CorpusName.text.rawValue)\""))
    return try Catalogue(sources).file.settings("crossover", .ci)
  }

  /// Stores, prints and draws the answer.
  private func show(
    _ advice: Advice, name: String, _ search: SearchOutcome, _ plan: AdvicePlan, _ runs: [PlannedRun],
    _ results: RunResults, _ runner: Runner, seconds: Double
  ) throws {
    let folder = ClaimFolder(name, in: files.out)
    let report = advice.report(
      name: name, search: search, plan: plan, runs: runs, results: results, digest: advice.text.sha256)
    var record = report.record(statement: Advice.statement, machine: runner.machine)
    record.advice = advice
    record = try folder.write(report, data: advice.data(name: name, runs: runs, results: results), record: record)
    if !json {
      print(report.summary(statement: Advice.statement, width: outputWidth, tableWidth: tableWidth))
      if !advice.commands.isEmpty { print("What to do next:") }
      for command in advice.commands { print("\n  # \(command.purpose)\n  \(command.line)") }
      print("\nNumbers: \(folder.path)/data.csv, verdict.json")
    }
    defer { if json { try? printJSON(.verdict, record) } }
    let (drawings, stored) = try completed { [record] in try await folder.draw(report.figure, for: record) }
    record = stored
    let page = folder.path + "/report.html"
    let own = try [ReportedClaim.stored(name, in: files.out)].compactMap { $0 }
    try writeAtomically(try htmlReport(own, configuration: .none, version: replicateVersion), to: page)
    if !json {
      if let drawings { print("Figure:  \(drawings.png), .svg, .gp") }
      print("Page:    \(page)")
      print("It took \(formatDuration(seconds)).")
    }
  }
}

/// Nothing can be said, because runs did not finish.
private struct Unanswered: ExitStatusProviding {
  let description: String
  var exitStatus: Basics.ExitStatus { .badData }
}

/// Trains what is missing of the runs and reads what is there.
private func carriedOut(_ runs: [PlannedRun], _ runner: Runner) throws -> AdviceRuns {
  let areNew = runs.contains { (try? runner.store.ended($0.hash)) == nil }
  try trainToEnd(runs, runner)
  var seconds: [String: Double] = [:]
  for run in runs { seconds[run.hash] = (try? runner.store.ended(run.hash))?.record.seconds }
  return AdviceRuns(results: try runner.results(runs), seconds: seconds, areNew: areNew)
}

/// What stands for something else, in commands or in the directory of results.
private let reservedNames = ["all", "runs", "texts", "slurm"]

/// Whether an advice can be called so.
private func isAdviceName(_ name: String) -> Bool {
  name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil && name.count <= 60 && Claim.named(name) == nil
    && !reservedNames.contains(name)
}
