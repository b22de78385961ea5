// Where in the model the numbers of a step stopped being finite. Only called when they did, so it may cost another
// pass.

import Objectives
import TensorEngine
import Transformer

extension Trainer {
  /// The first stage of the forward pass, repeated chunk by chunk, that gives a number that is not finite.
  func forwardNotFinite(chunks count: Int) -> String {
    if let name = weights.firstNotFinite { return "the parameter \(name)" }
    for (i, batch) in batches[..<count].enumerated() {
      model.dropoutClock.batch = chunks - UInt64(count - i)
      model.forward(batch, causal: objective.attention == .causal)
      if let place = model.firstStageNotFinite { return place }
    }
    return "the sum of the losses"
  }

  /// The parameter nearest to the loss whose gradient is not finite: the backward pass reaches the head first.
  var gradientNotFinite: String {
    let buffer = weights.buffer
    let wrong = buffer.slices.filter { !buffer.gradients(of: $0).allSatisfy(\.isFinite) }.map(\.name)
    let ends = ["lm_head.weight", "model.norm.weight"]
    let layers = (0..<weights.configuration.layers).reversed().map { ModelParameters.block($0) }
    let name =
      wrong.first(where: ends.contains)
      ?? layers.lazy.compactMap { layer in wrong.first { $0.hasPrefix(layer) } }.first ?? wrong.first
    return name.map { "the gradient of \($0)" } ?? "the norm of the gradient"
  }
}
