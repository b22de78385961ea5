// The machine's pace and the time that preparing took, kept beside an advice, so that the same question plans the same runs
// when it is asked again.

import Advise
import Basics
import Files
import Foundation
import Reporting
import TensorEngine
import Wording

/// `pace.json` in the folder of an advice: what was measured for each question that was begun under its name.
struct AdvicePace {
  struct Measured: Codable {
    /// What it was measured for: text, budget, wishes, cores.
    fileprivate var question: String
    var pace: Double
    /// Seconds that reading and splitting the text took, which the plan takes off the budget.
    var preparation: Double

    /// Whether the question has been begun before.
    fileprivate(set) var isKept = false

    private enum CodingKeys: String, CodingKey { case question, pace, preparation }

    /// Whether it could have been measured.
    fileprivate var isPossible: Bool { isPace(pace) && preparation.isFinite && preparation >= 0 }
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

  /// What is kept, nil where the file is not there or is not what ``keep(_:)`` writes.
  private func kept() throws -> [Measured]? {
    guard let data = try readFileIfThere(path) else { return [] }
    guard let all = try? JSONDecoder().decode([Measured].self, from: data), all.allSatisfy(\.isPossible) else {
      return nil
    }
    return all
  }

  /// Pace and seconds of preparation as measured when the question was begun first, or now.
  /// - Parameters:
  ///   - preparation: the seconds now.
  ///   - note: is told what a user should know, a line.
  func measured(preparation: Double, note: (String) -> Void) throws -> Measured {
    let kept = try kept()
    if var own = kept?.first(where: { $0.question == question }) {
      own.isKept = true
      return own
    }
    if kept == nil { note("note: \(path) is damaged, so the pace is measured anew, and other runs may be planned") }
    return Measured(question: question, pace: try measuredPace(jobs: jobs, backend: .native), preparation: preparation)
  }

  /// Measures once more where a plan does not fit, in case it was a busy moment; a pace that is kept stays.
  /// - Returns: whether the machine is faster than it seemed.
  func remeasure(_ measured: inout Measured) throws -> Bool {
    if measured.isKept { return false }

    let again = try measuredPace(jobs: jobs, backend: .native)
    guard again < measured.pace else { return false }
    measured.pace = again
    return true
  }

  /// Keeps it, once its plan is begun: a repeated command then plans the same runs.
  func keep(_ measured: Measured) throws {
    let others = try (kept() ?? []).filter { $0.question != question }
    try makeDirectory(directory)
    try writeAtomically(try jsonText(others + [measured]) + "\n", to: path)
  }
}
