// A series reduced to what can be drawn: points that are not finite, or not positive on a logarithmic axis, are left
// out and counted. Nothing is replaced or interpolated.

extension Scale {
  /// Finite, positive on a logarithmic axis, and of a size (1e±100) with which differences and ratios stay finite.
  func canShow(_ value: Double) -> Bool { abs(value) <= 1e100 && (self == .linear || value >= 1e-100) }
}

/// The drawable part of a series, every kind of datum as spans (a point has low == high).
struct DrawableSeries {
  var source: Series
  var dots: [Span] = []
  var line: [Span] = []
  var band: [Span] = []
  var errorBars: [Span] = []
  var bars: [Bar] = []
  /// The bars' horizontal centres and their common width, in categories.
  var barCentres: [Double] = []
  var barWidth = 0.0
  /// How many points were given, and how many left out.
  var given = 0
  var skipped = 0

  init(_ series: Series, xScale: Scale, yScale: Scale) {
    source = series
    func keep(_ spans: [Span]) -> [Span] {
      let kept = spans.filter { xScale.canShow($0.x) && yScale.canShow($0.low) && yScale.canShow($0.high) }
      given += spans.count
      skipped += spans.count - kept.count
      return kept
    }
    dots = keep(series.dots.map { ($0.x, $0.y, $0.y) })
    line = keep(series.line.map { ($0.x, $0.y, $0.y) })
    band = keep(series.band)
    errorBars = keep(series.errorBars)
    bars = series.bars.filter { yScale.canShow($0.value) }
    given += series.bars.count
    skipped += series.bars.count - bars.count
    for index in bars.indices {
      guard let interval = bars[index].interval else { continue }
      given += 1
      if !yScale.canShow(interval.lowerBound) || !yScale.canShow(interval.upperBound) {
        bars[index].interval = nil
        skipped += 1
      }
    }
  }

  var isEmpty: Bool { given == skipped }

  /// All x values, with the bars' full widths.
  var xValues: [Double] {
    (dots + line + band + errorBars).map(\.x) + barCentres.flatMap { [$0 - barWidth / 2, $0 + barWidth / 2] }
  }

  /// All y values, with the ends of intervals.
  var yValues: [Double] {
    (dots + line + band + errorBars).flatMap { [$0.low, $0.high] }
      + bars.flatMap { [$0.value] + ($0.interval.map { [$0.lowerBound, $0.upperBound] } ?? []) }
  }
}
