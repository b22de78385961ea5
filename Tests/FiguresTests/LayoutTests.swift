// Axes, tics, thinning, and the places of legends and labels.

import Foundation
import Testing

@testable import Figures

@Suite struct AxisTests {
  private func labels(_ scale: Scale, _ values: [Double], percent: Bool = false, extent: Double = 0.05) -> [String] {
    var axis = Axis(scale: scale, values: values, range: nil)
    axis.chooseTics(percent: percent) { _ in extent }
    return axis.tics.map(\.label).filter { !$0.isEmpty }
  }

  @Test func tics() {
    #expect(labels(.linear, [0, 1]) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(.linear, [0, 1], percent: true) == ["0%", "20%", "40%", "60%", "80%", "100%"])
    #expect(labels(.linear, [0.31, 0.44], percent: true).first == "32%")
    #expect(labels(.linear, [0, 1], extent: 0.3) == ["0", "0.5", "1.0"])
    #expect(labels(.linear, [-2, 2]).contains("−2"))
    #expect(labels(.linear, [0, 3e6]) == ["0", "500k", "1.0M", "1.5M", "2.0M", "2.5M", "3.0M"])
    #expect(labels(.log, [1, 600]) == ["1", "2", "5", "10", "20", "50", "100", "200", "500"])
    #expect(labels(.log, [1, 600], extent: 0.12) == ["1", "3", "10", "30", "100", "300"])
    #expect(labels(.log, [1, 600], extent: 0.3) == ["1", "10", "100"])
    #expect(labels(.log, [1e12, 1e18]) == ["10¹²", "10¹³", "10¹⁴", "10¹⁵", "10¹⁶", "10¹⁷", "10¹⁸"])
    #expect(labels(.log, [1e12, 1e18], extent: 0.2) == ["10¹²", "10¹⁴", "10¹⁶", "10¹⁸"])
    #expect(labels(.log, [3, 5]).count >= 2)
    #expect(labels(.log, [0.001, 0.9], percent: true).contains("0.1%"))
  }

  @Test func extremesAreDrawnOrCountedButNeverTrap() throws {
    let scratch = try Scratch()
    func write(_ line: [Point], _ scale: Scale, range: ClosedRange<Double>? = nil) throws -> Int {
      var figure = Example.plain(line: line)
      (figure.panels[0].xScale, figure.panels[0].yScale) = (scale, scale)
      (figure.panels[0].xRange, figure.panels[0].yRange) = (range, range)
      let layout = try FigureLayout(figure)
      try FigureScript(layout: layout).write(to: scratch.path + "/x.gp")
      return layout.skipped
    }
    #expect(try write([(-1e308, -1e308), (1e308, 1e308), (1, 1)], .linear) == 2)
    #expect(try write([(1e-200, 1), (1e-99, 1e99), (1e99, 1e-99)], .log) == 1)
    #expect(try write((0..<2000).map { (Double($0) * 1e90, Double($0) * 1e90) }, .linear, range: 0...1e-9) == 0)
    #expect(try write((1..<2000).map { (1e9 + Double($0) * 1e-7, 1e9) }, .log) == 0)
    #expect(try write([(1, -.leastNonzeroMagnitude), (1, .leastNonzeroMagnitude)], .linear) == 0)
  }

  @Test func limits() {
    let axis = Axis(scale: .log, values: [1, 100], range: nil)
    #expect(axis.low < 1 && axis.low > 0.8 && axis.high > 100 && axis.high < 125)
    #expect(abs(axis.position(10) - 0.5) < 1e-9)
    #expect(abs(axis.value(at: axis.position(7)) - 7) < 1e-9)
    let bars = Axis(scale: .linear, values: [0.3, 0.6], range: nil, includeZero: true)
    #expect(bars.low == 0 && bars.high > 0.6)
    let single = Axis(scale: .linear, values: [3], range: nil)
    #expect(single.low < 3 && single.high > 3)
    let fixed = Axis(scale: .linear, values: [3], range: 0...1)
    #expect(fixed.low == 0 && fixed.high == 1)
  }

