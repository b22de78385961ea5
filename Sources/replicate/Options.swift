// Options that several commands share, and what they resolve to.

import ArgumentParser
import Claims
import Configuration
import Corpora
import Foundation
import Reporting
import Running
import Specification
import Store
import SystemPackage
import TensorEngine
import Training
import Wording

extension Preset: ExpressibleByArgument {}
extension ProductBackend: ExpressibleByArgument {}
extension ProductPrecision: ExpressibleByArgument {}
extension CorpusName: ExpressibleByArgument {}

/// The path or name that an option or argument is. Every one of them is read by this: an empty path would mean the root of
/// the file system or the working directory.
@Sendable func nonEmpty(_ argument: String) throws -> String {
  if argument.isEmpty { throw ValidationError("give a path or a name, not an empty string") }
  return argument
}

/// Where settings come from.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A configuration laid over the built-in one (default: experiments.toml, if it exists).", valueName: "file"),
    transform: nonEmpty)
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting that overrides all others, for example training.epochs=100. May be repeated.", valueName: "a.b=c"),
    transform: nonEmpty)
  var assignments: [String] = []

  func sources(seeds: Int? = nil) -> ConfigurationSources {
    ConfigurationSources(
      file: config,
      assignments: assignments.map { .init(option: "--set", text: $0) }
        + (seeds.map { [.init(option: "--seeds", text: "seeds = \($0)")] } ?? []))
  }

  /// The options as another command takes them.
  var arguments: [String] {
    (sources().file.map { ["--config=\($0)"] } ?? []) + assignments.map { "--set=\($0)" }
  }
}

/// Where configuration and records are.
struct StoreOptions: ParsableArguments {
  @OptionGroup var configuration: ConfigurationOptions

  @Option(
    help: ArgumentHelp("Where runs, verdicts and figures are stored.", valueName: "directory"), transform: nonEmpty)
  var out = "results"

  /// The record store below the output directory.
  var store: RecordStore<RunSpecification> { RecordStore(directory: out + "/runs") }
}

/// What a claim runs.
struct ClaimOptions: ParsableArguments {
  @OptionGroup var files: StoreOptions

  @Option(
    help: ArgumentHelp(
      "The corpus to use instead of a claim's own: \(CorpusName.allCases.map(\.rawValue).joined(separator: ", ")).",
      discussion: "Natural corpora are read from Debian's packages; `make natural` installs them.", valueName: "name"))
  var corpus: CorpusName?

  @Option(
    help:
      "How much to run: smoke (under a minute, no verdict), gate (the least that gives one), ci (minutes) or full (hours)."
  )
  var preset = Preset.ci

  @Option(help: ArgumentHelp("Number of seeds, instead of the preset's.", valueName: "n"))
  var seeds: Int?

  @Option(
    help: ArgumentHelp(
      "Concurrent runs (default: the available cores divided by --threads; for `submit`, 1 per task).", valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Threads that share the training steps of a run, at most 4; the results have the same bits. For large models "
        + "only: concurrent runs use cores better.", valueName: "n"))
  var threads = 1

  @Option(help: ArgumentHelp("Matrix-multiplication backend: native or openblas.", valueName: "backend"))
  var backend = ProductBackend.native

  @Flag(
    help: ArgumentHelp(
      "Pin the OpenBLAS kernel, so that --backend openblas also gives the same bits on every x86-64 machine with AVX2.",
      discussion: "The native backend does so anyway."))
  var portable = false

  @Flag(help: "Print the result as JSON on standard output.")
  var json = false

  func validate() throws {
    if let seeds, !(1...100).contains(seeds) { throw ValidationError("--seeds \(seeds): give a number from 1 to 100") }
    for assignment in files.configuration.assignments {
      let steps = key(of: assignment).split(separator: ".")
      guard let place = steps.firstIndex(of: "preset"), steps.indices.contains(place + 1),
        let other = Preset(rawValue: String(steps[place + 1])), other != preset
      else { continue }
      throw ValidationError(
        "--set \(key(of: assignment)): it is about preset \(other.rawValue), and the command about "
          + "\(preset.rawValue); give --preset \(other.rawValue), or leave it out")
    }
    try requireJobs(jobs)
    try requireThreads(threads)
  }

