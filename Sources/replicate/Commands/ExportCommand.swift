// `replicate export`: the numbers of all stored runs for other programs.

import ArgumentParser
import Files
import Reporting
import Specification
import Store
import Wording

/// `replicate export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes every checkpoint of all stored runs as one CSV, or for TensorBoard.",
    discussion: """
      One row per checkpoint with the run's settings, where in training it is, its losses and all its scores. With \
      --events it writes TensorBoard's event files instead, one folder per run. Reads stored results and trains \
      nothing; runs that have not ended are left out. Documentation/data.md names the columns.

        replicate export
        replicate export --to runs.csv
        replicate export --events logs && tensorboard --logdir logs
      """)

  @Option(help: ArgumentHelp("Where the runs are.", valueName: "directory"), transform: nonEmpty) var out = "results"
  @Option(
    help: ArgumentHelp("Where to write the CSV (default: runs.csv in the directory).", valueName: "file"),
    transform: nonEmpty)
  var to: String?
  @Option(
    help: ArgumentHelp("Write TensorBoard's event files below this directory.", valueName: "directory"),
    transform: nonEmpty)
  var events: String?
  @Flag(help: "Print what was written as JSON on standard output.") var json = false

  func validate() throws {
    if to != nil && events != nil { throw ValidationError("--to: with --events no CSV is written; leave one out") }
  }

  func run() throws {
    let export = try RunsExport(RecordStore(directory: out + "/runs"))
    if export.count == 0 {
      throw UsageError(
        description: "\(out) holds no run that has ended; name another folder with --out, or run a claim first, for "
          + "example `replicate crossover`")
    }
    var written = WrittenExport(runs: export.count, rows: export.rowCount, leftOut: export.leftOut)
    if let events {
      written.events = try export.writeEvents(to: events)
    } else {
      let path = to ?? out + "/runs.csv"
      try writeAtomically(export.csvText, to: path, namedBy: .user, elsewhere: "name another file with --to")
      written.csv = path
    }
    for line in export.leftOut { Replicate.note("note: left out: \(line)", unless: json) }
    if json {
      try printJSON(.export, written)
    } else {
      print(written.csv ?? "\(events ?? ""): \(counted(written.events.count, "run"))")
    }
  }
}

/// What `export --json` prints.
private struct WrittenExport: Encodable {
  let runs: Int
  let rows: Int
  var csv: String?
  var events: [String] = []
  let leftOut: [String]
}
