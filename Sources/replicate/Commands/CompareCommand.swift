// `replicate compare`: two runs, or two stores, side by side. What is compared: Sources/SingleModels.

import ArgumentParser
import Files
import Reporting
import SingleModels
import Specification
import Store
import Wording

/// `replicate compare A B`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares two runs or two stores: how the settings differ, then the results.",
    discussion: """
      Runs are named by hashes (or their beginnings), stores by folders of results. The exit status is 0 whatever \
      differs.

        replicate compare 0123456789abcdef fedcba9876543210
        replicate compare results /elsewhere/results
      """)

  @Argument(help: "A run's hash, or a folder of results.", transform: nonEmpty) var first: String
  @Argument(help: "Another one.", transform: nonEmpty) var second: String
  @Option(help: ArgumentHelp("Where the runs are (default: results).", valueName: "directory"), transform: nonEmpty)
  var out: String?
  @Flag(help: "Print the result as JSON on standard output.") var json = false

  func run() throws {
    let areFolders = try [first, second].map { try isThere($0 + "/runs") }
    if areFolders.contains(true) {
      for (name, isFolder) in zip([first, second], areFolders) where !isFolder {
        throw UsageError(description: "\(name) is no folder of results; give two folders of results, or two hashes")
      }
      if out != nil { throw UsageError(description: "--out: says where runs are; folders of results need none") }
      let comparison = try StoreComparison(first, second)
      if json { try printJSON(.storeComparison, comparison) } else { print(comparison.text) }
    } else {
      let store = RecordStore<RunSpecification>(directory: (out ?? "results") + "/runs")
      let comparison = try RunComparison(
        (try knownRun(first, in: store), store), (try knownRun(second, in: store), store))
      if json { try printJSON(.comparison, comparison) } else { print(comparison.text) }
    }
  }
}

extension RunComparison {
  fileprivate var text: String {
    let asked =
      parameters.isEmpty
      ? "The specifications are the same.\n"
      : shownTable(
        columns: ["parameter", first, second],
        rows: parameters.map { [$0.name, $0.words(\.first), $0.words(\.second)] })
    return asked + "\n"
      + shownTable(
        columns: ["measured", first, second], rows: metrics.map { [$0.title, $0.words($0.first), $0.words($0.second)] })
      + (isSameBits ? "\nMetrics, items and weights are bit-identical." : "\nMetrics, items or weights differ.")
  }
}

extension Difference {
  fileprivate func words(_ side: KeyPath<Difference, JSONValue?>) -> String {
    switch self[keyPath: side] {
    case nil: "–"
    case .string(let text): text
    case .boolean(let isSo): isSo ? "yes" : "no"
    case let value?: value.canonical()
    }
  }
}

extension MeasuredDifference {
  fileprivate var title: String {
    switch unit {
    case .accuracy, .tokens: name
    case .nats: "\(name) (nats per token)"
    }
  }

  fileprivate func words(_ value: Double?) -> String {
    guard let value else { return "–" }
    switch unit {
    case .accuracy: return percent(value)
    case .nats: return rounded(value, 3)
    case .tokens: return grouped(Int(value))
    }
  }
}

extension StoreComparison {
  fileprivate var text: String {
    var lines = [
      "\(counted(common, "run")) in both, \(onlyInFirst) only in \(first), \(onlyInSecond) only in \(second)."
    ]
    if !different.isEmpty {
      lines.append("\(counted(different.count, "run")) with different bits: \(different.joined(separator: " "))")
    } else if common > 0 {
      lines.append("All runs that are in both are bit-identical.")
    }
    if common > 0 && verdicts.isEmpty { lines.append("All stored verdicts are the same.") }
    for verdict in verdicts {
      let (one, other) = (verdict.first?.text ?? "–", verdict.second?.text ?? "–")
      lines.append("\n\(verdict.claim)\n  \(first): \(one)\n  \(second): \(other)")
    }
    return shownLines(lines.joined(separator: "\n"), rest: "    ")
  }
}