  /// Everything that can be asked, with the settings asked for.
  /// - Parameter isAboutText: whether a user's own text is asked about.
  func catalogue(isAboutText: Bool = false) throws -> Catalogue {
    try Catalogue(sources(isAboutText: isAboutText))
  }

  private func sources(isAboutText: Bool) throws -> ConfigurationSources {
    if isAboutText, let corpus, corpus != .text {
      throw UsageError(description: "--corpus \(corpus.rawValue): --text is a corpus of its own; leave one out")
    }
    if isAboutText || corpus != nil, assigns("corpus") {
      throw UsageError(
        description: "--set corpus: the corpus is given by \(isAboutText ? "--text" : "--corpus"); leave one out")
    }
    var sources = files.configuration.sources(seeds: seeds)
    if let corpus = isAboutText ? .text : corpus {
      sources.assignments.append(
        .init(option: isAboutText ? "--text" : "--corpus", text: "corpus = \"\(corpus.rawValue)\""))
    }
    return sources
  }

  /// What the command changes of the settings, the corpus aside, which makes another question of a claim.
  private var changes: [String] {
    files.configuration.assignments.filter { key(of: $0) != "corpus" }.sorted().map { oneLine($0) }
      + (seeds.map { ["seeds=\($0)"] } ?? [])
  }

  /// The digest of an experiment's settings where the command gives it others than the configuration; nil where it has
  /// those, or the configuration alone has no such experiment.
  private func changedDigest(_ name: String, of catalogue: Catalogue, isAboutText: Bool) throws -> String? {
    if changes.isEmpty { return nil }
    var unchanged = self
    unchanged.seeds = nil
    unchanged.files.configuration.assignments.removeAll { key(of: $0) != "corpus" }
    guard let registered = try? Catalogue(unchanged.sources(isAboutText: isAboutText)).settingsDigest(name, preset),
      let digest = try catalogue.settingsDigest(name, preset)
    else { return nil }
    return digest == registered ? nil : digest
  }

  /// A claim or study, or the question about the user's own text if there is one.
  func study(_ name: String, text: TextCollection? = nil) throws -> Study {
    let catalogue = try catalogue(isAboutText: text != nil)
    return try study(entry(name, of: catalogue), of: catalogue, text: text)
  }

  /// A claim or study by its name.
  private func entry(_ name: String, of catalogue: Catalogue) throws -> Catalogue.Entry {
    do {
      return try catalogue.entry(name)
    } catch {
      guard try storedVerdict(name, out: files.out)?.advice != nil else { throw error }
      throw UsageError(
        description:
          "\(name) is an answer of `replicate advise`, and this is about claims and studies; `replicate list` "
          + "says it, and \(ClaimFolder(name, in: files.out).path)/report.html shows it")
    }
  }

  private func study(_ entry: Catalogue.Entry, of catalogue: Catalogue, text: TextCollection?) throws -> Study {
    if text != nil && !entry.takesText {
      let others = catalogue.entries.filter(\.takesText).map(\.name)
      throw UsageError(
        description: "--text: \(entry.name) cannot be asked about your own text; only "
          + "\(others.joined(separator: ", ")) can")
    }
    var study = try entry.study(preset, text: text, backend: backend)
    if let digest = try changedDigest(entry.name, of: catalogue, isAboutText: text != nil) {
      study = study.changed(by: changes, digest: digest)
    }
    for note in study.notes { Replicate.note("note: " + note, unless: json) }
    return study
  }

