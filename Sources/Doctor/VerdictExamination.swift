// Whether a store's verdicts belong to the runs, figures and data that they name. Findings about runs:
// StoreExamination.swift.

import Files
import Foundation
import Reporting
import Specification
import Store
import Wording

extension StoreExamination {
  /// Examines every folder that has a verdict, of claims and of questions about a text.
  mutating func examineVerdicts(below directory: String, _ store: RecordStore<RunSpecification>) throws(StoreError) {
    for folder in try ClaimFolder.all(in: directory, with: { _ in ClaimFolder.verdict }) { examine(folder, store) }
  }

  private mutating func examine(_ folder: ClaimFolder, _ store: RecordStore<RunSpecification>) {
    let path = folder.path(of: ClaimFolder.verdict)
    countVerdict()
    do throws(StoreError) {
      guard let record = try folder.verdict() else { return }
      if record.files == nil {
        note(
          folder.name,
          "\(path): of an earlier version, names neither its data nor its figure; judge \(folder.name) again")
      } else {
        for line in try folder.strangers(beside: record) {
          report(folder.name, "\(path): \(line); judge \(folder.name) again")
        }
      }
      var lost: [String] = []
      for hash in record.records {
        if !isRunName(hash) { lost.append(hash) } else if try !store.hasEnded(hash) { lost.append(hash) }
      }
      if record.verdict != .inconclusive, let first = lost.first {
        report(
          folder.name,
          "\(path): rests on \(counted(lost.count, "run")) that the store does not have, \(first) among them; judge "
            + "\(folder.name) again")
      }
    } catch {
      note(folder.name, error)
    }
  }
}
