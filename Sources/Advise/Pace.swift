// How fast this machine is now, against the estimates that plans are made with. Measured once for an advice, before it
// is planned, and kept with the plan, so that a repeated command plans the same runs.

import Basics
import Corpora
import Foundation
import Objectives
import Specification
import Synchronization
import TensorEngine
import Training
import Transformer

/// Seconds that training takes over those that are estimated: 1 on the machine that RunCost is calibrated on, when
/// quiet.
///
/// As many threads as runs at once train a small model on random tokens for about two seconds; the second fastest of
/// seven windows counts, so that passing work of others does not and lasting work does. The ratio is rounded to a quarter
/// of a doubling, so that noise rarely changes a plan.
/// - Throws: ``RefusedResource``, `TrainingError`.
package func measuredPace(jobs: Int, backend: ProductBackend) throws -> Double {
  let rates = Mutex<[Double]>([])
  try onThreads(max(1, jobs)) {
    guard let rate = try? secondsOverEstimate(backend) else { return }
    rates.withLock { $0.append(rate) }
  }
  let measured = rates.withLock { $0 }
  guard !measured.isEmpty else { return 1 }
  return roundedPace(measured.reduce(0, +) / Double(measured.count))
}

/// Whether a number is a pace that ``measuredPace(jobs:backend:)`` can return.
package func isPace(_ number: Double) -> Bool { number.isFinite && paceRange.contains(number) }

private let paceRange = 0.5...64.0
private let (windows, windowSeconds) = (7, 0.3)

/// To the nearest quarter of a doubling, between a half and 64.
package func roundedPace(_ pace: Double) -> Double {
  guard pace.isFinite, pace > 0 else { return 1 }
  return pow(2, (log2(min(max(pace, paceRange.lowerBound), paceRange.upperBound)) * 4).rounded() / 4)
}

private func secondsOverEstimate(_ backend: ProductBackend) throws -> Double {
  let (vocabulary, context, sequences) = (512, 48, 64)
  let model = ModelConfiguration(width: 32, heads: 4, feedForward: 80, layers: 2, context: context)
  let training = TrainingConfiguration(epochs: 1000, batch: 16, learningRate: 1e-4)
  let tokens = (0..<sequences).map { s in (0..<context).map { Int32((s * 31 + $0 * 17) % (vocabulary - 3)) } }
  let trainer = try Trainer(
    training, objective: .plainAutoregressive, model: model, vocabulary: vocabulary, sequences: tokens,
    special: SpecialTokens(mask: Int32(vocabulary - 1), begin: Int32(vocabulary - 2)), seed: 1, backend: backend)
  for _ in 0..<10 { try trainer.step() }
  let clock = ContinuousClock()
  var rates: [Double] = []
  for _ in 0..<windows {
    let (start, first) = (clock.now, trainer.tokens)
    var seconds = 0.0
    while seconds < windowSeconds, !trainer.isFinished {
      try trainer.step()
      seconds = (clock.now - start) / .seconds(1)
    }
    if trainer.tokens > first { rates.append(seconds / Double(trainer.tokens - first)) }
  }
  guard !rates.isEmpty else { return 1 }
  let secondsPerToken = rates.sorted()[min(1, rates.count - 1)]
  let estimated = 100_000
  let run = try PlannedRun(
    label: "pace",
    specification: RunSpecification(
      corpus: .text(TextSpecification(text: TextCollection(), uniqueTokens: estimated)),
      dataSeed: 1, seed: 1,
      objective: .plainAutoregressive, model: model,
      training: TrainingConfiguration(epochs: 1, batch: 16, learningRate: 1),
      evaluation: EvaluationConfiguration(
        checkpoints: 1, items: 4, samples: 1, validationSequences: 2, validationSamples: 1), backend: backend))
  return secondsPerToken * Double(estimated) / run.estimatedSeconds
}
