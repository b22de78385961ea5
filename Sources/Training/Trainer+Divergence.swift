// Where in the model the numbers of a step stopped being finite. Only asked when they did, so it may cost another pass.

import Objectives
import TensorEngine
import Transformer

extension Trainer {
  /// The first stage of the forward pass, repeated chunk by chunk, that gives a number that is not finite.
  func forwardNotFinite(_ slots: Range<Int>, _ totals: StepTotals) -> String {
    if let name = parameters.firstNotFinite { return "the parameter \(name)" }
    var chunksInStep: UInt64 = 0
    forEachChunk(slots, totals) {
      chunksInStep += 1
      batch.removeAll()
    }
    let after = model.dropoutClock.batch
    model.dropoutClock.batch = after - chunksInStep
    var place: String?
    forEachChunk(slots, totals) {
      if place == nil {
        model.forward(batch, causal: objective.isCausal)
        place = model.firstStageNotFinite
      }
      model.dropoutClock.batch += 1
      batch.removeAll()
    }
    return place ?? "the sum of the losses"
  }

  /// The parameter nearest to the loss whose gradient is not finite: the backward pass reaches the head first.
  var gradientNotFinite: String {
    let buffer = parameters.buffer
    let wrong = buffer.slices.filter { !buffer.gradients(of: $0).allSatisfy(\.isFinite) }.map(\.name)
    let ends = ["lm_head.weight", "model.norm.weight"]
    let layers = (0..<parameters.configuration.layers).reversed().map { ModelParameters.block($0) }
    let name = wrong.first(where: ends.contains)
      ?? layers.lazy.compactMap { layer in wrong.first { $0.hasPrefix(layer) } }.first ?? wrong.first
    return name.map { "the gradient of \($0)" } ?? "the norm of the gradient"
  }
}
