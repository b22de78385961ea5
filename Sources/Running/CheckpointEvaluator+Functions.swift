// The tasks that are judged by execution, at a checkpoint: functions are completed from their heads, and holes in functions
// filled in, greedily; what comes out is run and judged by its tests.

import Corpora
import Evaluation
import Objectives
import Specification

extension CheckpointEvaluator {
  /// The results by task, in the order of the items; none for a corpus without functions. At the end of a run a DLM is
  /// also decoded in each of the ways that are compared.
  func executionResults(isLast: Bool) -> [(task: TaskID, passed: [Bool])] {
    if dataset.functions.isEmpty { return [] }
    let own: [CompletionDecoder?] = [nil]
    let compared = isLast && objective.maskings != .none ? evaluation.comparedDecoders ?? [] : []
    return (own + compared).flatMap { decoder in
      [(.execution(.functions, decoder), functions(decoder))]
        + (dataset.infilling.isEmpty ? [] : [(.execution(.infilling, decoder), infilling(decoder))])
    }
  }

  private var rule: SamplingRule { SamplingRule(temperature: 0, excluded: [special.mask, special.begin]) }

  /// - Parameter decoder: nil for the run's own.
  private func functions(_ decoder: CompletionDecoder?) -> [Bool] {
    let prompts = dataset.functions.map(\.prompt)
    let end = dataset.tokenizer.endToken
    let completions =
      objective.maskings == .none
      ? sampleAutoregressive(
        parameters, prompts: prompts, end: end, special: special, rule: rule, seed: dataSeed, backend: backend)
      : sampleDiffusion(
        parameters, prompts: prompts, end: end, decoder: decoder ?? evaluation.usedDecoder,
        tokensPerPass: evaluation.tokensPerPass ?? 1, special: special, rule: rule, seed: dataSeed, backend: backend)
    return zip(dataset.functions, completions).map { item, completion in
      let tokens = item.prompt + completion.prefix { $0 != end }
      return item.isSolved(by: dataset.tokenizer.decode(tokens))
    }
  }

  private func infilling(_ decoder: CompletionDecoder?) -> [Bool] {
    let holes = dataset.infilling.map { Hole(prefix: $0.prefix, count: $0.missing.count, suffix: $0.suffix) }
    let end = dataset.tokenizer.endToken
    let filled =
      objective.maskings == .none
      ? sampleAutoregressive(
        parameters, holes: holes, end: end, special: special, rule: rule, seed: dataSeed, backend: backend)
      : sampleDiffusion(
        parameters, holes: holes, end: end, decoder: decoder ?? evaluation.usedDecoder,
        tokensPerPass: evaluation.tokensPerPass ?? 1, special: special, rule: rule, seed: dataSeed, backend: backend)
    return zip(dataset.infilling, filled).map { $0.isSolved(by: $1, tokenizer: dataset.tokenizer) }
  }
}
