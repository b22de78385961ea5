// The marker that a run has ended, with what is needed to trust and to explain its files.

import Files
import Specification

/// How a run ended.
package enum RunOutcome: String, Codable, Sendable, CaseIterable {
  case finished
  /// The loss stopped being finite; the checkpoints before that are kept.
  case diverged
  /// It could not be carried out.
  case failed
}

/// `record.json`, written last and sealed: a run without it has not ended.
package struct RunRecord: Codable, Sendable, Equatable {
  /// Raised whenever files of older records cannot be read as before. Version 1 had no seal.
  package static let currentFormatVersion = 2
  /// The versions that this program reads.
  static let readableFormatVersions = 1...currentFormatVersion
  /// The first version whose records are sealed.
  package static let firstSealedFormatVersion = 2

  package var formatVersion: Int
  /// The hash of `spec.json`, which is also the folder's name.
  package var hash: String
  package var outcome: RunOutcome
  /// Why it diverged or failed, on one line.
  package var reason: String?
  /// The preset that asked for the run first.
  package var preset: String
  package var machine: Machine
  /// Wall-clock seconds of training and evaluation, summed over interruptions.
  package var seconds: Double
  /// SHA-256 of each of the run's other files, by name.
  package var files: [String: String]
  /// Final numbers worth listing, by name.
  package var summary: [String: Double]
}

/// What is known of a run.
package enum RunStatus: Sendable, Equatable {
  case missing
  /// Begun and not ended; `step` is that of its last checkpoint, 0 if it has none.
  case partial(step: Int)
  case finished
  case diverged(reason: String)
  /// It failed, or what is stored is damaged or from another version.
  case failed(reason: String)
  /// What is stored cannot be read now, so nothing is known of it; it is neither moved nor trained again.
  case unreadable(StoreError)

  /// Whether nothing more is to be done for the run.
  package var hasEnded: Bool {
    switch self {
    case .finished, .diverged: true
    case .missing, .partial, .failed, .unreadable: false
    }
  }
}

/// The files of a run's folder.
package enum RunFile: String, Sendable, CaseIterable {
  case specification = "spec.json"
  case metrics = "metrics.jsonl"
  case items = "items.jsonl"
  case model = "model.safetensors"
  case modelConfiguration = "config.json"
  case generationConfiguration = "generation_config.json"
  case tokenizer = "tokenizer.json"
  case tokenizerConfiguration = "tokenizer_config.json"
  case specialTokens = "special_tokens_map.json"
  /// Of models that denoise only, whole or in blocks.
  case modelingCode = "modeling_replicate.py"
  case state = "state"
  /// The state before the last one, used if that is damaged.
  case previousState = "state.previous"
  case record = "record.json"

  /// What the mark of a file of lines is called in a state.
  package var markName: String {
    switch self {
    case .metrics: "metrics"
    case .items: "items"
    default: rawValue
    }
  }

  /// Those that a record has checksums of, where they are there.
  static let sealed = allCases.filter { $0 != .state && $0 != .previousState && $0 != .record }

  /// Those without which no run is finished. Items are there if the specification asks for tasks, which `doctor`
  /// checks.
  static let neededOfFinished: [RunFile] = [.specification, .metrics, .model, .modelConfiguration]
}
