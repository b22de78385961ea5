// The entry points of this module: the text beside this file is compiled once for each instruction set, under the name of
// a module of its own.

import Tensors

/// The kernels of this module's instruction set.
public struct KernelSet: Kernels {
  public init() {}

  public var instructionSet: InstructionSet {
    #if AVX512
      .avx512
    #elseif AVX2
      .avx2
    #else
      .generic
    #endif
  }

  public func embedding(
    _ arena: Arena, tokens: UnsafeMutablePointer<Int32>, table: WeightMatrix, output: Tensor, dropout: DropoutPlace?
  ) -> any Operation {
    EmbeddingLookup(tokens: tokens, table: table, output: output, dropout: mask(arena, dropout, for: output))
  }

  public func rowGather(input: Tensor, indices: UnsafeMutablePointer<Int32>, output: Tensor) -> any Operation {
    RowGather(input: input, indices: indices, output: output)
  }

  public func rmsNorm(
    _ arena: Arena, _ parameters: ParameterBuffer, gain: Int, input: Tensor, output: Tensor, epsilon: Float,
    mode: GradientMode
  ) -> any Operation {
    RMSNorm(arena, parameters, gain: gain, input: input, output: output, epsilon: epsilon, mode: mode)
  }

  public func linear(_ arena: Arena, input: Tensor, weight: WeightMatrix, output: Tensor, mode: GradientMode)
    -> any Operation
  {
    Linear(input: input, weight: Weight(arena, weight), output: output, mode: mode)
  }

  public func residualLinear(
    _ arena: Arena, input: Tensor, weight: WeightMatrix, residual: Tensor, output: Tensor, dropout: DropoutPlace?
  ) -> any Operation {
    ResidualLinear(
      arena, input: input, weight: Weight(arena, weight), residual: residual, output: output,
      dropout: mask(arena, dropout, for: output))
  }

  public func swiGLU(_ arena: Arena, input: Tensor, output: Tensor) -> any Operation {
    SwiGLU(arena, input: input, output: output)
  }

  public func attention(
    _ arena: Arena, _ parameters: ParameterBuffer, layout: SequenceLayout, selection: SequenceLayout.Queries,
    queries: Tensor, queryColumn: Int, keys: Tensor, keyColumn: Int, output: Tensor, heads: Int,
    constants: AttentionConstants, rotary: RotaryTable, longest: Int
  ) -> any Operation {
    Attention(
      arena, parameters, layout: layout, selection: selection, queries: queries, queryColumn: queryColumn, keys: keys,
      keyColumn: keyColumn, output: output, heads: heads, constants: constants, rotary: rotary, longest: longest)
  }

  public func cachedAttention(
    _ arena: Arena, _ parameters: ParameterBuffer, input: Tensor, output: Tensor, heads: Int,
    constants: AttentionConstants, rotary: RotaryTable, longest: Int
  ) -> any CachedAttentionOperation {
    CachedAttention(
      arena, parameters, input: input, output: output, heads: heads, constants: constants, rotary: rotary,
      longest: longest)
  }

  public func mixtureOfExperts(
    _ arena: Arena, input: Tensor, residual: Tensor, output: Tensor, router: WeightMatrix, gateUps: [WeightMatrix],
    downs: [WeightMatrix], active: Int, coefficient: Float, dropout: DropoutPlace?
  ) -> any MixtureOperation {
    MixtureOfExperts(
      arena, input: input, residual: residual, output: output, router: Weight(arena, router),
      gateUps: gateUps.map { Weight(arena, $0) }, downs: downs.map { Weight(arena, $0) }, active: active,
      coefficient: coefficient, dropout: mask(arena, dropout, for: output))
  }

  public func crossEntropy(_ arena: Arena, logits: Tensor) -> any CrossEntropyOperation {
    CrossEntropy(arena, logits: logits)
  }

  public func update(_ parameters: ParameterBuffer, _ moments: AdamWMoments, _ step: AdamWStep) {
    moments.update(parameters, step)
  }

  public func gradientNorm(of parameters: ParameterBuffer, adding others: [UnsafeMutablePointer<Float>]) -> Double {
    norm(ofGradientsIn: parameters, adding: others)
  }

  public func fusedMultiplyAdds(rounds: Int) -> Float { chainsOfFusedMultiplyAdds(rounds) }

  private func mask(_ arena: Arena, _ place: DropoutPlace?, for output: Tensor) -> DropoutMask? {
    place.map {
      DropoutMask(
        arena, rate: $0.rate, clock: $0.clock, layer: $0.layer, capacity: output.rows.capacity * output.columns)
    }
  }
}
