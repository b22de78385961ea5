// The state from which a trainer continues: weights, what the optimizer remembers, the average, and the step. No generator
// state: it follows from the step.

import TensorEngine
import Transformer

extension Trainer {
  private static let weightsPrefix = "param."
  private static let averagePrefix = "average."

  /// The state as a safetensors file: the weights as `param.NAME`, the optimizer's state under its own names, with
  /// averaging the average as `average.NAME`, and the counters as metadata.
  public func state() -> SafetensorsFile {
    var file = SafetensorsFile(metadata: [:])
    store(in: &file)
    return file
  }

  /// Adds the state to a file.
  /// - Parameter prefix: before the names of all entries and counters.
  func store(in file: inout SafetensorsFile, prefix: String = "") {
    for (name, value) in [("step", "\(stepCount)"), ("tokens", "\(tokens)"), ("chunks", "\(chunks)")] {
      file.metadata[prefix + name] = value
    }
    weights.store(in: &file, prefix: prefix + Self.weightsPrefix)
    average?.parameters.store(in: &file, prefix: prefix + Self.averagePrefix)
    for part in optimizer.state { file.set(prefix + part.name, floats: Array(part.values), shape: [part.values.count]) }
  }

  /// Continues from a state that a trainer of the same specification saved.
  /// - Parameter prefix: before the names of its entries in the file.
  /// - Throws: ``TrainingError/unusableState(_:)`` if it is of another model or incomplete.
  public func restore(_ file: SafetensorsFile, prefix: String = "") throws(TrainingError) {
    func counter(_ name: String) throws(TrainingError) -> Int {
      guard let text = file.metadata[prefix + name], let number = Int(text), (0..<1 << 53).contains(number) else {
        throw .unusableState("it has no usable `\(prefix)\(name)`")
      }
      return number
    }
    let step = try counter("step")
    let tokens = try counter("tokens")
    let chunks = try counter("chunks")
    guard step <= schedule.steps else { throw .unusableState("it is at step \(step) of \(schedule.steps)") }
    do {
      let state = optimizer.state
      var remembered: [[Float]] = []
      for part in state { remembered.append(try file.floats(prefix + part.name, shape: [part.values.count])) }
      let averaged = try average?.parameters.values(in: file, prefix: prefix + Self.averagePrefix)
      weights.set(try weights.values(in: file, prefix: prefix + Self.weightsPrefix))
      if let average, let averaged { average.parameters.set(averaged) }
      for (part, values) in zip(state, remembered) { _ = part.values.update(fromContentsOf: values) }
    } catch {
      throw .unusableState("\(error)")
    }
    resume(step: step, tokens: tokens, chunks: UInt64(chunks))
  }
}
