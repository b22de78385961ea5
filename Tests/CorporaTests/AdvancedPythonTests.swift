// The advanced python corpus: what a seed fixes, what is held out and that parts recur, settings, and that text and
// tokens correspond. Whether functions do what docstrings say is tested by running them: EvaluationTests.

import Foundation
import Randomness
import Testing

@testable import Corpora

@Suite struct AdvancedPythonTests {
  static func dataset(
    _ uniqueTokens: Int = 12_000, seed: UInt64 = 1, context: Int = 96, items: Int = 30
  ) throws -> Dataset {
    try CorpusSpecification.python(PythonSpecification(uniqueTokens: uniqueTokens, difficulty: .advanced)).dataset(
      seed: seed, context: context, items: items, validationSequences: 20)
  }

  static let behaviours = AdvancedBehaviour.families.flatMap(\.behaviours)

  @Test func aSeedFixesEverything() throws {
    let first = try Self.dataset()
    let second = try Self.dataset()
    #expect(first.training == second.training && first.validation == second.validation)
    #expect(first.functions.map(\.prompt) == second.functions.map(\.prompt))
    #expect(first.functions.map(\.tests) == second.functions.map(\.tests))
    #expect(first.functions.map(\.probes).map(Set.init) == second.functions.map(\.probes).map(Set.init))
    #expect(first.infilling.map(\.prefix) == second.infilling.map(\.prefix))
    let other = try Self.dataset(seed: 2)
    #expect(first.training != other.training && first.validation != other.validation)
    #expect(first.functions.map(\.prompt) != other.functions.map(\.prompt))
    let small = try Self.dataset(4_000)
    #expect(Array(first.training.prefix(small.training.count)) == small.training)
  }

  @Test(arguments: [96, 120]) func sequencesAreFilledUp(_ context: Int) throws {
    let data = try Self.dataset(context: context)
    let end = data.tokenizer.endToken
    for sequence in data.training + data.validation {
      #expect(sequence.count == context)
      let length = try #require(sequence.firstIndex(of: end))
      #expect((25...95).contains(length) && sequence[length...].allSatisfy { $0 == end })
    }
    #expect((12_000 - 96...12_000).contains(data.uniqueTokens))
    #expect(data.training.count >= 12_000 / 64, "short functions: \(data.training.count)")
    #expect(Set(data.training + data.validation).count == data.training.count + data.validation.count)
  }

  @Test(arguments: [1, 101] as [UInt64]) func heldOutBehavioursNeverOccur(_ seed: UInt64) throws {
    let corpus = PythonCorpus(seed: seed, difficulty: .advanced)
    for purpose in [Purpose.corpusDocuments, .validationDocuments] {
      let shown = (0..<600 as Range<UInt64>).map { corpus.document($0, purpose: purpose).behaviour }
      #expect(shown.count(where: corpus.isHeldOut) == 0)
    }
    let data = try Self.dataset(seed: seed, items: 60)
    #expect(itemsOccurringInTraining(data) == 0)
    var leaky = data
    leaky.training.append(data.functions[7].prompt)
    leaky.training.append(data.functions[8].prompt)
    let items = try corpus.functionItems(count: 9)
    let described = items[7...].count { item in
      item.probes.contains { item.prompt.count >= $0.count && item.prompt.windows($0.count).contains($0[...]) }
    }
    #expect(itemsOccurringInTraining(leaky) == described && described > 0)
  }

  /// At least 400, constants aside: as many specifications of which training shows no relative.
  @Test(arguments: [1, 2, 101] as [UInt64]) func thereAreManyHeldOutBehaviours(_ seed: UInt64) {
    let corpus = PythonCorpus(seed: seed, difficulty: .advanced)
    let hidden = corpus.families.map { $0.behaviours.filter(corpus.isHeldOut) }
    #expect(hidden.allSatisfy { !$0.isEmpty })
    #expect(hidden.map { Set($0.map(\.parts)).count }.reduce(0, +) >= 400)
    #expect(PythonSpecification.availableItems(seed: seed, difficulty: .advanced) == hidden.joined().count)
    for (hidden, all) in zip(hidden, corpus.families) {
      for part in Set(all.behaviours.flatMap(\.parts)) {
        let combinations = Set(all.behaviours.map(\.parts)).filter { $0.contains(part) }
        let heldOut = Set(hidden.map(\.parts)).filter { $0.contains(part) }
        #expect(Double(heldOut.count) <= PythonCorpus.heldOutShare * Double(combinations.count), "\(part)")
      }
    }
  }

