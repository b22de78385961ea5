// Spelling of numbers, wrapped sentences, and what `replicate corpus` finds in a corpus.

import Corpora
import TestSupport
import Testing
@testable import Reporting
@testable import Wording

@Suite struct WordingTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1 000"), (20_000, "20 000"), (1_234_567, "1 234 567"), (-4000, "−4 000"),
    (1_000_001, "1 000 001"),
  ])
  func groups(_ count: Int, _ expected: String) { #expect(grouped(count) == expected) }

  @Test(arguments: [(0.0424, "+4.2"), (-0.1, "−10.0"), (-0.0001, "+0.0"), (0.0, "+0.0")])
  func signedPercents(_ share: Double, _ text: String) { #expect(signedPercent(share) == text) }

  @Test func counts() {
    #expect(counted(1, "seed") == "1 seed")
    #expect(counted(0, "seed") == "0 seeds")
    #expect(counted(12_000, "seed") == "12 000 seeds")
  }

  @Test func linesAreBrokenAtBlanks() {
    #expect(wrapped("one two three four", width: 9) == "one two\nthree\nfour")
    #expect(wrapped("one two", width: 9, first: "• ", rest: "  ") == "• one two")
    #expect(wrapped("one two three", width: 9, first: "• ", rest: "  ") == "• one two\n  three")
    #expect(wrapped("incomprehensibilities are", width: 9) == "incomprehensibilities\nare")
    #expect(wrapped("", width: 9, first: "  ") == "  ")
  }

  /// Numbers stay with their groups, units and intervals.
  @Test(arguments: 1...60) func numbersAreNotBroken(_ width: Int) {
    let text = wrapped("of 181 000 tokens 95 % are used, +4.2 points [+1.0, +7.4] over 20 000 epochs", width: width)
    for whole in ["181 000", "95 %", "[+1.0, +7.4]", "20 000"] { #expect(text.contains(whole), "\(text)") }
    #expect(
      text.replacing("\n", with: " ") == "of 181 000 tokens 95 % are used, +4.2 points [+1.0, +7.4] over 20 000 epochs")
  }
}

@Suite struct CorpusReportTests {
  private func dataset() throws -> Dataset {
    try CorpusSpecification.world(WorldSpecification(uniqueTokens: 600, topics: 4))
      .dataset(seed: 3, context: 48, items: 8, validationSequences: 2)
  }

  @Test func leaksAreFound() throws {
    var dataset = try dataset()
    let clean = CorpusReport(dataset, corpus: "world", seed: 3, exampleDocuments: 1, exampleItems: 1)
    #expect(clean.itemsInTraining == 0)
    try clean.requireNoLeak()
    #expect(clean.text(width: 80).contains("items in training  none, as it must be"))

    dataset.training.append(dataset.tasks[1].items[0].probe)
    let leaky = CorpusReport(dataset, corpus: "world", seed: 3, exampleDocuments: 1, exampleItems: 1)
    #expect(leaky.itemsInTraining == 1)
    #expect(leaky.text(width: 80).contains("items in training  1: MUST BE NONE"))
    let error = #expect(throws: LeakedItems.self) { try leaky.requireNoLeak() }
    #expect(
      error?.description
        == "1 of 16 held-out items (6.2 %) occur in the training text, so their score would measure recall; do not evaluate "
        + "on this corpus, take another seed or text")
  }

  @Test func countsAreThoseOfTheDataset() throws {
    let dataset = try dataset()
    let report = CorpusReport(dataset, corpus: "world", seed: 3, exampleDocuments: 2, exampleItems: 5)
    #expect(report.uniqueTokens == dataset.training.joined().count)
    #expect(report.documents == dataset.training.count)
    #expect(report.exampleDocuments == [dataset.trainingText(0), dataset.trainingText(1)])
    #expect(report.exampleItems["endings"] == Array(dataset.tasks[0].texts.prefix(5)))
    #expect(report.items == ["endings": 8, "knowledge": 8])
  }
}
