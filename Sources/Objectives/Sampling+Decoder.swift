// How a DLM's completion is decoded, as settings and records spell it. What each decoder does to the masks:
// DiffusionSampling+Canvas.swift.

/// Which of its masked tokens a DLM fills in next; how many in each pass is a number beside it.
public enum CompletionDecoder: Hashable, Sendable, CaseIterable {
  /// `left-to-right`.
  case leftToRight
  /// `blocks-8`: blocks of this many tokens from left to right, each of them as `confidence` would.
  case blocks(Int)
  /// `confidence`: the positions whose chosen token is most probable first. An end token is held back until all that
  /// precedes it is written, so that the content decides on the length.
  case confidence
  /// `confidence-early-end`: the same with end tokens like any other; what follows one is written off.
  case confidenceEarlyEnd
  /// `random`: positions in random order, end tokens like any other.
  case random

  /// The ways that are compared.
  public static let allCases: [CompletionDecoder] = [
    .leftToRight, .blocks(4), .blocks(8), .blocks(16), .confidence, .confidenceEarlyEnd, .random,
  ]
  /// What the number of a block may be.
  public static let blockRange = 1...65_536

  init(_ order: DenoisingOrder) {
    self =
      switch order {
      case .random: .random
      case .confidence: .confidenceEarlyEnd
      case .leftToRight: .leftToRight
      }
  }
}

extension CompletionDecoder: LosslessStringConvertible {
  public var description: String {
    switch self {
    case .leftToRight: "left-to-right"
    case .blocks(let size): "blocks-\(size)"
    case .confidence: "confidence"
    case .confidenceEarlyEnd: "confidence-early-end"
    case .random: "random"
    }
  }

  /// nil for what is not a decoder.
  public init?(_ description: String) {
    if let size = Int(description.drop { $0 != "-" }.dropFirst()), Self.blockRange.contains(size) {
      self = .blocks(size)
    } else if let decoder = Self.allCases.first(where: { $0.description == description }) {
      self = decoder
    } else {
      return nil
    }
    // "blocks-08" and "chunks-8" are none.
    if self.description != description { return nil }
  }

  /// What a setting may say.
  public static let allowed = "left-to-right, blocks-N (N tokens), confidence, confidence-early-end or random"
}

extension CompletionDecoder: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let value = Self(name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "the decoder is \"\(name)\"; allowed: \(Self.allowed)")
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Tokens that are missing in the middle of a sequence: the task `infilling`.
public struct Hole: Hashable, Sendable {
  public var prefix: [Int32]
  /// Missing tokens.
  public var count: Int
  public var suffix: [Int32]

  public init(prefix: [Int32], count: Int, suffix: [Int32]) {
    (self.prefix, self.count, self.suffix) = (prefix, count, suffix)
  }
}
