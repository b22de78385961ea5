// The task `functions` at a checkpoint: prompts are completed greedily, executed, and judged by their tests.

import Corpora
import Evaluation
import Objectives

extension CheckpointEvaluator {
  /// The task's name; `functions-random-order` is the same with a DLM's tokens filled in in random order, at the end
  /// of a run only.
  static let functionsTask = "functions"
  static let randomOrderTask = "functions-random-order"

  /// The results of the task by name, in the order of the items; none for a corpus without functions.
  func functionResults(isLast: Bool) -> [(task: String, passed: [Bool])] {
    if dataset.functions.isEmpty { return [] }
    let prompts = dataset.functions.map(\.prompt)
    let end = dataset.tokenizer.endToken
    let rule = SamplingRule(temperature: 0, excluded: [special.mask, special.begin])
    if objective.isCausal {
      let completions = sampleAutoregressive(
        parameters, prompts: prompts, end: end, special: special, rule: rule, seed: dataSeed, backend: backend)
      return [(Self.functionsTask, passed(completions))]
    }
    return (isLast ? [DenoisingOrder.confidence, .random] : [.confidence]).map { order in
      let completions = sampleDiffusion(
        parameters, prompts: prompts, end: end, steps: evaluation.denoisingSteps, order: order,
        special: special, rule: rule, seed: dataSeed, backend: backend)
      return (order == .confidence ? Self.functionsTask : Self.randomOrderTask, passed(completions))
    }
  }

  private func passed(_ completions: [[Int32]]) -> [Bool] {
    zip(dataset.functions, completions).map { item, completion in
      let tokens = item.prompt + completion.prefix { $0 != dataset.tokenizer.endToken }
      return item.isSolved(by: dataset.tokenizer.decode(tokens))
    }
  }
}
