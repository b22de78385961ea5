// One panel as gnuplot commands and data blocks.

import Basics
import Foundation

/// A data block of the script: rows of `columns` numbers.
struct DataBlock {
  var name: String
  var comment: String
  var columns: Int
  var values: [Double]
}

struct PanelScript {
  let number: Int
  let placed: FigureLayout.PlacedPanel
  let page: (width: Double, height: Double)

  private var layout: PanelLayout { placed.layout }
  private var panel: Panel { placed.layout.panel }

  // MARK: Data

  private func name(_ series: Int, _ kind: String) -> String { "panel\(number)_series\(series + 1)_\(kind)" }

  var blocks: [DataBlock] {
    layout.series.enumerated().flatMap { index, series in
      let about = "\(panel.title.isEmpty ? panel.yLabel : panel.title), \(series.source.label)"
      func block(_ kind: String, _ what: String, _ rows: [[Double]]) -> DataBlock? {
        guard let first = rows.first else { return nil }
        return DataBlock(
          name: name(index, kind), comment: "\(about): \(what)", columns: first.count, values: rows.flatMap { $0 })
      }
      let bars = zip(series.bars, series.barCentres)
      return [
        block("band", "band (x, low, high)", series.band.map { [$0.x, $0.low, $0.high] }),
        block("dots", "dots (x, y)", series.dots.map { [$0.x, $0.low] }),
        block("line", "line (x, y)", series.line.map { [$0.x, $0.low] }),
        block("bars", "bars (x, value, width)", bars.map { [$1, $0.value, series.barWidth * 0.9] }),
        block("errors", "intervals (x, low, high)", intervals(series).map { [$0.x, $0.low, $0.high] }),
      ].compactMap { $0 }
    }
  }

  private func intervals(_ series: DrawableSeries) -> [Span] {
    series.errorBars
      + zip(series.bars, series.barCentres).compactMap { bar, centre in
        bar.interval.map { (centre, $0.lowerBound, $0.upperBound) }
      }
  }

  // MARK: Commands

  var commands: String {
    "\n  # panel \(number)\(panel.title.isEmpty ? "" : ": " + Escaped.comment(panel.title))\n"
      + margins() + axis("x", layout.x) + axis("y", layout.y) + titles() + legend() + markers() + plot() + resets()
  }

  private func margins() -> String {
    "  set lmargin at screen \(across(placed.left))\n"
      + "  set rmargin at screen \(across(placed.left + layout.plotWidth))\n"
      + "  set tmargin at screen \(up(placed.top))\n  set bmargin at screen \(up(placed.top + Metrics.plotHeight))\n"
  }

  /// Pixels from the left, and from the top, as shares of the page in gnuplot's direction.
  private func across(_ pixels: Double) -> String { decimal(pixels / page.width, places: 5) }
  private func up(_ pixels: Double) -> String { decimal(1 - pixels / page.height, places: 5) }

  /// The panel's title and the axes' labels, placed by the pixel: gnuplot's own distances differ between SVG and PNG.
  private func titles() -> String {
    let middle = placed.left + layout.plotWidth / 2
    let bottom = placed.top + Metrics.plotHeight + 32 + layout.ticHeight - 3
    let beside = placed.left - placed.ticWidth - 42
    func label(
      _ text: String, bold: Bool = false, _ x: Double, _ y: Double, _ rest: String, size: Double = Metrics.fontSize,
      colour: String = "#222222"
    ) -> String {
      guard !text.isEmpty else { return "" }
      return "  set label \(GnuplotText.label(text, bold: bold)) at screen \(across(x)), screen \(up(y)) \(rest) "
        + "font \",\(Int(size))\" textcolor rgb \"\(colour)\"\n"
    }
    return label(panel.title, bold: true, middle, placed.title, "center")
      + label(
        panel.note ?? "", middle, placed.title + 33, "center", size: Metrics.ticSize, colour: "#666666")
      + label(panel.xLabel, middle, bottom, "center")
      + label(panel.yLabel, beside, placed.top + Metrics.plotHeight / 2, "rotate by 90 center")
  }

  private func axis(_ letter: String, _ axis: Axis) -> String {
    let tics = axis.tics.map { tic in
      tic.label.isEmpty ? "\"\" \(number(tic.value)) 1" : "\(GnuplotText.tic(tic.label)) \(number(tic.value))"
    }
    return (axis.scale == .log ? "  set logscale \(letter)\n" : "")
      + "  set \(letter)range [\(number(axis.low)):\(number(axis.high))]\n"
      + "  set \(letter)tics (\(tics.joined(separator: ", "))) offset \(letter == "x" ? "0,lift" : "reach,0")\n"
      + (letter == "x" && !panel.categories.isEmpty ? "  set grid noxtics\n" : "")
  }

  /// Ten significant digits, as in the data blocks.
  private func number(_ value: Double) -> String { String(format: "%.10g", value) }

  private func legend() -> String {
    let title = panel.legendTitle.isEmpty ? "notitle " : "title \(GnuplotText.label(panel.legendTitle)) left "
    let style =
      "vertical maxrows \(layout.shared.map { String($0.rows) } ?? "auto") \(title)Left reverse samplen 1.6 spacing rows "
      + "width 0 font \",\(Int(Metrics.legendSize))\" textcolor rgb \"#222222\""
    if let shared = layout.shared {
      return
        "  set key at screen \(across(shared.left)), screen \(up(shared.top)) left top \(style)\n"
    }
    switch layout.legend {
    case .topLeft: return "  set key inside top left \(style)\n"
    case .topRight: return "  set key inside top right \(style)\n"
    case .bottomLeft: return "  set key inside bottom left \(style)\n"
    case .bottomRight: return "  set key inside bottom right \(style)\n"
    case .right: return "  set key at graph 1.02, graph 1 left top \(style)\n"
    case .below:
      let depth = decimal(layout.axisHeight / Metrics.plotHeight, places: 4)
      return "  set key at graph 0, graph -\(depth) left top \(style)\n"
    case .automatic, .none: return "  unset key\n"
    }
  }

