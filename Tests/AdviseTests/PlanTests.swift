// What is planned for a size of text, a budget and a machine; and how many splits once the search has shown its speed.

import Corpora
import Specification
import Testing
import Transformer
import Advise

@Suite struct PlanTests {
  /// The default: ten minutes on two cores for 200 kB, some 78 000 tokens.
  @Test func twoHundredKilobytesInTenMinutesUseTheWholeTextNearThePapersRatio() throws {
    let plan = try Made.plan()
    #expect(plan.scale.corpus.nominalUniqueTokens == 78_000)
    #expect(plan.scale.parametersPerUniqueToken >= 0.25 && plan.scale.parametersPerUniqueToken <= 1.3)
    #expect(plan.scale.training.epochs >= 60)
    #expect(plan.thoroughness.trials >= 6 && plan.thoroughness.splits >= 4)
    #expect(plan.seconds <= 1200 * AdvicePlan.usableShare)
    #expect(!plan.exceedsBudget)
  }

  @Test(arguments: [0.5, 10, 120])
  func everyPlanFitsOrSaysThatItDoesNot(minutes: Double) throws {
    for available in [6000, 20_000, 400_000, 8_000_000] {
      let plan = try Made.plan(available: available, minutes: minutes)
      let fits = plan.seconds <= minutes * 120 * AdvicePlan.usableShare
      #expect(fits != plan.exceedsBudget, "\(available) tokens in \(minutes) minutes")
      #expect(plan.scale.training.epochs >= AdvicePlan.fewestEpochs)
      #expect(AdvicePlan.splits.contains(plan.thoroughness.splits))
    }
  }

  /// 20 MB are some eight million tokens: a sample, with a model for its size.
  @Test func aLongTextIsSampled() throws {
    let plan = try Made.plan(available: 8_000_000)
    #expect(plan.scale.corpus.nominalUniqueTokens < 8_000_000)
    #expect(plan.scale.parametersPerUniqueToken >= 0.1)
    let longer = try Made.plan(available: 8_000_000, minutes: 120)
    #expect(longer.scale.corpus.nominalUniqueTokens > plan.scale.corpus.nominalUniqueTokens)
  }

  @Test func aSlowMachineGetsLess() throws {
    let (quick, slow) = (try Made.plan(), try Made.plan(pace: 4))
    func work(_ plan: AdvicePlan) -> Double {
      Double(plan.scale.model.parametersWithoutEmbeddings * plan.scale.training.epochs)
        * Double(plan.thoroughness.trials + plan.thoroughness.splits)
    }
    #expect(work(slow) < work(quick) / 2)
    #expect(slow.seconds <= 1200 * AdvicePlan.usableShare)
  }

  @Test func whatTheUserFixesIsKept() throws {
    let wishes = AdviceWishes(uniqueTokens: 30_000, width: 24, layers: 3, epochs: 77, splits: 3)
    let plan = try Made.plan(minutes: 60, wishes: wishes)
    #expect(plan.scale.corpus.nominalUniqueTokens == 30_000)
    #expect(plan.scale.model.width == 24 && plan.scale.model.layers == 3 && plan.scale.model.feedForward == 64)
    #expect(plan.scale.training.epochs == 77 && plan.thoroughness.splits == 3)
    // Also where the plan itself would go no further.
    let long = try Made.plan(minutes: 600, wishes: AdviceWishes(uniqueTokens: 7000, epochs: 3000))
    #expect(long.scale.training.epochs == 3000)

  }

  /// Heads divide every width of the ladder into even parts, which rotary positions need.
  @Test func everyModelOfTheLadderCanBeBuilt() {
    for (width, layers) in modelLadder {
      let model = ModelConfiguration(
        width: width, heads: 4, feedForward: width * 8 / 3 / 8 * 8, layers: layers, context: 48)
      #expect(model.impossibility == nil, "width \(width)")
    }
  }

