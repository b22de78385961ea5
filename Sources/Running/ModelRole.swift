// What Hugging Face's files say of a model besides its dimensions, from the run's objective and tokenizer.

import Corpora
import Objectives
import Transformer

extension ModelRole {
  /// How a model of this objective, or an ensemble of several, is read, with the special ids of its corpus.
  init(_ objective: Objective, members: Int, tokenizer: any Tokenizer) {
    let reading: Reading =
      switch objective {
      case _ where members > 1: .ensemble(members)
      case .autoregressive: .causal
      case .orderedAutoregressive: .ordered
      case .blockDiffusion(let size): .blocks(size)
      case .maskedDiffusion, .frozenDiffusion, .stratifiedDiffusion: .denoising(fromLeft: false)
      case .suffixDiffusion: .denoising(fromLeft: true)
      }
    self.init(
      objective: objective.shortName, reading: reading, mask: tokenizer.maskToken, begin: tokenizer.beginToken,
      end: tokenizer.endToken)
  }
}
