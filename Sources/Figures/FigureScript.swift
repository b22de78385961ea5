// The gnuplot script of a figure: its data blocks first, then one loop that draws the page as SVG and as PNG.
// The panels' own commands are in PanelScript.swift.

import Basics
import Foundation
import GnuplotBridge

/// The script of a figure without its data blocks: all of it that is commands.
/// - Throws: `FigureError` if the figure cannot be drawn.
package func scriptText(of figure: Figure) throws(FigureError) -> String {
  FigureScript(layout: try FigureLayout(figure)).commands
}

/// Writes the script of a figure, by which `gnuplot NAME.gp` draws NAME.svg and NAME.png in the working directory, or, for
/// a column of a printed page, NAME.pdf.
struct FigureScript {
  let layout: FigureLayout
  var page = FigurePage.wide

  /// Centimetres, of a page with two columns, and the scale of fonts at which a pixel of the layout is 0.4 points: letters
  /// of 7 to 10.
  private static let (columnWidth, columnFontScale) = (8.5, 0.3)

  /// Writes and syncs the script.
  func write(to path: String) throws(FigureError) {
    var error: Int32 = 0
    guard let script = gnuplot_script_open(path, &error) else { throw Self.failure(path, error) }
    var status = gnuplot_script_text(script, head())
    for (index, placed) in layout.panels.enumerated() where status == 0 {
      let panel = PanelScript(number: index + 1, placed: placed, page: (layout.width, layout.height))
      for block in panel.blocks where status == 0 {
        status = gnuplot_script_text(script, GnuplotText.comment(block.comment))
        if status == 0 {
          let rows = block.values.count / block.columns
          status = gnuplot_script_block(script, block.name, block.values, rows, block.columns)
        }
      }
    }
    if status == 0 { status = gnuplot_script_text(script, drawing()) }
    let closing = gnuplot_script_close(script)
    if status != 0 || closing != 0 { throw Self.failure(path, status != 0 ? status : closing) }
  }

  private static func failure(_ path: String, _ error: Int32) -> FigureError {
    .unwritable(path: path, reason: systemMessage(error))
  }

  /// The script without the data blocks.
  var commands: String { head() + drawing() }

  private func head() -> String {
    GnuplotText.comment(layout.figure.title.isEmpty ? layout.figure.name : layout.figure.title)
      + "# The data come first; `gnuplot` on this file, in its directory, draws the SVG and the PNG again.\n"
      + "# `marks`, `rows`, `lift` and `reach` even out how the two terminals size points and place legends and tics.\n"
      + "reset session\nset encoding utf8\n\n"
  }

  private func drawing() -> String {
    var text =
      terminals() + """
          set multiplot
          set border 3 lw 1.2 lc rgb "#444444"
          set tics nomirror out scale 0.6 textcolor rgb "#222222" font ",\(Int(Metrics.ticSize))"
          set grid xtics ytics back lt 1 dt 1 lw 1 lc rgb "#e4e4e4"
          set style fill solid noborder

        """
    text += pageLabels()
    for (index, placed) in layout.panels.enumerated() {
      text += PanelScript(number: index + 1, placed: placed, page: (layout.width, layout.height)).commands
    }
    return text + "  unset multiplot\n  set output\n}\n"
  }

  /// The loop's beginning: the terminals that draw the page, one after the other.
  private func terminals() -> String {
    let font = "font \"sans-serif,\(Int(Metrics.fontSize))\" background \"#ffffff\""
    func output(_ kind: String) -> String { GnuplotText.quoted("./\(layout.figure.name).\(kind)") }
    switch page {
    case .wide:
      let size = "size \(Int(layout.width)),\(Int(layout.height))"
      return """

        do for [format in "svg png"] {
          if (format eq "svg") {
            marks = 0.5; rows = 0.94; lift = 0.34; reach = 0.4
            set terminal svg enhanced \(size) fixed \(font)
            set output \(output("svg"))
          } else {
            marks = 1; rows = 1.15; lift = 0; reach = 0
            set terminal pngcairo enhanced \(size) fontscale 0.75 \(font)
            set output \(output("png"))
          }

        """
    case .column:
      let height = Self.columnWidth * layout.height / layout.width
      let size = "size \(Self.columnWidth)cm,\(decimal(height, places: 3))cm"
      return """

        do for [format in "pdf"] {
          marks = 0.5; rows = 1.15; lift = 0; reach = 0
          set terminal pdfcairo enhanced \(size) fontscale \(Self.columnFontScale) linewidth 0.7 \(font)
          set output \(output("pdf"))

        """
    }
  }

  /// The title, the subtitle and the caption; they are drawn with the first panel.
  private func pageLabels() -> String {
    let title = layout.title.map { line in
      "  set label \(GnuplotText.label(line.text, bold: true)) at screen 0.5, screen \(screen(line.y)) center "
        + "font \",\(Int(Metrics.titleSize))\" textcolor rgb \"#111111\"\n"
    }
    let subtitle = layout.subtitle.map { line in
      "  set label \(GnuplotText.label(line.text)) at screen 0.5, screen \(screen(line.y)) center "
        + "font \",\(Int(Metrics.legendSize))\" textcolor rgb \"#666666\"\n"
    }
    let caption = layout.caption.filter { !$0.text.isEmpty }.map { line in
      "  set label \(GnuplotText.label(line.text)) at screen \(decimal(24 / layout.width, places: 5)), "
        + "screen \(screen(line.y)) left font \",\(Int(Metrics.legendSize))\" textcolor rgb \"#333333\"\n"
    }
    return (title + subtitle + caption).joined()
  }

  private func screen(_ y: Double) -> String { decimal(1 - y / layout.height, places: 5) }
}
