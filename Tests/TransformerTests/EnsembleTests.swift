// What several models predict together, beside the mean of their probabilities, and how they are stored.

import Foundation
import TensorEngine
import Testing

@testable import Transformer

@Suite struct EnsembleTests {
  static func member(_ seed: UInt64) -> ModelParameters {
    var configuration = tinyConfiguration()
    configuration.initialStandardDeviation = 0.5
    let parameters = ModelParameters(configuration, vocabulary: vocabulary)
    parameters.initialise(seed: seed)
    return parameters
  }

  /// softmax in double precision.
  static func probabilities(_ logits: some Collection<Float>) -> [Double] {
    let weights = logits.map { exp(Double($0)) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  private static let capacity = BatchCapacity(tokens: 16, scored: 16)
  private let batch: Batch = {
    var batch = Batch()
    for token: Int32 in [1, 5, 2, 7, 3] { batch.append(token, target: 4) }
    batch.endSequence()
    return batch
  }()

  @Test func rowsAreTheMeanOfTheMembersProbabilities() {
    let members = [Self.member(1), Self.member(2), Self.member(3)]
    let together = EnsembleTransformer(
      Ensemble(members), capacity: Self.capacity, scoredRows: .all, backend: .native)
    together.forward(batch, causal: false)
    let alone = members.map { member in
      let model = Transformer(member, capacity: Self.capacity, scoredRows: .all, backend: .native)
      model.forward(batch, causal: false)
      return (0..<5).map { Self.probabilities(model.logitRows[$0 * vocabulary..<($0 + 1) * vocabulary]) }
    }
    #expect(together.logitRows.count == 5 * vocabulary)
    for row in 0..<5 {
      for token in 0..<vocabulary {
        let mean = alone.reduce(0) { $0 + $1[row][token] } / 3
        #expect(abs(exp(Double(together.logitRows[row * vocabulary + token])) - mean) < 1e-6)
        #expect(abs(exp(-together.loss(row: row, token: Int32(token))) - mean) < 1e-6)
      }
    }
    let first = Array(together.logitRows)
    var other = Batch()
    for token: Int32 in [6, 6, 1, 0, 2] { other.append(token, target: 4) }
    other.endSequence()
    together.forward(other, causal: false)
    #expect(Array(together.logitRows) != first, "of the last pass")
  }

  @Test func oneMemberIsTheModelBitForBit() {
    let member = Self.member(1)
    let together = EnsembleTransformer(
      Ensemble([member]), capacity: Self.capacity, scoredRows: .all, backend: .native)
    let model = Transformer(member, capacity: Self.capacity, scoredRows: .all, backend: .native)
    together.forward(batch, causal: true)
    model.forward(batch, causal: true)
    #expect(Array(together.logitRows) == Array(model.logitRows))
    #expect(together.loss(row: 2, token: 3) == Double(model.loss(row: 2, token: 3)))
    let decoder = EnsembleDecoder(member, sequences: 2, backend: .native)
    let plain = TokenDecoder(member, sequences: 2, backend: .native)
    #expect(Array(decoder.read([1, 2])) == Array(plain.read([1, 2])) && decoder.position == 1)
  }

  @Test func decodersMixEverySequence() {
    let members = [Self.member(1), Self.member(2)]
    let together = EnsembleDecoder(Ensemble(members), sequences: 2, backend: .native)
    let alone = members.map { TokenDecoder($0, sequences: 2, backend: .native) }
    for next: [Int32] in [[1, 2], [3, 4], [5, 5]] {
      let mixed = Array(together.read(next))
      let rows = alone.map { Array($0.read(next)) }
      for sequence in 0..<2 {
        let range = sequence * vocabulary..<(sequence + 1) * vocabulary
        let p = rows.map { Self.probabilities($0[range]) }
        for token in 0..<vocabulary {
          #expect(abs(exp(Double(mixed[range.lowerBound + token])) - (p[0][token] + p[1][token]) / 2) < 1e-6)
        }
      }
    }
    together.reset()
    #expect(together.position == 0)
  }

  @Test func losses() {
    #expect(abs(mixedLoss([1, 1, 1]) - 1) < 1e-15)
    #expect(abs(mixedLoss([1, 3]) + log((exp(-1) + exp(-3)) / 2)) < 1e-15)
    #expect(abs(mixedLoss([2000, 2001]) - 2000 + log((1 + exp(-1)) / 2)) < 1e-9, "far below what exp can say")
    #expect(abs(mixedLoss([1, .infinity]) - 1 - log(2)) < 1e-15)
    for losses in [[.nan, 1], [1, .nan], [.infinity, .infinity]] { #expect(!mixedLoss(losses).isFinite) }
  }

  /// Neither member stands under the names of a model, so that a reader of one model does not find one.
  @Test func everyMemberIsStoredUnderItsNumber() throws {
    let members = [Self.member(1), Self.member(2)]
    var file = SafetensorsFile(metadata: [:])
    Ensemble(members).storeMembers(in: &file)
    let read = Ensemble((0..<2).map { _ in ModelParameters(members[0].configuration, vocabulary: vocabulary) })
    try read.loadMembers(file)
    for (one, other) in zip(members, read.members) {
      for slice in one.buffer.slices { #expect(one.buffer.values(of: slice) == other.buffer.values(of: slice)) }
    }
    let single = ModelParameters(members[0].configuration, vocabulary: vocabulary)
    #expect(throws: SafetensorsError.self) { try single.loadMembers(file) }
    var plain = SafetensorsFile(metadata: [:])
    Ensemble([members[0]]).storeMembers(in: &plain)
    #expect(throws: SafetensorsError.self) { try read.loadMembers(plain) }
    try single.loadMembers(plain)

    #expect(read.firstMemberNotFinite == nil)
    let norm = try #require(members[1].buffer.slices.last)
    read.members[1].buffer.set(norm, to: Array(repeating: .nan, count: norm.count))
    #expect(read.firstMemberNotFinite == "member.1.\(norm.name)")
  }

  /// transformers knows neither the type nor, without `format`, the file.
  @Test func anEnsembleSaysWhatItIs() throws {
    let member = Self.member(1)
    let role = ModelRole(objective: "AR", reading: .ensemble(2), mask: 20, begin: 19, end: 18)
    let files = member.huggingFaceFiles(role)
    #expect(files.map(\.name) == ["config.json", "generation_config.json"])
    let json = try #require(try JSONSerialization.jsonObject(with: Data(files[0].contents.utf8)) as? [String: Any])
    #expect(json["model_type"] as? String == "replicate_ensemble" && json["ensemble"] as? Int == 2)
    #expect(json["architectures"] as? [String] == ["ReplicateEnsemble"] && json["auto_map"] == nil)
    let metadata = member.huggingFaceMetadata(role)
    let count = member.buffer.slices.reduce(0) { $0 + $1.count }
    #expect(metadata["format"] == nil && metadata["ensemble"] == "2" && metadata["parameters"] == "\(2 * count)")
  }
}
