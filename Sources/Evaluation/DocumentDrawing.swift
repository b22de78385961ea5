// The ways of drawing documents from a model, by the names that records give them.

import Objectives

/// How documents are drawn.
public enum DocumentDrawing: Hashable, Sendable {
  /// Token by token, by AR: `samples`.
  case autoregressive
  /// By a DLM in this many passes, nil for one per token: `samples-8`, `samples-all`, with `-confidence` behind it
  /// where the most confident positions come first.
  case denoising(steps: Int?, mostConfidentFirst: Bool)

  /// The numbers of passes that documents are drawn in; nil is one per token.
  public static let steps: [Int?] = [1, 2, 4, 8, 16, 32, nil]

  /// Every way, AR's first.
  public static let all: [DocumentDrawing] =
    [.autoregressive]
    + [false, true].flatMap { first in steps.map { .denoising(steps: $0, mostConfidentFirst: first) } }

  public var name: String {
    switch self {
    case .autoregressive: "samples"
    case .denoising(let steps, let mostConfidentFirst):
      "samples-" + Self.word(steps) + (mostConfidentFirst ? "-confidence" : "")
    }
  }

  /// "8", "all".
  public static func word(_ steps: Int?) -> String { steps.map { "\($0)" } ?? "all" }

  public init?(name: String) {
    guard let drawing = Self.all.first(where: { $0.name == name }) else { return nil }
    self = drawing
  }
}
