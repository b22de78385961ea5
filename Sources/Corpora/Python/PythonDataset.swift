// Draws a sample of the python corpus: training functions, validation functions and held-out items with their tests.

import Randomness

/// The behaviours of one seed, parted into those that training may show and those that are asked for.
struct PythonCorpus {
  /// Share of the combinations of each part that is held out.
  static let heldOutShare = 0.25
  /// Calls that any item is tested with; more are added until they tell it from all others of its family.
  static let firstTests = 10
  /// Calls that are tried for that.
  static let triedCalls = 200

  let seed: UInt64
  let difficulty: PythonDifficulty
  let tokenizer: PythonTokenizer
  let families: [(weight: Int, behaviours: [Behaviour])]
  private let shown: [(weight: Int, behaviours: [Behaviour])]
  private let heldOut: [(weight: Int, behaviours: [Behaviour])]
  private let hidden: Set<Behaviour>

  init(seed: UInt64, difficulty: PythonDifficulty = .basic) {
    (self.seed, self.difficulty) = (seed, difficulty)
    tokenizer = PythonTokenizer(difficulty: difficulty)
    var stream = RandomStream(seed: seed, purpose: .corpusSplit)
    var shown: [(Int, [Behaviour])] = []
    var heldOut: [(Int, [Behaviour])] = []
    families = Behaviour.families(difficulty)
    for (weight, behaviours) in families {
      let chosen = Self.choose(behaviours, &stream)
      shown.append((weight, behaviours.filter { !chosen.contains($0.parts) }))
      heldOut.append((weight, behaviours.filter { chosen.contains($0.parts) }))
    }
    (self.shown, self.heldOut, hidden) = (shown, heldOut, Set(heldOut.flatMap(\.1)))
  }

  /// Combinations of parts to hold out: random ones, as long as most combinations of every single part stay.
  private static func choose(_ behaviours: [Behaviour], _ stream: inout RandomStream) -> Set<[String]> {
    var seen = Set<[String]>()
    var combinations = behaviours.map(\.parts).filter { seen.insert($0).inserted }
    var left: [String: Double] = [:]
    for part in combinations.joined() { left[part, default: 0] += heldOutShare }
    stream.shuffle(&combinations)
    var chosen = Set<[String]>()
    for combination in combinations where combination.allSatisfy({ left[$0, default: 0] >= 1 }) {
      chosen.insert(combination)
      for part in combination { left[part, default: 0] -= 1 }
    }
    return chosen
  }

  private static func draw(
    _ families: [(weight: Int, behaviours: [Behaviour])], _ stream: inout RandomStream
  ) -> Behaviour {
    var place = stream.below(families.reduce(0) { $0 + $1.weight })
    for (weight, behaviours) in families {
      if place < weight { return stream.pick(behaviours) }
      place -= weight
    }
    preconditionFailure("the weights of the families do not add up")
  }

  /// Whether no training function behaves like this one, constants aside.
  func isHeldOut(_ behaviour: Behaviour) -> Bool { hidden.contains(behaviour) }

  /// Document `index` of the endless stream with this purpose: a function of a behaviour that is not held out.
  func document(_ index: UInt64, purpose: Purpose) -> (behaviour: Behaviour, function: WrittenFunction) {
    var stream = RandomStream(seed: seed, purpose: purpose, index: index)
    let behaviour = Self.draw(shown, &stream)
    if case .advanced(let advanced) = behaviour {
      let names = AdvancedWriter.drawNames(advanced, &stream)
      return (behaviour, AdvancedWriter.write(advanced, names, &stream))
    }
    let names = FunctionWriter.drawNames(behaviour, &stream)
    return (behaviour, FunctionWriter.write(behaviour, names, &stream))
  }

  /// The function, an end token, and end tokens up to the context: models learn where functions end, and a masked model
  /// can fill a canvas without being told the length.
  private func encode(_ function: WrittenFunction, context: Int) throws(CorpusError) -> [Int32] {
    let tokens = try tokenizer.encode(words: function.head + function.body)
    return tokens + Array(repeating: tokenizer.endToken, count: context - tokens.count)
  }

