import ArgumentParser
import Experiments
import TensorEngine
import Objectives
import Foundation

@main struct Replicate: AsyncParsableCommand {
  @Argument var shape: String
  func run() async throws {
    ProductBackend.useOneThread()
    print(ProductBackend.blasDescription)
    for b in ProductBackend.allCases { for o in [Objective.plainAutoregressive, .maskedDiffusion] {
      let m = try measureTraining(BenchmarkShape(rawValue: shape)!, objective: o, backend: b, seconds: 2)
      print(String(data: try JSONEncoder().encode(m), encoding: .utf8)!)
    } }
  }
}
