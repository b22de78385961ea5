// The machine's pace and the time that preparing took, kept beside an advice, so that the same question plans the same runs
// when it is asked again.

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
    /// Seconds that reading and splitting the text took, which the plan takes off the budget.
    var preparation: Double
  }

  private let path: String
  private let directory: String
  private let question: String
  private let budget: Double
  private let jobs: Int

  init(_ folder: ClaimFolder, _ inventory: TextInventory, _ wishes: AdviceWishes, budget: Double, jobs: Int) {
    (path, directory) = (folder.path(of: "pace.json"), folder.path)
    (self.budget, self.jobs) = (budget, jobs)
    let numbers = [wishes.uniqueTokens, wishes.width, wishes.layers, wishes.epochs, wishes.splits, jobs]
    question =
      "\(inventory.identity.digest) \(numeral(budget)) "
      + numbers.map { $0.map { "\($0)" } ?? "-" }.joined(separator: " ")
  }

  /// Pace and seconds of preparation as measured when the question was asked first; as they are now where nothing is
  /// kept that could have been measured.
  /// - Parameter preparation: the seconds now.
  func measured(preparation: Double) throws -> (pace: Double, preparation: Double) {
    if let data = try readFileIfThere(path), let kept = try? JSONDecoder().decode(Kept.self, from: data),
      kept.question == question, isPace(kept.pace), (0...budget * 60).contains(kept.preparation)
    {
      return (kept.pace, kept.preparation)
    }
    let pace = try measuredPace(jobs: jobs, backend: .native)
    try makeDirectory(directory)
    let kept = Kept(question: question, pace: pace, preparation: preparation)
    try writeAtomically(try jsonText(kept) + "\n", to: path)
    return (pace, preparation)
  }
}
