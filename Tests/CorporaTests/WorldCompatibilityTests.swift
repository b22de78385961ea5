// Specifications of the first edition mean what they meant: the same text, the same items, the same JSON, to the bit.

import Foundation
import Testing

@testable import Corpora

@Suite struct WorldCompatibilityTests {
  /// FNV-1a over everything that a run reads.
  static func digest(_ data: Dataset) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
    func add(_ value: some FixedWidthInteger) { withUnsafeBytes(of: Int64(value).littleEndian) { add($0) } }
    func add(_ tokens: [Int32]) {
      add(tokens.count)
      for token in tokens { add(token) }
    }
    add(data.tokenizer.vocabularySize)
    for sequence in data.training + data.validation { add(sequence) }
    for task in data.tasks {
      add(task.name.utf8)
      for (item, text) in zip(task.items, task.texts) {
        for tokens in [item.context, item.probe] + item.choices { add(tokens) }
        for number in item.characters + [item.answer, item.suffix.count] { add(number) }
        add(text.context.utf8)
        for choice in text.choices { add(choice.utf8) }
      }
    }
    return String(hash, radix: 16)
  }

  static let firstEdition: [(specification: WorldSpecification, seed: UInt64, context: Int, digest: String)] = [
    (WorldSpecification(), 1, 48, "46e2f4d490c28a4e"),
    (WorldSpecification(), 2, 40, "61ca5b55b9da736d"),
    (WorldSpecification(quality: .low), 1, 48, "d4b99e7f96d1ca0b"),
    (WorldSpecification(quality: .medium, corruption: 0.3), 3, 48, "ca6646acbfe883c3"),
    (WorldSpecification(directions: .forward), 1, 48, "caf943ecc8938957"),
    (WorldSpecification(uniqueTokens: 60_000, agents: 16, topics: 9, worldSeed: 7), 4, 96, "96b35bad78b6f2de"),
  ]

  @Test(arguments: firstEdition.indices) func theTextIsTheSame(index: Int) throws {
    let (specification, seed, context, digest) = Self.firstEdition[index]
    let data = try CorpusSpecification.world(specification).dataset(
      seed: seed, context: context, items: 200, validationSequences: 50)
    #expect(Self.digest(data) == digest)
  }

  @Test func theEncodingIsTheSame() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = String(decoding: try encoder.encode(WorldSpecification()), as: UTF8.self)
    #expect(
      json == #"{"agents":12,"corruption":0,"directions":"both","quality":"high","topics":8,"uniqueTokens":20000,"#
        + #""worldSeed":1}"#)
  }
}
