// In which order an autoregressive model reads a sequence, and where it is told that it stands. How a training batch is
// made of it: TrainingBatch.swift; how likelihoods are: Evaluation/Likelihood+Orders.swift.

import Randomness
import TensorEngine

/// The order in which the tokens of a sequence are predicted, each from those before it in that order.
public enum ReadingOrder: Hashable, Sendable {
  /// `left-to-right`: plain AR.
  case leftToRight
  /// `right-to-left`: plain AR on the mirrored sequence.
  case rightToLeft
  /// `fixed-N`: N permutations of the positions, drawn once for the run's seed. A shorter sequence is read in the order
  /// that they give its positions. At its v-th visit sequence s is read in number (s + v) mod N, so that every step has
  /// all of them and every sequence meets each equally often.
  case fixed(Int)
  /// `fresh`: a new permutation for each visit.
  case fresh

  /// What the number of fixed permutations may be.
  public static let fixedRange = 1...65_536

  /// How many orders a model learns; nil for no end of them.
  public var count: Int? {
    switch self {
    case .leftToRight, .rightToLeft: 1
    case .fixed(let count): count
    case .fresh: nil
    }
  }

  /// Whether a model must be told where what it reads and what it is asked for stand.
  public var isTold: Bool {
    switch self {
    case .leftToRight, .rightToLeft: false
    case .fixed, .fresh: true
    }
  }

  /// Whether what stands before the first token of a prompt can be read before it, whatever the prompt: whether a model
  /// can go on from one.
  public var continuesPrompts: Bool {
    switch self {
    case .leftToRight, .fresh: true
    case .rightToLeft, .fixed: false
    }
  }

  /// The positions 0..<length in one of the orders.
  ///
  /// - Parameters:
  ///   - number: of the order, below `count` where that is known; fresh orders have a stream for each number.
  ///   - seed: the run's.
  public func permutation(_ number: UInt64, length: Int, seed: UInt64) -> [Int] {
    switch self {
    case .leftToRight: return Array(0..<length)
    case .rightToLeft: return Array((0..<length).reversed())
    case .fixed:
      // Each position has a random rank of its own, whatever the length, so that shorter sequences have the same order.
      let ranks = (0..<length).map { position in
        var stream = RandomStream(seed: seed, purpose: .readingOrder, index: number << 32 | UInt64(position))
        return stream.next()
      }
      return (0..<length).sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    case .fresh:
      var stream = RandomStream(seed: seed, purpose: .freshOrder, index: number)
      return stream.permutation(length)
    }
  }

  /// The number of the order in which a sequence is read at a visit.
  func number(at visit: Visit) -> UInt64 {
    switch self {
    case .leftToRight, .rightToLeft: 0
    case .fixed(let count): UInt64((visit.sequence + visit.epoch) % count)
    case .fresh: visit.number
    }
  }

  /// Where row `row` of a sequence stands that is read in `order`: it reads the token before it in the order, and is
  /// asked for token `order[row]`. nil where that need not be told.
  public func place(_ row: Int, in order: [Int]) -> RowPlace? {
    isTold ? RowPlace(read: row == 0 ? 0 : order[row - 1] + 1, asked: order[row]) : nil
  }
}

extension ReadingOrder: LosslessStringConvertible {
  public var description: String {
    switch self {
    case .leftToRight: "left-to-right"
    case .rightToLeft: "right-to-left"
    case .fixed(let count): "fixed-\(count)"
    case .fresh: "fresh"
    }
  }

  /// nil for what is not an order.
  public init?(_ description: String) {
    switch description {
    case "left-to-right": self = .leftToRight
    case "right-to-left": self = .rightToLeft
    case "fresh": self = .fresh
    default:
      guard description.hasPrefix("fixed-"), let count = Int(description.dropFirst(6)),
        Self.fixedRange.contains(count), description == "fixed-\(count)"
      else { return nil }
      self = .fixed(count)
    }
  }

  /// What a setting may say.
  public static let allowed = "left-to-right, right-to-left, fixed-N (N permutations) or fresh"
}

extension ReadingOrder: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let value = Self(name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "the order is \"\(name)\"; allowed: \(Self.allowed)")
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
