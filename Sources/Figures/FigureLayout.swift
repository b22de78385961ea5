// Where the panels, the title and the caption stand on the page, in pixels from the top left corner.

/// What a figure is laid out for.
enum FigurePage: Sendable {
  /// A screen or a page's whole width: rows of at most three panels.
  case wide
  /// A column of a printed page: one panel below another.
  case column

  /// Columns of panels, and the width in pixels.
  func columns(panels: Int) -> (count: Int, width: Double) {
    switch self {
    case .wide:
      let count = panels == 4 ? 2 : min(panels, 3)
      return (count, [1: 860, 2: 1160, 3: 1500][count] ?? 1500)
    case .column: return (1, 602)
    }
  }
}

/// A figure's page: its panels laid out in rows, and the text around them.
struct FigureLayout {
  struct PlacedPanel {
    var layout: PanelLayout
    /// The plotting area.
    var left: Double
    var top: Double
    /// The baseline of the panel's title; the same for all panels of a row.
    var title: Double
    /// The width of the widest y tic label.
    var ticWidth: Double
  }

  var figure: Figure
  var width: Double
  var height: Double
  var panels: [PlacedPanel] = []
  /// The wrapped title, subtitle and caption with the heights of their lines' middles.
  var title: [(text: String, y: Double)] = []
  var subtitle: [(text: String, y: Double)] = []
  var caption: [(text: String, y: Double)] = []
  var skipped = 0

  init(_ figure: Figure, for page: FigurePage = .wide) throws(FigureError) {
    self.figure = figure
    if figure.panels.isEmpty { throw .empty(figure: figure.name, what: "it has no panels") }
    let (columns, pageWidth) = page.columns(panels: figure.panels.count)
    let (layouts, sharing) = try Self.layouts(figure, columns: columns, cell: pageWidth / Double(columns))
    width = pageWidth
    height = 10
    let titleColumns = Int((pageWidth - 40) / (Metrics.titleSize * 0.68))
    for text in figure.title.isEmpty ? [] : GnuplotText.balanced(figure.title, width: titleColumns) {
      height += Metrics.titleRow
      title.append((text, height - Metrics.titleRow / 2))
    }
    let captionColumns = Int((pageWidth - 48) / (Metrics.legendSize * 0.55))
    for text in figure.subtitle.map({ GnuplotText.balanced($0, width: captionColumns) }) ?? [] {
      height += Metrics.captionRow
      subtitle.append((text, height - Metrics.captionRow / 2))
    }
    for start in stride(from: 0, to: layouts.count, by: columns) {
      let row = layouts[start..<min(start + columns, layouts.count)]
      let top = height + 46 + Double(row.map(\.layout.markerRows).max() ?? 0) * Metrics.markerRow
      for (column, entry) in row.enumerated() {
        let left = pageWidth / Double(columns) * Double(column) + entry.left
        panels.append(
          PlacedPanel(layout: entry.layout, left: left, top: top, title: height + 24, ticWidth: entry.ticWidth))
      }
      height = top + Metrics.plotHeight + Self.footHeight(of: row.map(\.layout))
    }
    placeLegend(sharedBy: sharing)
    skipped = layouts.reduce(0) { $0 + $1.layout.skipped }
    for line in figure.caption + notes() {
      for text in GnuplotText.filled(line, width: captionColumns) {
        height += Metrics.captionRow
        caption.append((text, height - Metrics.captionRow / 2))
      }
    }
    height = (height + 14).rounded(.up)
  }

  private typealias Settled = (layout: PanelLayout, left: Double, ticWidth: Double)

  /// Each panel's layout, its left margin and the width of its y tic labels. Panels of a row that show one quantity have
  /// one y axis: the limits of all of them, with the room that any of their legends needs, and one label at the left.
  ///
  /// The second result are the panels that have one legend for all of them, and none of their own.
  private static func layouts(
    _ figure: Figure, columns: Int, cell: Double
  ) throws(FigureError) -> ([Settled], sharing: [Int]) {
    var figure = figure
    var result: [Settled] = []
    for panel in figure.panels { result.append(try settled(panel, figure: figure.name, cell: cell)) }
    let sharing = sharing(result.map(\.layout), figure.panels)
    /// Panels that share a legend name in it the markers whose labels have no place.
    func settle(_ index: Int, _ panel: Panel? = nil, shared: ClosedRange<Double>? = nil) throws(FigureError) -> Settled
    {
      try settled(
        panel ?? figure.panels[index], figure: figure.name, cell: cell, shared: shared,
        sharesLegend: sharing.contains(index))
    }

    for index in sharing {
      figure.panels[index].legend = .none
      result[index] = try settle(index)
    }
    for start in stride(from: 0, to: result.count, by: columns) {
      let row = Array(start..<min(start + columns, result.count))
      for first in row where !row.contains(where: { $0 < first && sharesAxis(figure.panels[$0], figure.panels[first]) })
      {
        let group = row.filter { $0 == first || sharesAxis(figure.panels[first], figure.panels[$0]) }
        if group.count < 2 { continue }
        let ranges = group.map { result[$0].layout.dataRange }
        var range = (ranges.map(\.lowerBound).min() ?? 0)...(ranges.map(\.upperBound).max() ?? 1)
        for index in group {
          let grown = try settle(index, shared: range)
          range = range.lowerBound...max(range.upperBound, grown.layout.y.high)
        }
        for index in group {
          var panel = figure.panels[index]
          panel.yRange = range
          if row.contains(index - 1), group.contains(index - 1) { panel.yLabel = "" }
          result[index] = try settle(index, panel)
        }
      }
    }
    alignTics(&result)
    return (result, sharing)
  }