  /// Runs that take twice as long as estimated leave time for half as many splits, but never for fewer than three.
  @Test func splitsFollowWhatTheSearchTook() throws {
    let plan = try Made.plan()
    #expect(plan.splits(spent: 100, estimated: 100, available: 530, perSplit: 100) == 5)
    #expect(plan.splits(spent: 200, estimated: 100, available: 900, perSplit: 100) == 4)
    #expect(plan.splits(spent: 900, estimated: 100, available: 100, perSplit: 100) == 3)
    #expect(plan.splits(spent: 10, estimated: 100, available: 900, perSplit: 100) == 8)
    #expect(plan.splits(spent: 0, estimated: 0, available: 1, perSplit: 1) == plan.thoroughness.splits)
  }

  /// Noise has no frequent words to ask for; it is judged all the same, so that the answer can be that nothing is learnt.
  @Test func aTextWithoutFrequentWordsIsAskedForStretches() throws {
    var state: UInt64 = 1
    let bytes = (0..<60_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(33 + (state >> 33) % 94)
    }
    let text = TextCollection(files: [TextFile(path: "noise", bytes: bytes)])
    let inventory = try TextInventory(Made.settings, text: text, seeds: [1])
    #expect(inventory.text.cloze == .long && inventory.items >= 40 && inventory.availableTokens >= 6000)
    #expect(inventory.remarks.contains { $0.hasPrefix("cloze asks for long stretches") })
  }

  /// More of the same does not help a text that repeats itself, nor one that is too short for the context that is set.
  @Test func aRefusedTextIsToldWhatWouldHelpIt() throws {
    for ending in [" of the garden near the old boat again\n", " again\n"] {
      let sentence = "the river keeps a stone and the winter keeps the road" + ending
      let bytes = Array(String(repeating: sentence, count: 900).utf8)
      let repeating = TextCollection(files: [TextFile(path: "a", bytes: bytes)])
      let refusal = #expect(throws: TooLittleText.self) {
        _ = try TextInventory(Made.settings, text: repeating, seeds: [1])
      }
      #expect(refusal?.description.contains("that does not repeat itself") == true, "\(refusal?.description ?? "")")
      #expect(refusal?.description.contains("more of the same kind") == false)
      #expect(refusal?.description.contains("validation_sequences") == false, "the plan decides it")
    }
    var wide = try Made.settings
    wide.model.context = 1024
    let text = TextCollection(files: [TextFile(path: "a", bytes: Array(Self.varied.utf8))])
    let first = #expect(throws: TooLittleText.self) { _ = try TextInventory(wide, text: text, seeds: [1]) }
    #expect(first?.description.contains("lower `context` in [model]") == true, "\(first?.description ?? "")")
    var settings = try Made.settings
    settings.training.batch = 4000

    let second = #expect(throws: TooLittleText.self) { _ = try TextInventory(settings, text: text, seeds: [1]) }
    #expect(second?.description.contains("lower `batch` in [training]") == true, "\(second?.description ?? "")")
  }

  /// Some 40 kB in which no line recurs.
  private static let varied: String = {
    let words = ["river", "stone", "house", "winter", "bread", "garden", "lamp", "road", "letter", "bird"]
    var state: UInt64 = 1
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    return (0..<900).map { _ in "the \(words[next(10)]) of the \(words[next(10)]) keeps a \(words[next(10)])." }
      .joined(separator: "\n")
  }()

  @Test func paceIsRoundedToQuartersOfADoubling() {
    #expect(roundedPace(1.05) == 1 && roundedPace(2.1) == 2 && roundedPace(.nan) == 1 && roundedPace(0) == 1)
    #expect(roundedPace(1e9) == 64 && roundedPace(1e-9) == 0.5)
    for number in [-1, 0, 0.4, 65, 1e300, .nan, .infinity] { #expect(!isPace(number), "\(number)") }
    for number in [0.5, 1, 64] { #expect(isPace(number), "\(number)") }
  }
}
