// A question of the user's own: what `[study.NAME]` says, read and checked. How it is read: StudyReader.swift; what is
// made of it: Claims/UserStudy.swift.

import Objectives
import Statistics

/// A question of the user's own at one preset.
public struct StudySettings: Sendable {
  public var name: String
  /// What is asked or claimed, in a sentence without capital and full stop.
  public var statement: String
  /// What all arms and conditions have in common, and what the verdict needs.
  public var common: ClaimSettings
  /// The conditions, in order; a single one without a name where the study has none.
  public var conditions: [Condition]
  /// The questions; those of role `judged` make the verdict.
  public var questions: [Question]

  /// What is trained under one condition: the arms in order, the same in every condition.
  public struct Condition: Sendable {
    public var name: String
    public var arms: [Arm]
  }

  /// One kind of model, with all that the study, the condition and the arm say of it.
  public struct Arm: Sendable {
    public var name: String
    public var objective: Objective
    public var settings: Variant
    /// Added to the seed of initialisation and data order, so that an arm can be a second model on the same data.
    public var initialisationOffset: UInt64 = 0
  }

  /// A comparison of two arms, or a trend of one arm (or of the difference of two) along the conditions.
  public struct Question: Sendable {
    /// What the answer is for.
    public enum Role: String, CaseIterable, Sendable {
      /// Part of the verdict: must hold.
      case judged
      /// The negative control: must not hold.
      case control
      /// Reported, without part in the verdict.
      case beside
    }

    /// Which checkpoint of a run counts.
    public enum Measure: String, CaseIterable, Sendable {
      case best, final
    }

    /// How the question is asked.
    public enum Form: Sendable {
      /// The first arm is better than the second, under every condition.
      case comparison(first: String, second: String)
      /// The first arm's number, or its lead over the second, moves in a direction along the conditions.
      case trend(first: String, second: String?, PageTrend.Direction)
      /// The epoch from which the first arm stays ahead of the second moves in a direction along the conditions.
      case crossing(first: String, second: String, PageTrend.Direction)
    }

    public var role: Role
    public var form: Form
    public var quantity: StudyQuantity
    /// Of the first arm.
    public var measure: Measure
    /// Of the second arm.
    public var against: Measure
    /// What the difference must lie beyond, in the quantity's unit.
    public var margin: Double
  }
}

/// What a study measures.
public enum StudyQuantity: Sendable, Hashable {
  /// The mean accuracy over the study's tasks.
  case accuracy
  /// The accuracy on one task.
  case task(String)
  /// Validation cross-entropy, nats per token: the lower the better.
  case validationLoss
}
