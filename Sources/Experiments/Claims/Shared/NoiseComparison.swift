// What `input-noise` and `parameter-noise` have in common: a sweep of one kind of noise on AR, the best of it against plain
// AR and against the DLM.

import Figures
import Statistics
import TensorEngine

/// Plain AR, the DLM, and AR with each strength of a noise.
struct NoiseComparison: Sendable {
  let settings: ClaimSettings
  let pairs: [RunPair]
  let search: Search

  /// - Parameter claim: the claim's name, for messages.
  init(_ claim: String, _ settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.require(
      settings.variants.count >= (settings.preset == .smoke ? 1 : 5), in: claim,
      "needs at least five strengths of noise")
    pairs = try settings.base.pairs(backend: backend)
    search = try Search("noisy AR", settings.variants, settings: settings, backend: backend) { $0.autoregressive }
  }

  var runs: [PlannedRun] { pairs.flatMap(\.runs) + search.runs }

  /// The best noise on the seeds of the verdict.
  func furtherRuns(_ results: RunResults) throws -> [PlannedRun] {
    guard let best = try search.best(results) else { return [] }
    return try pairs.map { try search.verdictRun(best, seed: $0.seed) }
  }

  var reservedRuns: [PlannedRun] { get throws { try search.costliest(seeds: pairs.map(\.seed)) } }

  func report<C: Claim>(_ claim: C.Type, noise: String, _ results: RunResults) throws -> ClaimReport {
    let tasks = settings.tasks
    let noisy = try furtherRuns(results)
    let best = try search.best(results)?.name ?? "no noise yet"
    let triples = zip(pairs, noisy)
    let gain = try results.compare(
      triples.map { ($0.seed, $1, $0.autoregressive) }, margin: settings.margin
    ) { noisy, plain in try noisy.best(tasks) - plain.best(tasks) }
    let gap = try results.compare(
      triples.map { ($0.seed, $0.diffusion, $1) }, margin: settings.margin
    ) { dlm, noisy in try dlm.final(tasks) - noisy.best(tasks) }
    let bestGap = try results.compare(triples.map { ($0.seed, $0.diffusion, $1) }) { dlm, noisy in
      try dlm.best(tasks) - noisy.best(tasks)
    }
    return ClaimReport(
      claim, settings, results, runs: pairs.flatMap(\.runs) + search.needed(results) + noisy, scale: settings.scale,
      parts: [
        Part("DLM's final accuracy − AR's best with \(noise) \(best)", key: "dlm_final_minus_noisy_ar_best", gap),
        Part("AR's best with \(noise) \(best) − without", key: "noisy_ar_best_minus_ar_best", gain),
      ],
      also: [Part("DLM's best accuracy − AR's best with \(noise)", key: "dlm_best_minus_noisy_ar_best", bestGap)],
      remarks: search.diverged(results),
      tables: [try outcomeTable(pairs, results, tasks: tasks), try search.table(results)],
      panels: try panels(noise: noise, best: best, noisy: noisy, results))
  }

  private func panels(noise: String, best: String, noisy: [PlannedRun], _ results: RunResults) throws -> [Panel] {
    let tasks = settings.tasks
    let value = { (checkpoint: CheckpointRecord) in checkpoint.accuracy(tasks) }
    let last = Double(max(search.candidates.count - 1, 1))
    let sweep = try search.candidates.enumerated().compactMap { index, candidate in
      try learningCurve(
        candidate.variant.name, .level(Double(index) / last), candidate.runs.compactMap { results[$0] },
        withDots: false,
        value: value)
    }
    let compared = try [
      learningCurve("AR", .autoregressive, pairs.compactMap { results[$0.autoregressive] }, value: value),
      learningCurve("AR, \(noise) \(best)", .other(0), noisy.compactMap { results[$0] }, value: value),
      learningCurve("DLM", .diffusion, pairs.compactMap { results[$0.diffusion] }, value: value),
    ].compactMap { $0 }
    return [
      Panel(
        title: "AR with \(noise) (tuning seeds)", xLabel: "epochs", yLabel: "accuracy", xScale: .log, yPercent: true,
        series: sweep, markers: [.horizontal(0.25, "chance")], legendTitle: noise),
      Panel(
        title: "the best noise against the DLM", xLabel: "epochs", yLabel: "accuracy", xScale: .log, yPercent: true,
        series: compared, markers: [.horizontal(0.25, "chance")]),
    ]
  }

  func data(_ name: String, _ results: RunResults) -> Table {
    let noisy = (try? furtherRuns(results)) ?? []
    var measured = pairs.measured { ["", $0, "\($1.seed)"] }
    for candidate in search.candidates {
      measured += candidate.runs.map {
        Measured(run: $0, labels: [candidate.variant.name, "noisy AR (search)", "\($0.specification.seed)"])
      }
    }
    let best = (try? search.best(results))?.name ?? ""
    measured += noisy.map { Measured(run: $0, labels: [best, "noisy AR", "\($0.specification.seed)"]) }
    return measurements(
      name, results, tasks: settings.tasks, runs: measured, labels: ["noise", "model", "seed"])
  }
}
