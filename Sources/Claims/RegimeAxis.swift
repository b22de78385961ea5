// The gap between the objectives along parameters per unique token, on one corpus: lines through it, where they vanish,
// its points, and their table and panel. What is asked of it is in RegimeGap.swift.

import Figures
import Foundation
import Specification
import Statistics
import Transformer
import Wording

/// AR and DLM along r on one corpus.
struct RegimeAxis: Sendable {
  /// "world", "King James Bible".
  let title: String
  /// In front of every key.
  let prefix: String
  let pairs: [Pair]
  let tasks: [TaskID]

  /// Conditions whose r differ by less than this factor are models of several sizes at one r.
  private static let sameRatio = 1.2

  /// r of a condition.
  private func ratio(_ pair: Pair) -> Double {
    Double(pair.condition.model.parametersWithoutEmbeddings)
      / Double(max(1, pair.condition.corpus.nominalUniqueTokens))
  }

  /// r of each condition, in their order.
  var ratios: [Double] { pairs.map(ratio) }

  func words(of ratio: Double) -> String { String(format: ratio < 10 ? "%.2g" : "%.0f", ratio) }

  /// The conditions by r, in ascending order.
  var values: [[Pair]] {
    pairs.sorted { ratio($0) < ratio($1) }.reduce(into: []) { groups, pair in
      if let first = groups.last?.first, ratio(pair) < ratio(first) * Self.sameRatio {
        groups[groups.count - 1].append(pair)
      } else {
        groups.append([pair])
      }
    }
  }

  /// The seeds that every condition has.
  private var seeds: [UInt64] {
    let common = pairs.map { Set($0.autoregressive.members.map(\.seed)) }
      .reduce(nil) { (common: Set<UInt64>?, next) in common?.intersection(next) ?? next }
    return (common ?? []).sorted()
  }

  private func gap(_ gap: RegimeGap, _ pair: Pair, _ seed: UInt64, _ evidence: Evidence) throws -> Double? {
    guard let ar = pair.autoregressive[seed].flatMap({ evidence.results[$0] }),
      let dlm = pair.diffusion[seed].flatMap({ evidence.results[$0] })
    else { return nil }
    return try gap.value(ar, dlm, tasks)
  }

  /// Per seed a number made of the gaps of all conditions; seeds with a missing run have none.
  private func bySeed(
    _ gap: RegimeGap, _ evidence: Evidence, _ number: ([Double]) throws -> Double
  ) throws -> [(label: String, value: Double?)] {
    try seeds.compactMap { seed in
      let gaps = try pairs.compactMap { try self.gap(gap, $0, seed, evidence) }
      return gaps.count == pairs.count ? ("seed \(seed)", try number(gaps)) : nil
    }
  }

  private func part(
    _ name: String, key: String, _ gap: RegimeGap, _ evidence: Evidence, _ number: ([Double]) throws -> Double
  ) throws -> Part {
    var part = Part(
      prefix.isEmpty ? name : "\(title): \(name)", key: prefix + key,
      try judge(
        differences: try bySeed(gap, evidence, number), margin: 0, minimumSeeds: 3,
        missing: evidence.results.missing(among: pairs.cohorts.flatMap(\.runs))), unit: gap.unit)
    part.plannedSeeds = seeds.count
    return part
  }

  // MARK: The line

  private func line(_ gaps: [Double]) throws -> LeastSquares {
    try leastSquares(x: ratios.map { log10($0) }, y: gaps)
  }

  /// The slope of the gap along log r.
  func slope(_ gap: RegimeGap, _ evidence: Evidence) throws -> Part {
    try part("\(gap.name), slope per tenfold r", key: "\(gap.key)_slope", gap, evidence) {
      try line($0).slope.estimate
    }
  }

