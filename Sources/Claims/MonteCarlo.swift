// The claim `monte-carlo`: accuracy rises with the number of different maskings of each sequence.

import Configuration
import Specification
import Wording

extension Claim {
  /// The DLM with K frozen maskings per sequence, K from 1 to unlimited.
  ///
  /// The best checkpoint counts, so that a small K is not judged by how badly it ends. The rise must be there without the
  /// smallest K too, so that one bad condition does not make a trend.
  static let monteCarlo = Claim(
    "monte-carlo",
    statement: "the DLM's accuracy rises with the number K of different maskings of each sequence",
    explanation: """
      Trains the DLM with K maskings per sequence that are drawn once and repeated, for growing K, the last unlimited, for the same \
      epochs of the same tokens, and compares their best checkpoints.
      """,
    paper: "factor 3 of three: the built-in Monte Carlo augmentation",
    uses: ClaimUses(corpora: CorpusName.allCases, variants: .diffusion, margin: false)
  ) { planner in
    let settings = planner.settings
    try planner.require(
      settings.variants.count >= 3 && settings.variants.last?.maskings == nil,
      "needs at least three conditions in ascending order of `maskings`, the last without")
    let cohorts = try settings.variants.map { try planner.cohort(.diffusion, $0) }
    return Design(cohorts: cohorts, scale: settings.scale, tasks: settings.tasks) { evidence in
      func part(_ name: String, key: String, of cohorts: [Cohort], _ measure: Measure) throws -> Part {
        try evidence.trend(
          name, key: key, cohorts.map { ($0.condition, [$0]) }, expected: .increasing,
          values: cohorts.map { "\($0.condition) \(percent(try evidence.mean($0, measure) ?? .nan))" }
            .joined(separator: ", ")
        ) { try measure($0[0]) }
      }
      let curves = Curves.levels(cohorts)
      return Findings(
        parts: [
          try part("best accuracy by maskings", key: "best_accuracy", of: cohorts, best(settings.tasks)),
          try part(
            "without the smallest K", key: "best_accuracy_without_smallest", of: Array(cohorts.dropFirst()),
            best(settings.tasks)),
        ],
        also: [try part("final accuracy", key: "final_accuracy", of: cohorts, final(settings.tasks))],
        tables: [try table(cohorts, evidence)],
        panels: try settings.tasks.map {
          try evidence.panel($0.name, .accuracy([$0]), curves, legendTitle: "maskings")
        } + [try evidence.panel("validation loss", .loss, curves, legendTitle: "maskings")])
    }
  }

  private static func table(_ cohorts: [Cohort], _ evidence: Evidence) throws -> Table {
    let tasks = evidence.settings.tasks
    return Table(
      title: "Means over seeds of the accuracy (\(tasks.names)).",
      columns: ["maskings", "seeds", "DLM best", "DLM final", "lowest CE", "final CE"],
      rows: try cohorts.map { cohort in
        func cell(_ spell: (Double) -> String, _ value: (RunResult) throws -> Double?) rethrows -> String {
          try evidence.mean(cohort, value).map(spell) ?? "–"
        }
        return [
          cohort.condition, "\(evidence.found(cohort).count)", try cell(percent) { try $0.best(tasks) },
          try cell(percent) { try $0.final(tasks) },
          cell(nats) { $0.checkpoints.compactMap { $0.validation?.crossEntropy }.min() },
          cell(nats) { $0.checkpoints.last?.validation?.crossEntropy },
        ]
      })
  }
}
