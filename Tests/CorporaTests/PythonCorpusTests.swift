// The python corpus: what a seed fixes, what is held out, that parts recur, and that text and tokens correspond.
// Whether the functions do what their docstrings say is tested by running them: EvaluationTests.

import Randomness
import Testing

@testable import Corpora

@Suite struct PythonCorpusTests {
  static func dataset(
    _ uniqueTokens: Int = 12_000, seed: UInt64 = 1, context: Int = 48, items: Int = 100
  ) throws -> Dataset {
    try CorpusSpecification.python(PythonSpecification(uniqueTokens: uniqueTokens)).dataset(
      seed: seed, context: context, items: items, validationSequences: 20)
  }

  @Test func aSeedFixesEverything() throws {
    let first = try Self.dataset()
    let second = try Self.dataset()
    #expect(first.training == second.training && first.validation == second.validation)
    #expect(first.functions.map(\.prompt) == second.functions.map(\.prompt))
    #expect(first.functions.map(\.tests) == second.functions.map(\.tests))
    let other = try Self.dataset(seed: 2)
    #expect(first.training != other.training && first.validation != other.validation)
    #expect(first.functions.map(\.prompt) != other.functions.map(\.prompt))
  }

  @Test func aSmallerBudgetIsAPrefixOfALargerOne() throws {
    let (large, small) = (try Self.dataset(16_000), try Self.dataset(4_000))
    #expect(Array(large.training.prefix(small.training.count)) == small.training)
    for (dataset, budget) in [(large, 16_000), (small, 4_000)] {
      #expect((budget - 48...budget).contains(dataset.uniqueTokens))
    }
  }

  /// End tokens fill every sequence up to the context, and only the first of them counts.
  @Test(arguments: [48, 64]) func sequencesAreFilledUp(_ context: Int) throws {
    let data = try Self.dataset(context: context)
    let end = data.tokenizer.endToken
    var counted = 0
    for sequence in data.training + data.validation {
      #expect(sequence.count == context)
      let length = try #require(sequence.firstIndex(of: end))
      #expect((15...47).contains(length) && sequence[length...].allSatisfy { $0 == end })
    }
    for sequence in data.training { counted += sequence.prefix { $0 != end }.count + 1 }
    #expect(data.uniqueTokens == counted)
    #expect(Set(data.training + data.validation).count == data.training.count + data.validation.count)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func heldOutSpecificationsNeverOccur(_ seed: UInt64) throws {
    let corpus = PythonCorpus(seed: seed)
    for purpose in [Purpose.corpusDocuments, .validationDocuments] {
      let shown = (0..<1_000 as Range<UInt64>).map { corpus.document($0, purpose: purpose).behaviour }
      #expect(shown.count(where: corpus.isHeldOut) == 0)
    }
    let data = try Self.dataset(seed: seed, items: 150)
    #expect(itemsOccurringInTraining(data) == 0)
    var leaky = data
    leaky.training.append(data.functions[7].prompt)
    #expect(itemsOccurringInTraining(leaky) == 1)
  }

  /// Of every part of every behaviour some combinations are held out and most are not, so items need composition only.
  @Test(arguments: [1, 2, 3] as [UInt64]) func everyPartIsShown(_ seed: UInt64) {
    let corpus = PythonCorpus(seed: seed)
    for (family, (_, behaviours)) in Behaviour.families.enumerated() {
      var shares: [String: (heldOut: Int, all: Int)] = [:]
      // Each combination once, whatever its constants.
      for behaviour in Dictionary(behaviours.map { ($0.parts, $0) }, uniquingKeysWith: { first, _ in first }).values {
        for part in behaviour.parts {
          shares[part, default: (0, 0)].all += 1
          if corpus.isHeldOut(behaviour) { shares[part, default: (0, 0)].heldOut += 1 }
        }
      }
      for (part, share) in shares {
        let heldOut = Double(share.heldOut) / Double(share.all)
        #expect(heldOut <= PythonCorpus.heldOutShare, "\(part) in family \(family): \(heldOut)")
      }
      #expect(behaviours.contains(where: corpus.isHeldOut) && behaviours.contains { !corpus.isHeldOut($0) })
    }
  }

