// `replicate evaluate`: the scores of a stored model, asked again.

import ArgumentParser
import Evaluation
import Reporting
import SingleModels
import Specification
import Wording

/// `replicate evaluate HASH`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Re-evaluates a stored model, optionally with other numbers of items or samples.",
    discussion: """
      Accuracies are `acc` and `acc_norm` of lm-evaluation-harness with their standard errors over items; NLL is in \
      nats per choice, validation cross-entropy in nats per token.

        replicate evaluate 0123456789abcdef
        replicate evaluate 0123 --items 2000 --samples 16
        replicate evaluate 0123 --samples-table
      """)

  @OptionGroup var options: ModelOptions
  @Option(help: ArgumentHelp("Items per task.", valueName: "n")) var items: Int?
  @Option(help: ArgumentHelp("K, the number of maskings per span for a DLM's likelihoods.", valueName: "n"))
  var samples: Int?
  @Option(help: ArgumentHelp("Number of validation sequences.", valueName: "n")) var validationSequences: Int?
  @Flag(help: "Print accuracy and NLL for several numbers of maskings K, and exact values where possible.")
  var samplesTable = false

  mutating func validate() throws {
    try options.requireHash()
    if samplesTable && (samples ?? validationSequences) != nil {
      throw ValidationError(
        "--samples-table: it goes through the numbers of samples itself and scores no sequences; leave out --samples and "
          + "--validation-sequences")
    }
    typealias Limits = EvaluationConfiguration.Limits
    try requireOption("items", items, in: Limits.items)
    try requireOption("samples", samples, in: Limits.samples)
    try requireOption("validation-sequences", validationSequences, in: Limits.validationSequences)
  }

  func run() throws {
    let model = try options.scoredModel(accept: { specification in
      if samples != nil && specification.objective.likelihood == .exact {
        throw UsageError(description: "--samples: an AR model's likelihoods are exact; name a DLM's run")
      }
    }) {
      $0.items = items ?? $0.items
      $0.samples = samples ?? $0.samples
      $0.validationSequences = validationSequences ?? $0.validationSequences
      $0.validationSamples = samples ?? $0.validationSamples
    }
    if samplesTable {
      if model.dataset.tasks.isEmpty {
        throw UsageError(description: "--samples-table: the model's corpus has no task with choices")
      }
      let table = model.samplesTable()
      if options.json {
        try printJSON(.samplesTable, table)
      } else {
        print(shownLines(model.specification.summary) + "\n\n" + table.text, terminator: "")
      }
      return
    }
    let record = try model.evaluate()
    if options.json {
      try printJSON(
        .scores, ModelScores(run: model.specification.summary, validation: record.validation, tasks: record.tasks))
      return
    }
    func cell(_ value: Double?, _ digits: Int, times factor: Double = 1) -> String {
      value.map { rounded($0 * factor, digits) } ?? "–"
    }
    print(shownLines(model.specification.summary) + "\n")
    print(
      shownTable(
        columns: ["task", "items", "acc %", "±", "acc_norm %", "±", "NLL right", "NLL wrong"],
        rows: record.tasks.sorted { $0.key < $1.key }.map { name, task in
          [
            name.name, "\(task.items)", cell(task.acc, 1, times: 100), cell(task.accStandardError, 1, times: 100),
            cell(task.accNorm, 1, times: 100), cell(task.accNormStandardError, 1, times: 100), cell(task.nllRight, 2),
            cell(task.nllWrong, 2),
          ]
        }))
    if let validation = record.validation {
      print(
        shownLines(
          "Validation cross-entropy: \(rounded(validation.crossEntropy, 4)) ± \(rounded(validation.standardError, 4)) "
            + "nats per token (\(validation.sequences) sequences, K = \(validation.samples))"))
    }
  }
}

/// What `evaluate --json` prints.
private struct ModelScores: Encodable {
  let run: String
  let validation: CheckpointRecord.Validation?
  let tasks: [TaskID: CheckpointRecord.Task]
}
