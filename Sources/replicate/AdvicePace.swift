// The machine's pace, kept beside an advice, so that the same question plans the same runs when it is asked again.

import Advise
import Basics
import Files
import Foundation
import Reporting
import TensorEngine
import Wording

/// `pace.json` in the folder of an advice.
struct AdvicePace {
  private struct Kept: Codable {
    /// What it was measured for: text, budget, wishes, cores.
    var question: String
    var pace: Double
  }

  private let path: String
  private let directory: String
  private let question: String
  private let jobs: Int

  init(_ folder: ClaimFolder, _ inventory: TextInventory, _ wishes: AdviceWishes, budget: Double, jobs: Int) {
    (path, directory) = (folder.path(of: "pace.json"), folder.path)
    self.jobs = jobs
    let numbers = [wishes.uniqueTokens, wishes.width, wishes.layers, wishes.epochs, wishes.splits, jobs]
    question =
      "\(inventory.identity.digest) \(numeral(budget)) "
      + numbers.map { $0.map { "\($0)" } ?? "-" }.joined(separator: " ")
  }

  /// The pace that was measured when the question was asked first, or is now.
  func value() throws -> Double {
    if let data = try readFileIfThere(path), let kept = try? JSONDecoder().decode(Kept.self, from: data),
      kept.question == question
    {
      return roundedPace(kept.pace)
    }
    let pace = try measuredPace(jobs: jobs, backend: .native)
    try makeDirectory(directory)
    try writeAtomically(try jsonText(Kept(question: question, pace: pace)) + "\n", to: path)
    return pace
  }
}
