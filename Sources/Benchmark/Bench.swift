// The benchmark as a whole: which measurements are made, in which order, and the yardsticks beside them.

import Foundation
import Specification
import TensorEngine

/// A choice of measurements.
package struct Bench: Sendable {
  let shapes: [BenchmarkShape]
  let objectives: [BenchmarkObjective]
  let tasks: [BenchmarkTask]
  let backend: ProductBackend
  let seconds: Double
  /// Of the factors of products in the task train.
  let precision: ProductPrecision
  /// Threads that share a training step.
  let threads: Int
  /// What the task evaluate is about: each claim's shape, and the claims that have it.
  let runs: [(name: String, specification: RunSpecification)]

  package init(
    shapes: [BenchmarkShape], objectives: [BenchmarkObjective], tasks: [BenchmarkTask], backend: ProductBackend,
    precision: ProductPrecision = .single, seconds: Double, threads: Int = 1,
    runs: [(name: String, specification: RunSpecification)] = []
  ) {
    self.shapes = shapes
    self.objectives = objectives
    self.tasks = tasks
    self.backend = backend
    self.seconds = seconds
    self.precision = precision
    self.threads = threads
    self.runs = runs
  }

  /// What the machine did at most, GFLOP/s on one core.
  package struct Peaks: Sendable, CustomStringConvertible {
    package let fusedMultiplyAdds: Double
    package let nativeProduct: Double
    package let openBLASProduct: Double
    /// Speed of product loops on every core at once over one alone; nil if not measured.
    package let loopsTogether: Double?

    package var description: String {
      var text = String(
        format:
          "peak of one core: %.0f GFLOP/s in a loop of fused multiply-adds; dense products: native %.0f, OpenBLAS %.0f",
        fusedMultiplyAdds, nativeProduct, openBLASProduct)
      if let loopsTogether {
        text += String(
          format: "\nindependent product loops on every core run at %.0f %% of one alone", loopsTogether * 100)
      }
      return text
    }
  }

  /// Makes the measurements, handing over each as it is there. To be called from a plain thread.
  package func run(_ emit: (BenchmarkMeasurement) throws -> Void) throws -> Peaks {
    let short = min(seconds, 0.5)
    let peak = MachinePeak.fusedMultiplyAdds(seconds: short)
    let cores = availableCores()
    for task in tasks {
      switch task {
      case .learnBytePairs, .encodeBytePairs:
        for text in BenchmarkText.allCases { try emit(measureBytePairs(text, task: task, seconds: seconds)) }
      case .evaluate:
        for run in runs { try emit(measureEvaluation(run.name, run.specification, seconds: seconds)) }
      case .train, .trainOnEveryCore, .forward, .score, .sample: break
      }
    }
    for shape in shapes {
      for objective in objectives {
        for task in tasks {
          switch task {
          case .train:
            try emit(
              try measureTraining(
                shape, objective, backend: backend, precision: precision, seconds: seconds, peak: peak,
                threads: threads))
          case .trainOnEveryCore:
            let alone = try measureTraining(shape, objective, backend: backend, seconds: seconds, peak: peak)
            try emit(
              try measureTrainingOnEveryCore(
                shape, objective, backend: backend, seconds: seconds, cores: cores, alone: alone))
          case .forward: try emit(measureForward(shape, objective, backend: backend, seconds: seconds))
          case .score: try emit(measureScoring(shape, objective, backend: backend, seconds: seconds))
          case .sample: try emit(measureSampling(shape, objective, backend: backend, seconds: seconds))
          case .evaluate, .learnBytePairs, .encodeBytePairs: break
          }
        }
      }
    }
    return Peaks(
      fusedMultiplyAdds: peak, nativeProduct: MachinePeak.denseProduct(.native, seconds: short),
      openBLASProduct: MachinePeak.denseProduct(.openBLAS, seconds: short),
      loopsTogether: tasks.contains(.trainOnEveryCore)
        ? try productLoopsOnEveryCore(backend: backend, seconds: short, cores: cores) : nil)
  }
}
