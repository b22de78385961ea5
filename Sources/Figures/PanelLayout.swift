// Where everything in a panel stands: axes, bars side by side, the legend, the markers' labels. No gnuplot here.

/// Sizes in pixels, common to the SVG and the PNG. At 1500 pixels for three panels, text is legible in a README column.
enum Metrics {
  static let fontSize = 18.0
  static let ticSize = 16.0
  static let legendSize = 17.0
  static let titleSize = 24.0
  /// Mean advance of a character in units of the font size, on the wide side (DejaVu Sans).
  static let advance = 0.62
  static let plotHeight = 340.0
  static let legendRow = 25.0
  static let legendSample = 44.0
  static let captionRow = 26.0
  static let markerRow = 22.0

  static func width(of text: String, size: Double) -> Double { Double(displayWidth(text)) * advance * size }
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
  /// `.automatic` has been replaced by a place.
  var legend: Legend
  var markers: [PlacedLabel] = []
  var markerRows = 0
  /// The size of the plotting area in pixels.
  var plotWidth: Double

  var legendEntries: [DrawableSeries] { series.filter { !$0.source.label.isEmpty } }

  /// The legend's size in pixels.
  var legendSize: (width: Double, height: Double) {
    let text = legendEntries.map { Metrics.width(of: $0.source.label, size: Metrics.legendSize) }.max() ?? 0
    return (text + Metrics.legendSample + 22, Double(legendEntries.count) * Metrics.legendRow + 12)
  }

  init(_ panel: Panel, figure: String, plotWidth: Double) throws(FigureError) {
    self.panel = panel
    self.plotWidth = plotWidth
    series = panel.series.map { DrawableSeries($0, xScale: panel.xScale, yScale: panel.yScale) }
    try Self.check(panel, series, figure: figure)
    Self.placeBars(&series)
    let hasBars = series.contains { !$0.bars.isEmpty }
    let drawn = panel.markers.filter { Self.drawable($0, panel) }
    let vertical = drawn.filter { $0.direction == .vertical }.map(\.value)
    let horizontal = drawn.filter { $0.direction == .horizontal }.map(\.value)
    x = Axis(scale: panel.xScale, values: series.flatMap(\.xValues) + vertical, range: panel.xRange)
    y = Axis(scale: panel.yScale, values: series.flatMap(\.yValues) + horizontal, range: panel.yRange, includeZero: hasBars)
    if !panel.categories.isEmpty {
      (x.low, x.high) = (-0.6, Double(panel.categories.count) - 0.4)
      x.tics = panel.categories.enumerated().map { Axis.Tic(value: Double($0.offset), label: $0.element) }
    }
    legend = panel.legend
    placeLegend(avoiding: drawn)
    if panel.categories.isEmpty { x.chooseTics() }
    y.chooseTics(percent: panel.yPercent)
    thinOut()
    placeMarkers(drawn)
  }

  /// Points and markers that could not be drawn.
  var skipped: Int {
    series.reduce(0) { $0 + $1.skipped } + panel.markers.filter { !Self.drawable($0, panel) }.count
  }