  /// Whether the gap is on a line at all: on one, its mean at both ends of the axis is that in the middle. Nil with fewer
  /// than three values of r, which have no middle.
  func bend(_ gap: RegimeGap, _ evidence: Evidence) throws -> Part? {
    let values = values
    if values.count < 3 { return nil }
    let third = max(1, values.count / 3)
    let ends = values.prefix(third) + values.suffix(third)
    let middle = values.dropFirst(third).dropLast(third)
    func mean(_ groups: some Sequence<[Pair]>, _ gaps: [Double]) -> Double {
      let names = Set(groups.joined().map(\.name))
      let own = zip(pairs, gaps).filter { names.contains($0.0.name) }.map(\.1)
      return own.reduce(0, +) / Double(max(1, own.count))
    }
    return try part(
      "\(gap.name), at both ends of the axis − in its middle", key: "\(gap.key)_bend", gap, evidence
    ) { gaps in mean(ends, gaps) - mean(middle, gaps) }
  }

  /// Where the line crosses zero; nil with fewer than two seeds.
  func vanishing(_ gap: RegimeGap, _ evidence: Evidence) throws -> Part? {
    let seeds = try seeds.compactMap { seed -> LeastSquares? in
      let gaps = try pairs.compactMap { try self.gap(gap, $0, seed, evidence) }
      return gaps.count == pairs.count ? try line(gaps) : nil
    }
    guard seeds.count >= 2,
      let zero = try zeroCrossing(intercepts: seeds.map(\.intercept), slopes: seeds.map(\.slope.estimate))
    else { return nil }
    let (low, high) = (ratios.min() ?? .nan, ratios.max() ?? .nan)
    func r(_ x: Double) -> Double { pow(10, min(max(x, -12), 12)) }
    let place = r(zero.estimate)
    let isInside = zero.bounds.map { r($0.lowerBound) >= low && r($0.upperBound) <= high } ?? false
    let point = "r = \(significant(place))"
    let outside = place < low || place > high ? ", outside of the r that were measured" : ""
    let key = "\(prefix)\(gap.key)_vanishes"
    let name = "r at which the line of \(gap.name) crosses zero"
    return Part(
      prefix.isEmpty ? name : "\(title): \(name)", key: key, verdict: isInside ? .holds : .inconclusive,
      rule: "holds if Fieller's 95 % interval lies within the r that were measured, is undecided otherwise",
      numbers: point
        + (zero.bounds.map { " [\(significant(r($0.lowerBound))), \(significant(r($0.upperBound)))]" }
          ?? ", with no bounded interval") + outside,
      point: point + outside, headline: "the gap vanishes at r = \(significant(place))",
      estimate: Estimate(
        name: key, value: place, low: zero.bounds.map { r($0.lowerBound) },
        high: zero.bounds.map { r($0.upperBound) }, unit: "parameters per unique token"))
  }

  // MARK: The points

  /// Per value of r its mean r and, per seed, the mean gap over the models there.
  private func points(_ gap: RegimeGap, _ evidence: Evidence) throws -> [(ratio: Double, gaps: [Double])] {
    try values.map { group in
      let gaps = try seeds.compactMap { seed -> Double? in
        let own = try group.compactMap { try self.gap(gap, $0, seed, evidence) }
        return own.count == group.count ? own.reduce(0, +) / Double(own.count) : nil
      }
      return (geometricMean(group.map(ratio)), gaps)
    }
  }

  /// The gap at each r with its interval over seeds.
  func estimates(_ gap: RegimeGap, _ evidence: Evidence) throws -> [Estimate] {
    try points(gap, evidence).compactMap { point in
      guard point.gaps.count >= 2 else { return nil }
      return Estimate(
        name: "\(prefix)\(gap.key)_at_r_\(words(of: point.ratio))", try studentInterval(point.gaps), unit: gap.unit)
    }
  }

  /// Where the mean gap changes its sign between neighbouring r, in a sentence; nil without results.
  func interpolated(_ gap: RegimeGap, _ evidence: Evidence) throws -> String? {
    let means = try points(gap, evidence).filter { !$0.gaps.isEmpty }
      .map { (ratio: $0.ratio, gap: $0.gaps.reduce(0, +) / Double($0.gaps.count)) }
    if means.count < 2 { return nil }
    let changes = zip(means, means.dropFirst()).filter { $0.gap * $1.gap < 0 }.map { left, right in
      "r = \(significant(left.ratio * pow(right.ratio / left.ratio, left.gap / (left.gap - right.gap))))"
    }
    return "\(title), \(gap.name): "
      + (changes.isEmpty
        ? "the mean has one sign at every r"
        : "the mean changes its sign at \(changes.joined(separator: ", ")), by interpolation between the r measured")
  }

