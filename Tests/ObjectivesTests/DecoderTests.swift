// Decoders against a plain reference of one sequence at a time, their names, and holes in the middle of a sequence.

import Foundation
import Randomness
import TensorEngine
import Testing
import Transformer

@testable import Objectives

@Suite struct DecoderTests {
  static let end = CompletionTests.end
  static let special = SamplingTests.special
  let parameters = SamplingTests.parameters()
  let prompts = (0..<40).map(CompletionTests.prompt)

  private func decoded(
    _ prompts: [[Int32]], _ decoder: CompletionDecoder, tokensPerPass: Int = 1, temperature: Double = 0
  ) -> [[Int32]] {
    sampleDiffusion(
      parameters, prompts: prompts, end: Self.end, decoder: decoder, tokensPerPass: tokensPerPass,
      special: Self.special, rule: SamplingRule(temperature: temperature, excluded: [10, 11]), seed: 1,
      backend: .native)
  }

  /// Greedy decoding as it is described: look at every mask, drop what may not be filled, take the best few.
  private func reference(
    _ prompt: [Int32], count: Int, suffix: [Int32], _ decoder: CompletionDecoder, tokensPerPass: Int, end: Int32?,
    order: [Int]
  ) -> [Int32] {
    var tokens = [Int32](repeating: Self.special.mask, count: count)
    while let firstMask = tokens.firstIndex(of: Self.special.mask) {
      let all = probabilities(parameters, prompt + tokens + suffix, outcomes: 10)
      var proposals: [(position: Int, token: Int32, key: Double)] = []
      for position in tokens.indices where tokens[position] == Self.special.mask {
        var row = all[prompt.count + position]
        if end == nil { row[Int(Self.end)] = 0 }
        let best = row.indices.max { row[$0] < row[$1] } ?? 0
        let isHeldBack = Int32(best) == end && tokens[..<position].contains(Self.special.mask)
        switch decoder {
        case .leftToRight: proposals.append((position, Int32(best), -Double(position)))
        case .random: proposals.append((position, Int32(best), -Double(order.firstIndex(of: position) ?? 0)))
        case .confidenceEarlyEnd: proposals.append((position, Int32(best), row[best]))
        case .confidence: if !isHeldBack { proposals.append((position, Int32(best), row[best])) }
        case .blocks(let size):
          let isInBlock = position < (firstMask / size + 1) * size
          if isInBlock && !isHeldBack { proposals.append((position, Int32(best), row[best])) }
        }
      }
      for proposal in proposals.sorted(by: { $0.key > $1.key }).prefix(tokensPerPass) {
        tokens[proposal.position] = proposal.token
      }
      if let end, let first = tokens.firstIndex(of: end) {
        for position in first..<tokens.count { tokens[position] = end }
      }
    }
    return tokens
  }

  /// Random orders as they are drawn: place by place, from the sequence's own stream.
  private func order(_ index: Int, count: Int) -> [Int] {
    var stream = RandomStream(seed: 1, purpose: .sampling, index: UInt64(index))
    let rank = stream.permutation(count)
    return rank.indices.sorted { rank[$0] < rank[$1] }
  }

  @Test(arguments: CompletionDecoder.allCases, [1, 2, 5])
  func completionsAreThoseOfTheReference(decoder: CompletionDecoder, tokensPerPass: Int) {
    let completions = decoded(prompts, decoder, tokensPerPass: tokensPerPass)
    for (i, prompt) in prompts.enumerated() {
      let count = 16 - prompt.count
      let tokens = reference(
        prompt, count: count, suffix: [], decoder, tokensPerPass: tokensPerPass, end: Self.end,
        order: order(i, count: count))
      #expect(completions[i] == tokens.firstIndex(of: Self.end).map { Array(tokens[...$0]) } ?? tokens)
    }
    // What a prompt gives does not depend on those beside it.
    #expect(decoded(Array(prompts[..<7]), decoder, tokensPerPass: tokensPerPass) == Array(completions[..<7]))
  }

