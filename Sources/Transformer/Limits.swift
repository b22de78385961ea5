// The ranges that a model's numbers must lie in, the same for configuration, options and stored specifications. Within them
// no product of dimensions overflows, and every architecture can be built.

/// Why a value cannot be had: "layers 0 is not from 1 to 256"; nil if it lies in the range.
package func violation<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) -> String? {
  range.contains(value) ? nil : "\(name) \(value) is not from \(range.lowerBound) to \(range.upperBound)"
}

extension ModelConfiguration {
  /// What each number may be.
  public enum Limits {
    public static let width = 2...8192
    public static let heads = 1...256
    public static let feedForward = 1...65_536
    public static let layers = 1...256
    public static let context = 1...4096
    public static let dropout = 0...0.99
    public static let rotaryBase = 1...1e9
    public static let normEpsilon = 1e-12...1.0
    public static let initialStandardDeviation = 1e-6...10
    public static let experts = 1...256
    /// A token's experts are kept in a fixed number of places.
    public static let activeExperts = 1...8
    public static let loadBalance = 0...10.0
  }

  /// Why no model can have this configuration, or nil.
  public var impossibility: String? {
    let dimensions = [
      ("width", width, Limits.width), ("heads", heads, Limits.heads), ("feedForward", feedForward, Limits.feedForward),
      ("layers", layers, Limits.layers), ("context", context, Limits.context),
    ]
    for (name, value, range) in dimensions {
      if let violation = violation(name, value, range) { return violation }
    }
    let constants = [
      ("dropout", dropout, Limits.dropout), ("attentionDropout", attentionDropout ?? 0, Limits.dropout),
      ("feedForwardDropout", feedForwardDropout ?? 0, Limits.dropout), ("rotaryBase", rotaryBase, Limits.rotaryBase),
      ("normEpsilon", normEpsilon, Limits.normEpsilon),
      ("initialStandardDeviation", initialStandardDeviation, Limits.initialStandardDeviation),
    ]
    for (name, value, range) in constants {
      if let violation = violation(name, value, range) { return violation }
    }
    if width % heads != 0 { return "width \(width) is not divisible by \(heads) heads" }
    if headWidth % 2 != 0 { return "head width \(headWidth) (width / heads) must be even for rotary positions" }
    return experts?.impossibility
  }
}

extension ModelConfiguration.Experts {
  /// Why no model can have these experts, or nil.
  public var impossibility: String? {
    typealias Limits = ModelConfiguration.Limits
    return violation("experts.count", count, Limits.experts)
      ?? violation("experts.feedForward", feedForward, Limits.feedForward)
      ?? violation("experts.loadBalance", loadBalance, Limits.loadBalance)
      ?? violation("experts.active", active, 1...min(count, Limits.activeExperts.upperBound))
  }
}
