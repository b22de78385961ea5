// What a figure shows: panels in a row, each with series and markers. Nothing here knows how it is drawn.

/// A point (x, y) of a series.
public typealias Point = (x: Double, y: Double)

/// A vertical span at x: a band's edges there, or an error bar.
public typealias Span = (x: Double, low: Double, high: Double)

/// A row of panels with a title above and lines of text below.
public struct Figure: Sendable, Codable {
  /// The stem of the files: letters of any script, but no `/`.
  public var name: String
  /// What came out: the verdict and its number.
  public var title: String
  /// What was asked, in grey below the title; nil for none.
  public var subtitle: String?
  /// Lines under the panels: the verdict and its numbers. Long lines are wrapped.
  public var caption: [String]
  public var panels: [Panel]

  public init(name: String, title: String, subtitle: String? = nil, caption: [String] = [], panels: [Panel]) {
    self.name = name
    self.title = title
    self.subtitle = subtitle
    self.caption = caption
    self.panels = panels
  }
}

/// How values map onto an axis. A logarithmic axis leaves out values that are not positive (and they are counted).
public enum Scale: String, Sendable, Codable { case linear, log }

/// Where a panel's legend stands.
public enum Legend: String, Sendable, Codable {
  /// The inner corner that covers no data (the y axis is lengthened if all would); on the right for over five series, or
  /// below where that would leave too little of the panel.
  case automatic
  case topLeft, topRight, bottomLeft, bottomRight
  /// Outside, at the right of the panel.
  case right
  /// Outside, under the label of the x axis.
  case below
  case none
}

/// One set of axes.
public struct Panel: Sendable, Codable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var xScale: Scale
  public var yScale: Scale
  /// The y values are shares (0…1) and the axis reads 0 % … 100 %.
  public var yPercent: Bool
  /// Fixed limits; `nil` takes those of the data and the markers.
  public var xRange: ClosedRange<Double>?
  public var yRange: ClosedRange<Double>?
  /// Names along the x axis for panels of bars: category c is at x = c.
  public var categories: [String]
  public var series: [Series]
  public var markers: [Marker]
  public var legend: Legend
  /// A line above the legend's entries: what the levels of a sweep are, for example.
  public var legendTitle: String
  /// A line in grey below the title: seeds that a mark does not count, for example; nil for none.
  public var note: String?

  public init(
    title: String, xLabel: String, yLabel: String, xScale: Scale = .linear, yScale: Scale = .linear,
    yPercent: Bool = false, xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil,
    categories: [String] = [], series: [Series], markers: [Marker] = [], legend: Legend = .automatic,
    legendTitle: String = "", note: String? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xScale = xScale
    self.yScale = yScale
    self.yPercent = yPercent
    self.xRange = xRange
    self.yRange = yRange
    self.categories = categories
    self.series = series
    self.markers = markers
    self.legend = legend
    self.legendTitle = legendTitle
    self.note = note
  }
}

/// A bar over a category, with an interval drawn through its end when one is known.
public struct Bar: Sendable, Equatable, Codable {
  /// Index into `Panel.categories`; bars of several series over the same category stand side by side.
  public var category: Int
  public var value: Double
  public var interval: ClosedRange<Double>?

  public init(category: Int, value: Double, interval: ClosedRange<Double>? = nil) {
    self.category = category
    self.value = value
    self.interval = interval
  }
}

/// Data under one name and colour: any mixture of dots, a line, a band, error bars, and bars.
public struct Series: Sendable {
  /// The name in the legend; an empty label has no entry there.
  public var label: String
  public var colour: SeriesColour
  /// Single measurements, drawn translucent.
  public var dots: [Point]
  /// A line through its points in the order given.
  public var line: [Point]
  /// A shaded band, in the order given.
  public var band: [Span]
  /// Intervals at single points, over dots or a line.
  public var errorBars: [Span]
  public var bars: [Bar]
  /// The line is dashed, for reference curves.
  public var dashed: Bool

  public init(
    label: String, colour: SeriesColour, dots: [Point] = [], line: [Point] = [], band: [Span] = [],
    errorBars: [Span] = [], bars: [Bar] = [], dashed: Bool = false
  ) {
    self.label = label
    self.colour = colour
    self.dots = dots
    self.line = line
    self.band = band
    self.errorBars = errorBars
    self.bars = bars
    self.dashed = dashed
  }
}

/// A dashed or dotted line across the panel at one value, with a label.
public struct Marker: Sendable, Equatable, Codable {
  public enum Direction: String, Sendable, Codable { case vertical, horizontal }
  public var direction: Direction
  public var value: Double
  public var label: String
  /// `nil` is grey.
  public var colour: SeriesColour?
  /// Dotted instead of dashed: a level that others are judged by.
  public var dotted: Bool?

  /// A vertical line at `x`, labelled above the panel: a crossover, for example.
  public static func vertical(_ x: Double, _ label: String, colour: SeriesColour? = nil) -> Marker {
    Marker(direction: .vertical, value: x, label: label, colour: colour)
  }

  /// A horizontal line at `y`: chance, or AR's best, for example. Its label is at the line where no data is, or in
  /// the legend if data is everywhere.
  public static func horizontal(
    _ y: Double, _ label: String, colour: SeriesColour? = nil, dotted: Bool = false
  ) -> Marker {
    Marker(direction: .horizontal, value: y, label: label, colour: colour, dotted: dotted ? true : nil)
  }
}

/// The files of a drawn figure.
public struct FigureFiles: Sendable, Equatable {
  /// The gnuplot script with all its data; `gnuplot NAME.gp` in its directory draws the other two again.
  public let script: String
  public let svg: String
  public let png: String
  /// Points left out because they were not finite, or not positive on a logarithmic axis.
  public let skippedPoints: Int
}