  /// The panels that have one legend for all of them, that of the one with most entries, which comes last: several whose
  /// legends say nothing else, where at least one stands outside or takes much room inside.
  private static func sharing(_ layouts: [PanelLayout], _ panels: [Panel]) -> [Int] {
    let automatic = layouts.indices.filter { panels[$0].legend == .automatic && !layouts[$0].legendEntries.isEmpty }
    let needing = automatic.filter {
      [.right, .below].contains(layouts[$0].legend) || layouts[$0].headroom > Metrics.mostHeadroom
    }
    guard !needing.isEmpty,
      let fullest = automatic.max(by: { layouts[$0].legendKey.count < layouts[$1].legendKey.count })
    else { return [] }
    let key = Set(layouts[fullest].legendKey)
    let group = automatic.filter { key.isSuperset(of: layouts[$0].legendKey) }
    guard group.count > 1, needing.allSatisfy(group.contains) else { return [] }
    return group.filter { $0 != fullest } + [fullest]
  }

  /// Panels that show one range along x have the tics of the one with the fewest labels.
  private static func alignTics(_ layouts: inout [Settled]) {
    let before = layouts.map(\.layout)
    func labels(_ panel: PanelLayout) -> Int { panel.x.tics.count { !$0.label.isEmpty } }
    for index in layouts.indices {
      let alike = before.filter { $0.showsTheSameAlongX(as: before[index]) }
      guard let sparsest = alike.min(by: { labels($0) < labels($1) }) else { continue }
      let own = before[index].x
      layouts[index].layout.x.tics = sparsest.x.tics.filter { (-1e-9...1 + 1e-9).contains(own.position($0.value)) }
    }
  }

  /// Puts the legend that panels share below all of them, drawn by the last of these, in as many columns as fit.
  private mutating func placeLegend(sharedBy sharing: [Int]) {
    guard let index = sharing.last else { return }
    var markers: [Marker] = []
    for marker in sharing.flatMap({ panels[$0].layout.legendMarkers })
    where !markers.contains(where: { $0.label == marker.label }) {
      markers.append(marker)
    }
    var legend = SharedLegend(left: 24, top: height, markers: markers)
    panels[index].layout.shared = legend
    let layout = panels[index].layout
    let entries = layout.legendEntries.count + markers.count

    let columns = max(1, min(entries, Int((width - 48) / layout.legendSize.width)))
    legend.rows = (entries + columns - 1) / columns
    panels[index].layout.shared = legend
    height += Double(legend.rows + (layout.panel.legendTitle.isEmpty ? 0 : 1)) * Metrics.legendRow + 16
  }

  /// Whether two panels show one quantity, so that their heights can be compared.
  private static func sharesAxis(_ one: Panel, _ other: Panel) -> Bool {
    func hasBars(_ panel: Panel) -> Bool { panel.series.contains { !$0.bars.isEmpty } }
    return one.yLabel == other.yLabel && one.yScale == other.yScale && one.yPercent == other.yPercent
      && one.yRange == nil && other.yRange == nil && hasBars(one) == hasBars(other) && !one.yLabel.isEmpty
  }

  /// A panel's layout. The margins depend on the widths of the tic labels and on whether the legend stands outside, and
  /// both on the width that the margins leave: a first pass with typical margins settles them.
  private static func settled(
    _ panel: Panel, figure: String, cell: Double, shared: ClosedRange<Double>? = nil, sharesLegend: Bool = false
  ) throws(FigureError) -> Settled {
    func laidOut(_ panel: Panel, plotWidth: Double) throws(FigureError) -> PanelLayout {

      try PanelLayout(panel, figure: figure, plotWidth: plotWidth, shared: shared, sharesLegend: sharesLegend)
    }
    var layout = try laidOut(panel, plotWidth: cell - 120)

    var (left, ticWidth) = (0.0, 0.0)
    for _ in 0..<2 {
      var settled = panel
      ticWidth = layout.y.tics.map { Metrics.width(of: $0.label, size: Metrics.ticSize) }.max() ?? 0
      left = ticWidth + 20 + (panel.yLabel.isEmpty ? 8 : 48)
      if [.right, .below].contains(layout.legend) {
        let isNarrow = cell - left - 26 - layout.legendSize.width < Metrics.leastPlotWidth
        settled.legend = isNarrow && panel.legend == .automatic ? .below : .right
      }
      let right = 26 + (settled.legend == .right ? layout.legendSize.width : 0)
      layout = try laidOut(settled, plotWidth: max(cell - left - right, 120))
    }
    return (layout, left, ticWidth)
  }

  /// Tic labels, the axis label and a legend under the panels of one row.
  private static func footHeight(of row: [PanelLayout]) -> Double {
    row.map { $0.axisHeight + ($0.legend == .below ? $0.legendSize.height : 0) }.max() ?? 0
  }

  /// What the reader must know about points that are not on the page.
  private func notes() -> [String] {
    let parts = panels.map(\.layout).filter { $0.skipped > 0 }.map { layout in
      "\(layout.skipped) in \(layout.panel.title.isEmpty ? layout.panel.yLabel : layout.panel.title)"
    }
    let reason = "Not drawn because not finite (or not positive on a log axis): "
    return parts.isEmpty ? [] : [reason + parts.joined(separator: ", ") + "."]
  }
}
