// The parameters of a model: their layout under Hugging Face's names, and their initial values.

import Basics
import Randomness
import TensorEngine

/// The parameters of one model, in the order in which the fused products want them: q, k, v of a block are adjacent, and
/// so are gate and up.
public final class ModelParameters {
  public let configuration: ModelConfiguration
  public let vocabulary: Int
  public let buffer: ParameterBuffer
  private let arena = Arena()
  private var offsets: [String: Int] = [:]

  /// Parameters that are all zero. An impossible configuration ends the program, in every build: nothing after this,
  /// kernels included, checks its numbers again. Code that takes a configuration from outside asks for its
  /// `impossibility` first.
  public init(_ configuration: ModelConfiguration, vocabulary: Int) {
    enforce(configuration.impossibility == nil, "no model can have this: \(configuration.impossibility ?? "")")
    enforce(vocabulary > 0, "a model needs a vocabulary, not one of \(vocabulary)")
    self.configuration = configuration
    self.vocabulary = vocabulary
    buffer = ParameterBuffer(arena, shapes: Self.shapes(configuration, vocabulary: vocabulary))
    for slice in buffer.slices { offsets[slice.name] = slice.offset }
  }

  /// The same parameters for another thread, with a gradient of its own to be pointed to.
  public init(sharingValuesOf other: ModelParameters) {
    configuration = other.configuration
    vocabulary = other.vocabulary
    buffer = ParameterBuffer(sharingValuesOf: other.buffer)
    offsets = other.offsets
  }

  /// Bytes of values and gradients.
  public var byteCount: Int { arena.byteCount }

  /// The first parameter with a value that is not finite, by its name; nil if there is none.
  public var firstNotFinite: String? {
    buffer.slices.first { !buffer.values(of: $0).allSatisfy(\.isFinite) }?.name
  }

  /// Where a parameter starts in the buffer.
  func offset(_ name: String) -> Int {
    guard let offset = offsets[name] else { fatalError("the model has no parameter \(name)") }
    return offset
  }

  /// What the names of a layer's parameters begin with; layers count from 0.
  public static func block(_ layer: Int) -> String { "model.layers.\(layer)." }

  static func shapes(_ c: ModelConfiguration, vocabulary: Int) -> [(name: String, shape: [Int])] {
    var shapes: [(name: String, shape: [Int])] = [("model.embed_tokens.weight", [vocabulary, c.width])]
    for layer in 0..<c.layers {
      let name = block(layer)
      for part in ["q", "k", "v", "o"] { shapes.append((name + "self_attn.\(part)_proj.weight", [c.width, c.width])) }
      if let experts = c.experts {
        shapes.append((name + "mlp.gate.weight", [experts.count, c.width]))
        shapes.append((name + "mlp.experts.gate_up_proj", [experts.count, 2 * experts.feedForward, c.width]))
        shapes.append((name + "mlp.experts.down_proj", [experts.count, c.width, experts.feedForward]))
      } else {
        shapes.append((name + "mlp.gate_proj.weight", [c.feedForward, c.width]))
        shapes.append((name + "mlp.up_proj.weight", [c.feedForward, c.width]))
        shapes.append((name + "mlp.down_proj.weight", [c.width, c.feedForward]))
      }
      shapes.append((name + "input_layernorm.weight", [c.width]))
      shapes.append((name + "self_attn.q_norm.weight", [c.headWidth]))
      shapes.append((name + "self_attn.k_norm.weight", [c.headWidth]))
      shapes.append((name + "post_attention_layernorm.weight", [c.width]))
    }
    shapes.append(("lm_head.weight", [vocabulary, c.width]))
    shapes.append(("model.norm.weight", [c.width]))
    return shapes
  }

  /// Normal(0, σ²) for matrices, one for gains; the same for both objectives.
  public func initialise(seed: UInt64) {
    for (index, slice) in buffer.slices.enumerated() {
      let target = buffer.value + slice.offset
      if slice.shape.count == 1 {
        target.update(repeating: 1, count: slice.count)
        continue
      }
      var stream = RandomStream(seed: seed, purpose: .initialisation, index: UInt64(index))
      for i in 0..<slice.count { target[i] = Float(stream.normal() * configuration.initialStandardDeviation) }
    }
    buffer.markChanged()
  }
}
