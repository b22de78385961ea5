// Commands about the engine itself: verify and bench.

import ArgumentParser
import Experiments
import Figures
import TensorEngine

/// `replicate verify FIXTURE`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Runs the engine against an oracle file and prints each maximal error.",
    discussion: """
      The file holds parameters, batches and the answers of Hugging Face's Qwen3 (dense or mixture of experts, any size):
      logits, losses, gradients, an AdamW trajectory and likelihoods. Exit status 1 if any error is beyond its tolerance.

        replicate verify Tests/Fixtures/dense.safetensors
      """)

  @Argument(help: "A safetensors file written by the reference script.") var fixture: String
  @Option(help: "Who computes matrix products: native or openblas.") var backend = ProductBackend.native
  @Flag(help: "Print the result as JSON on standard output.") var json = false

  func run() throws {
    var verification = try FixtureVerification(path: fixture, backend: backend)
    let report = try verification.run()
    if json {
      print(try jsonText(report))
    } else {
      let rows = report.maxError.sorted { $0.key < $1.key }.map { name, error in
        let tolerance = report.tolerance[name] ?? 0
        return [name, scientific(error), scientific(tolerance), error <= tolerance ? "ok" : "BEYOND TOLERANCE"]
      }
      print(textTable(columns: ["quantity", "largest error", "tolerance", ""], rows: rows), terminator: "")
      print("\(report.kind) model: " + (report.passed ? "passed" : "FAILED"))
    }
    if !report.passed { throw Finish(status: .claimFails) }
  }
}

/// `replicate bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures training throughput on one thread.",
    discussion: "  replicate bench --shape tiny --objective dlm --seconds 5")

  @Option(help: "tiny, small or medium (default: all).") var shape: BenchmarkShape?
  @Option(help: "ar or dlm (default: both).") var objective: BenchmarkObjective?
  @Option(help: "native or openblas (default: both).") var backend: ProductBackend?
  @Option(help: "Seconds for each measurement.") var seconds = 3.0
  @Flag(help: "Print a JSON object a line.") var json = false

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds \(seconds): give a number above 0, at most 3600") }
  }

  func run() throws {
    var rows: [[String]] = []
    for shape in shape.map({ [$0] }) ?? BenchmarkShape.allCases {
      for objective in objective.map({ [$0] }) ?? BenchmarkObjective.allCases {
        for backend in backend.map({ [$0] }) ?? ProductBackend.allCases {
          let m = try measureTraining(shape, objective: objective.objective, backend: backend, seconds: seconds)
          if json { print(try jsonText(m)) }
          rows.append([m.shape, m.objective, m.backend, "\(m.parameters)", rounded(m.tokensPerSecond, 0), rounded(m.stepMilliseconds, 2), rounded(m.quietStepMilliseconds, 2), rounded(m.gflops, 1)])
        }
      }
    }
    if !json {
      print(
        textTable(columns: ["shape", "objective", "products", "parameters", "tokens/s", "ms a step", "quiet", "GFLOP/s"], rows: rows),
        terminator: "")
    }
  }
}

extension BenchmarkShape: ExpressibleByArgument {}
extension BenchmarkObjective: ExpressibleByArgument {}
