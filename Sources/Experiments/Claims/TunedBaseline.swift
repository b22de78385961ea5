// The question `tuned-baseline`: does the crossover survive when both objectives get the same search for regularisation?

import Figures
import Statistics
import TensorEngine

/// The best regularised DLM against the best regularised AR, both chosen on seeds that the verdict does not use.
///
/// Weight decay and dropout are searched for both; masking the input as well for AR, whose objective has none.
public struct TunedBaseline: Claim {
  public static let name = "tuned-baseline"
  public static let statement = "the DLM still wins when both objectives get the same search for regularisation"
  public static let explanation = """
    Searches weight decay, dropout and (for AR) input masking, combined, on seeds of its own, trains the best of each objective on \
    the verdict's seeds, and compares their best checkpoints. Not a claim of the paper: its critics ask it.
    """
  public static let paper = "not asked there; Kim et al. and Gao et al. find that regularised AR gains much"

  let settings: ClaimSettings
  let pairs: [RunPair]
  let autoregressive: Search
  let diffusion: Search

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.require(
      settings.variants.contains { $0.inputMasking > 0 } && settings.variants.contains { $0.inputMasking == 0 },
      in: Self.name,
      "needs settings with and without input masking")
    pairs = try settings.base.pairs(backend: backend)
    autoregressive = try Search("AR", settings.variants, settings: settings, backend: backend) { $0.autoregressive }
    diffusion = try Search(
      "DLM", settings.variants.filter { $0.inputMasking == 0 }, settings: settings, backend: backend
    ) { $0.diffusion }
  }

  public var runs: [PlannedRun] { pairs.flatMap(\.runs) + autoregressive.runs + diffusion.runs }

  public func furtherRuns(_ results: RunResults) throws -> [PlannedRun] {
    try tuned(autoregressive, results) + tuned(diffusion, results)
  }

  public var reservedRuns: [PlannedRun] {
    get throws {
      try [autoregressive, diffusion].flatMap { try $0.costliest(seeds: pairs.map(\.seed)) }
    }
  }

  /// The chosen setting's runs on the verdict's seeds, empty while it is not known.
  private func tuned(_ search: Search, _ results: RunResults) throws -> [PlannedRun] {
    guard let best = try search.best(results) else { return [] }
    return try pairs.map { try search.verdictRun(best, seed: $0.seed) }
  }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let tasks = settings.tasks
    let (ar, dlm) = (try tuned(autoregressive, results), try tuned(diffusion, results))
    let names = (
      ar: try autoregressive.best(results)?.name ?? "not chosen", dlm: try diffusion.best(results)?.name ?? "not chosen"
    )
    let tunedPairs = zip(pairs, zip(dlm, ar)).map { (seed: $0.seed, first: $1.0, second: $1.1) }
    let bests = try results.compare(tunedPairs, margin: settings.margin) { try $0.best(tasks) - $1.best(tasks) }
    let last = try results.compare(tunedPairs) { try $0.final(tasks) - $1.best(tasks) }
    let arGain = try results.compare(zip(pairs, ar).map { ($0.seed, $1, $0.autoregressive) }) {
      try $0.best(tasks) - $1.best(tasks)
    }
    let dlmGain = try results.compare(zip(pairs, dlm).map { ($0.seed, $1, $0.diffusion) }) {
      try $0.best(tasks) - $1.best(tasks)
    }
    let robust = try results.compare(tunedPairs) { dlm, ar in
      (try dlm.final(tasks) - dlm.best(tasks)) - (try ar.final(tasks) - ar.best(tasks))
    }
    return ClaimReport(
      Self.self, settings, results,
      runs: pairs.flatMap(\.runs) + autoregressive.needed(results) + diffusion.needed(results) + ar + dlm,
      scale: settings.scale,
      parts: [
        Part(
          "tuned DLM's best (\(names.dlm)) − tuned AR's best (\(names.ar))", key: "tuned_dlm_best_minus_tuned_ar_best",
          bests)
      ],
      also: [
        Part("tuned DLM's final accuracy − tuned AR's best", key: "tuned_dlm_final_minus_tuned_ar_best", last),
        Part("what tuning gains AR", key: "tuned_ar_best_minus_ar_best", arGain),
        Part("what tuning gains the DLM", key: "tuned_dlm_best_minus_dlm_best", dlmGain),
        Part("what AR loses more than the DLM from its best to its last checkpoint", key: "loss_after_best", robust),
      ],
      remarks: autoregressive.diverged(results) + diffusion.diverged(results),
      tables: [try autoregressive.table(results), try diffusion.table(results)],
      panels: try panels(ar: ar, dlm: dlm, results))
  }

  private func panels(ar: [PlannedRun], dlm: [PlannedRun], _ results: RunResults) throws -> [Panel] {
    try settings.tasks.map { task in
      let value = { (checkpoint: CheckpointRecord) in checkpoint.tasks[task]?.acc }
      return Panel(
        title: task, xLabel: "epochs", yLabel: "accuracy", xScale: .log, yPercent: true,
        series: [
          try learningCurve(
            "AR", .autoregressive, pairs.compactMap { results[$0.autoregressive] }, withDots: false, dashed: true,
            value: value),
          try learningCurve(
            "DLM", .diffusion, pairs.compactMap { results[$0.diffusion] }, withDots: false, dashed: true, value: value),
          try learningCurve("AR, tuned", .autoregressive, ar.compactMap { results[$0] }, value: value),
          try learningCurve("DLM, tuned", .diffusion, dlm.compactMap { results[$0] }, value: value),
        ].compactMap { $0 }, markers: [.horizontal(0.25, "chance")])
    }
  }

  public func data(_ results: RunResults) -> Table {
    var measured = pairs.measured { ["", $0, "\($1.seed)"] }
    for search in [autoregressive, diffusion] {
      for candidate in search.candidates {
        measured += candidate.runs.map {
          Measured(run: $0, labels: [candidate.variant.name, "\(search.label) (search)", "\($0.specification.seed)"])
        }
      }
      let best = (try? search.best(results))?.name ?? ""
      measured += ((try? tuned(search, results)) ?? []).map {
        Measured(run: $0, labels: [best, "\(search.label), tuned", "\($0.specification.seed)"])
      }
    }
    return measurements(Self.name, results, tasks: settings.tasks, runs: measured, labels: ["setting", "model", "seed"])
  }
}
