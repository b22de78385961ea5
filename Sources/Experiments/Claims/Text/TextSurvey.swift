// What a user's text has to offer, found out before anything is trained, so that a text that is too small is refused at
// once and not by the last of fifteen runs.

import Corpora
import Training

/// A text as the runs of every seed will see it.
public struct TextSurvey: Sendable, Hashable {
  public let identity: TextIdentity
  /// Unique training tokens that every seed's split has at least.
  public let availableTokens: Int
  /// Those that are trained on: the configured number, or all if there are fewer.
  public let uniqueTokens: Int
  /// The configured number, 0 for all.
  public let requestedTokens: Int
  /// Items that every seed's held-out part supplies: the configured number, or fewer, a multiple of four.
  public let items: Int
  public let requestedItems: Int
  /// Passes over the unique tokens that come nearest to the configured training tokens, at least one.
  public let epochs: Int

  /// With fewer items an accuracy is too coarse to compare.
  static let fewestItems = 40

  /// Splits and encodes the text for each of the seeds, by default the settings'.
  /// - Throws: `CorpusError`, `TrainingError.corpusTooSmall`, ``TextTooSmall``.
  public init(_ settings: ClaimSettings, paths: [String], seeds: [UInt64]? = nil) throws {
    let seeds = seeds ?? Array(1...UInt64(settings.seeds))
    var whole = settings.text.specification(paths: paths)
    whole.uniqueTokens = nil
    identity = TextIdentity(try whole.files())
    requestedItems = settings.evaluation.items
    requestedTokens = settings.text.uniqueTokens

    var parts: [[[Int32]]] = []
    var items = requestedItems
    var before: Int
    repeat {
      before = items
      parts = []
      for seed in seeds {
        parts.append(try Self.dataset(whole, settings, seed: seed, items: &items).training)
      }
    } while items < before  // an earlier seed must be able to supply just so many, too
    self.items = items

    availableTokens = parts.map { $0.reduce(0) { $0 + $1.count } }.min() ?? 0
    uniqueTokens = requestedTokens == 0 ? availableTokens : min(requestedTokens, availableTokens)
    for part in parts {
      let sequences = Self.sequences(part, tokens: uniqueTokens)
      guard sequences >= settings.training.batch else {
        throw TrainingError.corpusTooSmall(sequences: sequences, batch: settings.training.batch)
      }
    }
    epochs = max(1, Int((Double(settings.text.trainingTokens) / Double(uniqueTokens)).rounded()))
  }

  /// The seed's dataset with as many items as there are; lowers `items` if there are fewer.
  private static func dataset(
    _ text: TextSpecification, _ settings: ClaimSettings, seed: UInt64, items: inout Int
  ) throws -> Dataset {
    while true {
      do {
        return try CorpusSpecification.text(text).dataset(
          seed: seed, context: settings.model.context, items: items,
          validationSequences: settings.evaluation.validationSequences)
      } catch {
        guard case .tooFewItems(_, let available, _) = error else { throw error }
        let fewer = min(available, items - 1) / 4 * 4
        let needed = min(fewestItems, settings.evaluation.items)
        guard fewer >= needed else { throw TextTooSmall(items: available, needed: needed) }
        items = fewer
      }
    }
  }

  /// How many of the training sequences hold the first `tokens` tokens.
  private static func sequences(_ training: [[Int32]], tokens: Int) -> Int {
    var sum = 0
    return training.prefix { sequence in
      defer { sum += sequence.count }
      return sum < tokens
    }.count
  }
}

/// The held-out part of a text is too small to compare models on.
public struct TextTooSmall: Error, CustomStringConvertible {
  public let items: Int
  public let needed: Int

  public var description: String {
    "the held-out part of the text supplies \(items) cloze items, but a comparison needs \(needed); give more text, or "
      + "raise `held_out_share` in [text]"
  }
}
