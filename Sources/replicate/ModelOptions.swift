// Which stored model a command is about: a run's hash or its beginning, and the text that it was trained on.

import ArgumentParser
import Corpora
import SingleModels
import Specification
import Store
import Wording

/// Which stored model a command is about.
struct ModelOptions: ParsableArguments {
  @Argument(help: "The run's hash, or enough of its beginning.", transform: nonEmpty) var hash: String?
  @Option(help: ArgumentHelp("Where the runs are.", valueName: "directory"), transform: nonEmpty) var out = "results"
  @OptionGroup var text: TextOptions
  @Flag(help: "Print the result as JSON on standard output.") var json = false

  /// The hash may follow `--text`.
  mutating func requireHash() throws {
    if hash == nil { hash = text.takeBack(most: 1, where: isHash).first }
    if hash == nil { throw ValidationError("Missing expected argument '<hash>'") }
  }

  /// The model, to write with; one that was trained on a text needs that only where it is named.
  /// - Parameter accept: refuses options that would have no effect on such a run.
  func model(accept: (RunSpecification) throws -> Void) throws -> StoredModel {
    let (hash, store) = try accepted(accept)
    return try StoredModel(hash, in: store, text: try text.read(isSilent: json), kept: KeptTexts(below: out))
  }

  /// The model with its data, to be scored under a changed configuration.
  func scoredModel(
    accept: (RunSpecification) throws -> Void, _ change: (inout EvaluationConfiguration) -> Void
  ) throws -> ScoredModel {
    let (hash, store) = try accepted(accept)
    return try ScoredModel(
      hash, in: store, text: try text.read(isSilent: json), kept: KeptTexts(below: out), evaluation: change)
  }

  private func accepted(
    _ accept: (RunSpecification) throws -> Void
  ) throws -> (hash: String, store: RecordStore<RunSpecification>) {
    let store = RecordStore<RunSpecification>(directory: out + "/runs")
    let hash = try knownRun(hash ?? "", in: store)
    let specification = try store.specification(of: hash)
    if case .text = specification.corpus {
    } else if !text.paths.isEmpty {
      throw UsageError(
        description: "--text: run \(hash) was trained on the \(specification.corpus.name) corpus; leave it out")
    }
    try accept(specification)
    return (hash, store)
  }
}

/// The one run whose hash begins so.
func knownRun(_ beginning: String, in store: RecordStore<RunSpecification>) throws -> String {
  let hashes = try store.hashes()
  let matching = beginning.isEmpty ? [] : hashes.filter { $0.hasPrefix(beginning) }
  if matching.count == 1 { return matching[0] }
  let near = suggestion(for: beginning, among: hashes)
  let isWhole = isHash(beginning) && beginning.count == 16
  throw UsageError(
    description: matching.isEmpty
      ? "\(store.directory) has no run \(beginning)\(near); "
        + (isWhole && near.isEmpty
          ? "one that was only planned is trained first, by `replicate run` or the `replicate train` that goes with it; "
          : "") + "`replicate export` makes a table of those that are there"
      : "\(matching.count) runs of \(store.directory) begin with \(beginning); give more of the hash")
}