  /// The whole sample; a smaller budget gives a prefix of a larger one's training functions.
  func dataset(
    uniqueTokens: Int, context: Int, items: Int, validationSequences: Int
  ) throws(CorpusError) -> Dataset {
    guard context >= difficulty.longestDocument else {
      throw .contextTooShort(context: context, minimum: difficulty.longestDocument)
    }
    var seen = Set<[Int32]>()
    var training: [[Int32]] = []
    var tokens = 0
    var index: UInt64 = 0
    while true {
      let function = document(index, purpose: .corpusDocuments).function
      index += 1
      let sequence = try encode(function, context: context)
      if !seen.insert(sequence).inserted { continue }
      tokens += function.tokens
      if tokens > uniqueTokens { break }
      training.append(sequence)
    }
    var validation: [[Int32]] = []
    index = 0
    while validation.count < validationSequences {
      let sequence = try encode(document(index, purpose: .validationDocuments).function, context: context)
      index += 1
      if seen.insert(sequence).inserted { validation.append(sequence) }
    }
    let functions = try drawItems(count: items)
    return Dataset(
      tokenizer: tokenizer, training: training, validation: validation, tasks: [],
      functions: functions.map(\.item), infilling: functions.compactMap(\.infilling))
  }

  /// How many distinct behaviours are held out.
  var availableItems: Int { hidden.count }

  /// Items of distinct held-out behaviours.
  func functionItems(count: Int) throws(CorpusError) -> [FunctionItem] { try drawItems(count: count).map(\.item) }

  /// Items of distinct held-out behaviours; advanced ones with a hole as well.
  private func drawItems(count: Int) throws(CorpusError) -> [(item: FunctionItem, infilling: InfillingItem?)] {
    guard count <= availableItems else {
      throw .tooFewItems(task: "functions", available: availableItems, requested: count)
    }
    var items: [(item: FunctionItem, infilling: InfillingItem?)] = []
    var asked = Set<Behaviour>()
    var index: UInt64 = 0
    // Families are drawn by weight, so a small one can be used up before the others.
    var left = heldOut
    while items.count < count {
      var stream = RandomStream(seed: seed, purpose: .corpusItems, index: index)
      index += 1
      let behaviour = Self.draw(left, &stream)
      if !asked.insert(behaviour).inserted { continue }
      left = left.map { ($0.weight, $0.behaviours.filter { $0 != behaviour }) }.filter { !$0.behaviours.isEmpty }
      if case .advanced(let advanced) = behaviour {
        items.append(try item(advanced, &stream))
      } else {
        items.append((try item(behaviour, &stream), nil))
      }
    }
    return items
  }

  private func item(_ behaviour: Behaviour, _ stream: inout RandomStream) throws(CorpusError) -> FunctionItem {
    let names = FunctionWriter.drawNames(behaviour, &stream)
    let function = FunctionWriter.all(behaviour, names)[0]
    var probes: [[Int32]] = []
    for arguments in FunctionWriter.arguments(behaviour) {
      probes.append(try tokenizer.encode(words: ["\"\"\""] + behaviour.docstring(arguments).words + ["\"\"\""]))
    }
    let head = try tokenizer.encode(words: function.head)
    return FunctionItem(
      name: names.function, prompt: head, tests: tests(behaviour, &stream),
      solution: tokenizer.decode(head + (try tokenizer.encode(words: function.body))), probes: probes)
  }

  private func item(
    _ behaviour: AdvancedBehaviour, _ stream: inout RandomStream
  ) throws(CorpusError) -> (item: FunctionItem, infilling: InfillingItem?) {
    let names = AdvancedWriter.drawNames(behaviour, &stream)
    let function = AdvancedWriter.write(behaviour, names, isPlain: true, &stream)
    var probes: [[Int32]] = []
    for probe in AdvancedWriter.probes(behaviour) { probes.append(try tokenizer.encode(words: probe)) }
    let head = try tokenizer.encode(words: function.head)
    let body = try tokenizer.encode(words: function.body)
    let item = FunctionItem(
      name: names.function, prompt: head, tests: tests(.advanced(behaviour), &stream),
      solution: tokenizer.decode(head + body), probes: probes)
    return (item, InfillingItem(item, body: body, &stream))
  }

  /// Calls that tell the behaviour from the others of its family, as far as any of many random calls does: the sums of
  /// numbers above 0 and of positive numbers would be the same.
  private func tests(_ behaviour: Behaviour, _ stream: inout RandomStream) -> [FunctionTest] {
    var tests: [FunctionTest] = []
    var similar = families.map(\.behaviours).first { $0.contains(behaviour) } ?? []
    var calls = Set<[PythonValue]>()
    for _ in 0..<Self.triedCalls {
      let arguments = behaviour.drawArguments(&stream)
      if !calls.insert(arguments).inserted { continue }
      let expected = behaviour.value(arguments)
      let left = similar.filter { $0.value(arguments) == expected }
      if left.count < similar.count || tests.count < Self.firstTests {
        tests.append(FunctionTest(arguments: arguments, expected: expected))
        similar = left
      }
    }
    return tests
  }
}
