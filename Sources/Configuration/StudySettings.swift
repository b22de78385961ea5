// A question of the user's own: what `[study.NAME]` says, read and checked. How it is read: StudyReader.swift; what is
// made of it: Claims/UserStudy.swift.

import Objectives
import Specification
import Statistics

/// A question of the user's own at one preset.
package struct StudySettings: Sendable {
  package var name: String
  /// What is asked or claimed, in a sentence without capital and full stop.
  package var statement: String
  /// Whether the command line has chosen its corpus.
  package var isElsewhere = false
  /// What all arms and conditions have in common, and what the verdict needs.
  package var common: ClaimSettings
  /// The conditions, in order; a single one without a name where the study has none.
  package var conditions: [Condition]
  /// The questions; those of role `judged` make the verdict.
  package var questions: [Question]

  /// What is trained under one condition: the arms in order, the same in every condition.
  package struct Condition: Sendable {
    package var name: String
    package var arms: [Arm]
  }

  /// One kind of model, with all that the study, the condition and the arm say of it.
  package struct Arm: Sendable {
    package var name: String
    package var objective: Objective
    package var settings: Variant
    /// Added to the seed of initialisation and data order, so that an arm can be a second model on the same data.
    package var initialisationOffset: UInt64 = 0
  }

  /// A comparison of two arms, or a trend of one arm (or of the difference of two) along the conditions.
  package struct Question: Sendable {
    /// What the answer is for.
    package enum Role: String, CaseIterable, Sendable {
      /// Part of the verdict: must hold.
      case judged
      /// The negative control: must not hold.
      case control
      /// Reported, without part in the verdict.
      case beside
    }

    /// Which checkpoint of a run counts.
    package enum Measure: String, CaseIterable, Sendable {
      case best, final
    }

    /// How the question is asked.
    package enum Form: Sendable {
      /// The first arm is better than the second, under every condition.
      case comparison(first: String, second: String)
      /// The first arm's number, or its lead over the second, moves in a direction along the conditions.
      case trend(first: String, second: String?, PageTrend.Direction)
      /// The epoch from which the first arm stays ahead of the second moves in a direction along the conditions.
      case crossing(first: String, second: String, PageTrend.Direction)
    }

    package var role: Role
    package var form: Form
    package var quantity: StudyQuantity
    /// Of the first arm.
    package var measure: Measure
    /// Of the second arm.
    package var against: Measure
    /// What the difference must lie beyond, in the quantity's unit.
    package var margin: Double
  }
}

/// What a study measures.
package enum StudyQuantity: Sendable, Hashable {
  /// The mean accuracy over the study's tasks.
  case accuracy
  /// The accuracy on one task.
  case task(TaskID)
  /// Validation cross-entropy, nats per token: the lower the better.
  case validationLoss

  /// As it is spelt in TOML.
  package var name: String {
    switch self {
    case .accuracy: "accuracy"
    case .task(let task): task.name
    case .validationLoss: "validation-loss"
    }
  }
}
