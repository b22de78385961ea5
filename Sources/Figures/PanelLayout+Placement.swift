// Places for a panel's legend and for the labels of its markers, so that no text covers data.

extension PanelLayout {
  /// What is drawn: the series, and the lines of the markers.
  private func occupancy(_ drawn: [Marker]) -> Occupancy {
    var occupancy = Occupancy()
    for one in series { occupancy.add(one, x: x, y: y) }
    for marker in drawn {
      if marker.direction == .vertical {
        occupancy.addSegment((x.position(marker.value), 0), (x.position(marker.value), 1))
      } else {
        occupancy.addSegment((0, y.position(marker.value)), (1, y.position(marker.value)))
      }
    }
    return occupancy
  }

  /// Labels of vertical markers go above the panel, in as many rows as they need.
  mutating func placeVerticalMarkers(_ drawn: [Marker]) {
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
    markerRows = rows.count + (panel.note == nil ? 0 : 1)
  }

  /// Places the labels of horizontal markers, and the legend: in the first corner without data if it is `.automatic`.
  /// If there is none the y axis grows upwards until there is; a legend of many entries goes to the right of the panel.
  mutating func placeLegend(_ drawn: [Marker]) {
    let vertical = markers
    let original = y
    let movable = panel.legend == .automatic
    let growable = movable && panel.yRange == nil
    for headroom in stride(from: 0.0, through: growable ? 0.81 : 0, by: 0.05) {
      y.high = original.value(at: 1 + headroom)
      self.headroom = headroom

      let inside: Legend = legendEntries.count > 5 ? .right : .automatic
      legend = movable ? (legendEntries.isEmpty ? .none : inside) : panel.legend
      markers = vertical
      let labels = placeHorizontalMarkers(drawn, avoiding: legendBox(legend))
      if legend == .none && movable && !legendMarkers.isEmpty { legend = .automatic }
      if legend != .automatic { return }
      let occupied = occupancy(drawn)
      for corner in [Legend.topLeft, .bottomRight, .topRight, .bottomLeft] {
        guard let box = legendBox(corner), box.width <= 1, box.height <= 1 else { continue }
        if occupied.count(in: box) == 0, !labels.contains(where: box.overlaps) {
          legend = corner
          return
        }
      }
    }
    y = original
    headroom = 0
    legend = .right

    markers = vertical
    _ = placeHorizontalMarkers(drawn, avoiding: nil)
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
    case .automatic, .right, .below, .none: return nil
    }
  }

  /// Labels of horizontal markers stand along their line, above or below, as far right as nothing is covered; those
  /// without such a place go to `legendMarkers` (or cover the least, where there is no legend). Returns the boxes.
  private mutating func placeHorizontalMarkers(_ drawn: [Marker], avoiding legend: Box?) -> [Box] {
    legendMarkers = []
    var taken: [Box] = []
    for marker in drawn where marker.direction == .horizontal {
      let line = y.position(marker.value)
      guard (0...1).contains(line) else { continue }
      let others = occupancy(drawn.filter { $0 != marker })
      let width = Metrics.width(of: marker.label, size: Metrics.ticSize) / plotWidth
      let height = Metrics.markerRow / Metrics.plotHeight
      var best = (cost: Int.max, x: 0.0, above: true, box: Box(left: 0, bottom: 0, width: 0, height: 0))
      for left in stride(from: max(0.985 - width, 0.015), through: 0.015, by: -0.02) {
        for above in [true, false] {
          let box = Box(left: left, bottom: above ? line : line - height, width: width, height: height)
          let outside = box.bottom < 0 || box.bottom + height > 1 || width > 0.97
          let blocked = outside || (taken + [legend].compactMap { $0 }).contains(where: box.overlaps)
          let cost = others.count(in: box) + (blocked ? 1_000_000 : 0)
          if cost < best.cost { best = (cost, left, above, box) }
        }
      }
      if best.cost > 0 && (panel.legend != .none || sharesLegend) {
        legendMarkers.append(marker)
      } else {
        taken.append(best.box)
        markers.append(PlacedLabel(marker: marker, x: best.x, above: best.above, row: 0))
      }
    }
    return taken
  }
}