  func table(_ evidence: Evidence) throws -> Table {
    Table(
      title:
        "\(title): means over seeds of the lowest validation cross-entropy (nats per token; the DLM's is an upper bound) "
        + "and of the best accuracy (\(tasks.names)). Gap: above zero AR is ahead.",
      columns: [
        "condition", "r", "unique tokens", "epochs", "seeds", "AR CE", "DLM CE", "gap", "AR best", "DLM best",
        "gap (points)",
      ],
      rows: try values.joined().map { pair in
        func cell(_ cohort: Cohort, _ spell: (Double) -> String, _ measure: Measure) throws -> String {
          try evidence.mean(cohort, measure).map(spell) ?? "–"
        }
        func mean(_ gap: RegimeGap, _ spell: (Double) -> String) throws -> String {
          let gaps = try seeds.compactMap { try self.gap(gap, pair, $0, evidence) }
          return gaps.isEmpty ? "–" : spell(gaps.reduce(0, +) / Double(gaps.count))
        }
        return [
          pair.name, words(of: ratio(pair)), grouped(pair.condition.corpus.nominalUniqueTokens),
          "\(pair.condition.training.epochs)", "\(evidence.found(pair.diffusion).count)",
          try cell(pair.autoregressive, nats, lowestLoss), try cell(pair.diffusion, nats, lowestLoss),
          try mean(.loss) { signed($0, places: 2) }, try cell(pair.autoregressive, percent, best(tasks)),
          try cell(pair.diffusion, percent, best(tasks)), try mean(.accuracy, signedPercent),
        ]
      })
  }

  /// The gaps of all runs against r with the line through their means, and the paper's models at their r.
  func panel(_ gap: RegimeGap, _ evidence: Evidence, withPaper: Bool) throws -> Panel {
    /// The narrowest models at each r, then the others: whether size tells where r is equal.
    let sizes = values.map { $0.sorted { $0.condition.model.width < $1.condition.model.width } }
    let kinds = [
      ("narrower models", sizes.map { Array($0.prefix(1)) }), ("wider", sizes.map { Array($0.dropFirst()) }),
    ]
    var series = try kinds.enumerated().compactMap { index, kind -> Series? in
      let dots = try kind.1.joined().flatMap { pair in
        try seeds.compactMap { seed in
          try self.gap(gap, pair, seed, evidence).map { (x: ratio(pair), y: $0) }
        }
      }
      return dots.isEmpty ? nil : Series(label: kind.0, colour: .other(index), dots: dots)
    }
    if series.isEmpty {
      return Panel(title: title, xLabel: "", yLabel: "", series: [])
    }
    let means = try points(gap, evidence).filter { !$0.gaps.isEmpty }
    series.append(
      Series(
        label: "mean of both", colour: .other(2),
        line: means.map { (x: $0.ratio, y: $0.gaps.reduce(0, +) / Double($0.gaps.count)) },
        band: try means.compactMap { point in
          guard point.gaps.count >= 3 else { return nil }
          let interval = try studentInterval(point.gaps)
          return (x: point.ratio, low: interval.low, high: interval.high)
        }))
    if withPaper {
      series.append(Series(label: "the paper", colour: .other(4), dots: gap.paper, line: gap.paper, dashed: true))
    }
    return Panel(
      title: gap == .loss ? "\(title): loss" : "\(title): accuracy (\(tasks.names))",
      xLabel: "parameters per unique token", yLabel: gap == .loss ? "DLM − AR (nats per token)" : "AR − DLM",
      xScale: .log, yPercent: gap == .accuracy, series: series,
      markers: [.horizontal(0, "level")], note: "a dot is a seed's two runs; above zero AR is ahead")
  }
}
