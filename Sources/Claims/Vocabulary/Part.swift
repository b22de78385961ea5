// A claim's verdict is made of parts, all of which must hold: differences paired by seed, and trends over ordered levels.

import Figures
import Specification
import Statistics
import Wording

/// One condition of a verdict.
struct Part: Sendable {
  /// What is compared, in words: "DLM's final accuracy − AR's best".
  let name: String
  /// The key of its comparison or trend in `verdict.json`.
  let key: String
  let verdict: Verdict
  /// One-sided p for the claim's direction; nil where there is no test.
  let p: Double?
  let missing: [String]
  /// Its numbers in words.
  let numbers: String
  let comparison: PairedComparison?
  let trend: TrendComparison?
  let estimate: Estimate?
  /// Seeds that are planned for it: nil where it asks for no number of them, 0 while a search has yet to choose.
  var plannedSeeds: Int?

  /// Seeds that its verdict needs at least; nil where there is no such number.
  private var neededSeeds: Int? { comparison?.minimumSeeds ?? trend?.minimumSeeds }

  /// "3 seeds, where at least 5 are needed" where fewer are planned than are needed.
  /// - Parameter usual: the seeds of what a search chooses.
  func shortage(usual: Int) -> String? {
    guard let plannedSeeds, let neededSeeds else { return nil }
    let planned = plannedSeeds == 0 ? usual : plannedSeeds
    return planned < neededSeeds ? "\(counted(planned, "seed")), where at least \(neededSeeds) are needed" : nil
  }

  /// A difference of accuracies (`isAccuracy`) or of numbers in the unit.
  init(_ name: String, key: String, _ comparison: PairedComparison, unit: String = "accuracy") {
    self.name = name
    self.key = key
    self.comparison = comparison
    trend = nil
    verdict = comparison.verdict
    p = comparison.studentP
    missing = comparison.missing
    estimate = comparison.interval.map { Estimate(name: key, $0, unit: unit) }
    if let interval = comparison.interval {
      numbers = unit == "accuracy" ? percentInterval(interval) : plainInterval(interval, unit: unit)
    } else {
      numbers = comparison.explanation
    }
  }

  /// A trend over levels; `values` are its numbers in words.
  init(_ name: String, key: String, _ trend: TrendComparison, values: String) {
    self.name = name
    self.key = key
    self.trend = trend
    comparison = nil
    verdict = trend.verdict
    p = trend.trend?.p
    missing = trend.missing
    estimate = nil
    numbers = values + " (" + trend.explanation + ")"
  }

  /// A condition that is judged by itself, without a paired test.
  init(
    _ name: String, key: String, verdict: Verdict, numbers: String, missing: [String] = [], estimate: Estimate? = nil
  ) {
    self.name = name
    self.key = key
    self.verdict = verdict
    self.numbers = numbers
    self.missing = missing
    self.estimate = estimate
    comparison = nil
    trend = nil
    p = nil
  }

  /// The same, undecided unless another part holds: a share of what may not be there is nothing.
  func undecided(unless other: Part, _ reason: String) -> Part {
    if other.verdict == .holds { return self }
    return Part(
      name, key: key, verdict: .inconclusive, numbers: "\(numbers), undecided because \(reason)", missing: missing,
      estimate: estimate)
  }

  /// "DLM's final accuracy − AR's best: +5.6 points [+1.6, +9.6]".
  var sentence: String { "\(name): \(numbers)" }
}

extension ClaimReport {
  /// The report of a study whose verdict is that all parts hold.
  ///
  /// The effect that `check` prints is the first part that decides the verdict; a negative control that holds turns a
  /// *holds* into *inconclusive*; panels without anything to show are left out.
  /// - Parameters:
  ///   - runs: those that the verdict rests on; one that is missing makes it inconclusive and is named.
  ///   - beside: further runs that tables or figure show.
  init(_ study: Study, _ findings: Findings, _ results: RunResults, runs: [PlannedRun], beside: [PlannedRun]) {
    let settings = study.settings
    let (parts, control, also) = (findings.parts, findings.control, findings.also)
    let missing = results.missing(among: runs)
    let combined = combine(parts.map(\.verdict))
    var verdict = combined
    if !missing.isEmpty || verdict == .holds && control?.verdict == .holds { verdict = .inconclusive }
    let isSmoke = settings.preset == .smoke
    let sentence = parts.map(\.sentence).joined(separator: "; ") + "; at this scale (\(study.design.scale))"
    var lines = parts.count > 1 && !isSmoke ? parts.map { "\($0.name): \($0.verdict.rawValue)" } : []
    lines += also.map { "not part of the verdict: \($0.sentence)" }
    if !missing.isEmpty { lines.append("missing or diverged: " + missing.joined(separator: "; ")) }
    if let control {
      lines.append(
        control.verdict == .holds
          ? "NEGATIVE CONTROL HOLDS, so nothing follows: \(control.sentence)"
          : "as expected, the negative control does not hold: \(control.sentence)")
    }
    lines += findings.remarks + results.provenance(runs + beside)
    if isSmoke { lines.append("preset smoke tests that everything works; it gives no verdict") }
    let all = parts + [control].compactMap { $0 } + also
    let heading = isSmoke ? "preset smoke: no verdict" : "verdict: \(verdict.rawValue)"
    let panels = findings.panels.filter { panel in
      panel.series.contains { !($0.dots.isEmpty && $0.line.isEmpty && $0.bars.isEmpty) }
    }
    let regime = Regime(study.design.cohorts, results)
    let figure =
      panels.isEmpty
      ? nil
      : Figure(
        name: study.name, title: "\(study.name): \(study.statement)",
        caption: [
          "\(heading) — \(sentence)",
          (key(to: panels) + [regime?.words].compactMap { $0 } + ["preset \(settings.preset.rawValue)"])
            .joined(separator: "; "),
        ],
        panels: panels)
    self.init(
      claim: study.name, preset: settings.preset, seeds: settings.seeds, verdict: isSmoke ? nil : verdict,
      sentence: sentence, remarks: lines, metrics: findings.metrics.merging(regime?.metrics ?? [:]) { own, _ in own },
      estimates: all.compactMap(\.estimate) + findings.estimates,
      comparisons: Dictionary(
        all.compactMap { part in part.comparison.map { (part.key, $0) } }, uniquingKeysWith: { first, _ in first }),
      tables: findings.tables.filter { !$0.rows.isEmpty }, figure: figure, records: uniqueHashes(runs + beside),
      trends: Dictionary(
        all.compactMap { part in part.trend.map { (part.key, $0) } }, uniquingKeysWith: { first, _ in first }),
      effect: (parts.first { $0.verdict == combined } ?? parts.first)?.sentence, p: parts.compactMap(\.p).max())
    configuration = study.digest
  }
}

/// What the marks in a figure are, of those that are in it.
private func key(to panels: [Panel]) -> [String] {
  let series = panels.flatMap(\.series)
  let marks = [
    ("dots", "checkpoints of all seeds", series.contains { !$0.dots.isEmpty }),
    ("lines", "smoothed means", series.contains { !$0.line.isEmpty }),
    ("bands", "95 % intervals over seeds", series.contains { !$0.band.isEmpty }),
    ("bars", "means with 95 % intervals over seeds", series.contains { !$0.bars.isEmpty }),
  ]
  return marks.filter(\.2).map { "\($0.0): \($0.1)" }
}

/// The hashes of runs in order, each once.
package func uniqueHashes(_ runs: [PlannedRun]) -> [String] {
  runs.distinct.map(\.hash)
}
