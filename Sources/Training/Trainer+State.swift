// The state from which a trainer continues: parameters, moments and the step. No generator state: it follows from the step.

import TensorEngine
import Transformer

extension Trainer {
  /// Parameters, both moments and the counters, as a safetensors file.
  public func state() -> SafetensorsFile {
    var file = SafetensorsFile(metadata: ["step": "\(stepCount)", "tokens": "\(tokens)", "chunks": "\(chunks)"])
    parameters.store(in: &file, prefix: "param.")
    file.set(
      "first", floats: Array(UnsafeBufferPointer(start: moments.first, count: moments.count)), shape: [moments.count])
    file.set(
      "second", floats: Array(UnsafeBufferPointer(start: moments.second, count: moments.count)), shape: [moments.count])
    return file
  }

  /// Continues from a state that a trainer of the same specification saved.
  /// - Throws: ``TrainingError/unusableState(_:)`` if it is of another model or incomplete.
  public func restore(_ file: SafetensorsFile) throws(TrainingError) {
    func counter(_ name: String) throws(TrainingError) -> Int {
      guard let text = file.metadata[name], let number = Int(text), (0..<1 << 53).contains(number) else {
        throw .unusableState("it has no usable `\(name)`")
      }
      return number
    }
    let step = try counter("step")
    let tokens = try counter("tokens")
    let chunks = try counter("chunks")
    guard step <= schedule.steps else { throw .unusableState("it is at step \(step) of \(schedule.steps)") }
    do {
      let first = try file.floats("first", shape: [moments.count])
      let second = try file.floats("second", shape: [moments.count])
      try parameters.load(file, prefix: "param.")
      for i in 0..<moments.count {
        moments.first[i] = first[i]
        moments.second[i] = second[i]
      }
    } catch {
      throw .unusableState("\(error)")
    }
    resume(step: step, tokens: tokens, chunks: UInt64(chunks))
  }
}
