// What a logit may depend on: its own sequence, nothing else in the batch, and under causal attention only the past.

import TensorEngine
import Testing

@testable import Transformer

@Suite struct IndependenceTests {
  static let sequences = [7, 1, 19, 16, 4].enumerated().map { randomTokens($1, index: UInt64(20 + $0)) }

  @Test(arguments: [nil, tinyExperts], [false, true])
  func aSequenceDoesNotDependOnTheBatch(experts: ModelConfiguration.Experts?, causal: Bool) {
    let parameters = tinyParameters(tinyConfiguration(experts: experts))
    for backend in ProductBackend.allCases {
      let model = model(parameters, backend: backend)
      let together = logits(model, Self.sequences, causal: causal)
      let reversed = logits(model, Self.sequences.reversed(), causal: causal)
      var first = 0
      for sequence in Self.sequences {
        let own = together[first..<first + sequence.count].flatMap { $0 }
        let last = reversed[reversed.count - first - sequence.count..<reversed.count - first].flatMap { $0 }
        let alone = logits(model, [sequence], causal: causal).flatMap { $0 }
        if backend == .native {  // the same bits, whatever stands beside it
          #expect(alone == own && last == own)
        } else {  // OpenBLAS chooses its kernel by the number of rows
          #expect(largestDifference(alone, own) < 1e-5 && largestDifference(last, own) < 1e-5)
        }
        first += sequence.count
      }
    }
  }

  @Test(arguments: [nil, tinyExperts])
  func causalLogitsDependOnThePastOnly(experts: ModelConfiguration.Experts?) {
    let model = model(tinyParameters(tinyConfiguration(experts: experts)))
    let tokens = randomTokens(19, index: 40)
    let before = logits(model, [tokens], causal: true)
    for changed in [0, 1, 9, 15, 16, 18] {
      var other = tokens
      other[changed] = (other[changed] + 1) % Int32(vocabulary)
      let after = logits(model, [other], causal: true)
      for position in tokens.indices {
        if position < changed {
          #expect(after[position] == before[position], "token \(changed) reached back to \(position)")
        } else {
          #expect(after[position] != before[position], "token \(changed) does not reach \(position)")
        }
      }
    }
  }

  @Test func bidirectionalLogitsDependOnEveryToken() {
    let model = model(tinyParameters(tinyConfiguration()))
    let tokens = randomTokens(19, index: 41)
    let before = logits(model, [tokens], causal: false)
    for changed in tokens.indices {
      var other = tokens
      other[changed] = (other[changed] + 1) % Int32(vocabulary)
      let after = logits(model, [other], causal: false)
      for position in tokens.indices { #expect(after[position] != before[position]) }
    }
  }

  /// Rotary positions: swapping two earlier tokens changes what a later one sees.
  @Test(arguments: [false, true])
  func orderMatters(causal: Bool) {
    let model = model(tinyParameters(tinyConfiguration()))
    let last = logits(model, [[3, 5, 7]], causal: causal)[2]
    #expect(logits(model, [[5, 3, 7]], causal: causal)[2] != last)
  }

  @Test func memoryIsAllocatedOnce() {
    for scoredRows in [ScoredRows.all, .beforeHead, .beforeLastQueries] {
      for experts in [nil, tinyExperts] {
        let parameters = tinyParameters(tinyConfiguration(experts: experts, dropout: 0.1))
        let model = model(parameters, scoredRows)
        model.dropoutClock.isTraining = true
        let (count, bytes) = (model.arena.allocationCount, model.arena.byteCount)
        #expect(count > 10)
        for lengths in [[3], [20, 20, 20, 20], [1, 1, 1], [19, 2]] {
          model.forward(everyRowScored(lengths.map { randomTokens($0, index: 50) }), causal: true)
          model.backward()
        }
        #expect(model.arena.allocationCount == count && model.arena.byteCount == bytes)
      }
    }
  }
}
