// A claim's verdict is made of parts, all of which must hold: differences paired by seed, and trends over ordered levels.

import Figures
import Specification
import Statistics
import Wording

/// One condition of a verdict.
struct Part: Sendable {
  /// What is compared, in words: "DLM's final accuracy − AR's best".
  private(set) var name: String
  /// The key of its comparison or trend in `verdict.json`.
  private(set) var key: String
  let verdict: Verdict
  /// When it holds and when it fails, in words.
  let rule: String
  /// One-sided p for the claim's direction; nil where there is no test.
  let p: Double?
  let missing: [String]
  /// Its numbers in words.
  let numbers: String
  /// The same without intervals and tests, for the preset that gives no verdict.
  let point: String
  /// What came out, in a few words, for a figure's title: "DLM ends 47.7 points below AR's best".
  private(set) var headline: String
  let comparison: PairedComparison?
  let trend: TrendComparison?
  private(set) var estimate: Estimate?
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

  /// Who is said to lie how far above or below what: "DLM ends", "AR's best".
  typealias Lead = (subject: String, object: String)

  /// A difference of accuracies (`isAccuracy`) or of numbers in the unit.
  init(_ name: String, key: String, _ comparison: PairedComparison, unit: String = "accuracy", lead: Lead? = nil) {
    self.name = name
    self.key = key
    self.comparison = comparison
    trend = nil
    verdict = comparison.verdict
    rule = comparison.rule(unit: unit)
    p = comparison.studentP
    missing = comparison.missing
    estimate = comparison.interval.map { Estimate(name: key, $0, unit: unit) }
    if let interval = comparison.interval {
      let isShare = unit == "accuracy"
      numbers = isShare ? percentInterval(interval) : plainInterval(interval, unit: unit)
      point = spelled(interval.estimate, unit: unit)
      let size = spelled(abs(interval.estimate), unit: unit).dropFirst()
      headline =
        lead.map { "\($0.subject) \(size) \(interval.estimate < 0 ? "below" : "above") \($0.object)" }
        ?? "\(name): \(point)"
    } else {
      numbers = comparison.explanation
      point = comparison.differences.first.map { spelled($0, unit: unit) } ?? comparison.explanation
      headline = "\(name): \(point)"
    }
  }

  /// A trend over levels; `values` are its numbers in words.
  init(_ name: String, key: String, _ trend: TrendComparison, values: String, headline: String? = nil) {
    self.name = name
    self.key = key
    self.trend = trend
    comparison = nil
    verdict = trend.verdict
    rule = trend.rule
    p = trend.trend?.p
    missing = trend.missing
    estimate = nil
    numbers = values + " (" + trend.explanation + ")"
    point = values
    self.headline = headline ?? "\(name): \(trend.explanation)"
  }

  /// A condition that is judged by itself, without a paired test; `point` are its numbers without intervals.
  init(
    _ name: String, key: String, verdict: Verdict, rule: String, numbers: String, point: String? = nil,
    headline: String, missing: [String] = [], estimate: Estimate? = nil
  ) {
    self.name = name
    self.key = key
    self.verdict = verdict
    self.rule = rule
    self.numbers = numbers
    self.point = point ?? numbers
    self.headline = headline
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
      name, key: key, verdict: .inconclusive, rule: "\(rule); decides nothing unless \(other.name) holds",
      numbers: "\(numbers), undecided because \(reason)", point: point, headline: headline, missing: missing,
      estimate: estimate)
  }

  /// The same under another name and key, where several studies' parts stand side by side.
  /// - Parameter place: what its title begins with.
  func renamed(_ name: String, key: String, of place: String) -> Part {
    var part = self
    part.headline = "\(place): \(headline)"
    part.name = name
    part.key = key
    part.estimate = estimate.map { Estimate(name: key, value: $0.value, low: $0.low, high: $0.high, unit: $0.unit) }
    return part
  }

  /// "DLM's final accuracy − AR's best: +5.6 points [+1.6, +9.6]".
  var sentence: String { "\(name): \(numbers)" }
}

/// "+4.2 points", "−1.23 nats".
private func spelled(_ value: Double, unit: String) -> String {
  unit == "accuracy"
    ? "\(signedPercent(value)) points" : signed(value, places: 2) + (unit.isEmpty ? "" : " " + unit)
}

extension PairedComparison {
  /// "holds if the 95 % interval over at least 5 seeds lies above +2.0 points, fails if it lies below 0".
  fileprivate func rule(unit: String) -> String {
    let bound = margin == 0 ? "0" : spelled(margin, unit: unit)
    let level = String(Int(((interval?.level ?? 0.95) * 100).rounded()))
    return
      "holds if the \(level) % interval over at least \(counted(minimumSeeds, "seed")) lies above \(bound), fails if it "
      + "lies below \(margin < 0 ? "that" : "0")"
  }
}

extension TrendComparison {
  /// "holds if Page's exact test over at least 3 seeds finds the levels increasing (p < 0.05), fails if decreasing".
  fileprivate var rule: String {
    "holds if Page's exact test over at least \(counted(minimumSeeds, "seed")) finds the levels \(expected.rawValue) "
      + "(p < \(numeral(significance))), fails if \(expected.opposite.rawValue)"
  }
}

