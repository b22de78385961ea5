// Training FLOPs of runs by the documented formula.

import Corpora
import Specification
import Synchronization
import Transformer

extension PlannedRun {
  /// Training FLOPs per token: 6 × active non-embedding parameters + attention over the context's length + unembedding
  /// of the positions that are computed, all for AR and on average half for the DLM. Under block diffusion a token takes
  /// up to two rows. Under an ensemble each member's FLOPs for a token of its own, all added up.
  package func trainingFLOPsPerToken() throws -> Double {
    let model = specification.model
    let objective = specification.objective
    let length = model.context
    let ofOneMember = model.trainingFLOPs(
      rows: objective.rows(of: length), pairs: objective.pairs(of: length),
      scored: Double(length) * objective.scoredShare, vocabulary: try rememberedVocabularySize(specification.corpus))
    return ofOneMember / Double(length) * Double(specification.training.ensemble)
  }
}

/// Finding the number of token ids out takes a sample of the corpus, and many runs share one.
private let vocabularySizes = Mutex<[CorpusSpecification: Int]>([:])

private func rememberedVocabularySize(_ corpus: CorpusSpecification) throws -> Int {
  if let size = vocabularySizes.withLock({ $0[corpus] }) { return size }
  let size = try corpus.vocabularySize()
  vocabularySizes.withLock { $0[corpus] = size }
  return size
}
