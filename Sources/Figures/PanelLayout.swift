// Where everything in a panel stands: axes, bars side by side, the legend, the markers' labels. No gnuplot here.

import Wording

/// Sizes in pixels, common to the SVG and the PNG. At 1500 pixels for three panels, text is legible in a README column.
enum Metrics {
  static let fontSize = 20.0
  static let ticSize = 18.0
  static let legendSize = 19.0
  static let titleSize = 26.0
  /// Mean advance of a character in units of the font size, on the wide side (DejaVu Sans).
  static let advance = 0.62
  static let plotHeight = 340.0
  /// A legend at the right that would leave less than this goes below.
  static let leastPlotWidth = 230.0
  /// A legend inside that would lift the axis further above its data goes below, if other panels have the same.
  static let mostHeadroom = 0.3
  static let legendRow = 27.0

  static let legendSample = 44.0
  static let titleRow = 36.0
  static let captionRow = 28.0
  static let markerRow = 25.0

  static func width(of text: String, size: Double) -> Double { Double(displayWidth(text)) * advance * size }
}

/// The legend of several panels, once for all of them: its upper left corner in pixels of the page, and its rows, which are
/// filled column by column.
struct SharedLegend: Equatable {
  var left: Double
  var top: Double
  var rows = 1
  /// Markers of any of the panels without a free place along their line, one for each label.
  var markers: [Marker] = []
}

/// A panel ready to be written down.
struct PanelLayout {
  struct PlacedLabel: Equatable {
    var marker: Marker
    /// Horizontal markers: the left end of the text in 0…1; vertical markers: the text's centre.
    var x: Double
    /// Horizontal markers: whether the text stands above its line.
    var above: Bool
    /// Vertical markers: how many rows of labels lie between this one and the panel.
    var row: Int
  }

  var panel: Panel
  var series: [DrawableSeries]
  var x: Axis
  var y: Axis
  /// The limits of y before a legend needed room.
  var dataRange: ClosedRange<Double>
  /// `.automatic` has been replaced by a place.
  var legend: Legend
  /// Markers with a label beside their line, or above the panel.
  var markers: [PlacedLabel] = []
  /// Horizontal markers without a free place along their line: their labels are in the legend.
  var legendMarkers: [Marker] = []
  /// Whether a legend outside, this panel's or another's, names what has no place inside.
  var sharesLegend: Bool
  /// A legend for several panels that this one draws, elsewhere on the page.
  var shared: SharedLegend?
  /// Rows of vertical markers' labels above the panel.
  var markerRows = 0
  /// How far the y axis reaches above the data's limits so that the legend covers nothing, in heights of the data.
  var headroom = 0.0
  /// The size of the plotting area in pixels.
  var plotWidth: Double

  var legendEntries: [DrawableSeries] { series.filter { !$0.source.label.isEmpty } }

  /// The markers that this panel's legend names.
  var namedMarkers: [Marker] { shared?.markers ?? legendMarkers }

  /// What tells a legend from another: its title, and each entry with its looks.
  var legendKey: [String] {
    [panel.legendTitle]
      + legendEntries.map { entry in
        let series = entry.source
        let kinds = [entry.dots.isEmpty, entry.line.isEmpty, entry.bars.isEmpty, series.dashed]
        return "\(series.label) \(series.colour.gnuplot()) \(kinds)"
      }
  }

  /// What the x axis' tic labels take below the panel, in pixels.
  var ticHeight: Double {
    let lines = x.tics.map { $0.label.split(separator: "\n").count }.max() ?? 1
    return Double(max(lines, 1)) * 25
  }

  /// What all labels of the x axis take.
  var axisHeight: Double { 21 + ticHeight + (panel.xLabel.isEmpty ? 0 : 32) }

  /// The legend's size in pixels.
  var legendSize: (width: Double, height: Double) {
    let labels = legendEntries.map(\.source.label) + namedMarkers.map(\.label)
    let text = labels.map { Metrics.width(of: $0, size: Metrics.legendSize) }.max() ?? 0
    let title = Metrics.width(of: panel.legendTitle, size: Metrics.legendSize)
    let rows = labels.count + (panel.legendTitle.isEmpty ? 0 : 1)
    return (max(text + Metrics.legendSample, title) + 24, Double(rows) * Metrics.legendRow + 16)
  }