  /// The decoder by default and those of the older function: the same bits, also where tokens are drawn.
  @Test(arguments: [0, 1] as [Double]) func nothingSaidIsAsBefore(temperature: Double) {
    func before(_ order: DenoisingOrder) -> [[Int32]] {
      sampleDiffusion(
        parameters, prompts: prompts, end: Self.end, steps: nil, order: order, special: Self.special,
        rule: SamplingRule(temperature: temperature, excluded: [10, 11]), seed: 1, backend: .native)
    }
    let unsaid = sampleDiffusion(
      parameters, prompts: prompts, end: Self.end, special: Self.special,
      rule: SamplingRule(temperature: temperature, excluded: [10, 11]), seed: 1, backend: .native)
    #expect(unsaid == before(.confidence))
    #expect(decoded(prompts, .random, temperature: temperature) == before(.random))
    #expect(decoded(prompts, .leftToRight, temperature: temperature) == before(.leftToRight))
  }

  @Test func decodersDiffer() {
    let results = [.leftToRight, .blocks(4), .confidence, .confidenceEarlyEnd, .random].map { decoded(prompts, $0) }
    #expect(Set(results).count == 5)
    #expect(decoded(prompts, .blocks(1)) == decoded(prompts, .leftToRight))
    #expect(decoded(prompts, .blocks(16)) == decoded(prompts, .confidence))
    #expect(decoded(prompts, .confidence, tokensPerPass: 4) != decoded(prompts, .confidence))
    #expect(decoded(prompts, .blocks(4), tokensPerPass: 99) == decoded(prompts, .blocks(4), tokensPerPass: 4))
  }

  private var holes: [Hole] {
    prompts.enumerated().map { i, prompt in Hole(prefix: prompt, count: 1 + i % 6, suffix: [3, Int32(1 + i % 9)]) }
  }

  @Test(arguments: CompletionDecoder.allCases, [1, 3])
  func holesAreFilledBetweenWhatIsThere(decoder: CompletionDecoder, tokensPerPass: Int) {
    func filled(_ holes: [Hole]) -> [[Int32]] {
      sampleDiffusion(
        parameters, holes: holes, end: Self.end, decoder: decoder, tokensPerPass: tokensPerPass, special: Self.special,
        rule: SamplingTests.greedy, seed: 1, backend: .native)
    }
    let all = filled(holes)
    for (i, hole) in holes.enumerated() {
      let padding = [Int32](repeating: Self.end, count: 16 - hole.prefix.count - hole.count - hole.suffix.count)
      let expected = reference(
        hole.prefix, count: hole.count, suffix: hole.suffix + padding, decoder, tokensPerPass: tokensPerPass, end: nil,
        order: order(i, count: hole.count))
      #expect(all[i] == expected && !all[i].contains(Self.end))
    }
    #expect(filled(Array(holes[..<5])) == Array(all[..<5]))
  }

  /// An AR model writes on from the prefix, whatever follows the hole.
  @Test func autoregressiveHoles() {
    func filled(_ holes: [Hole]) -> [[Int32]] {
      sampleAutoregressive(
        parameters, holes: holes, end: Self.end, special: Self.special, rule: SamplingTests.greedy, seed: 1,
        backend: .native)
    }
    let all = filled(holes)
    for (hole, tokens) in zip(holes, all) {
      let alone = sampleAutoregressive(
        parameters, prompt: hole.prefix, count: hole.count, special: Self.special,
        rule: SamplingRule(temperature: 0, excluded: [10, 11, Self.end]), seed: 1, backend: .native)
      #expect(tokens == alone && tokens.count == hole.count)
    }
    #expect(filled(Array(holes[..<5])) == Array(all[..<5]))
    #expect(filled(holes.map { Hole(prefix: $0.prefix, count: $0.count, suffix: []) }) == all)
  }

  @Test(arguments: [
    (CompletionDecoder.leftToRight, "left-to-right"), (.blocks(4), "blocks-4"), (.blocks(65_536), "blocks-65536"),
    (.confidence, "confidence"), (.confidenceEarlyEnd, "confidence-early-end"), (.random, "random"),
  ])
  func names(decoder: CompletionDecoder, name: String) throws {
    #expect(decoder.description == name && CompletionDecoder(name) == decoder)
    #expect(try JSONEncoder().encode([decoder]) == Data("[\"\(name)\"]".utf8))
    #expect(try JSONDecoder().decode([CompletionDecoder].self, from: Data("[\"\(name)\"]".utf8)) == [decoder])
  }

  @Test(arguments: [
    "", "blocks", "blocks-", "blocks-0", "blocks--4", "blocks-04", "blocks-+4", "chunks-4", "blocks-65537", "Random",
    "confidence ",
  ])
  func otherNamesAreRefused(name: String) {
    #expect(CompletionDecoder(name) == nil)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([CompletionDecoder].self, from: Data("[\"\(name)\"]".utf8))
    }
  }
}