  private static func stroke(_ marker: Marker) -> String {
    marker.dotted == true ? "lw 2.2 dt (3,5)" : "lw 1.6 dt (12,7)"
  }

  private func markers() -> String {
    let silent = layout.legendMarkers.map { PanelLayout.PlacedLabel(marker: $0, x: 0, above: true, row: 0) }
    return (layout.markers + silent).enumerated().map { index, placed in
      let marker = placed.marker
      let colour = marker.colour?.gnuplot() ?? "\"#555555\""
      let value = number(marker.value)
      let vertical = marker.direction == .vertical
      let ends =
        vertical
        ? "from first \(value), graph 0 to first \(value), graph 1"
        : "from graph 0, first \(value) to graph 1, first \(value)"
      let line = "  set arrow \(ends) nohead back \(Self.stroke(marker)) lc rgb \(colour)\n"
      guard !marker.label.isEmpty, index < layout.markers.count else { return line }
      let x = "graph \(decimal(placed.x, places: 4))"
      let lift = Metrics.markerRow / Metrics.plotHeight
      let y = vertical ? "graph \(decimal(1 + lift * (Double(placed.row) + 0.55), places: 4))" : "first \(value)"
      let offset = vertical ? "" : " offset 0,\(placed.above ? "0.55" : "-0.6")"
      return line + "  set label \(GnuplotText.label(marker.label)) at \(x), \(y) "
        + "\(vertical ? "center" : "left")\(offset) front font \",\(Int(Metrics.ticSize))\" textcolor rgb \(colour)\n"
    }.joined()
  }

  /// Bands lie at the bottom, then dots, bars, lines and intervals; the legend's entries come last.
  private func plot() -> String {
    let series = Array(layout.series.enumerated())
    let layers = [bands, dots, bars, lines, errors].flatMap { layer in series.compactMap { layer($0, $1) } }
    let hasLegend = layout.legend != .none || layout.shared != nil
    let entries = hasLegend ? layout.legendEntries.map(entry) + layout.namedMarkers.map(entry) : []
    return "  plot " + (layers.map { $0 + " notitle" } + entries).joined(separator: ", \\\n    ") + "\n"
  }

  private func bands(_ index: Int, _ series: DrawableSeries) -> String? {
    if series.band.isEmpty { return nil }
    let colour = series.source.colour.gnuplot(transparency: 0.82)
    return "$\(name(index, "band")) using 1:2:3 with filledcurves lc rgb \(colour)"
  }

  /// Dots under a line recede behind it; dots alone are the curve.
  private func dots(_ index: Int, _ series: DrawableSeries) -> String? {
    if series.dots.isEmpty { return nil }
    let colour = series.source.colour.gnuplot(transparency: series.line.isEmpty ? 0.25 : 0.62)
    return "$\(name(index, "dots")) using 1:2 with points \(mark(series)) lc rgb \(colour)"
  }

  private func bars(_ index: Int, _ series: DrawableSeries) -> String? {
    if series.bars.isEmpty { return nil }
    return "$\(name(index, "bars")) using 1:2:3 with boxes lc rgb \(series.source.colour.gnuplot(transparency: 0.2))"
  }

  private func lines(_ index: Int, _ series: DrawableSeries) -> String? {
    if series.line.isEmpty { return nil }
    return "$\(name(index, "line")) using 1:2 with lines \(stroke(series)) lc rgb \(series.source.colour.gnuplot())"
  }

  private func errors(_ index: Int, _ series: DrawableSeries) -> String? {
    if intervals(series).isEmpty { return nil }
    let colour = series.bars.isEmpty ? series.source.colour.gnuplot() : "\"#222222\""
    return "$\(name(index, "errors")) using 1:2:(0):($3-$2) with vectors heads size screen 0.003,90 lw 1.6 "
      + "lc rgb \(colour)"
  }

  private func mark(_ series: DrawableSeries) -> String {
    "pt \(series.source.colour.pointType) ps \(series.line.isEmpty ? "1.1" : "0.8")*marks"
  }

  private func stroke(_ series: DrawableSeries) -> String { "lw 2.6" + (series.source.dashed ? " dt (14,7)" : "") }

  private func entry(_ series: DrawableSeries) -> String {
    let colour = series.source.colour.gnuplot(transparency: series.bars.isEmpty ? 0 : 0.2)
    let style =
      !series.bars.isEmpty
      ? "boxes"
      : series.line.isEmpty
        ? "points \(mark(series))"
        : series.dots.isEmpty ? "lines \(stroke(series))" : "linespoints \(stroke(series)) \(mark(series))"
    return "keyentry with \(style) lc rgb \(colour) title \(GnuplotText.label(series.source.label))"
  }

  private func entry(_ marker: Marker) -> String {
    let colour = marker.colour?.gnuplot() ?? "\"#555555\""
    return "keyentry with lines \(Self.stroke(marker)) lc rgb \(colour) title \(GnuplotText.label(marker.label))"
  }

  private func resets() -> String {
    "  unset label\n  unset arrow\n"
      + (panel.xScale == .log ? "  unset logscale x\n" : "") + (panel.yScale == .log ? "  unset logscale y\n" : "")
      + (panel.categories.isEmpty ? "" : "  set grid xtics\n")
  }
}