  @Test func decimals() {
    #expect(decimal(0.125, places: 2) == "0.12" && decimal(-0.0001, places: 2) == "0.00")
    #expect(decimal(-1.5, places: 0) == "-2" && decimal(2, places: 3) == "2.000")
    #expect(TicLabel.superscript(-12) == "⁻¹²")
  }
}

@Suite struct ThinningTests {
  @Test func keepsEndsAndPeaksInOrder() {
    var spans: [Span] = (0..<50_000).map { (Double($0), sin(Double($0) / 900), sin(Double($0) / 900)) }
    spans[31_234] = (31_234, 5, 5)
    spans[777] = (777, -5, -5)
    let kept = thinned(spans) { $0 / 50_000 }
    #expect(kept.count <= 1000 && kept.count > 900)
    #expect(kept.first?.x == 0 && kept.last?.x == 49_999)
    #expect(kept.contains { $0.high == 5 } && kept.contains { $0.low == -5 })
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.x < $1.x })
    #expect(thinned(spans) { $0 / 50_000 }.map(\.x) == kept.map(\.x))
  }

  @Test func leavesShortSeriesAlone() {
    let spans: [Span] = (0..<1000).map { (Double($0), 0, 0) }
    #expect(thinned(spans) { $0 / 1000 }.count == 1000)
  }

  @Test func aLongCurveMakesASmallScript() throws {
    let figure = Example.plain(line: (0..<40_000).map { (Double($0), sin(Double($0) / 4e3)) })
    let scratch = try Scratch()
    try FigureScript(layout: FigureLayout(figure)).write(to: scratch.path + "/x.gp")
    #expect(contents(scratch.path + "/x.gp").count < 40_000)
  }
}

@Suite struct PlacementTests {
  private func layout(_ series: [Series], markers: [Marker] = [], legend: Legend = .automatic) throws -> PanelLayout {
    let panel = Panel(title: "p", xLabel: "x", yLabel: "y", series: series, markers: markers, legend: legend)
    return try PanelLayout(panel, figure: "f", plotWidth: 400)
  }

  @Test func theLegendTakesAFreeCorner() throws {
    let rising = Series(label: "rising", colour: .other(0), line: [(0, 0), (1, 1)])
    let falling = Series(label: "falling", colour: .other(0), line: [(0, 1), (1, 0)])
    let low = Series(label: "low", colour: .other(0), line: [(0, 1), (0.5, 0), (1, 1)])
    #expect(try layout([rising]).legend == .topLeft)
    #expect(try layout([falling]).legend == .topRight)
    #expect(try layout([low]).legend == .bottomRight)
    #expect(try layout([rising], legend: .bottomRight).legend == .bottomRight)
    #expect(try layout([Series(label: "", colour: .other(0), line: [(0, 0), (1, 1)])]).legend == .none)
  }

  @Test func theAxisGrowsWhereDataIsEverywhere() throws {
    let wave = Series(label: "wave", colour: .other(0), line: (0...400).map { (Double($0), sin(Double($0))) })
    let placed = try layout([wave])
    #expect(placed.legend == .topLeft && placed.y.high > 1.2 && placed.y.high < 1.6)
    let panel = Panel(title: "", xLabel: "", yLabel: "", yRange: -1...1, series: [wave])
    #expect(try PanelLayout(panel, figure: "f", plotWidth: 400).legend == .right)
  }

  @Test func manySeriesHaveTheirLegendOutside() throws {
    let many = (0..<6).map { Series(label: "\($0)", colour: .level(Double($0) / 5), line: [(0, 0), (1, 1)]) }
    #expect(try layout(many).legend == .right)
  }

