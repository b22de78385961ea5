// Two runs, or two stores, side by side: first how their settings differ, then their results.

import Claims
import Files
import Foundation
import Reporting
import Running
import Specification
import Store
import Wording

/// A value that differs.
package struct Difference: Codable, Sendable, Hashable {
  /// Where it stands: "training.learningRate", "endings, acc at the end".
  package let name: String
  package let first: String
  package let second: String
}

/// Two runs.
package struct RunComparison: Codable, Sendable {
  package let first: String
  package let second: String
  /// What the specifications say differently.
  package let parameters: [Difference]
  /// Best and last scores, lowest and last validation cross-entropy; the same or not.
  package let metrics: [Difference]
  /// Whether metrics, items and weights are the same byte by byte.
  package let isSameBits: Bool

  /// - Throws: `StoreError` if one of them has not ended or is damaged.
  package init(
    _ first: (hash: String, store: RecordStore<RunSpecification>),
    _ second: (hash: String, store: RecordStore<RunSpecification>)
  ) throws(StoreError) {
    var specifications: [[String: String]] = []
    var scores: [[String: String]] = []
    for (hash, store) in [first, second] {
      guard try store.hasEnded(hash) else {
        throw StoreError(.badData, "run \(hash) of \(store.directory) has not ended; `replicate run \(hash)` trains it")
      }
      try store.verify(hash)
      var flat: [String: String] = [:]
      Self.flatten(try store.specificationJSON(of: hash), "", into: &flat)
      specifications.append(flat)
      scores.append(Self.scores(try store.checkpoints(of: hash).records))
    }
    self.first = first.hash
    self.second = second.hash
    parameters = Self.table(specifications[0], specifications[1]).filter { $0.first != $0.second }
    metrics = Self.table(scores[0], scores[1])
    let digests = try Self.digests(first, second)
    isSameBits = digests.0 == digests.1
  }

  private static func digests(
    _ first: (hash: String, store: RecordStore<RunSpecification>),
    _ second: (hash: String, store: RecordStore<RunSpecification>)
  ) throws(StoreError) -> ([String?], [String?]) {
    let files = [try first.store.record(of: first.hash).files, try second.store.record(of: second.hash).files]
    let names = RunRepetition.compared.map(\.rawValue)
    return (names.map { files[0][$0] }, names.map { files[1][$0] })
  }

  private static func flatten(_ value: JSONValue, _ path: String, into flat: inout [String: String]) {
    switch value {
    case .object(let fields):
      for (name, field) in fields where name != "_0" {
        flatten(field, path.isEmpty ? name : "\(path).\(name)", into: &flat)
      }
      if let inner = fields["_0"] { flatten(inner, path, into: &flat) }
      if fields.isEmpty { flat[path] = "yes" }
    default: flat[path] = value.canonical()
    }
  }

  private static func scores(_ checkpoints: [CheckpointRecord]) -> [String: String] {
    guard let last = checkpoints.last else { return [:] }
    var scores: [String: String] = [:]
    for (task, score) in last.tasks {
      let best = checkpoints.compactMap { $0.tasks[task]?.acc }.max() ?? score.acc
      scores["\(task), acc: best → last"] = "\(percent(best)) → \(percent(score.acc))"
    }
    let losses = checkpoints.compactMap { $0.validation?.crossEntropy }
    if let lowest = losses.min(), let final = losses.last {
      scores["validation CE, nats per token: lowest → last"] = String(format: "%.3f → %.3f", lowest, final)
    }
    scores["training tokens"] = grouped(last.tokens)
    return scores
  }

  private static func table(_ first: [String: String], _ second: [String: String]) -> [Difference] {
    Set(first.keys).union(second.keys).sorted().map {
      Difference(name: $0, first: first[$0] ?? "–", second: second[$0] ?? "–")
    }
  }
}

/// Two stores: the same runs with other bits, runs that only one has, and verdicts that differ.
package struct StoreComparison: Codable, Sendable {
  package let first: String
  package let second: String
  /// Runs that ended in both.
  package let common: Int
  /// Of those, the runs whose metrics, items or weights are not the same bytes.
  package let different: [String]
  package let onlyInFirst: Int
  package let onlyInSecond: Int
  /// What the claims' stored verdicts say differently.
  package let verdicts: [Difference]

  /// - Parameters: directories of results.
  /// - Throws: `StoreError` if a directory cannot be read or is not a store.
  package init(_ first: String, _ second: String) throws(StoreError) {
    (self.first, self.second) = (first, second)
    var ended: [[String: [String?]]] = []
    for directory in [first, second] {
      guard try isThere(directory + "/runs") else {
        throw StoreError(
          .badData, "\(directory) is neither a run nor a folder of results; give two hashes or two folders")
      }
      let store = RecordStore<RunSpecification>(directory: directory + "/runs")
      var digests: [String: [String?]] = [:]
      for hash in try store.hashes() where try store.hasEnded(hash) {
        let files = try store.record(of: hash).files
        digests[hash] = RunRepetition.compared.map { files[$0.rawValue] }
      }
      ended.append(digests)
    }
    let shared = ended[0].keys.filter { ended[1][$0] != nil }
    common = shared.count
    different = shared.filter { ended[0][$0] != ended[1][$0] }.sorted()
    onlyInFirst = ended[0].count - shared.count
    onlyInSecond = ended[1].count - shared.count
    var verdicts: [Difference] = []
    for claim in Claim.all.map(\.name) {
      let said = try [first, second].map { out throws(StoreError) in
        try storedVerdict(claim, out: out).map { record in
          "\(record.verdict?.rawValue ?? "no verdict") at \(record.preset.rawValue): \(record.effect ?? "no runs")"
        } ?? "–"
      }
      if said[0] != said[1] { verdicts.append(Difference(name: claim, first: said[0], second: said[1])) }
    }
    self.verdicts = verdicts
  }
}
