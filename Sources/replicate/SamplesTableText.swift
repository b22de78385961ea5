// The table of `replicate evaluate --samples-table`, as text.

import Evaluation
import Wording

extension LikelihoodSamplesTable {
  /// One table per task: one row per number of maskings, the exact value last.
  var text: String {
    tasks.map { task in
      "\(task.name), \(counted(task.items, "item"))\n\n"
        + shownTable(
          columns: ["K", "acc %", "±", "minus last", "±", "NLL right", "±", "tokens"],
          rows: task.rows.map { row in
            [
              row.samples.map { "\($0)" } ?? "exact", rounded(row.accuracy * 100, 1),
              rounded(row.accuracyStandardError * 100, 1), signedPercent(row.difference),
              rounded(row.differenceStandardError * 100, 1), rounded(row.nllRight, 2),
              rounded(row.nllRightStandardError, 2), grouped(row.tokens),
            ]
          })
    }.joined(separator: "\n")
  }
}
