// Commands about the engine itself: verify and bench.

import ArgumentParser
import Basics
import Benchmark
import Claims
import Configuration
import Figures
import Objectives
import Reporting
import Specification
import TensorEngine
import Verification
import Wording

/// `replicate verify FIXTURE`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks the engine against an oracle file and prints the largest error of each quantity.",
    discussion: """
      The file holds parameters, batches and the answers of Hugging Face's Qwen3 (dense or mixture of experts, any size): \
      logits, losses, gradients, an AdamW trajectory and likelihoods. The exit status is 1 if any error exceeds its \
      tolerance.

        replicate verify Tests/Fixtures/dense.safetensors
      """)

  @Argument(help: "A safetensors file written by the reference script.", transform: nonEmpty) var fixture: String
  @Option(help: "Matrix-multiplication backend: native or openblas.") var backend = ProductBackend.native
  @Flag(help: "Print the result as JSON on standard output.") var json = false

  func run() throws {
    var verification = try FixtureVerification(path: fixture, backend: backend)
    let report = try verification.run()
    if json {
      try printJSON(.verification, report)
    } else {
      let rows = report.maxError.sorted { $0.key < $1.key }.map { name, error in
        let tolerance = report.tolerance[name] ?? 0
        return [name, scientific(error), scientific(tolerance), error <= tolerance ? "ok" : "BEYOND TOLERANCE"]
      }
      print(shownTable(columns: ["quantity", "largest error", "tolerance", ""], rows: rows), terminator: "")
      print("\(report.kind) model: " + (report.passed ? "passed" : "FAILED"))
    }
    if !report.passed { throw Finish(status: .claimFails) }
  }
}

/// `replicate bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures training, scoring, sampling and tokenising speed.",
    discussion: """
      Random tokens, one thread unless --threads says otherwise. Training is compared with the machine's peak, a loop \
      of fused multiply-adds measured in the same process. `make bench-peer` alternates it with PyTorch at the same \
      shapes.

        replicate bench --shape tiny --objective dlm --seconds 5
        replicate bench --task train --shape medium --precision bfloat16
        replicate bench --task evaluate --preset full
        replicate bench --json
      """)

  @Option(help: "micro, tiny, small, medium or moe (default: all).") var shape: BenchmarkShape?
  @Option(help: "ar or dlm (default: both).") var objective: BenchmarkObjective?
  @Option(help: ArgumentHelp(BenchmarkTask.allCases.map(\.rawValue).joined(separator: ", ") + " (default: all)."))
  var task: BenchmarkTask?
  @Option(help: "Matrix-multiplication backend: native or openblas.") var backend = ProductBackend.native
  @Option(help: "Factors of the products in the task train: single or bfloat16.") var precision = ProductPrecision
    .single
  @Option(help: "The preset whose runs the task evaluate is about: smoke, gate, ci or full.") var preset = Preset.ci
  @Option(help: "Threads that share each step of the task train, at most 4.") var threads = 1
  @Option(help: "Seconds per measurement.") var seconds = 3.0
  @Flag(help: "Print the measurements as JSON on standard output.") var json = false

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds \(seconds): give a number above 0, at most 3600")
    }
    guard precision == .single || backend == .native else {
      throw ValidationError("--precision \(precision.rawValue) --backend \(backend.rawValue): use the backend native")
    }
    try requireThreads(threads)
  }

  /// One run of each objective as a claim's first condition plans it, named by the claims that have such a run.
  private func runs() throws -> [(name: String, specification: RunSpecification)] {
    var runs: [(name: String, specification: RunSpecification)] = []
    for entry in try Catalogue(ConfigurationSources()).entries where entry.presets.contains(preset) {
      let study = try entry.study(preset, backend: backend)
      for objective in [Objective.plainAutoregressive, .maskedDiffusion] {
        guard let run = study.runs.first(where: { $0.specification.objective == objective }) else { continue }
        if let known = runs.firstIndex(where: { $0.specification == run.specification }) {
          runs[known].name += ", " + entry.name
        } else {
          runs.append((entry.name, run.specification))
        }
      }
    }
    return runs
  }

  func run() throws {
    let needsRuns = task == nil || task == .evaluate
    let bench = Bench(
      shapes: shape.map { [$0] } ?? BenchmarkShape.allCases,
      objectives: objective.map { [$0] } ?? BenchmarkObjective.allCases,
      tasks: task.map { [$0] } ?? BenchmarkTask.allCases, backend: backend,
      precision: precision, seconds: seconds, threads: threads, runs: needsRuns ? try runs() : [])
    try onPlainThread { [json] in
      Result {
        var measurements: [BenchmarkMeasurement] = []
        let peaks = try bench.run { measurements.append($0) }
        if json {
          try printJSON(.benchmark, measurements)
        } else {
          print(
            shownTable(columns: BenchmarkMeasurement.columns, rows: measurements.map(\.cells)) + "\n"
              + shownLines(peaks.description))
        }
      }
    }.get()
  }
}

extension BenchmarkMeasurement {
  static let columns = [
    "task", "shape", "objective", "tokens/s", "ms/step", "quiet", "GFLOP/s", "of peak", "MiB", "allocations",
    "items/s",
    "of alone", "of the run",
  ]

  var cells: [String] {
    func cell(_ value: Double?, _ digits: Int) -> String { value.map { rounded($0, digits) } ?? "" }
    func share(_ value: Double?) -> String { value.map { rounded($0 * 100, 0) + " %" } ?? "" }
    return [
      task.rawValue, shape, objective, rounded(tokensPerSecond, 0), cell(stepMilliseconds, 2),
      cell(quietStepMilliseconds, 2),
      cell(gflops, 1), share(peakShare), cell(memory, 1), cell(allocationsPerStep, 1), cell(itemsPerSecond, 0),
      share(shareOfAlone), share(evaluationShare),
    ]
  }
}

extension BenchmarkTask: ExpressibleByArgument {}
extension BenchmarkShape: ExpressibleByArgument {}
extension BenchmarkObjective: ExpressibleByArgument {}
