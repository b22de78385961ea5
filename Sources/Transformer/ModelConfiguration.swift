// What a model is: its dimensions and constants. The vocabulary comes from the corpus.

/// The transformer of the paper's section 2: pre-norm RMSNorm, per-head QK-RMSNorm, rotary positions, SwiGLU, no biases,
/// untied embeddings; dense or with a mixture of experts in every block.
public struct ModelConfiguration: Codable, Hashable, Sendable {
  /// D, the width of the residual stream.
  public var width: Int
  public var heads: Int
  /// F, the inner width of the dense feed-forward block.
  public var feedForward: Int
  public var layers: Int
  /// The largest number of tokens in a sequence.
  public var context: Int
  /// Replaces the dense feed-forward block where present.
  public var experts: Experts?
  /// Dropout rate on the embeddings and on each block's output, in training only.
  public var dropout: Double
  /// The rate on what attention adds to the residual stream, if it is another than ``dropout``.
  public var attentionDropout: Double?
  /// The rate on what the feed-forward block adds, if it is another.
  public var feedForwardDropout: Double?
  /// θ of the rotary positions.
  public var rotaryBase: Double
  /// ε of every RMSNorm.
  public var normEpsilon: Double
  /// Standard deviation of the normal initialisation of matrices; gains start at one.
  public var initialStandardDeviation: Double

  /// Specifications are stored under these names and hashed: a property may be renamed, its key may not.
  enum CodingKeys: String, CodingKey {
    case width = "width"
    case heads = "heads"
    case feedForward = "feedForward"
    case layers = "layers"
    case context = "context"
    case experts = "experts"
    case dropout = "dropout"
    case attentionDropout = "attentionDropout"
    case feedForwardDropout = "feedForwardDropout"
    case rotaryBase = "rotaryBase"
    case normEpsilon = "normEpsilon"
    case initialStandardDeviation = "initialStandardDeviation"
  }

  public struct Experts: Codable, Hashable, Sendable {
    public var count: Int
    /// Experts a token is sent to.
    public var active: Int
    /// Inner width of one expert.
    public var feedForward: Int
    /// Weight of the load-balance loss.
    public var loadBalance: Double

    enum CodingKeys: String, CodingKey {
      case count = "count"
      case active = "active"
      case feedForward = "feedForward"
      case loadBalance = "loadBalance"
    }

    public init(count: Int, active: Int, feedForward: Int, loadBalance: Double = 0.01) {
      self.count = count
      self.active = active
      self.feedForward = feedForward
      self.loadBalance = loadBalance
    }
  }

  public init(
    width: Int, heads: Int, feedForward: Int, layers: Int, context: Int, experts: Experts? = nil, dropout: Double = 0,
    attentionDropout: Double? = nil, feedForwardDropout: Double? = nil,
    rotaryBase: Double = 10_000, normEpsilon: Double = 1e-6, initialStandardDeviation: Double = 0.02
  ) {
    self.width = width
    self.heads = heads
    self.feedForward = feedForward
    self.layers = layers
    self.context = context
    self.experts = experts
    self.dropout = dropout
    self.attentionDropout = attentionDropout
    self.feedForwardDropout = feedForwardDropout
    self.rotaryBase = rotaryBase
    self.normEpsilon = normEpsilon
    self.initialStandardDeviation = initialStandardDeviation
  }

  /// Where dropout acts.
  public enum DropoutSite: CaseIterable, Sendable {
    case embedding, attention, feedForward
  }

  /// The rate at a site: its own, or that of all.
  public func dropout(at site: DropoutSite) -> Double {
    switch site {
    case .embedding: dropout
    case .attention: attentionDropout ?? dropout
    case .feedForward: feedForwardDropout ?? dropout
    }
  }

  /// Whether dropout acts anywhere.
  public var hasDropout: Bool { DropoutSite.allCases.contains { dropout(at: $0) > 0 } }

  /// W, the width of one head.
  public var headWidth: Int { width / heads }
}
