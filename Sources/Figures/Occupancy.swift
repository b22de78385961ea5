// Which parts of a panel are covered by data, so that legends and labels can stand elsewhere.

/// A rectangle in panel coordinates: 0…1 from left to right and from bottom to top.
struct Box: Equatable {
  var left: Double
  var bottom: Double
  var width: Double
  var height: Double

  func overlaps(_ other: Box) -> Bool {
    left < other.left + other.width && other.left < left + width && bottom < other.bottom + other.height
      && other.bottom < bottom + height
  }
}

/// Samples of everything drawn in a panel, dense enough that no gap is wider than about 1 % of the panel.
struct Occupancy {
  private(set) var samples: [(x: Double, y: Double)] = []

  mutating func add(_ x: Double, _ y: Double) {
    guard x >= -0.01, x <= 1.01, y >= -0.01, y <= 1.01 else { return }
    samples.append((x, y))
  }

  mutating func addSegment(_ start: (x: Double, y: Double), _ end: (x: Double, y: Double)) {
    let length = max(abs(end.x - start.x), abs(end.y - start.y))
    let steps = min(max(Int((min(length, 20) / 0.01).rounded(.up)), 1), 2000)
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      add(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)
    }
  }

  /// How many samples lie in the box.
  func count(in box: Box) -> Int {
    samples.reduce(0) { count, sample in
      let inside =
        sample.x >= box.left && sample.x <= box.left + box.width
        && sample.y >= box.bottom && sample.y <= box.bottom + box.height
      return count + (inside ? 1 : 0)
    }
  }

  /// Everything of a series, in the coordinates of the two axes.
  mutating func add(_ series: DrawableSeries, x: Axis, y: Axis) {
    for span in series.dots { add(x.position(span.x), y.position(span.low)) }
    for (start, end) in zip(series.line, series.line.dropFirst()) {
      addSegment((x.position(start.x), y.position(start.low)), (x.position(end.x), y.position(end.low)))
    }
    for (start, end) in zip(series.band, series.band.dropFirst()) {
      for share in [0, 0.25, 0.5, 0.75, 1] {
        let from = y.position(start.low) * (1 - share) + y.position(start.high) * share
        let to = y.position(end.low) * (1 - share) + y.position(end.high) * share
        addSegment((x.position(start.x), from), (x.position(end.x), to))
      }
    }
    for span in series.errorBars {
      addSegment((x.position(span.x), y.position(span.low)), (x.position(span.x), y.position(span.high)))
    }
    for (bar, centre) in zip(series.bars, series.barCentres) {
      let foot = y.scale == .log ? 0 : y.position(0)
      let top = y.position(max(bar.interval?.upperBound ?? bar.value, bar.value))
      let bottom = y.position(min(bar.interval?.lowerBound ?? bar.value, bar.value))
      for share in stride(from: -0.5, through: 0.5, by: 0.1) {
        let at = x.position(centre + share * series.barWidth)
        addSegment((at, min(foot, bottom)), (at, max(foot, top)))
      }
    }
  }
}
