// What is said of given numbers: every kind of answer, and what it must not leave out.

import Foundation
import Testing
import Advise

@Suite struct WordsTests {
  private let low = [3.80, 3.82, 3.79, 3.81]
  private var high: [Double] { [3.90, 3.93, 3.88, 3.92] }

  private func remark(_ advice: Advice, _ start: String) -> String {
    advice.remarks.first { $0.hasPrefix(start) } ?? "no remark \"\(start)\""
  }

  @Test func autoregressionIsAdvised() throws {
    let advice = try Made.advice(ar: low, dlm: high)
    #expect(
      advice.sentence
        == "On book.txt train AR with dropout 0.1, for 19 epochs: its held-out loss is 3.81 nats per token, that of "
        + "the DLM with learning rate 0.004 at most 3.91")
    #expect(
      remark(advice, "How sure").hasPrefix(
        "How sure: the DLM's loss − AR's is +0.103 [+0.084, +0.121] nats per token over 4 fresh splits that played no "
          + "part"
      ))
    let other = remark(advice, "What speaks for the DLM")
    #expect(other.contains("fills in gaps"))
    #expect(other.contains("without any tuning it has the lower loss on the tuning split, at most 4.00 against 4.10"))
    #expect(other.contains("it is still improving: its loss fell by 0.04"))
    #expect(other.contains("its loss is an upper bound"))
    #expect(
      remark(advice, "Cost")
        == "Cost up to the stop: AR 6.0 s on one core, 5.0e+11 FLOPs; the DLM 40 s on one core, 3.0e+12 FLOPs, 6.0 "
        + "times the FLOPs")
    let scarcity = remark(advice, "How scarce")
    #expect(scarcity.contains("r = 0.71 (the 1B models of the paper, arXiv 2511.03276: 0.7 to 2)"))
    #expect(
      scarcity.contains("best after epoch 9.4 of 100, and its loss then rises by 45 % (the paper's: 31 %); it overfits")
    )
    #expect(scarcity.contains("141 tokens per parameter in the longest training (the paper's: 96); plain AR"))
  }

  /// Two splits of which no interval could say that anything was learnt: nothing is judged while others are to come.
  @Test func howItStandsIsToldWithoutAJudgement() throws {
    let advice = try Made.advice(ar: [3.9, 4.1], dlm: [4.2, 4.3], baseline: 5.32)
    #expect(advice.choice == .nothing)
    #expect(
      advice.standing
        == "AR with dropout 0.1 has a held-out loss of 4.00 nats per token, the DLM with learning rate 0.004 "
        + "at most 4.25, counting tokens 5.32")
  }

  /// A part of a text may be scarce where the whole is not.
  @Test func anAnswerAboutASampleSaysSo() throws {
    let advice = try Made.advice(ar: low, dlm: high, used: 12_000)
    #expect(
      advice.sentence.hasPrefix(
        "On a sample of book.txt (12 000 of 78 000 training tokens) train AR with dropout 0.1, for 19 epochs"))
  }

  @Test func diffusionIsAdvised() throws {
    let advice = try Made.advice(ar: high, dlm: low)
    #expect(advice.choice == .diffusion && advice.advised.recipe.kind == .diffusion)
    #expect(advice.sentence.hasPrefix("On book.txt train the DLM with learning rate 0.004, for 100 epochs: "))
    #expect(remark(advice, "How sure").contains("although its loss is only an upper bound"))
    #expect(remark(advice, "What speaks for AR").contains("it takes 6.0 times less computation"))
  }

  @Test func neitherIsShown() throws {
    let advice = try Made.advice(ar: low, dlm: [3.90, 3.75, 3.70, 3.86])
    #expect(advice.sentence.contains("neither objective is shown to be better"))
    #expect(
      advice.sentence.hasSuffix(
        "train AR, which takes 1/6 of the computation, unless you need what only the DLM can do"))
    #expect(remark(advice, "What speaks for the DLM") != remark(advice, "What speaks for AR"))
  }

  @Test func nothingCanBeLearnt() throws {
    var advice = try Made.advice(ar: [5.21, 5.2, 5.22], dlm: [5.4, 5.5, 5.4])
    advice.dlm.lateGain = 0
    #expect(
      advice.sentence
        == "On book.txt nothing can be learnt at this scale: counting tokens without any context costs 5.20 nats per "
        + "token on held-out text, and the best model 5.21; train neither")
    #expect(!advice.remarks.contains { $0.hasPrefix("What speaks") || $0.hasPrefix("How scarce") })
  }

  /// A model that is still improving has not shown that there is nothing.
  @Test func aTrainingThatIsTooShortIsNotTakenForNoise() throws {
    var advice = try Made.advice(ar: [5.21, 5.2, 5.22], dlm: [5.4, 5.5, 5.4])
    advice.dlm.lateGain = 0.3
    #expect(
      advice.sentence.hasSuffix("the best model has 5.21 and is still improving; ask again with a longer --budget"))
    var early = try Made.advice(ar: low, dlm: low.map { $0 + 1.1 })
    #expect(early.remarks.contains { $0.hasPrefix("Too short for the DLM: it is ") })
    #expect(
      early.sentence.hasSuffix("; so short a training cannot tell for the DLM: ask again with a longer --budget"))
    early.wishes = .init(epochs: 100)
    #expect(early.sentence.hasSuffix("so short a training cannot tell for the DLM: ask again with more --epochs"))
    early.dlm.lateGain = 0
    #expect(!early.remarks.contains { $0.hasPrefix("Too short") })
  }

  /// A DLM at chance is said to be so; one whose loss was lowest long before the end is not said to need longer.
  @Test func aDLMThatHasLearntNothingIsSaidToHave() throws {
    var advice = try Made.advice(ar: low, dlm: low.map { $0 - $0 + 5.4 })
    advice.dlm.lateGain = 0
    #expect(advice.remarks.contains { $0.hasPrefix("Too short for the DLM: it is 0.20 nats above counting tokens") })
    advice.dlm.stop = 12
    #expect(!advice.remarks.contains { $0.hasPrefix("Too short") })
    #expect(!advice.sentence.contains("too short") && !advice.sentence.contains("so short"))
    #expect(
      remark(advice, "The DLM has learnt").hasPrefix(
        "The DLM has learnt next to nothing: it is 0.20 nats above counting tokens, AR 1.40 nats below it. It was best "
          + "after epoch 12, though trainings of up to 100 were tried"))
  }

  /// One that was tried for longer and was best before is not told to be trained for longer.
  @Test func whereLongerTrainingsWereWorseNoneIsAdvised() throws {
    var advice = try Made.advice(ar: low, dlm: low.map { $0 + 1.1 })
    advice.dlm.lateGain = 0.3
    (advice.dlm.recipe.epochs, advice.dlm.stop) = (37, 37)
    #expect(!advice.sentence.contains("so short") && !advice.remarks.contains { $0.hasPrefix("Too short") })
    #expect(remark(advice, "The DLM has learnt little").contains("a longer one need not help"))
    #expect(!remark(advice, "What speaks for the DLM").contains("still improving"))
  }

  /// Where AR improves as fast, more epochs are no argument for the DLM.
  @Test func improvementOfBothNarrowsNothing() throws {
    var advice = try Made.advice(ar: low, dlm: high)
    #expect(remark(advice, "What speaks for the DLM").contains("so more epochs would narrow the gap"))
    (advice.ar.stop, advice.ar.lateGain) = (100, 0.5)
    #expect(
      remark(advice, "What speaks for the DLM").contains(
        "though AR's by 0.50, so that more epochs need not narrow the gap"))
  }

  /// What would make an undecided answer surer depends on what the user has fixed.
  @Test(arguments: [
    (AdviceWishes(), "a longer --budget has more splits and a longer training"),
    (AdviceWishes(epochs: 50), "a longer --budget has more splits"),
    (AdviceWishes(splits: 3), "a longer --budget has a longer training, and more --splits a narrower interval"),
    (AdviceWishes(epochs: 50, splits: 3), "more --splits give a narrower interval, more --epochs a longer training"),
  ])
  func theRemedyIsOneThatIsLeft(_ wishes: AdviceWishes, _ words: String) throws {
    var advice = try Made.advice(ar: low, dlm: [3.90, 3.75, 3.70, 3.86])
    advice.wishes = wishes
    #expect(remark(advice, "How sure").contains("the interval contains zero; \(words). The interval"))
  }

  /// Where accuracy says the opposite of the loss, it is said.
  @Test func accuracyThatDisagreesIsNamed() throws {
    let advice = try Made.advice(
      ar: low, dlm: high, arAccuracies: [0.30, 0.31, 0.30, 0.29], dlmAccuracies: [0.40, 0.42, 0.41, 0.40])
    #expect(advice.choice == .autoregression)
    #expect(remark(advice, "Beside it").hasSuffix("It says the opposite; the loss decides by the rule"))
    #expect(remark(advice, "What speaks for the DLM").contains("its cloze accuracy is higher"))
  }

  @Test func aLargerModelIsUnknownWithoutACurve() throws {
    let advice = try Made.advice(ar: low, dlm: high)
    #expect(
      remark(advice, "What a larger").hasPrefix(
        "What a larger model would change is not known (10 times: r = 7.0, 100 times: r = 70): no such model"))
    let curve = RegimeCurve(
      points: [
        .init(ratio: 0.5, gap: .init(mean: 0.1, low: 0, high: 0.2)),
        .init(ratio: 50, gap: .init(mean: 0.3, low: 0.2, high: 0.4)),
      ], source: "a made-up curve")
    let line = remark(try Made.advice(ar: low, dlm: high, larger: curve), "What larger")
    #expect(line.contains("by a made-up curve") && line.contains("models as they are here (r = 0.70): the DLM's"))
    #expect(line.contains("there, where it was +0.103 here, on your text and tuned; 10 times"), "\(line)")
    #expect(line.contains("10 times as large (r = 7.0): the DLM's loss − AR's about +0.2"))
    #expect(line.contains("100 times as large (r = 70): beyond what was measured"))
  }

  @Test func aSampleIsSaidToBeOne() throws {
    let advice = try Made.advice(ar: low, dlm: high, used: 39_000)
    #expect(
      remark(advice, "What was used").hasPrefix("What was used: a sample, 39 000 of 78 000 unique training tokens"))
    #expect(
      try remark(Made.advice(ar: low, dlm: high), "What was used").hasPrefix(
        "What was used: the whole text (200 kB, 1 file)"))
  }

  @Test func sizesForPeople() {
    #expect(
      [999, 5000, 200_000, 20_000_000, 9_990_000].map(size) == ["999 bytes", "5.0 kB", "200 kB", "20 MB", "10 MB"])
  }

  /// What is stored is read back as it was.
  @Test func adviceSurvivesItsJSON() throws {
    let advice = try Made.advice(ar: low, dlm: high)
    #expect(try JSONDecoder().decode(Advice.self, from: JSONEncoder().encode(advice)) == advice)
  }
}