  /// - Parameters:
  ///   - shared: limits of y in place of the data's own; a legend may still need more room.
  ///   - sharesLegend: whether this panel's legend is part of one for several panels.
  init(
    _ panel: Panel, figure: String, plotWidth: Double, shared: ClosedRange<Double>? = nil, sharesLegend: Bool = false
  ) throws(FigureError) {
    self.panel = panel
    self.sharesLegend = sharesLegend
    self.plotWidth = plotWidth
    series = panel.series.map { DrawableSeries($0, xScale: panel.xScale, yScale: panel.yScale) }
    try Self.check(panel, series, figure: figure)
    Self.placeBars(&series)
    let hasBars = series.contains { !$0.bars.isEmpty }
    let drawn = panel.markers.filter { Self.drawable($0, panel) }
    let vertical = drawn.filter { $0.direction == .vertical }.map(\.value)
    let horizontal = drawn.filter { $0.direction == .horizontal }.map(\.value)
    x = Axis(scale: panel.xScale, values: series.flatMap(\.xValues) + vertical, range: panel.xRange)
    y = Axis(
      scale: panel.yScale, values: series.flatMap(\.yValues) + horizontal, range: panel.yRange ?? shared,
      includeZero: hasBars)
    dataRange = y.low...y.high
    if !panel.categories.isEmpty {
      (x.low, x.high) = (-0.6, Double(panel.categories.count) - 0.4)
      let columns = Int(plotWidth / (Double(panel.categories.count) + 0.2) / (Metrics.ticSize * Metrics.advance))
      x.tics = panel.categories.enumerated().map { index, name in
        let lines = name.split(separator: "\n").flatMap { GnuplotText.wrapped(String($0), width: columns) }
        return Axis.Tic(value: Double(index), label: lines.joined(separator: "\n"))
      }
    }
    legend = panel.legend
    thinOut()
    placeVerticalMarkers(drawn)
    placeLegend(drawn)
    if panel.categories.isEmpty {
      x.chooseTics { (Metrics.width(of: $0, size: Metrics.ticSize) + 8) / plotWidth }
    }
    y.chooseTics(percent: panel.yPercent) { _ in 1.5 * Metrics.ticSize / Metrics.plotHeight }
  }

  /// Whether both x axes have the same scale and, within 2 % of their length, the same limits.
  func showsTheSameAlongX(as other: PanelLayout) -> Bool {
    guard panel.categories.isEmpty, other.panel.categories.isEmpty, x.scale == other.x.scale else { return false }
    return abs(x.position(other.x.low)) < 0.02 && abs(x.position(other.x.high) - 1) < 0.02
  }

  /// Points and markers that could not be drawn.
  var skipped: Int {
    series.reduce(0) { $0 + $1.skipped } + panel.markers.filter { !Self.drawable($0, panel) }.count
  }

  private static func drawable(_ marker: Marker, _ panel: Panel) -> Bool {
    (marker.direction == .vertical ? panel.xScale : panel.yScale).canShow(marker.value)
  }

  private static func check(_ panel: Panel, _ series: [DrawableSeries], figure: String) throws(FigureError) {
    if series.isEmpty { throw .empty(figure: figure, what: "panel \(panel.title.debugDescription) has no series") }
    for one in series {
      let label = one.source.label
      if one.isEmpty {
        throw .nothingToDraw(figure: figure, panel: panel.title, series: label, points: one.given)
      }
      let count = panel.categories.count
      if let bar = one.bars.first(where: { !(0..<count).contains($0.category) }) {
        throw .unknownCategory(
          figure: figure, panel: panel.title, series: label, category: bar.category, count: count)
      }
    }
    for (axis, range, scale) in [("x", panel.xRange, panel.xScale), ("y", panel.yRange, panel.yScale)] {
      guard let range else { continue }
      let shown = scale.canShow(range.lowerBound) && scale.canShow(range.upperBound)
      if !shown || Axis.isPoint(range.lowerBound, range.upperBound) {
        throw .badRange(
          figure: figure, panel: panel.title, axis: axis, range: "\(range.lowerBound)…\(range.upperBound)")
      }
    }
  }

  /// Bars of the series over one category share 80 % of it.
  private static func placeBars(_ series: inout [DrawableSeries]) {
    let groups = series.indices.filter { !series[$0].bars.isEmpty }
    let width = 0.8 / Double(max(groups.count, 1))
    for (order, index) in groups.enumerated() {
      let offset = (Double(order) - Double(groups.count - 1) / 2) * width
      series[index].barWidth = width
      series[index].barCentres = series[index].bars.map { Double($0.category) + offset }
    }
  }

  private mutating func thinOut() {
    let axis = x
    for index in series.indices {
      series[index].dots = thinned(series[index].dots, position: axis.position)
      series[index].line = thinned(series[index].line, position: axis.position)
      series[index].band = thinned(series[index].band, position: axis.position)
      series[index].errorBars = thinned(series[index].errorBars, position: axis.position)
    }
  }
}
