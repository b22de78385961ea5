// What a set of kernels offers: the operations of a model and the optimiser's arithmetic, for one instruction set. The
// kernels' text is in Sources/Kernels; it is compiled once for each instruction set, and TensorEngine chooses.

/// The instructions that a set of kernels is compiled for.
public enum InstructionSet: String, Sendable, CaseIterable, Codable {
  /// AVX2 and fused multiply-adds: x86-64 processors since about 2015.
  case avx2 = "x86-64-v3"
  /// AVX-512 with its F, BW, CD, DQ and VL parts.
  case avx512 = "x86-64-v4"
  /// What every processor of the architecture has, where it is not x86-64.
  case generic
}

/// Makes the operations of a model. Every operation reads and writes tensors that it is given at the start; results are
/// the same bits from every set of kernels.
public protocol Kernels: Sendable {
  var instructionSet: InstructionSet { get }

  /// y[n] = E[token[n]]. `tokens` holds as many ids as `output` has rows in use, each below the table's row count.
  func embedding(
    _ arena: Arena, tokens: UnsafeMutablePointer<Int32>, table: WeightMatrix, output: Tensor, dropout: DropoutPlace?
  ) -> any Operation

  /// y[m] = x[index[m]]. `indices` holds as many distinct rows of `input` as `output` has rows in use.
  func rowGather(input: Tensor, indices: UnsafeMutablePointer<Int32>, output: Tensor) -> any Operation

  /// y = g ⊙ x / rms(x) by rows; `gain` is the offset of g in `parameters`, `mode` what happens to the gradient of x.
  func rmsNorm(
    _ arena: Arena, _ parameters: ParameterBuffer, gain: Int, input: Tensor, output: Tensor, epsilon: Float,
    mode: GradientMode
  ) -> any Operation

  /// y = x · Wᵀ.
  func linear(_ arena: Arena, input: Tensor, weight: WeightMatrix, output: Tensor, mode: GradientMode) -> any Operation

  /// y = r + dropout(x · Wᵀ), where r and y share their gradient.
  func residualLinear(
    _ arena: Arena, input: Tensor, weight: WeightMatrix, residual: Tensor, output: Tensor, dropout: DropoutPlace?
  ) -> any Operation

  /// y = silu(a) ⊙ b with x = [a, b].
  func swiGLU(_ arena: Arena, input: Tensor, output: Tensor) -> any Operation

  /// o = softmax(q̂ k̂ᵀ / √W) v per head, q̂ and k̂ normalised and rotated.
  func attention(
    _ arena: Arena, _ parameters: ParameterBuffer, layout: SequenceLayout, selection: SequenceLayout.Queries,
    queries: Tensor, queryColumn: Int, keys: Tensor, keyColumn: Int, output: Tensor, heads: Int,
    constants: AttentionConstants, rotary: RotaryTable, longest: Int
  ) -> any Operation

  /// The same for one new token per sequence, over a cache.
  func cachedAttention(
    _ arena: Arena, _ parameters: ParameterBuffer, input: Tensor, output: Tensor, heads: Int,
    constants: AttentionConstants, rotary: RotaryTable, longest: Int
  ) -> any CachedAttentionOperation

  /// y = r + dropout(Σ_{e ∈ top-K} w_e · expert_e(x)), with the load-balance loss.
  func mixtureOfExperts(
    _ arena: Arena, input: Tensor, residual: Tensor, output: Tensor, router: WeightMatrix, gateUps: [WeightMatrix],
    downs: [WeightMatrix], active: Int, coefficient: Float, dropout: DropoutPlace?
  ) -> any MixtureOperation

  /// Σ w ℓ, ℓ[m] = log Σ_v e^z[m,v] − z[m, target[m]].
  func crossEntropy(_ arena: Arena, logits: Tensor) -> any CrossEntropyOperation

  /// One update from the gradients in `parameters`, which are cleared.
  func update(_ parameters: ParameterBuffer, _ moments: AdamWMoments, _ step: AdamWStep)

  /// ‖g‖₂ over all parameters, after `others`, gradients of the same layout, have been added to g in their order and
  /// cleared.
  func gradientNorm(of parameters: ParameterBuffer, adding others: [UnsafeMutablePointer<Float>]) -> Double

  /// `rounds` rounds of sixteen independent fused multiply-adds on vectors of sixteen; the result is of no use.
  func fusedMultiplyAdds(rounds: Int) -> Float
}

/// The constants of an attention block.
public struct AttentionConstants {
  /// Offsets of the norms' gains [W] in the parameters.
  public let queryGain: Int
  public let keyGain: Int
  public let epsilon: Float

  public init(queryGain: Int, keyGain: Int, epsilon: Float) {
    self.queryGain = queryGain
    self.keyGain = keyGain
    self.epsilon = epsilon
  }
}

/// Attention over a cache of keys and values.
public protocol CachedAttentionOperation: Operation {
  /// The position of the token that the next forward pass reads; the caller counts.
  var position: Int { get set }
}

/// A mixture of experts.
public protocol MixtureOperation: Operation {
  /// E Σ f P of the last forward pass, without the coefficient.
  var loadBalance: Double { get }
}

/// A model's loss.
public protocol CrossEntropyOperation: Operation {
  /// [M] the token each row should predict.
  var targets: UnsafeMutablePointer<Int32> { get }
  /// [M] the weight of each row in the loss.
  var weights: UnsafeMutablePointer<Float> { get }
  /// [M] ℓ, in nats.
  var losses: UnsafeMutablePointer<Float> { get }
  /// Σ_m w[m] ℓ[m] of the last forward pass.
  var loss: Double { get }
  /// Whether a forward pass may overwrite the logits with what the backward pass needs; false at first.
  var overwritesLogits: Bool { get set }
  /// ℓ of a row against any token, from the last forward pass: for the row's target the same bits as in `losses`.
  func loss(row: Int, token: Int32) -> Float
}