  /// Entries too wide to stand beside a panel in its cell stand below it, and the page grows by them.
  @Test func aLegendThatWouldSqueezeItsPanelStandsBelow() throws {
    func figure(_ label: String) throws -> FigureLayout {
      let plain = Panel(
        title: "", xLabel: "x", yLabel: "y", series: [Series(label: "", colour: .other(0), line: [(0, 0), (1, 1)])])
      let many = (0..<6).map {
        Series(label: "\(label) \($0)", colour: .level(Double($0) / 5), line: [(0, 0), (1, 1)])
      }
      let panel = Panel(title: "", xLabel: "x", yLabel: "y", series: many)
      return try FigureLayout(Figure(name: "f", title: "t", caption: [], panels: [panel, plain, plain]))
    }
    let (short, long) = (try figure("a"), try figure("a label of some length, 1000"))
    #expect(short.panels.map(\.layout.legend) == [.right, .none, .none])
    #expect(long.panels.map(\.layout.legend) == [.below, .none, .none])
    #expect(long.height == short.height + (long.panels.first?.layout.legendSize.height ?? 0))
    for panel in short.panels + long.panels { #expect(panel.layout.plotWidth >= Metrics.leastPlotWidth) }
  }

  /// Panels whose legends outside would say the same have one for all of them, below the last row.
  @Test func panelsWithOneLegendShareIt() throws {
    func panel(_ names: Range<Int>) -> Panel {
      let many = names.map { Series(label: "\($0)", colour: .level(Double($0) / 9), line: [(0, 0), (1, 1)]) }
      return Panel(title: "", xLabel: "x", yLabel: "y", series: many)
    }
    func layout(_ panels: [Panel]) throws -> FigureLayout {
      try FigureLayout(Figure(name: "f", title: "t", caption: ["c"], panels: panels))
    }
    let same = try layout([panel(0..<8), panel(0..<8)])
    #expect(same.panels.map(\.layout.legend) == [.none, .none])
    let shared = same.panels.compactMap(\.layout.shared)
    #expect(shared.map(\.rows) == [1])
    let below = try #require(same.panels.last.map { $0.top + Metrics.plotHeight })
    #expect((shared.first?.top ?? 0) > below)
    #expect((same.caption.first?.y ?? 0) > (shared.first?.top ?? .infinity) + Metrics.legendRow)
    // A panel that shows a part of it has no legend of its own; one that shows something else has.
    let part = try layout([panel(0..<8), panel(2..<4)])
    #expect(part.panels.map(\.layout.legend) == [.none, .none])
    #expect(part.panels.map { $0.layout.shared?.rows } == [1, nil])
    let other = try layout([panel(0..<8), panel(1..<9)])
    #expect(other.panels.allSatisfy { $0.layout.shared == nil && $0.layout.legend == .right })
    // gnuplot keeps the rows of a legend for the next panel's, which has to undo them.
    #expect(FigureScript(layout: other).commands.components(separatedBy: "maxrows auto").count == 3)
  }

  /// A legend inside that would take much of each panel's height is shared too; one that takes little is not.
  @Test func legendsThatWouldSqueezeTheDataAreShared() throws {
    func layout(_ count: Int) throws -> FigureLayout {
      let waves = (0..<count).map { index in
        let line = (0...60).map { (Double($0), sin(Double($0 + index))) }
        return Series(label: "\(index)", colour: .level(Double(index) / 5), line: line)
      }
      let panels = Array(repeating: Panel(title: "", xLabel: "x", yLabel: "y", series: waves), count: 2)
      return try FigureLayout(Figure(name: "f", title: "t", caption: [], panels: panels))
    }
    let (few, many) = (try layout(1), try layout(5))
    #expect(few.panels.map(\.layout.legend) == [.topLeft, .topLeft])
    #expect(many.panels.map(\.layout.legend) == [.none, .none])
    #expect(many.panels.compactMap(\.layout.shared).map(\.rows) == [1])
    #expect(many.panels.allSatisfy { $0.layout.y.high < 1.1 })
  }

  /// A marker that has no place along its line is named once in the legend that the panels share.
  @Test func aSharedLegendNamesMarkersWithoutAPlace() throws {
    let waves = (0..<6).map { index in
      let line = (0...60).map { (Double($0), sin(Double($0 + index))) }
      return Series(label: "\(index)", colour: .level(Double(index) / 5), line: line)
    }
    let panel = Panel(title: "", xLabel: "x", yLabel: "y", series: waves, markers: [.horizontal(0, "chance")])
    let layout = try FigureLayout(Figure(name: "f", title: "t", caption: [], panels: [panel, panel]))
    #expect(layout.panels.allSatisfy { $0.layout.markers.isEmpty && $0.layout.legendMarkers.count == 1 })
    #expect(layout.panels.compactMap(\.layout.shared).map { $0.markers.map(\.label) } == [["chance"]])
    let script = FigureScript(layout: layout).commands
    #expect(script.components(separatedBy: "title \"chance\"").count == 2)
  }

  /// A panel that is narrower by its y label has room for fewer tics; its neighbour with the same range has the same.
  @Test func panelsWithOneRangeHaveTheSameTics() throws {
    func panel(_ yLabel: String, to end: Double) -> Panel {
      let line = [(1.0, 0.0), (end, 1.0)]
      return Panel(
        title: "", xLabel: "x", yLabel: yLabel, xScale: .log,
        series: [Series(label: "a", colour: .other(0), line: line)])
    }
    func labels(_ panels: [Panel]) throws -> [[String]] {
      try FigureLayout(Figure(name: "f", title: "t", caption: [], panels: panels)).panels.map {
        $0.layout.x.tics.map(\.label).filter { !$0.isEmpty }
      }
    }
    let alone = [
      try labels([panel("y", to: 500), panel("y", to: 3), panel("y", to: 3)])[0],
      try labels([panel("y", to: 3), panel("y", to: 500), panel("y", to: 3)])[1],
    ]
    #expect(alone[0] != alone[1])
    let together = try labels([panel("y", to: 500), panel("y", to: 500), panel("y", to: 3)])
    #expect(together[0] == together[1] && together[2] != together[0])
  }

  @Test func horizontalLabelsAvoidDataOrGoToTheLegend() throws {
    let rising = Series(label: "rising", colour: .other(0), line: [(0, 0), (1, 1)])
    let beside = try layout([rising], markers: [.horizontal(0.1, "chance")])
    #expect(beside.markers.count == 1 && beside.legendMarkers.isEmpty && (beside.markers.first?.x ?? 0) > 0.5)
    let wave = Series(label: "wave", colour: .other(0), line: (0...400).map { (Double($0), sin(Double($0))) })
    let covered = try layout([wave], markers: [.horizontal(0, "chance")])
    #expect(covered.markers.isEmpty && covered.legendMarkers.map(\.label) == ["chance"])
  }

  @Test func verticalLabelsThatWouldTouchAreStacked() throws {
    let line = Series(label: "", colour: .other(0), line: [(0, 0), (100, 1)])
    let placed = try layout(
      [line], markers: [.vertical(50, "first crossing"), .vertical(52, "second crossing"), .vertical(99, "end")])
    #expect(placed.markers.map(\.row) == [0, 1, 0] && placed.markerRows == 2)
    #expect(placed.markers.allSatisfy { $0.x > 0 && $0.x < 1 })
  }

  @Test func rowsHaveAtMostThreePanelsAndFourMakeASquare() throws {
    let panel = Example.plain().panels[0]
    func tops(_ count: Int) throws -> [Double] {
      let figure = Figure(name: "f", title: "t", panels: Array(repeating: panel, count: count))
      return try FigureLayout(figure).panels.map(\.top)
    }
    let (three, four, five) = (try tops(3), try tops(4), try tops(5))
    #expect(Set(three).count == 1 && Set(four).count == 2 && Set(five).count == 2)
    #expect(four[0] == four[1] && four[2] > four[1] && five[2] == five[0])
  }
}
