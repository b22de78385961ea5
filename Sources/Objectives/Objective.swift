// What a model is trained to do: the autoregressive and the masked-diffusion objective, as plans of what is fed in and
// what is asked. The loss itself is the transformer's weighted cross-entropy.

import Randomness
import Transformer

/// How a model is trained, and with it how it is read: the only difference between the two models of a comparison.
public enum Objective: Codable, Hashable, Sendable {
  /// Mean next-token cross-entropy under causal attention. `inputMasking` replaces that share of the input tokens, never
  /// the targets, by the mask token: the paper's input noise; zero for plain AR.
  case autoregressive(inputMasking: Double)
  /// For each sequence t ~ U(0, 1), every token masked with probability t (at least one), mean cross-entropy over the
  /// masked tokens under bidirectional attention. The paper's code divides by the realised share, which is this mean.
  case maskedDiffusion

  public static let plainAutoregressive = Objective.autoregressive(inputMasking: 0)

  /// Whether attention is causal.
  public var isCausal: Bool {
    if case .autoregressive = self { return true }
    return false
  }

  /// "AR" or "DLM", as the paper writes them.
  public var shortName: String { isCausal ? "AR" : "DLM" }

  /// Which rows the training computation can leave out.
  public var scoredRows: ScoredRows { isCausal ? .all : .beforeLastQueries }
}

/// Token ids with a role of their own.
public struct SpecialTokens: Hashable, Sendable {
  /// Replaces what a model must not see.
  public let mask: Int32
  /// Stands before the first token of a sequence under the autoregressive objective.
  public let begin: Int32

  public init(mask: Int32, begin: Int32) {
    self.mask = mask
    self.begin = begin
  }
}
