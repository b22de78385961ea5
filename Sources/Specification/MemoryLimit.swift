// The memory that samples and runs need, asked for before anything is built. What is refused later, piece by piece, is
// noticed where it is asked for.

import Basics
import Corpora

extension CorpusSpecification {
  /// Estimated bytes of a sample with what was drawn for it.
  var estimatedBytes: Double { 55 * Double(nominalUniqueTokens) }

  /// Refuses a sample that needs more memory than can be had.
  /// - Throws: `RefusedResource`, or what ``validate()`` throws.
  package func requireMemory() throws {
    try validate()
    try Basics.requireMemory(Int(saturating: estimatedBytes), for: summary)
  }
}

extension RunSpecification {
  /// Refuses a run that needs more memory than can be had.
  /// - Throws: `RefusedResource`, or ``ImpossibleRun``.
  package func requireMemory() throws {
    let run = try PlannedRun(label: "", specification: self)
    try Basics.requireMemory(
      run.estimatedOwnBytes, beside: run.estimatedBytes - run.estimatedOwnBytes, for: summary)
  }
}
