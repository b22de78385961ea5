// The script's text: data blocks, axes, colours, quoting.

import Foundation
import Testing

@testable import Figures

@Suite struct ScriptTests {
  private func script(_ figure: Figure) throws -> String {
    let scratch = try Scratch()
    try FigureScript(layout: FigureLayout(figure)).write(to: scratch.path + "/x.gp")
    return String(decoding: contents(scratch.path + "/x.gp"), as: UTF8.self)
  }

  @Test func holdsTheDataThenOneLoopOverTheFormats() throws {
    let text = try script(Example.crossover)
    #expect(text.contains("# knowledge, AR: dots (x, y)\n$panel1_series1_dots << e\n1 0.2749129586\n"))
    #expect(text.contains("$panel3_series2_band << e\n"))
    #expect(text.contains("do for [format in \"svg png\"] {"))
    #expect(text.contains("set output \"./crossover.svg\"") && text.contains("set output \"./crossover.png\""))
    #expect(text.contains("size 1500,"))
    #expect(text.components(separatedBy: "  set logscale x\n").count == 4)
    #expect(text.contains("\"60%%\" 0.6"))
    #expect(text.contains("set label \"crossover ≈ 86 epochs\" at graph"))
    #expect(text.contains("lc rgb \"#1f77b4\"") && text.contains("lc rgb \"#d62728\""))
    #expect(text.contains("keyentry with linespoints lw 2.6 pt 7 ps 0.8*marks lc rgb \"#1f77b4\" title \"AR\""))
    #expect(!text.contains(NSTemporaryDirectory() + "figures"))
  }

  @Test func barsStandSideBySideWithTheirIntervals() throws {
    let text = try script(Example.anyOrder)
    #expect(text.contains("$panel1_series1_bars << e\n-0.2 0.62 0.36\n0.8 0.51 0.36\n1.8 0.44 0.36\ne\n"))
    #expect(text.contains("$panel1_series2_bars << e\n0.2 0.48 0.36\n"))
    #expect(text.contains("$panel1_series1_errors << e\n-0.2 0.589 0.6572\n"))
    #expect(text.contains("\"left-to-right\\012suffixes\" 1"))
    #expect(text.contains("keyentry with lines lw 1.6 dt (12,7) lc rgb \"#555555\" title \"chance\""))
  }

  @Test func quotingLeavesNothingForGnuplotToInterpret() {
    #expect(GnuplotText.quoted("a`b\"c\\d\ne") == "\"a\\140b\\042c\\134d\\012e\"")
    #expect(GnuplotText.label("x_1^2 {y}\nz") == "\"x\\134_1\\134^2 \\134{y\\134} z\"")
    #expect(GnuplotText.label("t", bold: true) == "\"{/:Bold t}\"")
    #expect(GnuplotText.label("", bold: true) == "\"\"")
    #expect(GnuplotText.tic("20%\nx") == "\"20%%\\012x\"")
    #expect(GnuplotText.comment("a\nplot x\r\nb\u{2028}c") == "# a plot x b c\n")
  }

  @Test func captionsWrapButKeepSignsWithTheirNumbers() {
    #expect(GnuplotText.wrapped("aaa bbb ccc", width: 7) == ["aaa bbb", "ccc"])
    #expect(GnuplotText.wrapped("with p = 0.06 and", width: 7) == ["with", "p = 0.06", "and"])
    #expect(GnuplotText.wrapped("width 64, 6 000 tokens", width: 11) == ["width 64,", "6 000", "tokens"])
    #expect(
      GnuplotText.wrapped("it is -0.2 points [-4.4, +0.6];", width: 12) == ["it is -0.2", "points", "[-4.4, +0.6];"])
    #expect(GnuplotText.wrapped("95 % of 12", width: 5) == ["95 %", "of 12"])
    #expect(GnuplotText.wrapped("", width: 7) == [""])
    #expect(GnuplotText.wrapped("extraordinary", width: 3) == ["extraordinary"])
    #expect(GnuplotText.balanced("one two three four five", width: 20) == ["one two three", "four five"])
    #expect(GnuplotText.balanced("one two", width: 20) == ["one two"])
  }

  @Test func theFailingLineIsFound() {
    let message = "\n\n  plot $x\n        ^\n\"figure.gp\" line 12: undefined variable: y\n\n"
    #expect(Gnuplot.firstLine(of: message) == "\"figure.gp\" line 12: undefined variable: y")
    #expect(Gnuplot.firstLine(of: "") == "no message")
  }

  @Test func coloursKeepTheirOrder() {
    #expect(SeriesColour.autoregressive.gnuplot() == "\"#1f77b4\"")
    #expect(SeriesColour.diffusion.gnuplot(transparency: 0.5) == "\"#80d62728\"")
    #expect(SeriesColour.level(0).gnuplot() == "\"#440154\"")
    #expect(SeriesColour.level(1).gnuplot() == SeriesColour.level(7).gnuplot())
    #expect(SeriesColour.level(.nan).gnuplot() == SeriesColour.level(-1).gnuplot())
    #expect(SeriesColour.other(-1).gnuplot() == SeriesColour.other(5).gnuplot())
    let brightness = (0...8).map { step in
      let (red, green, blue) = SeriesColour.level(Double(step) / 8).components
      return 0.3 * Double(red) + 0.59 * Double(green) + 0.11 * Double(blue)
    }
    #expect(brightness == brightness.sorted())
  }
}