  private static func drawable(_ marker: Marker, _ panel: Panel) -> Bool {
    let scale = marker.direction == .vertical ? panel.xScale : panel.yScale
    return marker.value.isFinite && (scale == .linear || marker.value > 0)
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
      let finite = range.lowerBound.isFinite && range.upperBound.isFinite && range.lowerBound < range.upperBound
      if !finite || (scale == .log && range.lowerBound <= 0) {
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

  private func occupancy(_ markers: [Marker]) -> Occupancy {
    var occupancy = Occupancy()
    for one in series { occupancy.add(one, x: x, y: y) }
    for marker in markers {
      if marker.direction == .vertical {
        occupancy.addSegment((x.position(marker.value), 0), (x.position(marker.value), 1))
      } else {
        occupancy.addSegment((0, y.position(marker.value)), (1, y.position(marker.value)))
      }
    }
    return occupancy
  }

  /// The legend's box in panel coordinates, if it stands inside.
  private func legendBox(_ place: Legend) -> Box? {
    let width = legendSize.width / plotWidth
    let height = legendSize.height / Metrics.plotHeight
    switch place {
    case .topLeft: return Box(left: 0, bottom: 1 - height, width: width, height: height)
    case .topRight: return Box(left: 1 - width, bottom: 1 - height, width: width, height: height)
    case .bottomLeft: return Box(left: 0, bottom: 0, width: width, height: height)
    case .bottomRight: return Box(left: 1 - width, bottom: 0, width: width, height: height)
    case .automatic, .right, .none: return nil
    }
  }

  /// Resolves `.automatic`: the first corner without data; if there is none, the y axis grows upwards until there is.
  private mutating func placeLegend(avoiding markers: [Marker]) {
    guard legend == .automatic else { return }
    if legendEntries.isEmpty { legend = .none; return }
    if legendEntries.count > 5 { legend = .right; return }
    let original = y
    for headroom in stride(from: 0.0, through: 0.6, by: 0.05) {
      y.high = original.value(at: 1 + headroom)
      let occupied = occupancy(markers)
      let corners: [Legend] = [.topLeft, .bottomRight, .topRight, .bottomLeft]
      for corner in corners {
        if let box = legendBox(corner), box.width <= 1, occupied.count(in: box) == 0 { legend = corner; return }
      }
      if panel.yRange != nil { break }
    }
    y = original
    legend = .right
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

  /// Labels of vertical markers go above the panel, in as many rows as they need; labels of horizontal ones go along
  /// their line, where they cover the least.
  private mutating func placeMarkers(_ drawn: [Marker]) {
    var rows: [Double] = []  // the right end of the last label in each row
    for marker in drawn.filter({ $0.direction == .vertical }).sorted(by: { $0.value < $1.value }) {
      let position = x.position(marker.value)
      guard (0...1).contains(position) else { continue }
      let half = Metrics.width(of: marker.label, size: Metrics.ticSize) / plotWidth / 2
      let centre = min(max(position, half), max(1 - half, half))
      let row = rows.firstIndex { $0 + 0.02 < centre - half } ?? rows.count
      if row == rows.count { rows.append(0) }
      rows[row] = centre + half
      markers.append(PlacedLabel(marker: marker, x: centre, above: true, row: row))
    }
    markerRows = rows.count
    let occupied = occupancy(drawn.filter { $0.direction == .vertical })
    var taken = [legendBox(legend)].compactMap { $0 }
    for marker in drawn where marker.direction == .horizontal {
      let line = y.position(marker.value)
      guard (0...1).contains(line) else { continue }
      let width = Metrics.width(of: marker.label, size: Metrics.ticSize) / plotWidth
      let height = Metrics.markerRow / Metrics.plotHeight
      var best = (cost: Int.max, x: 0.0, above: true, box: Box(left: 0, bottom: 0, width: 0, height: 0))
      for left in stride(from: max(0.985 - width, 0.015), through: 0.015, by: -0.03) {
        for above in [true, false] {
          let box = Box(left: left, bottom: above ? line : line - height, width: width, height: height)
          let overlaps = taken.contains { Self.overlap($0, box) } || box.bottom < 0 || box.bottom + height > 1
          let cost = occupied.count(in: box) + (overlaps ? 100_000 : 0)
          if cost < best.cost { best = (cost, left, above, box) }
        }
      }
      taken.append(best.box)
      markers.append(PlacedLabel(marker: marker, x: best.x, above: best.above, row: 0))
    }
  }

  private static func overlap(_ a: Box, _ b: Box) -> Bool {
    a.left < b.left + b.width && b.left < a.left + a.width && a.bottom < b.bottom + b.height && b.bottom < a.bottom + a.height
  }
}