  /// An item is a question about its own behaviour: no other behaviour of its family gives the same results throughout,
  /// unless it does so on all the calls that there are.
  @Test func testsTellBehavioursApart() throws {
    let corpus = PythonCorpus(seed: 1)
    var confused: [String] = []
    for item in try corpus.functionItems(count: 15) {
      let matching = Behaviour.families.flatMap(\.behaviours).filter { behaviour in
        item.tests.allSatisfy { behaviour.accepts($0.arguments) && behaviour.value($0.arguments) == $0.expected }
      }
      #expect(!matching.isEmpty)
      var stream = RandomStream(seed: 9, purpose: .test)
      let calls = (0..<50).map { _ in matching[0].drawArguments(&stream) }
      let outputs = Set(matching.map { behaviour in calls.map(behaviour.value) })
      if outputs.count > 1 { confused.append(item.solution) }
    }
    #expect(confused.count <= 1, "\(confused.joined(separator: "\n"))")
  }

  @Test func textAndTokensCorrespond() throws {
    let tokenizer = PythonTokenizer()
    #expect((60...200).contains(tokenizer.vocabularySize))
    for (_, behaviours) in Behaviour.families {
      for behaviour in behaviours {
        var stream = RandomStream(seed: 1, purpose: .test)
        for function in FunctionWriter.all(behaviour, FunctionWriter.drawNames(behaviour, &stream)) {
          let tokens = try tokenizer.encode(words: function.head + function.body)
          #expect(try tokenizer.encode(tokenizer.decode(tokens)) == tokens)
        }
      }
    }
    // Any other tokens too, as a model may write them.
    var stream = RandomStream(seed: 2, purpose: .test)
    for _ in 0..<200 {
      let tokens = (0..<60).map { _ in Int32(stream.below(tokenizer.words.count)) }
      #expect(try tokenizer.encode(tokenizer.decode(tokens)) == tokens)
    }
    #expect(throws: CorpusError.unknownWord("import")) { try tokenizer.encode("import os") }
    #expect(throws: CorpusError.unknownWord("\n   ")) { try tokenizer.encode("total\n   = 1") }
    #expect(tokenizer.decode([tokenizer.endToken, tokenizer.maskToken]) == "<end> <mask>")
  }

  @Test func functionsAreWrittenAsPeopleWriteThem() throws {
    let tokenizer = PythonTokenizer()
    let behaviour = Behaviour.aggregate(.list, .opposite, .above(5))
    let names = Names(function: "solve", arguments: ["xs"], element: "x")
    let function = FunctionWriter.all(behaviour, names)[0]
    #expect(
      tokenizer.decode(try tokenizer.encode(words: function.head + function.body)) == """
        def solve(xs):
            \"""list of opposites of numbers above 5 in xs\"""
            result = []
            for x in xs:
                if x > 5:
                    result.append(-x)
            return result

        """)
  }

  /// A behaviour always has a style that fits, whatever its names.
  @Test func everyBehaviourFits() {
    for (_, behaviours) in Behaviour.families {
      for behaviour in behaviours {
        var stream = RandomStream(seed: 3, purpose: .test)
        let versions = FunctionWriter.all(behaviour, FunctionWriter.drawNames(behaviour, &stream))
        #expect(!versions.isEmpty, "\(behaviour)")
        #expect(versions.allSatisfy { $0.tokens <= FunctionWriter.longestDocument }, "\(behaviour)")
      }
    }
  }

  @Test func rejects() {
    #expect(throws: CorpusError.invalidSpecification(field: "uniqueTokens", value: "47", allowed: "48 or more")) {
      try Self.dataset(47)
    }
    #expect(throws: CorpusError.contextTooShort(context: 47, minimum: 48)) { try Self.dataset(context: 47) }
    let error = #expect(throws: CorpusError.self) { try Self.dataset(items: 100_000) }
    #expect(error?.description.hasPrefix("task functions has") == true)
  }
}

extension Behaviour {
  /// Whether these are the kind of arguments that it takes.
  fileprivate func accepts(_ arguments: [PythonValue]) -> Bool {
    var stream = RandomStream(seed: 1, purpose: .test)
    func kinds(_ values: [PythonValue]) -> [Bool] { values.map { if case .list = $0 { true } else { false } } }
    if case .select = self, arguments.contains(.list([])) { return false }
    return kinds(arguments) == kinds(drawArguments(&stream))
  }
}
