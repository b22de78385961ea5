// A figure as JSON, so that it can be drawn again by a newly written script: what is stored is data, and nothing of it
// is ever taken for a command. Points are arrays of numbers.

extension Figure {
  /// The most panels, series of a panel, points of a series and characters of a text that a figure is read with.
  private enum Limits {
    static let panels = 64
    static let series = 256
    static let points = 200_000
    static let characters = 20_000
  }

  /// Why the figure is beyond what is drawn, or nil: of what was read, so that drawing it ends in reasonable time and memory.
  public var excess: String? {
    if panels.count > Limits.panels { return "\(panels.count) panels" }
    var texts = [name, title, subtitle ?? ""] + caption
    for panel in panels {
      if panel.series.count > Limits.series { return "\(panel.series.count) series in a panel" }
      if panel.categories.count > Limits.series { return "\(panel.categories.count) categories in a panel" }
      if panel.markers.count > Limits.series { return "\(panel.markers.count) markers in a panel" }
      texts += [panel.title, panel.xLabel, panel.yLabel, panel.legendTitle, panel.note ?? ""] + panel.categories
      texts += panel.series.map(\.label) + panel.markers.map(\.label)
      for series in panel.series {
        let points =
          series.dots.count + series.line.count + series.band.count + series.errorBars.count + series.bars.count
        if points > Limits.points { return "\(points) points in a series" }
      }
    }
    let characters = texts.reduce(0) { $0 + $1.unicodeScalars.count }
    return characters > Limits.characters ? "\(characters) characters of text" : nil
  }
}

extension Series: Codable {
  private enum CodingKeys: String, CodingKey {
    case label, colour, dots, line, band, errorBars, bars, dashed
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func rows(_ key: CodingKeys, of count: Int) throws -> [[Double]] {
      let rows = try fields.decode([[Double]].self, forKey: key)
      guard rows.allSatisfy({ $0.count == count }) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: fields, debugDescription: "a row has not \(count) numbers")
      }
      return rows
    }
    func points(_ key: CodingKeys) throws -> [Point] { try rows(key, of: 2).map { (x: $0[0], y: $0[1]) } }
    func spans(_ key: CodingKeys) throws -> [Span] { try rows(key, of: 3).map { (x: $0[0], low: $0[1], high: $0[2]) } }
    self.init(
      label: try fields.decode(String.self, forKey: .label),
      colour: try fields.decode(SeriesColour.self, forKey: .colour),
      dots: try points(.dots), line: try points(.line), band: try spans(.band), errorBars: try spans(.errorBars),
      bars: try fields.decode([Bar].self, forKey: .bars), dashed: try fields.decode(Bool.self, forKey: .dashed))
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(label, forKey: .label)
    try fields.encode(colour, forKey: .colour)
    try fields.encode(dots.map { [$0.x, $0.y] }, forKey: .dots)
    try fields.encode(line.map { [$0.x, $0.y] }, forKey: .line)
    try fields.encode(band.map { [$0.x, $0.low, $0.high] }, forKey: .band)
    try fields.encode(errorBars.map { [$0.x, $0.low, $0.high] }, forKey: .errorBars)
    try fields.encode(bars, forKey: .bars)
    try fields.encode(dashed, forKey: .dashed)
  }
}

/// As JSON a role's name, or an object of a name and its number: "ar", "dlm", {"other": 2}, {"level": 0.5}. Figures of
/// earlier versions have their numbers in an object of their own.
extension SeriesColour: Codable {
  private enum CodingKeys: String, CodingKey {
    case other, level, autoregressive, diffusion
  }

  private enum Role: String, Codable {
    case ar, dlm
  }

  /// How earlier versions wrote a number.
  private struct Boxed<Value: Decodable>: Decodable {
    let value: Value

    private enum CodingKeys: String, CodingKey { case value = "_0" }
  }

  public init(from decoder: any Decoder) throws {
    if let role = try? decoder.singleValueContainer().decode(Role.self) {
      self = role == .ar ? .autoregressive : .diffusion
      return
    }
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    guard fields.allKeys.count == 1, let key = fields.allKeys.first else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected one colour, found \(fields.allKeys.count)"))
    }
    func number<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
      if let boxed = try? fields.decode(Boxed<Value>.self, forKey: key) { return boxed.value }
      return try fields.decode(Value.self, forKey: key)
    }
    switch key {
    case .autoregressive: self = .autoregressive
    case .diffusion: self = .diffusion
    case .other: self = .other(try number())
    case .level: self = .level(try number())
    }
  }

  public func encode(to encoder: any Encoder) throws {
    func encode(_ role: Role) throws {
      var container = encoder.singleValueContainer()
      try container.encode(role)
    }
    func encode(_ number: some Encodable, _ key: CodingKeys) throws {
      var fields = encoder.container(keyedBy: CodingKeys.self)
      try fields.encode(number, forKey: key)
    }
    switch self {
    case .autoregressive: try encode(.ar)
    case .diffusion: try encode(.dlm)
    case .other(let index): try encode(index, .other)
    case .level(let level): try encode(level, .level)
    }
  }
}
