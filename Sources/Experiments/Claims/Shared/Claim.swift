// What a claim is to the rest of the program: the runs that it needs and what they say. Which claims there are stands in
// Claims.swift, what a report holds in ClaimReport.swift.

import Statistics
import TensorEngine

/// A question that runs answer: a claim of the paper, or a user's about a text.
public protocol Study: Sendable {
  /// What is asked or claimed, in a sentence without capital and full stop.
  static var statement: String { get }

  /// Every run that is known to be needed before anything has run.
  var runs: [PlannedRun] { get }
  /// The runs that are needed once those have ended: those of the settings that a search has chosen.
  func furtherRuns(_ results: RunResults) throws -> [PlannedRun]
  /// As many runs as ``furtherRuns(_:)`` will name, with the costliest settings that a search could choose: what to reserve
  /// time for while the choice is open. Empty for a study without a search.
  var reservedRuns: [PlannedRun] { get throws }
  /// The verdict and all that goes with it.
  func report(_ results: RunResults) throws -> ClaimReport
  /// `data.csv`: one row a measurement.
  func data(_ results: RunResults) -> Table
}

extension Study {
  public func furtherRuns(_ results: RunResults) throws -> [PlannedRun] { [] }
  public var reservedRuns: [PlannedRun] { get throws { [] } }
}

/// A claim of the paper, or a question of its critics.
public protocol Claim: Study {
  /// The kebab-case name of subcommand, table, folder and figure.
  static var name: String { get }
  /// What is trained and compared, in a few sentences, for `--help`.
  static var explanation: String { get }
  /// What the paper reports, in a few words, for the line of `check`.
  static var paper: String { get }
  /// The keys of its table `thresholds` in experiments.toml.
  static var thresholds: [String] { get }

  init(settings: ClaimSettings, backend: ProductBackend) throws
}

extension Claim {
  public static var thresholds: [String] { [] }
}
