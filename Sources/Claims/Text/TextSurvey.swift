// What a user's text has to offer, found out before anything is trained, so that a text that is too small is refused at
// once and not by the last of fifteen runs.

import Basics
import Configuration
import Corpora
import Specification
import Training
import Wording

/// A text as the runs of every seed will see it.
package struct TextSurvey: Sendable, Hashable {
  package let identity: TextIdentity
  /// Unique training tokens that every seed's split has at least.
  package let availableTokens: Int
  /// Those that are trained on: the configured number, or all if there are fewer.
  package let uniqueTokens: Int
  /// The configured number, 0 for all.
  package let requestedTokens: Int
  /// Items that every seed's held-out part supplies: the configured number, or fewer, a multiple of four.
  package let items: Int
  package let requestedItems: Int
  /// Passes over the unique tokens that come nearest to the configured training tokens, at least one.
  package let epochs: Int
  /// The smallest and the largest share of the text that a seed's split holds out.
  package let heldOutShares: ClosedRange<Double>
  package let requestedShare: Double
  /// Bytes of documents that are left out because they are in the text already, white space aside.
  package let repeatedBytes: Int

  /// With fewer items an accuracy is too coarse to compare.
  static let fewestItems = 40

  /// Splits and encodes the text for each of the seeds, by default the settings'.
  /// - Throws: `CorpusError`, ``TextTooSmall``.
  package init(_ settings: ClaimSettings, text: TextCollection, seeds: [UInt64]? = nil) throws {
    let seeds = seeds ?? Array(1...UInt64(settings.seeds))
    var whole = settings.text.specification(text)
    whole.uniqueTokens = nil
    identity = TextIdentity(text)
    requestedItems = settings.evaluation.items
    requestedTokens = settings.text.uniqueTokens
    requestedShare = settings.text.heldOutShare

    let splits = try whole.splits(seeds: seeds, context: settings.model.context)
    let shares = splits.map(\.heldOutShare)
    heldOutShares = (shares.min() ?? 0)...(shares.max() ?? 0)
    repeatedBytes = splits.first?.repeatedBytes ?? 0

    var parts: [[[Int32]]] = []
    var items = requestedItems
    var before: Int
    repeat {
      before = items
      parts = []
      for seed in seeds {
        parts.append(try Self.dataset(whole, settings, seed: seed, of: seeds, items: &items).training)
      }
    } while items < before  // an earlier seed must be able to supply just so many, too
    self.items = items

    let available = parts.map { $0.reduce(0) { $0 + $1.count } }.min() ?? 0
    let used = requestedTokens == 0 ? available : min(requestedTokens, available)
    let sequences = parts.map { Self.sequences($0, tokens: used) }.min() ?? 0
    guard sequences >= settings.training.batch else {
      throw TextTooSmall(settings, sequences: sequences, available: available, used: used)
    }
    (availableTokens, uniqueTokens) = (available, used)
    epochs = max(1, Int((Double(settings.text.trainingTokens) / Double(used)).rounded()))
  }

  /// The seed's dataset with as many items as there are; lowers `items` if there are fewer.
  private static func dataset(
    _ text: TextSpecification, _ settings: ClaimSettings, seed: UInt64, of seeds: [UInt64], items: inout Int
  ) throws -> Dataset {
    let shortage = TextShortage(text: text, settings: settings, seeds: seeds, seed: seed)
    while true {
      do {
        return try CorpusSpecification.text(text).dataset(
          seed: seed, context: settings.model.context, items: items,
          validationSequences: settings.evaluation.validationSequences)
      } catch {
        switch error {
        case .tooFewItems(_, let available, _):
          let fewer = min(available, items - 1) / 4 * 4
          let needed = min(fewestItems, settings.evaluation.items)
          guard fewer >= needed else { throw try shortage.ofItems(available, needed: needed) }
          items = fewer
        case .tooFewSequences(let available, let requested):
          throw try shortage.ofSequences(available, needed: requested)
        default: throw error
        }
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

  /// What the user should know of the text before it is trained on, one sentence each, without a full stop.
  package var remarks: [String] {
    var remarks: [String] = []
    if requestedTokens > availableTokens {
      remarks.append(
        "the text has fewer unique training tokens than the \(grouped(requestedTokens)) asked for (`unique_tokens` in "
          + "[text]); all \(grouped(availableTokens)) are used, in \(counted(epochs, "epoch"))")
    }
    if items < requestedItems {
      remarks.append(
        "its held-out part supplies only \(grouped(items)) of \(grouped(requestedItems)) items, so accuracies are "
          + "coarser")
    }
    let (low, high) = (heldOutShares.lowerBound, heldOutShares.upperBound)
    if low < requestedShare * 0.75 || high > requestedShare * 1.25 {
      let shares = percent(low) == percent(high) ? percent(low) : "\(percent(low)) to \(percent(high))"
      remarks.append(
        "\(shares) of the text is held out, not \(percent(requestedShare)) (`held_out_share` in [text]): it has too "
          + "few documents to come nearer")
    }
    if repeatedBytes > 0 {
      remarks.append(
        "\(counted(repeatedBytes, "byte")) are left out because they stand in the text already, white space aside")
    }
    return remarks
  }
}
