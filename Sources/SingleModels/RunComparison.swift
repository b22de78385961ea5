// Two runs, or two stores, side by side: first how their settings differ, then their results.

import Claims
import Configuration
import Files
import Reporting
import Running
import Specification
import Statistics
import Store

/// A setting that two runs do not have in common, as the specifications have it; nil where one has no such setting.
package struct Difference: Codable, Sendable, Hashable {
  /// Where it stands: "training.learningRate".
  package let name: String
  package let first: JSONValue?
  package let second: JSONValue?
}

/// A number that was measured of two runs; nil of one that has none.
package struct MeasuredDifference: Codable, Sendable, Hashable {
  package enum Unit: String, Codable, Sendable {
    /// A share from 0 to 1.
    case accuracy
    /// Nats per token.
    case nats
    case tokens
  }

  /// "endings, best", "validation cross-entropy, last", "training tokens".
  package let name: String
  package let unit: Unit
  package let first: Double?
  package let second: Double?
}

/// Two runs.
package struct RunComparison: Codable, Sendable {
  package let first: String
  package let second: String
  /// What the specifications say differently.
  package let parameters: [Difference]
  /// Best and last scores, lowest and last validation cross-entropy; the same or not.
  package let metrics: [MeasuredDifference]
  /// Whether metrics, items and weights are the same byte by byte.
  package let isSameBits: Bool

  /// - Throws: `StoreError` if one of them has not ended or is damaged.
  package init(
    _ first: (hash: String, store: RecordStore<RunSpecification>),
    _ second: (hash: String, store: RecordStore<RunSpecification>)
  ) throws(StoreError) {
    var specifications: [[String: JSONValue]] = []
    var scores: [[Score]] = []
    for (hash, store) in [first, second] {
      try store.requireEnded(hash)
      try store.verify(hash)
      var flat: [String: JSONValue] = [:]
      Self.flatten(try store.specificationJSON(of: hash), "", into: &flat)
      specifications.append(flat)
      scores.append(Self.scores(try store.checkpoints(of: hash).records))
    }
    self.first = first.hash
    self.second = second.hash
    parameters = Set(specifications.flatMap(\.keys)).sorted().map {
      Difference(name: $0, first: specifications[0][$0], second: specifications[1][$0])
    }.filter { $0.first != $0.second }
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

  private static func flatten(_ value: JSONValue, _ path: String, into flat: inout [String: JSONValue]) {
    guard case .object(let fields) = value, !fields.isEmpty else {
      // A choice without parameters, as an objective may be, is one that was made.
      flat[path] = value == .object([:]) ? .boolean(true) : value
      return
    }
    for (name, field) in fields { flatten(field, path.isEmpty ? name : "\(path).\(name)", into: &flat) }
  }

  /// A number of one run.
  private struct Score {
    let name: String
    let unit: MeasuredDifference.Unit
    let value: Double
  }

  private static func scores(_ checkpoints: [CheckpointRecord]) -> [Score] {
    guard let last = checkpoints.last else { return [] }
    var scores: [Score] = []
    for (task, score) in last.tasks.sorted(by: { $0.key < $1.key }) {
      let best = checkpoints.compactMap { $0.tasks[task]?.acc }.max() ?? score.acc
      scores.append(Score(name: "\(task), best", unit: .accuracy, value: best))
      scores.append(Score(name: "\(task), last", unit: .accuracy, value: score.acc))
    }
    let losses = checkpoints.compactMap { $0.validation?.crossEntropy }
    if let lowest = losses.min(), let final = losses.last {
      scores.append(Score(name: "validation cross-entropy, lowest", unit: .nats, value: lowest))
      scores.append(Score(name: "validation cross-entropy, last", unit: .nats, value: final))
    }
    return scores + [Score(name: "training tokens", unit: .tokens, value: Double(last.tokens))]
  }

  /// The scores of both by name, in the order of the first; what only the second has comes where it stands there.
  private static func table(_ first: [Score], _ second: [Score]) -> [MeasuredDifference] {
    let more = second.filter { score in !first.contains { $0.name == score.name } }
    let ends: Set = ["validation cross-entropy, lowest", "validation cross-entropy, last", "training tokens"]
    let all =
      (first + more).filter { !ends.contains($0.name) } + (first + more).filter { ends.contains($0.name) }
    return all.map { score in
      MeasuredDifference(
        name: score.name, unit: score.unit, first: first.first { $0.name == score.name }?.value,
        second: second.first { $0.name == score.name }?.value)
    }
  }
}

/// What is stored of a claim in two stores; nil where nothing is.
package struct VerdictDifference: Codable, Sendable, Hashable {
  /// One store's verdict with the numbers that it rests on.
  package struct Outcome: Codable, Sendable, Hashable {
    package let preset: Preset
    /// nil at preset smoke.
    package let verdict: Verdict?
    /// What decides, with its numbers, in words.
    package let effect: String?
    package let estimate: Double?
    package let low: Double?
    package let high: Double?
    package let unit: String?

    init(_ record: VerdictRecord) {
      (preset, verdict, effect) = (record.preset, record.verdict, record.effect)
      (estimate, low, high, unit) = (record.estimate, record.low, record.high, record.unit)
    }

    /// "holds at ci: DLM's final accuracy − AR's best …"
    package var text: String { "\(verdict?.rawValue ?? "no verdict") at \(preset.rawValue): \(effect ?? "no runs")" }
  }

  package let claim: String
  package let first: Outcome?
  package let second: Outcome?
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
  package let verdicts: [VerdictDifference]

  /// - Parameters: directories of results.
  /// - Throws: `StoreError` if a directory cannot be read or is not a store, or a run of it is damaged.
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
      for hash in try store.hashes() where try isThere(store.path(of: .record, in: hash)) {
        try store.requireEnded(hash)
        try store.verify(hash)
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
    var verdicts: [VerdictDifference] = []
    for name in try storedNames([first, second]) {
      let one = try storedVerdict(name, out: first).map(VerdictDifference.Outcome.init)
      let other = try storedVerdict(name, out: second).map(VerdictDifference.Outcome.init)
      if one != other { verdicts.append(VerdictDifference(claim: name, first: one, second: other)) }
    }
    self.verdicts = verdicts
  }
}

/// What any of the stores has a verdict on: claims in their order, then everything else by name.
private func storedNames(_ directories: [String]) throws(StoreError) -> [String] {
  var names: Set<String> = []
  for directory in directories {
    names.formUnion(try ClaimFolder.all(in: directory) { _ in ClaimFolder.verdict }.map(\.name))
  }
  let claims = Claim.all.map(\.name).filter(names.contains)
  return claims + names.subtracting(claims).sorted()
}
