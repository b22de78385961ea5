// Several models of one specification whose predictions are mixed, as a value that can stand wherever one model is asked,
// and as tensors in a file. How they are asked together: EnsemblePasses.swift; how they are trained:
// Training/EnsembleTrainer.swift.

import TensorEngine

/// What can be asked for predictions: one model, or several whose predictions are mixed.
public protocol Predictor {
  /// One model or more, all of one configuration and vocabulary.
  var members: [ModelParameters] { get }
  /// Each member's.
  var configuration: ModelConfiguration { get }
  var vocabulary: Int { get }
}

extension ModelParameters: Predictor {
  /// Itself.
  public var members: [ModelParameters] { [self] }
}

/// M models that predict the mean of their probabilities, token by token:
///
///     p(x | …) = (1/M) Σₘ pₘ(x | …)
///
/// Source: deep ensembles, Lakshminarayanan et al. 2017.
public struct Ensemble: Predictor {
  public let members: [ModelParameters]

  /// - Parameter members: one or more, of one configuration and vocabulary.
  public init(_ members: [ModelParameters]) {
    precondition(!members.isEmpty, "an ensemble has a member")
    precondition(
      members.allSatisfy { $0.configuration == members[0].configuration && $0.vocabulary == members[0].vocabulary },
      "the members of an ensemble are of one specification")
    self.members = members
  }

  public var configuration: ModelConfiguration { members[0].configuration }
  public var vocabulary: Int { members[0].vocabulary }

  /// What the names of a member's entries in a file begin with; members count from 0.
  public static func prefix(_ member: Int) -> String { "member.\(member)." }
}

extension Predictor {
  /// Adds every parameter to the file: one model's under its names, those of several as `member.K.NAME`, the first one's
  /// too, so that no program takes one of them for the whole.
  public func storeMembers(in file: inout SafetensorsFile) {
    if members.count == 1 { return members[0].store(in: &file) }
    for (k, member) in members.enumerated() { member.store(in: &file, prefix: Ensemble.prefix(k)) }
  }

  /// Overwrites every parameter with what ``storeMembers(in:)`` stored.
  /// - Throws: if a tensor is missing or has another shape.
  public func loadMembers(_ file: SafetensorsFile) throws(SafetensorsError) {
    if members.count == 1 { return try members[0].load(file) }
    for (k, member) in members.enumerated() { try member.load(file, prefix: Ensemble.prefix(k)) }
  }

  /// The first parameter with a value that is not finite, by its name in a file; nil if there is none.
  public var firstMemberNotFinite: String? {
    if members.count == 1 { return members[0].firstNotFinite }
    for (k, member) in members.enumerated() {
      if let name = member.firstNotFinite { return Ensemble.prefix(k) + name }
    }
    return nil
  }
}
