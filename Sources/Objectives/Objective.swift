// What a model is trained to do: the autoregressive and the masked-diffusion objective, as plans of what is fed in and
// what is asked. What follows from an objective is in Objective+Traits.swift; the loss itself is the transformer's weighted
// cross-entropy.

import Randomness
import Transformer

/// How a model is trained, and with it how it is read: the only difference between the two models of a comparison.
public enum Objective: Codable, Hashable, Sendable {
  /// Mean next-token cross-entropy under causal attention. `inputMasking` replaces that share of the input tokens, never
  /// the targets, by the mask token: the paper's input noise; zero for plain AR. With `maskedLoss` λ that is an auxiliary
  /// loss: each sequence is read twice, as it is and masked, and the loss is (CE + λ · CE of the masked one) / (1 + λ).
  case autoregressive(inputMasking: Double, maskedLoss: Double? = nil)
  /// For each sequence t ~ U(0, 1), every token masked with probability t (at least one), mean cross-entropy over the
  /// masked tokens under bidirectional attention. The paper's code divides by the realised share, which is this mean.
  case maskedDiffusion
  /// The same, but what is masked is always the end of the sequence: as many tokens as masked diffusion would mask, the
  /// last ones. Bidirectional attention and many tokens at once remain, the freedom of order goes.
  case suffixDiffusion
  /// Masked diffusion without ever fresh masks: each sequence has K fixed maskings, and epoch e shows it in number
  /// e mod K. K = 1 shows a sequence in the same masking every time; masked diffusion is the limit of large K.
  case frozenDiffusion(maskings: Int)
  /// Masked diffusion with t stratified over the step: the i-th of n sequences has t = u + i/n mod 1 with one u ~ U(0, 1)
  /// per step, so that each t alone is uniform and a step's average over t is far less noisy (Kingma et al. 2021).
  case stratifiedDiffusion
  /// Next-token prediction in another order: each token from those before it in the order, positions told, everything
  /// else as for AR. From left to right it is AR, bit for bit.
  case orderedAutoregressive(order: ReadingOrder)
  /// Masked diffusion within blocks of so many tokens, each given all of those before it (Arriola et al., BD3-LM): every
  /// block has a t and masks of its own, and is predicted from its own visible tokens and from the earlier blocks as they
  /// are; mean cross-entropy over the masked tokens of a block, blocks weighted by their tokens. With blocks of 1 each token is
  /// predicted from those before it; with one block it is masked diffusion, bit for bit.
  case blockDiffusion(size: Int)

  public static let plainAutoregressive = Objective.autoregressive(inputMasking: 0)

  /// "AR" or "DLM", as the paper writes them, with what differs from the plain objective.
  public var shortName: String {
    switch self {
    case .autoregressive(let inputMasking, let maskedLoss):
      (inputMasking == 0 ? "AR" : "AR, input masking \(inputMasking)")
        + (maskedLoss.map { " in an auxiliary loss of weight \($0)" } ?? "")
    case .maskedDiffusion: "DLM"
    case .suffixDiffusion: "DLM, suffix masks"
    case .stratifiedDiffusion: "DLM, stratified t"
    case .frozenDiffusion(let maskings): "DLM, \(maskings) frozen \(maskings == 1 ? "masking" : "maskings")"
    case .blockDiffusion(let size): "DLM, blocks of \(size)"
    case .orderedAutoregressive(let order):
      switch order {
      case .leftToRight: "AR, left to right"
      case .rightToLeft: "AR, right to left"
      case .fixed(let count): "AR, \(count) \(count == 1 ? "order" : "orders")"
      case .fresh: "AR, any order"
      }
    }
  }
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