  /// The claims and studies of these names, each once; "all" is everything that the configuration has, and of a text
  /// everything that can be asked about one.
  ///
  /// - Parameter leavingOut: whether "all" leaves out, with a note, what cannot be asked under these options; otherwise it
  ///   leaves out only what is about a text where none is given.
  func studies(_ names: [String], text: TextCollection? = nil, leavingOut: Bool = false) throws -> [Study] {
    let catalogue = try catalogue(isAboutText: text != nil)
    var seen: Set<String> = []
    guard names.contains("all") else {
      return try names.filter { seen.insert($0).inserted }
        .map { try study(entry($0, of: catalogue), of: catalogue, text: text) }
    }
    return try catalogue.entries.filter { text == nil || $0.takesText }.compactMap { entry in
      do {
        return try study(entry, of: catalogue, text: text)
      } catch let error as TextMissing {
        Replicate.note("note: left out: \(error)", unless: json)
      } catch let error as ConfigurationError where leavingOut {
        Replicate.note("note: left out: \(entry.name) (\(error))", unless: json)
      } catch let error as ImpossibleClaim {
        if !leavingOut {
          throw UsageError(description: "\(error); to ask the others, `replicate check` takes their names")
        }
        Replicate.note("note: left out: \(error)", unless: json)
      }
      return nil
    }
  }

  /// Whether `--set` gives the setting of this name.
  func assigns(_ name: String) -> Bool { files.configuration.assignments.contains { key(of: $0) == name } }

  /// The setting that an assignment is about.
  private func key(of assignment: String) -> String { assignment.prefix { $0 != "=" }.filter { !$0.isWhitespace } }

  /// Refuses a setting that would have no effect.
  func refuseAssignment(of name: String, because reason: String) throws {
    if assigns(name) { throw UsageError(description: "--set \(name): \(reason)") }
  }

  /// Says on standard error that a verdict cannot come of the seeds that are planned.
  func noteShortage(_ study: Study) throws {
    if let shortage = try study.seedShortage { Replicate.note("note: \(study.word): \(shortage)", unless: json) }
  }

  /// The same before anything is trained, where it is the command line that sets the seeds.
  func noteChosenShortage(_ study: Study) throws {
    let sets = files.configuration.assignments.contains { $0.wholeMatch(of: /.*\bseeds\s*=.*/) != nil }
    if seeds != nil || sets { try noteShortage(study) }
  }

  var runner: Runner {
    Runner(
      store: files.store, machine: .this, preset: preset.rawValue,
      jobs: jobs ?? max(1, availableCores() / threads), threads: threads)
  }
}

extension Machine {
  /// This machine, with this program.
  static var this: Machine {
    .current(blas: ProductBackend.blasDescription, version: replicateVersion, engine: engineFingerprint)
  }
}

/// Refuses an option's number outside the range that it has everywhere.
func requireOption<Value: Comparable>(_ name: String, _ value: Value?, in range: ClosedRange<Value>) throws {
  guard let value, !range.contains(value) else { return }
  throw ValidationError("--\(name) \(value): give a number from \(range.lowerBound) to \(range.upperBound)")
}

func requireJobs(_ jobs: Int?) throws {
  if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs \(jobs): give a number from 1 to 1024") }
}

func requireThreads(_ threads: Int) throws {
  let most = Trainer.largestGradientCount
  if !(1...most).contains(threads) { throw ValidationError("--threads \(threads): give a number from 1 to \(most)") }
}

extension Replicate {
  /// A line for people, on standard error so that standard output stays clean for programs.
  static func note(_ line: String, unless silent: Bool) {
    if silent { return }
    // A terminal would break the line anywhere; a log has it as one.
    let note = terminalSize(at: 2).map { wrapped(oneLine(line), width: max($0.columns, 40)) } ?? oneLine(line)
    _ = try? FileDescriptor.standardError.writeAll((note + "\n").utf8)
  }
}

/// The columns that sentences on standard output are wrapped to: those of the terminal, 80 where there is none.
var outputWidth: Int { min(max(terminalSize(at: 1)?.columns ?? 80, 40), 120) }

/// The columns that tables are fitted to: those of the terminal. Into files and pipes every row goes as one line.
var tableWidth: Int? { terminalSize(at: 1).map { max($0.columns, 40) } }

/// "3.2e-07".
func scientific(_ value: Double) -> String { String(format: "%.2e", value) }
func rounded(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