extension ClaimReport {
  /// A figure's caption names so many parts of a verdict.
  private static let captionedParts = 4

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
    func sentence(_ part: Part) -> String { isSmoke ? "\(part.name): \(part.point)" : part.sentence }
    /// What some of the parts say, and at which scale.
    func summary(of shown: [Part]) -> String {
      let left = parts.count - shown.count
      let words = shown.map(sentence) + (left > 0 ? ["and \(counted(left, "other part"))"] : [])
      return (words.isEmpty ? ["nothing could be asked"] : words).joined(separator: "; ")
        + "; at this scale (\(study.design.scale))"
    }
    let whole = summary(of: parts)
    var lines = parts.count > 1 && !isSmoke ? parts.map { "\($0.name): \($0.verdict.rawValue)" } : []
    lines += also.map { "not part of the verdict: \(sentence($0))" }
    if !missing.isEmpty { lines.append("missing or diverged: " + missing.joined(separator: "; ")) }
    if let control {
      lines.append(
        isSmoke
          ? "negative control: \(sentence(control))"
          : control.verdict == .holds
            ? "NEGATIVE CONTROL HOLDS, so nothing follows: \(control.sentence)"
            : "as expected, the negative control does not hold: \(control.sentence)")
    }
    lines += findings.remarks + results.provenance(runs + beside)
    if isSmoke { lines.append("preset smoke tests that everything works; it gives no verdict") }
    let all = parts + [control].compactMap { $0 } + also
    let deciding = parts.first { $0.verdict == combined } ?? parts.first
    let heading = isSmoke ? "Preset smoke: no verdict" : verdict.rawValue.capitalized
    let title =
      isSmoke
      ? "no verdict at preset smoke"
      : verdict.rawValue + ", "
        + (!missing.isEmpty
          ? "\(counted(missing.count, "run")) missing or diverged"
          : verdict != combined ? "the negative control holds" : deciding?.headline ?? "nothing was judged")
    let panels = findings.panels.filter { panel in
      panel.series.contains { !($0.dots.isEmpty && $0.line.isEmpty && $0.bars.isEmpty) }
    }
    // Of many parts the caption has those that decide; all of them are in verdict.json.
    let brief = summary(
      of: parts.count > Self.captionedParts && !isSmoke ? parts.filter { $0.verdict == combined } : parts)
    let regime = Regime(study.design.cohorts, results)
    let figure =
      panels.isEmpty
      ? nil
      : Figure(
        name: study.name, title: "\(study.name): \(title)", subtitle: study.statement,
        caption: [
          "\(heading). \(sentenceCase(brief))",
          (key(to: panels, findings.marks) + [regime?.words(beside: findings.paper)].compactMap { $0 } + [
            "preset \(settings.preset.rawValue)"
          ])
          .joined(separator: "; "),
        ],
        panels: panels)
    self.init(
      claim: study.name, preset: settings.preset, seeds: settings.seeds, verdict: isSmoke ? nil : verdict,
      sentence: whole, remarks: lines, metrics: findings.metrics.merging(regime?.metrics ?? [:]) { own, _ in own },
      estimates: all.compactMap(\.estimate) + findings.estimates,
      comparisons: Dictionary(
        all.compactMap { part in part.comparison.map { (part.key, $0) } }, uniquingKeysWith: { first, _ in first }),
      tables: findings.tables.filter { !$0.rows.isEmpty }, figure: figure, records: uniqueHashes(runs + beside),
      trends: Dictionary(
        all.compactMap { part in part.trend.map { (part.key, $0) } }, uniquingKeysWith: { first, _ in first }),
      effect: deciding.map(sentence), p: isSmoke ? nil : parts.compactMap(\.p).max())
    configuration = study.digest
    expected = isSmoke ? nil : settings.expected
    self.parts =
      parts.map { JudgedPart($0, .judged, isSmoke: isSmoke) }
      + [control].compactMap { $0 }.map { JudgedPart($0, .control, isSmoke: isSmoke) }
      + also.map { JudgedPart($0, .beside, isSmoke: isSmoke) }
  }
}

/// What the marks in a figure are, of those that are in it.
private func key(to panels: [Panel], _ words: FigureMarks) -> [String] {
  let series = panels.flatMap(\.series)
  let marks = [
    ("dots", words.dots, series.contains { !$0.dots.isEmpty }),
    ("lines", words.lines, series.contains { !$0.line.isEmpty }),
    ("bands", "95 % intervals over seeds", series.contains { !$0.band.isEmpty }),
    ("bars", "means with 95 % intervals over seeds", series.contains { !$0.bars.isEmpty }),
  ]
  return marks.filter(\.2).map { "\($0.0): \($0.1)" }
}

/// The hashes of runs in order, each once.
package func uniqueHashes(_ runs: [PlannedRun]) -> [String] {
  runs.distinct.map(\.hash)
}
