// The models of an ensemble, trained side by side: what a run asks of its trainer, for one member or several. What a single
// step does is in Trainer.swift; how the members' predictions are mixed: Transformer/Ensemble.swift.

import Objectives
import Randomness
import TensorEngine
import Transformer

/// The seed of a member's initialisation, order of data, masks and dropout.
///
/// Member 0 has the run's own and so is the run without the option, bit for bit. Member k has the first 64 bits of the
/// stream (the run's seed, `ensembleMember`, k): seeds that people choose and those of other members are met with
/// probability 2⁻⁶⁴.
public func memberSeed(_ member: Int, of seed: UInt64) -> UInt64 {
  guard member > 0 else { return seed }
  var stream = RandomStream(seed: seed, purpose: .ensembleMember, index: UInt64(member))
  return stream.next()
}

/// Trains `configuration.ensemble` models of one specification in lock-step on the same sequences.
///
/// Steps, epochs and training tokens are those of one member and are not added up. All have the same steps and epochs; the
/// tokens are member 0's, and over whole epochs those of all.
public final class EnsembleTrainer {
  /// One or more.
  public let members: [Trainer]
  /// What is to be evaluated and stored.
  public let parameters: any Predictor

  /// As ``Trainer/init(_:objective:model:vocabulary:sequences:special:seed:backend:threads:kernels:)``.
  /// - Parameter seed: member 0's; that of the others is ``memberSeed(_:of:)``.
  public init(
    _ configuration: TrainingConfiguration, objective: Objective, model: ModelConfiguration, vocabulary: Int,
    sequences: [[Int32]], special: SpecialTokens, seed: UInt64, backend: ProductBackend, threads: Int = 1
  ) throws(TrainingError) {
    var members: [Trainer] = []
    for k in 0..<max(1, configuration.ensemble) {
      members.append(
        try Trainer(
          configuration, objective: objective, model: model, vocabulary: vocabulary, sequences: sequences,
          special: special, seed: memberSeed(k, of: seed), backend: backend, threads: threads))
    }
    self.members = members
    parameters = Ensemble(members.map(\.parameters))
  }

  public var objective: Objective { members[0].objective }
  public var schedule: Schedule { members[0].schedule }
  /// Steps that each member has done.
  public var stepCount: Int { members[0].stepCount }
  /// Training tokens that member 0 has seen.
  public var tokens: Int { members[0].tokens }
  /// Epochs that each member has done, fractional.
  public var epoch: Double { members[0].epoch }
  public var isFinished: Bool { members[0].isFinished }

  /// One step of every member.
  /// - Returns: the mean of the members' losses before the update, nats per scored token.
  /// - Throws: ``TrainingError/diverged`` if loss or gradient of a member is not finite. Its parameters and those of the
  ///   members after it are then those before the step, while the members before it have made it.
  public func step() throws(TrainingError) -> Double {
    var sum = 0.0
    for (k, member) in members.enumerated() {
      do {
        sum += try member.step().loss
      } catch {
        guard members.count > 1, case .diverged(let step, let loss, let norm, let place) = error else { throw error }
        throw .diverged(step: step, loss: loss, gradientNorm: norm, place: "member \(k), \(place)")
      }
    }
    return sum / Double(members.count)
  }

  /// The state as a safetensors file: member 0's entries and metadata under a single model's names, those of member k
  /// with `member.K.` before them.
  public func state() -> SafetensorsFile {
    var file = members[0].state()
    for (k, member) in members.enumerated().dropFirst() { member.store(in: &file, prefix: Ensemble.prefix(k)) }
    return file
  }

  /// Continues from a state that a trainer of the same specification saved.
  /// - Throws: ``TrainingError/unusableState(_:)`` if it is of another model, incomplete, or of members at different
  ///   steps; some of the members may then have been restored.
  public func restore(_ file: SafetensorsFile) throws(TrainingError) {
    for (k, member) in members.enumerated() { try member.restore(file, prefix: k == 0 ? "" : Ensemble.prefix(k)) }
    guard members.allSatisfy({ $0.stepCount == stepCount }) else {
      throw .unusableState("its members are at different steps")
    }
  }
}
