// Where the panels, the title and the caption stand on the page, in pixels from the top left corner.

/// A figure's page: its panels laid out in rows of at most three, and the text around them.
struct FigureLayout {
  struct PlacedPanel {
    var layout: PanelLayout
    /// The plotting area.
    var left: Double
    var top: Double
  }

  var figure: Figure
  var width: Double
  var height: Double
  var panels: [PlacedPanel] = []
  /// Baselines of the wrapped caption lines.
  var caption: [(text: String, y: Double)] = []
  var skipped = 0

  init(_ figure: Figure) throws(FigureError) {
    self.figure = figure
    if figure.panels.isEmpty { throw .empty(figure: figure.name, what: "it has no panels") }
    let columns = figure.panels.count == 4 ? 2 : min(figure.panels.count, 3)
    let pageWidth: Double = [1: 860, 2: 1160, 3: 1500][columns] ?? 1500
    let layouts = try Self.layouts(figure, columns: columns, cell: pageWidth / Double(columns))
    width = pageWidth
    height = figure.title.isEmpty ? 14 : 58
    for start in stride(from: 0, to: layouts.count, by: columns) {
      let row = layouts[start..<min(start + columns, layouts.count)]
      let top = height + 38 + Double(row.map(\.layout.markerRows).max() ?? 0) * Metrics.markerRow
      for (column, entry) in row.enumerated() {
        let left = pageWidth / Double(columns) * Double(column) + entry.left
        panels.append(PlacedPanel(layout: entry.layout, left: left, top: top))
      }
      height = top + Metrics.plotHeight + Self.footHeight(of: row.map(\.layout))
    }
    skipped = layouts.reduce(0) { $0 + $1.layout.skipped }
    for line in figure.caption + notes() {
      let columns = Int((pageWidth - 48) / (Metrics.fontSize * 0.56))
      for text in GnuplotText.wrapped(line, width: columns) {
        height += Metrics.captionRow
        caption.append((text, height - 4))
      }
    }
    height = (height + 14).rounded(.up)
  }

  /// Each panel's layout and its left margin. The margins depend on the widths of the tics' labels, which depend on the
  /// legend's place, which depends on the plotting area's width: a first pass with a typical margin settles them.
  private static func layouts(
    _ figure: Figure, columns: Int, cell: Double
  ) throws(FigureError) -> [(layout: PanelLayout, left: Double)] {
    var result: [(layout: PanelLayout, left: Double)] = []
    for panel in figure.panels {
      let draft = try PanelLayout(panel, figure: figure.name, plotWidth: cell - 110)
      let tics = draft.y.tics.map { Metrics.width(of: $0.label, size: Metrics.ticSize) }.max() ?? 0
      let left = tics + 18 + (panel.yLabel.isEmpty ? 8 : 34)
      let right = 24 + (draft.legend == .right ? draft.legendSize.width : 0)
      var settled = panel
      settled.legend = draft.legend
      let layout = try PanelLayout(settled, figure: figure.name, plotWidth: max(cell - left - right, 120))
      result.append((layout, left))
    }
    return result
  }

  /// Tic labels and the axis label under the panels of one row.
  private static func footHeight(of row: [PanelLayout]) -> Double {
    let lines = row.flatMap { $0.x.tics.map { $0.label.split(separator: "\n").count } }.max() ?? 1
    return 40 + Double(max(lines, 1)) * 22 + (row.allSatisfy { $0.panel.xLabel.isEmpty } ? 0 : 14)
  }

  /// What the reader must know about points that are not on the page.
  private func notes() -> [String] {
    let parts = panels.map(\.layout).filter { $0.skipped > 0 }.map { layout in
      "\(layout.skipped) in \(layout.panel.title.isEmpty ? layout.panel.yLabel : layout.panel.title)"
    }
    return parts.isEmpty ? [] : ["Not drawn because not finite (or not positive on a log axis): " + parts.joined(separator: ", ") + "."]
  }
}
