// Every advanced function does what its docstring says, by the built-in evaluator and by a real Python; items accept
// their solutions and no neighbour's; a dataset takes little time.

import Foundation
import Randomness
import Testing

@testable import Corpora
@testable import Evaluation

@Suite struct AdvancedPythonExecutionTests {
  private static func dataset(_ uniqueTokens: Int, items: Int, seed: UInt64) throws -> Dataset {
    try CorpusSpecification.python(PythonSpecification(uniqueTokens: uniqueTokens, difficulty: .advanced)).dataset(
      seed: seed, context: 96, items: items, validationSequences: 20)
  }

  /// Every combination of parts in every style, with a few calls each.
  @Test func everyStyleDoesWhatIsMeant() throws {
    let tokenizer = PythonTokenizer(difficulty: .advanced)
    var cases: [ReferenceCase] = []
    var expected: [[String]] = []
    for (_, behaviours) in AdvancedBehaviour.families {
      var seen = Set<[String]>()
      let combinations = behaviours.filter { seen.insert($0.parts).inserted }
      // Three numbers for three branches make many combinations that are the same code.
      for (index, behaviour) in combinations.enumerated() where combinations.count < 500 || index % 5 == 0 {
        var stream = RandomStream(seed: 4, purpose: .test, index: UInt64(index))
        let names = AdvancedWriter.drawNames(behaviour, &stream)
        let head = AdvancedWriter.head(behaviour, names, behaviour.docstring(names.arguments, Phrasing.all[0]).words)
        let calls = (0..<3).map { _ in behaviour.drawArguments(&stream) }
        for body in AdvancedWriter.bodies(behaviour, names) {
          let source = tokenizer.decode(try tokenizer.encode(words: head + FunctionWriter.words(body)))
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

  /// Samples as runs read them, of several seeds: documents, items' solutions with their tests, and examples in
  /// docstrings.
  @Test func samplesRun() throws {
    var cases: [ReferenceCase] = []
    var expected: [[String]] = []
    for seed in [1, 2, 101, 102] as [UInt64] {
      let data = try Self.dataset(4_000, items: 30, seed: seed)
      let corpus = PythonCorpus(seed: seed, difficulty: .advanced)
      var drawn = Set<String>()
      for index in 0..<100 as Range<UInt64> {
        let (behaviour, function) = corpus.document(index, purpose: .corpusDocuments)
        let source = data.tokenizer.decode(try corpus.tokenizer.encode(words: function.head + function.body))
        drawn.insert(source)
        var stream = RandomStream(seed: 6, purpose: .test, index: index)
        let calls = (0..<3).map { _ in behaviour.drawArguments(&stream) }
        cases.append(ReferenceCase(source, name: function.name, calls: calls))
        expected.append(calls.map { PythonProgram.outcome(source, function.name, $0) })
        #expect(expected[expected.count - 1] == calls.map { behaviour.value($0).description })
      }
      for i in data.training.indices { #expect(drawn.contains(data.trainingText(i))) }
      for (item, hole) in zip(data.functions, data.infilling) {
        #expect(item.isSolved(by: item.solution), "\(item.solution)")
        #expect(hole.isSolved(by: hole.missing, tokenizer: data.tokenizer))
        #expect(!hole.isSolved(by: hole.missing.map { _ in data.tokenizer.endToken }, tokenizer: data.tokenizer))
        #expect(!hole.isSolved(by: [], tokenizer: data.tokenizer), "\(item.solution)")
        cases.append(ReferenceCase(item.solution, name: item.name, calls: item.tests.map(\.arguments)))
        expected.append(item.tests.map(\.expected.description))
      }
      for i in data.validation.indices {
        cases.append(ReferenceCase(data.validationText(i), name: "__import__", calls: []))
        expected.append([])
      }
    }
    guard let results = try RealPython.results(cases) else { return }
    for (i, result) in results.enumerated() { #expect(result == expected[i], "\(cases[i].source)") }
  }

  /// The body of the training function with the most similar docstring is rarely the answer.
  @Test func theNearestDocstringIsNotEnough() throws {
    let data = try Self.dataset(24_000, items: 120, seed: 1)
    let training = data.training.indices.map { split(data.trainingText($0)) }
    func solved(_ known: [(head: String, words: Set<String>, body: String)]) throws -> Int {
      var solved = 0
      for item in data.functions {
        let asked = split(item.solution)
        let nearest = known.max { similarity($0.words, asked.words) < similarity($1.words, asked.words) }
        var body = try #require(nearest).body
        for name in FunctionWriter.functionNames { body = body.replacing("\(name)(", with: "\(item.name)(") }
        if item.isSolved(by: asked.head + body) { solved += 1 }
      }
      return solved
    }
    let baseline = try solved(training)
    #expect(baseline <= 30, "\(baseline) of 120")
    // The same reader with the answers at hand.
    #expect(try solved(data.functions.map { split($0.solution) }) >= 110)
  }

  /// Definition and docstring, the words and pairs of words in them, and the body.
  private func split(_ text: String) -> (head: String, words: Set<String>, body: String) {
    let parts = text.split(separator: "\"\"\"\n", maxSplits: 1).map(String.init)
    let words = parts[0].split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let pairs = zip(words, words.dropFirst()).map { $0 + " " + $1 }
    return (parts[0] + "\"\"\"\n", Set(words + pairs), parts.count > 1 ? parts[1] : "")
  }

  private func similarity(_ a: Set<String>, _ b: Set<String>) -> Double {
    Double(a.intersection(b).count) / Double(a.union(b).count)
  }

  @Test func wrongSolutionsFail() throws {
    let data = try Self.dataset(2_000, items: 60, seed: 5)
    for item in data.functions {
      let head = data.tokenizer.decode(item.prompt)
      for body in ["return 10000\n", "return\n", "", "while True:\n        total = 1\n", "return \(item.name)\n"] {
        #expect(!item.isSolved(by: head + body))
      }
    }
    for (item, other) in zip(data.functions, data.functions.dropFirst()) {
      #expect(!item.isSolved(by: other.solution.replacing("\(other.name)(", with: "\(item.name)(")))
    }
  }

  @Test func aDatasetTakesLittleTime() throws {
    func seconds() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = seconds()
    let data = try Self.dataset(48_000, items: 400, seed: 1)
    let used = seconds() - start
    #expect(data.functions.count == 400)
    #if DEBUG
      #expect(used < 20)
    #else
      #expect(used < 2)
    #endif
  }
}
