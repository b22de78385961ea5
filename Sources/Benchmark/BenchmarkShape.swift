// What the benchmark measures: shapes, objectives, and one line of its output.

import Objectives
import Specification
import Transformer

/// The dimensions that throughput is quoted for: `micro` is that of the claims' models; `moe` is `small` with four experts, two of them active, of half the
/// inner width, so that a token costs the same.
package enum BenchmarkShape: String, CaseIterable, Sendable {
  case micro, tiny, small, medium, moe

  package var vocabulary: Int {
    switch self {
    case .micro: 256
    case .tiny: 192
    case .small, .moe: 512
    case .medium: 1024
    }
  }

  package var batch: Int {
    switch self {
    case .micro, .medium: 16
    case .tiny, .small, .moe: 32
    }
  }

  package var model: ModelConfiguration {
    switch self {
    case .micro: ModelConfiguration(width: 32, heads: 4, feedForward: 88, layers: 2, context: 48)
    case .tiny: ModelConfiguration(width: 64, heads: 4, feedForward: 168, layers: 3, context: 48)
    case .small: ModelConfiguration(width: 128, heads: 4, feedForward: 344, layers: 4, context: 64)
    case .medium: ModelConfiguration(width: 256, heads: 8, feedForward: 688, layers: 6, context: 128)
    case .moe:
      ModelConfiguration(
        width: 128, heads: 4, feedForward: 344, layers: 4, context: 64,
        experts: .init(count: 4, active: 2, feedForward: 172))
    }
  }

  var special: SpecialTokens { SpecialTokens(mask: Int32(vocabulary - 1), begin: Int32(vocabulary - 2)) }
}

/// The objectives under the peer's names.
package enum BenchmarkObjective: String, CaseIterable, Sendable {
  case ar, dlm

  package var objective: Objective { self == .ar ? .plainAutoregressive : .maskedDiffusion }
}

/// What one line is about.
package enum BenchmarkTask: String, Codable, CaseIterable, Sendable {
  /// Training steps, alone.
  case train
  /// Training, one run per core at once; the rates are those of one of them.
  case trainOnEveryCore = "train-on-every-core"
  /// The forward pass of training alone.
  case forward
  /// Log-likelihoods of spans.
  case score
  /// Generating tokens one by one: AR with a cache, the DLM with one denoising step per token.
  case sample
  /// A run as a claim plans it: what share of it evaluation takes, by processor time.
  case evaluate
  /// Learning byte pairs from 300 kB of text. Tokens are those of the text.
  case learnBytePairs = "learn-byte-pairs"
  /// Encoding it.
  case encodeBytePairs = "encode-byte-pairs"

  /// Whether a model takes part, so that it is measured at every shape and objective.
  var isOfModels: Bool {
    switch self {
    case .train, .trainOnEveryCore, .forward, .score, .sample: true
    case .evaluate, .learnBytePairs, .encodeBytePairs: false
    }
  }
}

/// One line of `replicate bench --json`; the peer's keys, then our own.
package struct BenchmarkMeasurement: Codable, Sendable {
  /// Of byte pairs what the text is made of.
  package var shape: String
  package var objective: String
  package var mode = "replicate"
  package var threads = 1
  /// nil where no model takes part.
  package var parameters: Int?
  package var tokensPerSecond: Double
  package var stepMilliseconds: Double?
  package var task: BenchmarkTask
  package var backend: String
  /// Of the products' factors; nil for 32 bits.
  package var precision: String?
  /// By the documented count of FLOPs.
  package var gflops: Double?
  /// `gflops` over those of the loop of fused multiply-adds in the same process.
  package var peakShare: Double?
  /// GFLOP/s of that loop.
  package var peakGflops: Double?
  /// The processor's model, family and stepping.
  package var processor = Machine.processorDescription
  /// What the fastest tenth of the steps take at most: the machine undisturbed.
  package var quietStepMilliseconds: Double?
  /// Memory of parameters, moments and activations, MiB.
  package var memory: Double?
  /// Heap objects and buffers allocated per step after the first ones.
  package var allocationsPerStep: Double?
  package var itemsPerSecond: Double?
  /// Speed beside one run on every other core over the speed alone.
  package var shareOfAlone: Double?
  /// Time of all evaluations over that of the run.
  package var evaluationShare: Double?

  enum CodingKeys: String, CodingKey {
    case shape, objective, mode, threads, parameters, task, backend, precision, gflops, processor
    case tokensPerSecond = "tokens_per_s"
    case stepMilliseconds = "step_ms"
    case peakShare = "peak_share"
    case peakGflops = "peak_gflops"
    case quietStepMilliseconds = "quiet_step_ms"
    case memory = "memory_mib"
    case allocationsPerStep = "allocations_per_step"
    case itemsPerSecond = "items_per_s"
    case shareOfAlone = "share_of_alone"
    case evaluationShare = "evaluation_share"
  }
}
