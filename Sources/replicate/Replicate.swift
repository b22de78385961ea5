import ArgumentParser
import Experiments
import TensorEngine
import Objectives
import Corpora
import Training
import Transformer
import Foundation

@main struct Replicate: AsyncParsableCommand {
  @Argument var objective: String
  @Argument var unique: Int
  @Argument var epochs: Int
  @Option var seed: UInt64 = 1
  @Option var lr: Double = 2e-3
  @Option var wd: Double = 0.1
  @Option var width = 64
  @Option var batch = 32
  @Option var noise = 0.0
  @Option var samples = 4
  @Option var std = 0.02
  func run() async throws {
    ProductBackend.useOneThread()
    let store = RecordStore<RunSpecification>(directory: "/tmp/results/runs")
    let spec = RunSpecification(corpus: .world(WorldSpecification(uniqueTokens: unique)), dataSeed: seed, seed: seed, objective: objective == "ar" ? .autoregressive(inputMasking: noise) : .maskedDiffusion, model: ModelConfiguration(width: width, heads: 4, feedForward: width * 21 / 8, layers: 3, context: 48, initialStandardDeviation: std), training: TrainingConfiguration(epochs: epochs, batch: batch, learningRate: lr, weightDecay: wd), evaluation: EvaluationConfiguration(checkpoints: 16, items: 400, samples: samples, validationSequences: 100, validationSamples: 4), backend: .native)
    let ex = RunExecutor(store: store, machine: Machine.current(blas: "", version: "0"), preset: "x")
    var last = 0.0
    try ex.execute(spec, isStopped: { false }) { p in if p.seconds - last > 10 { last = p.seconds; FileHandle.standardError.write(Data("\(p.step)/\(p.steps) \(Double(p.tokens)/p.seconds)\n".utf8)) } }
    print(objective, unique, epochs, seed, lr, wd, width, noise)
    for c in try store.checkpoints(of: store.hash(of: spec)).records {
      func f(_ x: Double?) -> String { String(format: "%.3f", x ?? -1) }
      print(String(format: "%7.1f", c.epoch), "train", f(c.trainingLoss), "val", f(c.validation?.crossEntropy), "endings", f(c.tasks["endings"]?.acc), f(c.tasks["endings"]?.accNorm), "knowledge", f(c.tasks["knowledge"]?.acc), f(c.tasks["knowledge"]?.accNorm))
    }
  }
}
