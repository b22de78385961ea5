// The table of accuracy and likelihoods against the number of samples.

import Corpora
import Objectives
import Testing

@testable import Evaluation

@Suite struct LikelihoodSamplesTableTests {
  static func task(_ task: ChoiceTask, _ items: [EncodedItem]) -> ItemSet { ItemSet(task, items: items, texts: []) }

  static func table(
    _ objective: Objective, _ tasks: [ItemSet], samples: [Int] = [16, 2, 2], exactLimit: Int = 1023
  ) -> LikelihoodSamplesTable {
    LikelihoodSamplesTable(
      randomModel(), objective: objective, special: special, tasks: tasks, samples: samples, exactLimit: exactLimit,
      seed: 3, backend: .native)
  }

  @Test func rowsAreWhatTheScorerAnswers() {
    let items = ItemAnswerTests.items
    let table = Self.table(.maskedDiffusion, [Self.task(.endings, items), Self.task(.cloze, [items[0]])])
    #expect(table.tasks.map(\.name) == ["endings", "cloze"] && table.tasks.map(\.items) == [6, 1])
    for (task, items) in zip(table.tasks, [items, [items[0]]]) {
      #expect(task.rows.map(\.samples) == [2, 16, nil])
      for row in task.rows {
        let answering = scorer(randomModel(), .maskedDiffusion, samples: row.samples ?? 1020)
        let results = answering.answer(items)
        #expect(row.accuracy == TaskResult(results).acc)
        #expect(abs(row.nllRight - TaskResult(results).nllRight) < 1e-9)
        #expect(row.nllRightStandardError.isNaN || row.nllRightStandardError > 0)
        #expect(row.difference == row.accuracy - (task.rows.last?.accuracy ?? 0))
      }
      #expect(task.rows[2].difference == 0)
    }
    // One differing token: every row is exact.
    #expect(Set(table.tasks[1].rows.map(\.nllRight)).count == 1)
  }

  @Test func exactRowsAreThereWhereTheyAreCheap() {
    let tasks = [Self.task(.endings, ItemAnswerTests.items)]
    func samples(_ objective: Objective, limit: Int) -> [Int?] {
      Self.table(objective, tasks, exactLimit: limit).tasks[0].rows.map(\.samples)
    }
    #expect(samples(.maskedDiffusion, limit: 255) == [2, 16, nil])
    #expect(samples(.maskedDiffusion, limit: 254) == [2, 16])
    #expect(samples(.suffixDiffusion, limit: 8) == [2, 16, nil])
    #expect(samples(.plainAutoregressive, limit: 1) == [nil])
    #expect(Self.table(.maskedDiffusion, [Self.task(.endings, [])]).tasks[0].items == 0)
  }
}
