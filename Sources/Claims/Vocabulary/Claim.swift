// What a claim is: a name, words, and a design that turns settings into runs and results into findings. The claims are
// listed in Claims.swift; what designs are made of is in the other files of this folder.

import Configuration
import Figures
import Specification
import TensorEngine

/// A claim of the paper, or a question of its critics.
package struct Claim: Sendable {
  /// The kebab-case name of subcommand, table, folder and figure.
  package let name: String
  /// What is claimed, in a sentence without capital and full stop.
  package let statement: String
  /// What is trained and compared, in a few sentences, for `--help`.
  package let explanation: String
  /// What the paper reports, in a few words, for the line of `check`.
  package let paper: String
  /// The keys of its table `thresholds` in experiments.toml.
  package let thresholds: [String]
  /// What it takes from its tables there.
  package let uses: ClaimUses
  /// What is trained under given settings, and what is made of it.
  let design: @Sendable (Planner) throws -> Design

  init(
    _ name: String, statement: String, explanation: String, paper: String, thresholds: [String] = [],
    uses: ClaimUses = ClaimUses(), design: @escaping @Sendable (Planner) throws -> Design
  ) {
    self.name = name
    self.statement = statement
    self.explanation = explanation
    self.paper = paper
    self.thresholds = thresholds
    self.uses = uses
    self.design = design
  }

  /// The claim under these settings.
  /// - Throws: `ConfigurationError` if they make no sense for the claim.
  package func study(_ settings: ClaimSettings, backend: ProductBackend) throws -> Study {
    let planner = Planner(name: name, settings: settings, backend: backend)
    let isUsual = settings.corpus == uses.corpora.first
    var study = Study(
      name: isUsual ? name : "\(name)-\(settings.corpusTag)", statement: statement, paper: paper,
      settings: settings,
      digest: try settings.digest(), design: try design(planner))
    study.word = name
    return study
  }
}

/// The runs that a question needs, and how it is answered.
struct Design: Sendable {
  /// What is trained in any case.
  var cohorts: [Cohort]
  /// What is trained to choose settings, and then with the settings chosen.
  var searches: [Search] = []
  /// What is trained for tables and figure only: a verdict does without.
  var beside: [Cohort] = []
  /// What all runs have in common, in words.
  var scale: String
  /// The tasks that `data.csv` has columns for.
  var tasks: [TaskID]
  var findings: @Sendable (Evidence) throws -> Findings
}

/// What a design says once its runs are there.
struct Findings: Sendable {
  /// What must hold, all of it; the most important one first.
  var parts: [Part]
  /// The negative control, which must not hold.
  var control: Part?
  /// What is reported beside, without part in the verdict.
  var also: [Part] = []
  var remarks: [String] = []
  var metrics: [String: Double] = [:]
  var estimates: [Estimate] = []
  var tables: [Table]
  var panels: [Panel]
  var marks = FigureMarks()
  var paper = PaperRegime()
}

/// What a figure's caption says of its marks.
struct FigureMarks: Sendable {
  var dots = "checkpoints of all seeds"
  var lines = "smoothed means"
}

/// A question with its runs: a claim under given settings, or a user's about a text.
package struct Study: Sendable {
  /// The stem of folder and figure.
  package internal(set) var name: String
  /// The name that commands know it by.
  package var word: String
  /// What is asked or claimed, in a sentence without capital and full stop.
  package let statement: String
  /// What the paper reports, in a few words; nil for a question of the user's own.
  package let paper: String?
  package let settings: ClaimSettings
  /// SHA-256 of everything that its runs and its rules follow from.
  package let digest: String
  let design: Design
  /// What a command changed of the registered experiment, as it was given; empty if nothing.
  package internal(set) var changes: [String] = []
  /// What should be known before anything is trained, one sentence each, without a full stop.
  package internal(set) var notes: [String] = []
  /// Replaces the words of a report where it answers a user's question.
  var answer: (@Sendable (Evidence, ClaimReport) throws -> ClaimReport)?

  init(
    name: String, statement: String, paper: String? = nil, settings: ClaimSettings, digest: String, design: Design
  ) {
    self.name = name
    word = name
    self.statement = statement
    self.paper = paper
    self.settings = settings
    self.digest = digest
    self.design = design
  }

  /// Every run that is known to be needed before anything has run.
  package var runs: [PlannedRun] {
    design.cohorts.flatMap(\.runs) + design.searches.flatMap(\.runs) + design.beside.flatMap(\.runs)
  }

  /// The runs that are needed once those have ended: those of the settings that a search has chosen.
  package func furtherRuns(_ results: RunResults) throws -> [PlannedRun] {
    try design.searches.flatMap { try $0.chosen(results).runs }
  }

  /// As many runs as ``furtherRuns(_:)`` will name, with the costliest settings that a search could choose: what to
  /// reserve time for while the choice is open. Empty for a study without a search.
  package var reservedRuns: [PlannedRun] {
    get throws { try design.searches.flatMap { try $0.costliest() } }
  }

  /// Which parts of the verdict have fewer seeds planned than they need, in a sentence without a full stop: whatever comes
  /// out, they stay inconclusive. Nil where all have enough, and for preset smoke, which gives no verdict.
  package var seedShortage: String? {
    get throws {
      if settings.preset == .smoke { return nil }
      let nothing = Evidence(results: RunResults(results: [], missing: [:]), settings: settings)
      let parts = try design.findings(nothing).parts
      let shortages = parts.map { $0.shortage(usual: settings.seeds) }
      let short = Set(shortages.compactMap { $0 }).sorted().map { shortage in
        let own = zip(parts, shortages).filter { $0.1 == shortage }.map(\.0.name)
        let named = own.count > 2 ? "\(own.count) of its \(parts.count) parts" : own.joined(separator: "; ")
        return "\(named) (\(shortage))"
      }
      if short.isEmpty { return nil }
      return "too few seeds for a verdict, which stays inconclusive: \(short.joined(separator: "; ")); give more with "
        + "--seeds"
    }
  }

  /// The verdict and all that goes with it.
  package func report(_ results: RunResults) throws -> ClaimReport {
    let evidence = Evidence(results: results, settings: settings)
    let report = ClaimReport(
      self, try design.findings(evidence), results,
      runs: design.cohorts.flatMap(\.runs)
        + design.searches.flatMap { $0.needed(results) } + (try furtherRuns(results)),
      beside: design.searches.flatMap(\.runs) + design.beside.flatMap(\.runs))
    return try answer?(evidence, report) ?? report
  }

  /// `data.csv`: one row per checkpoint.
  package func data(_ results: RunResults) throws -> Table {
    var cohorts = design.cohorts + design.beside
    for search in design.searches { cohorts += search.cohorts + [try search.chosen(results)] }
    return try measurements(self, results, cohorts)
  }
}