  /// What gives the same results has the same parts, so that it is held out together: no function that training shows
  /// does what an item asks for.
  @Test func noOtherBehaviourMeansTheSame() {
    func arguments(_ behaviour: AdvancedBehaviour) -> [[String]] {
      // Products up to the numbers that others take have too many digits.
      if case .recursive = behaviour { return [] }
      return AdvancedWriter.arguments(behaviour)
    }
    for (_, group) in Dictionary(grouping: Self.behaviours, by: arguments) {
      var stream = RandomStream(seed: 3, purpose: .test)
      let calls = (0..<60).map { _ in stream.pick(group).drawArguments(&stream) }
      var meanings: [[PythonValue]: [AdvancedBehaviour]] = [:]
      for behaviour in group { meanings[calls.map(behaviour.value), default: []].append(behaviour) }
      for same in meanings.values where Set(same.map(\.parts)).count > 1 {
        Issue.record("\(same)")
      }
    }
  }

  /// All there is has words, in every phrasing and style, and fits.
  @Test func textAndTokensCorrespond() throws {
    let tokenizer = PythonTokenizer(difficulty: .advanced)
    #expect((150...220).contains(tokenizer.vocabularySize))
    var used = Set<Int32>()
    var longest = 0
    for (index, behaviour) in Self.behaviours.enumerated() where index % 3 == 0 {
      var stream = RandomStream(seed: 1, purpose: .test, index: UInt64(index))
      let names = AdvancedWriter.drawNames(behaviour, &stream)
      let docstring = behaviour.docstring(names.arguments, Phrasing.all[index / 3 % 8]).words
      let head = AdvancedWriter.head(behaviour, names, docstring)
      for body in AdvancedWriter.bodies(behaviour, names) {
        let tokens = try tokenizer.encode(words: head + FunctionWriter.words(body))
        #expect(try tokenizer.encode(tokenizer.decode(tokens)) == tokens)
        used.formUnion(tokens)
        if body == AdvancedWriter.bodies(behaviour, names)[0] { longest = max(longest, tokens.count + 1) }
      }
      let function = AdvancedWriter.write(behaviour, names, &stream)
      used.formUnion(try tokenizer.encode(words: function.head + function.body))
    }
    #expect(longest <= AdvancedWriter.longestDocument)
    let unused = tokenizer.words.enumerated().filter { !used.contains(Int32($0.offset)) }.map(\.element)
    #expect(unused.allSatisfy { Int($0) != nil }, "\(unused)")
    // Any other tokens too, as a model may write them.
    var stream = RandomStream(seed: 2, purpose: .test)
    for _ in 0..<200 {
      let tokens = (0..<60).map { _ in Int32(stream.below(tokenizer.words.count)) }
      #expect(try tokenizer.encode(tokenizer.decode(tokens)) == tokens)
    }
    #expect(throws: CorpusError.unknownWord("'")) { try tokenizer.encode("s == 'a") }
    #expect(throws: CorpusError.unknownWord("'q'")) { try tokenizer.encode("s == 'q'") }
  }

