// From arms and conditions to runs: an arm is a kind of model, a condition the settings that it is trained under, a cohort
// the runs of one under the other, one per seed. The conditions are listed in experiments.toml.

import Configuration
import Figures
import Objectives
import Specification
import TensorEngine
import Wording

/// A kind of model that is compared with others.
struct Arm: Sendable {
  /// "AR", in labels, legends and `data.csv`.
  let name: String
  let colour: SeriesColour
  /// Added to the seed of initialisation and data order, not to that of the data.
  var initialisationOffset: UInt64 = 0
  let objective: @Sendable (Variant) -> Objective

  init(
    _ name: String, _ colour: SeriesColour, initialisationOffset: UInt64 = 0,
    objective: @escaping @Sendable (Variant) -> Objective
  ) {
    self.name = name
    self.colour = colour
    self.initialisationOffset = initialisationOffset
    self.objective = objective
  }

  /// Next-token prediction with the condition's input noise.
  static let autoregressive = Arm("AR", .autoregressive) { $0.autoregressive }
  /// Masked diffusion with the condition's maskings.
  static let diffusion = Arm("DLM", .diffusion) { $0.diffusion }
  /// A second AR model on the same data, with another initialisation and order: what takes the DLM's place in a
  /// negative control.
  static let control = Arm("AR control", .other(4), initialisationOffset: 1000) { _ in .plainAutoregressive }
  /// Next-token prediction in another order, positions told.
  static func autoregressive(_ order: ReadingOrder, _ colour: SeriesColour) -> Arm {
    let objective = Objective.orderedAutoregressive(order: order)
    return Arm(objective.shortName, colour) { _ in objective }
  }
  /// Masked diffusion within blocks, causal between them.
  static func blocks(_ size: Int, _ colour: SeriesColour) -> Arm {
    let objective = Objective.blockDiffusion(size: size)
    return Arm(objective.shortName, colour) { _ in objective }
  }
  /// Masked diffusion with left-to-right suffixes only.
  static let suffixes = Arm("DLM, suffix masks", .other(1)) { _ in .suffixDiffusion }
}

/// The runs of one arm under one condition.
struct Cohort: Sendable {
  let arm: Arm
  /// The condition's name; empty where there is only one.
  let condition: String
  /// One run per seed, in order.
  let members: [(seed: UInt64, run: PlannedRun)]

  var runs: [PlannedRun] { members.map(\.run) }

  subscript(seed: UInt64) -> PlannedRun? { members.first { $0.seed == seed }?.run }

  /// The same runs without those of some seeds.
  func without(_ seeds: [UInt64]) -> Cohort {
    Cohort(arm: arm, condition: condition, members: members.filter { !seeds.contains($0.seed) })
  }
}

/// AR and DLM under one condition, paired by seed.
struct Pair: Sendable {
  let condition: Variant
  let autoregressive: Cohort
  let diffusion: Cohort

  var cohorts: [Cohort] { [autoregressive, diffusion] }
  var name: String { condition.name }
}

extension [Pair] {
  var cohorts: [Cohort] { flatMap(\.cohorts) }
  /// What the conditions have in common, of the first one.
  var scale: String {
    first.map { "width \($0.condition.model.width), \(counted($0.condition.model.layers, "layer"))" } ?? ""
  }
}

/// Makes runs of a claim's settings.
struct Planner: Sendable {
  /// The claim's name, for messages.
  let name: String
  let settings: ClaimSettings
  let backend: ProductBackend
  /// The only condition of a claim without `variants`, where that is not the settings themselves.
  var base: Variant?

  /// The runs of an arm under a condition, by default the claim's own settings.
  /// - Parameter seeds: by default those of the condition.
  func cohort(_ arm: Arm, _ condition: Variant? = nil, seeds: [UInt64]? = nil) throws -> Cohort {
    let condition = condition ?? base ?? settings.base
    let digest = condition.corpus.textDigest
    return Cohort(
      arm: arm, condition: condition.name,
      members: try (seeds ?? Array(1...UInt64(condition.seeds))).map { seed in
        let label = [arm.name, condition.name, "seed \(seed)"].filter { !$0.isEmpty }.joined(separator: ", ")
        let objective = arm.objective(condition)
        let specification = RunSpecification(
          corpus: condition.corpus, textDigest: digest, dataSeed: seed, seed: seed + arm.initialisationOffset,
          objective: objective, model: condition.model, training: condition.training,
          evaluation: condition.evaluation.asked(of: objective), backend: backend)
        return (seed, try PlannedRun(label: label, specification: specification))
      })
  }

  /// AR and DLM under a condition, by default the claim's own settings.
  func pair(_ condition: Variant? = nil) throws -> Pair {
    Pair(
      condition: condition ?? base ?? settings.base, autoregressive: try cohort(.autoregressive, condition),
      diffusion: try cohort(.diffusion, condition))
  }

  /// AR and DLM under each of the claim's conditions.
  func pairs() throws -> [Pair] { try settings.variants.map { try pair($0) } }

  /// Refuses settings that make no sense for the claim.
  /// - Throws: `ConfigurationError`.
  func require(_ isSatisfied: Bool, _ problem: String) throws {
    if !isSatisfied {
      // What is set on the command line holds for all conditions alike, which the claim wants to differ.
      let remedy = " and varies such settings itself; leave out " + settings.assigned.joined(separator: " or ")
      let problem = problem + (settings.assigned.isEmpty ? "" : remedy)
      throw ConfigurationError([
        ConfigurationProblem(file: settings.file, path: "\(name).preset.\(settings.preset.rawValue)", message: problem)
      ])
    }
  }

  /// Refuses conditions that are not in ascending order of a number.
  /// - Throws: `ConfigurationError`.
  func requireAscending(_ what: String, _ value: (Variant) -> Double) throws {
    let values = settings.variants.map(value)
    try require(
      zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "needs its `variants` in ascending order of \(what)")
  }
}
