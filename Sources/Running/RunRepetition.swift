// Repeats a stored run in another folder, and compares every byte that its numbers are in.

import Corpora
import Foundation
import Specification
import Store

/// The outcome of repeating a run.
package struct RunRepetition: Codable, Sendable {
  package let hash: String
  package let summary: String
  /// What came out otherwise than it is stored: files by name, or how the run ended; empty if every byte is the same.
  package let different: [String]
  /// The processor and BLAS kernel of the stored record where they are others than this machine's; nil if they are not.
  package let otherMachine: String?
  package let seconds: Double

  /// The files that are compared.
  package static let compared: [RunFile] = [.metrics, .items, .model]

  /// Whether a run can be repeated: the specification of a text corpus does not say where the text is.
  package static func isPossible(_ hash: String, in store: RecordStore<RunSpecification>) -> Bool {
    guard let specification = try? store.specification(of: hash) else { return false }
    if case .text = specification.corpus { return false }
    return specification.formatVersion == RunSpecification.currentFormatVersion
  }

  /// Repeats a run in a folder of its own that is removed afterwards. To be called from a plain thread.
  /// - Throws: what keeps the run from being carried out, its record from being read, or the folder from being made.
  package init(
    of hash: String, in store: RecordStore<RunSpecification>, machine: Machine, stop: StopSignal,
    progress: ProgressReporter
  ) throws {
    let specification = try store.specification(of: hash)
    let record = try store.record(of: hash)
    let folder = try TemporaryFolder("replicate-doctor-")
    defer { folder.remove() }
    let runner = Runner(
      store: RecordStore(directory: folder.path), machine: machine, preset: record.preset, jobs: 1)
    let start = ContinuousClock.now
    try runner.train(
      [try PlannedRun(label: "run \(hash)", specification: specification)], stop: stop, progress: progress)
    seconds = (ContinuousClock.now - start) / .seconds(1)
    self.hash = hash
    summary = specification.summary
    let isElsewhere = record.machine.processor != machine.processor || record.machine.blas != machine.blas
    otherMachine = isElsewhere ? "\(record.machine.processor), \(record.machine.blas)" : nil
    let again = try runner.store.record(of: hash)
    var different = Self.compared.filter { record.files[$0.rawValue] != again.files[$0.rawValue] }.map(\.rawValue)
    if record.outcome != again.outcome { different.append("the way it ended") }
    self.different = different
  }
}