  @Test func functionsAreWrittenAsPeopleWriteThem() throws {
    let tokenizer = PythonTokenizer(difficulty: .advanced)
    let names = Names(function: "solve", arguments: ["xs"], element: "x")
    func text(_ behaviour: AdvancedBehaviour, _ docstring: String) throws -> String {
      let head = AdvancedWriter.head(behaviour, names, docstring.words)
      let body = FunctionWriter.words(AdvancedWriter.bodies(behaviour, names)[0])
      return tokenizer.decode(try tokenizer.encode(words: head + body))
    }
    #expect(
      try text(.tabled(.half, .total(.opposite), .odd), "[ - 3 , 5 ] gives { - 2 : 3 , 2 : - 5 }") == """
        def solve(xs):
            \"""[-3, 5] gives {-2: 3, 2: -5}\"""
            result = {}
            for x in xs:
                if x % 2 != 0:
                    result[x // 2] = result.get(x // 2, 0) + -x
            return result

        """)
    #expect(
      try text(.helped(.sum, .triple, isTwice: true, .above(4)), "take numbers , apply g twice , add up") == """
        def g(x):
            return x * 3
        def solve(xs):
            \"""take numbers, apply g twice, add up\"""
            total = 0
            for x in xs:
                if x > 4:
                    total += g(g(x))
            return total

        """)
  }

  /// Of every behaviour there are as many docstrings as phrasings that differ, and shares of examples as described.
  @Test func docstringsVary() throws {
    let corpus = PythonCorpus(seed: 1, difficulty: .advanced)
    var (only, beside) = (0, 0)
    for index in 0..<1_000 as Range<UInt64> {
      let words = corpus.document(index, purpose: .corpusDocuments).function.head
      let quotes = words.indices.filter { words[$0] == "\"\"\"" }
      switch words[quotes[0]..<quotes[1]].count(where: { $0 == AdvancedWriter.gives }) {
      case 2: only += 1
      case 1: beside += 1
      default: break
      }
    }
    // Strings have no examples, and some results no words.
    #expect((50...110).contains(only) && (120...220).contains(beside), "\(only) \(beside)")
    let behaviour = AdvancedBehaviour.filtered(.sum, .square, .even, .positive)
    #expect(Set(Phrasing.all.map { behaviour.docstring(["xs"], $0) }).count == 8)
  }

  /// A hole lies inside the body, and with the missing tokens in it the whole is the solution.
  @Test func holesAreInTheMiddle() throws {
    let data = try Self.dataset(items: 200)
    #expect(data.infilling.count == 200)
    for (item, function) in zip(data.infilling, data.functions) {
      #expect(item.function.solution == function.solution && item.function.tests == function.tests)
      #expect(item.prefix.starts(with: function.prompt) && item.prefix.count > function.prompt.count)
      #expect(!item.suffix.isEmpty && item.missing.count >= 2)
      let body = item.prefix.count - function.prompt.count + item.missing.count + item.suffix.count
      #expect((body / 4...body / 2).contains(item.missing.count))
      #expect(item.source(filling: item.missing, tokenizer: data.tokenizer) == function.solution)
    }
    #expect(Set(data.infilling.map { $0.prefix.count - $0.function.prompt.count }).count > 10)
    #expect(try PythonCorpusTests.dataset(items: 5).infilling.isEmpty, "basic functions have none")
  }

  @Test func theSpecificationAsJSON() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let basic = PythonSpecification(uniqueTokens: 500)
    let advanced = PythonSpecification(uniqueTokens: 500, difficulty: .advanced)
    #expect(String(decoding: try encoder.encode(basic), as: UTF8.self) == #"{"uniqueTokens":500}"#)
    #expect(
      String(decoding: try encoder.encode(advanced), as: UTF8.self) == #"{"difficulty":"advanced","uniqueTokens":500}"#)
    for specification in [basic, advanced] {
      #expect(try JSONDecoder().decode(PythonSpecification.self, from: encoder.encode(specification)) == specification)
    }
    for wrong in [#"{"uniqueTokens":500,"difficulty":"hard"}"#, #"{"difficulty":"basic"}"#] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(PythonSpecification.self, from: Data(wrong.utf8)) }
    }
  }

  @Test func rejects() throws {
    #expect(throws: CorpusError.invalidSpecification(field: "uniqueTokens", value: "95", allowed: "96 or more")) {
      try Self.dataset(95)
    }
    #expect(throws: CorpusError.contextTooShort(context: 95, minimum: 96)) { try Self.dataset(context: 95) }
    let error = #expect(throws: CorpusError.self) { try Self.dataset(items: 100_000) }
    #expect(error?.description.hasPrefix("task functions has") == true)
    let corpus = CorpusSpecification.python(PythonSpecification(difficulty: .advanced))
    #expect(corpus.shortestContext == 96)
    #expect(try corpus.vocabularySize() == Self.dataset(items: 0).tokenizer.vocabularySize)
    let basic = CorpusSpecification.python(PythonSpecification())
    #expect(try basic.shortestContext == 48 && basic.vocabularySize() == PythonTokenizer().vocabularySize)
  }
}

extension [Int32] {
  fileprivate func windows(_ length: Int) -> [ArraySlice<Int32>] {
    (0...count - length).map { self[$0..<$0 + length] }
  }
}
