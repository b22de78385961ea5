// Every function of the corpus does what its docstring says, by the built-in evaluator and by a real Python.

import Randomness
import Testing

@testable import Corpora
@testable import Evaluation

@Suite struct PythonCorpusExecutionTests {
  /// Behaviours in every style against their meaning, with a few calls each.
  @Test func functionsDoWhatTheirDocstringsSay() throws {
    let tokenizer = PythonTokenizer()
    var cases: [ReferenceCase] = []
    var expected: [[String]] = []
    for (_, behaviours) in Behaviour.families {
      // All with other constants are the same with another number.
      var seen = Set<[String]>()
      for (index, behaviour) in behaviours.enumerated() where seen.insert(behaviour.parts).inserted {
        var stream = RandomStream(seed: 4, purpose: .test, index: UInt64(index))
        let names = FunctionWriter.drawNames(behaviour, &stream)
        let calls = (0..<3).map { _ in behaviour.drawArguments(&stream) }
        for function in FunctionWriter.all(behaviour, names) {
          let source = tokenizer.decode(try tokenizer.encode(words: function.head + function.body))
          let program = try PythonProgram(source)
          for call in calls {
            #expect(try program.call(names.function, call) == behaviour.value(call), "\(source)\(call)")
          }
          cases.append(ReferenceCase(source, name: names.function, calls: calls))
          expected.append(calls.map { behaviour.value($0).description })
        }
      }
    }
    guard let results = try RealPython.results(cases) else { return }
    for (i, result) in results.enumerated() { #expect(result == expected[i], "\(cases[i].source)") }
  }

  /// A sample as runs read it: every document parses and runs in both, and every item's solution passes.
  @Test func aSampleRuns() throws {
    let data = try CorpusSpecification.python(PythonSpecification(uniqueTokens: 12_000)).dataset(
      seed: 5, context: 48, items: 100, validationSequences: 50)
    let corpus = PythonCorpus(seed: 5)
    var cases: [ReferenceCase] = []
    var expected: [[String]] = []
    for index in 0..<350 as Range<UInt64> {
      let (behaviour, function) = corpus.document(index, purpose: .corpusDocuments)
      let source = data.tokenizer.decode(try corpus.tokenizer.encode(words: function.head + function.body))
      var stream = RandomStream(seed: 6, purpose: .test, index: index)
      let calls = (0..<2).map { _ in behaviour.drawArguments(&stream) }
      cases.append(ReferenceCase(source, name: function.name, calls: calls))
      expected.append(calls.map { PythonProgram.outcome(source, function.name, $0) })
      #expect(expected[expected.count - 1] == calls.map { behaviour.value($0).description })
    }
    let drawn = Set(cases.map(\.source))
    for i in data.training.indices.prefix(200) { #expect(drawn.contains(data.trainingText(i))) }
    for item in data.functions {
      #expect(item.isSolved(by: item.solution), "\(item.solution)")
      #expect(item.solution.hasPrefix(data.tokenizer.decode(item.prompt)))
      cases.append(ReferenceCase(item.solution, name: item.name, calls: item.tests.map(\.arguments)))
      expected.append(item.tests.map(\.expected.description))
    }
    for i in data.validation.indices {
      cases.append(ReferenceCase(data.validationText(i), name: "__import__", calls: []))
      expected.append([])
    }
    guard let results = try RealPython.results(cases) else { return }
    for (i, result) in results.enumerated() { #expect(result == expected[i], "\(cases[i].source)") }
  }

  @Test func wrongSolutionsFail() throws {
    let items = try PythonCorpus(seed: 5).functionItems(count: 50)
    for item in items {
      let head = PythonTokenizer().decode(item.prompt)
      #expect(!item.isSolved(by: head + "return 10000\n"))
      #expect(!item.isSolved(by: head + "return\n"), "None is wrong")
      #expect(!item.isSolved(by: head), "no body")
      #expect(!item.isSolved(by: head + "while True:\n        total = 1\n"))
      #expect(!item.isSolved(by: item.solution.replacing("def ", with: "def no_")))
      #expect(!item.isSolved(by: ""))
    }
    // The solution of one item is none of another.
    for (item, other) in zip(items, items.dropFirst()) {
      let renamed = other.solution.replacing("def \(other.name)", with: "def \(item.name)")
      #expect(!item.isSolved(by: renamed), "\(item.solution)")
    }
  }
}
