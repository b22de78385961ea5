// Training FLOPs of runs by the documented formula.

import Transformer

extension PlannedRun {
  /// Training FLOPs a token: 6 × active non-embedding parameters + attention over the context's length + unembedding of
  /// the positions that are computed, all for AR and on average half for the DLM.
  func trainingFLOPsPerToken() throws -> Double {
    let model = specification.model
    let isCausal = specification.objective.isCausal
    let length = model.context
    return model.trainingFLOPs(
      length: length, scored: Double(length) * (isCausal ? 1 : 0.5),
      vocabulary: try specification.corpus.vocabularySize(),
      causal: isCausal) / Double(length)
  }
}
