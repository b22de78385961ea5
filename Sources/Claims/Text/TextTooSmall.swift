// A text from which nothing can be learnt that could be compared, and what would help. A remedy is named only if it has
// been tried on the text, or if nothing can keep it from helping.

import Basics
import Configuration
import Corpora
import Wording

/// A part of a text is too small.
package struct TextTooSmall: ExitStatusProviding {
  /// What is lacking, and what would help whatever else is set.
  private let complaint: String
  /// Further remedies, each beginning with ", or": one that changes the training, one the evaluation.
  private var trainingRemedy = ""
  private var evaluationRemedy = ""

  package var description: String { complaint + trainingRemedy + evaluationRemedy }
  package var exitStatus: ExitStatus { .badData }

  /// Whether it is the training part, which a larger held-out part makes still smaller.
  package var isOfTraining: Bool { !trainingRemedy.isEmpty }

  /// The same for a command that fits the evaluation to the text itself.
  package var withFittedEvaluation: String { complaint + trainingRemedy }

  fileprivate init(_ complaint: String, evaluationRemedy: String = "") {
    (self.complaint, self.evaluationRemedy) = (complaint, evaluationRemedy)
  }

  /// The training part, or what is used of it, fills no batch.
  init(_ settings: ClaimSettings, sequences: Int, available: Int, used: Int) {
    let batch = settings.training.batch
    let enough = batch * settings.model.context  // as no sequence is longer than the context
    let remedy =
      used < available && available >= enough
      ? "raise `unique_tokens` in [text] to \(enough)" : "give \(more(than: sequences, for: batch))"
    complaint =
      "the training part of the text has \(counted(sequences, "sequence")), fewer than one batch of \(batch); \(remedy)"
    trainingRemedy = ", or lower `batch` in [training] to \(max(sequences, 1))"
  }
}

/// The held-out part of a seed's split is too small.
struct TextShortage {
  let text: TextSpecification
  let settings: ClaimSettings
  /// All seeds that the text is asked about.
  let seeds: [UInt64]
  /// The one whose held-out part is too small.
  let seed: UInt64

  func ofItems(_ available: Int, needed: Int) throws -> TextTooSmall {
    try complaint("cloze items", available, needed: needed, items: needed, alternative: "")
  }

  func ofSequences(_ available: Int, needed: Int) throws -> TextTooSmall {
    try complaint(
      "different sequences", available, needed: needed, items: 0,
      alternative: available >= 2 ? ", or lower `validation_sequences` in [evaluation] to \(available)" : "")
  }

  private func complaint(
    _ noun: String, _ available: Int, needed: Int, items: Int, alternative: String
  ) throws -> TextTooSmall {
    let fact = "the held-out part of the text supplies \(grouped(available)) \(noun), but \(grouped(needed)) are needed"
    let longest = try longestDocument()
    let context = settings.model.context
    if longest < context {
      return TextTooSmall(
        "\(fact): no document is as long as a passage of \(context) tokens (the longest has \(longest)); join short "
          + "files, for example by `cat FILES | replicate … --text -`, or lower `context` in [model]")
    }
    if context > TextSpecification.usualContext,
      suffices(share: text.heldOutShare, context: TextSpecification.usualContext, items: items)
    {
      return TextTooSmall(
        "\(fact); lower `context` in [model] to \(TextSpecification.usualContext)", evaluationRemedy: alternative)
    }
    let shares = [0.1, 0.2, 0.3, 0.4, 0.5].filter { $0 > text.heldOutShare }
    if let share = shares.first(where: { suffices(share: $0, context: context, items: items) }) {

      return TextTooSmall(
        "\(fact); raise `held_out_share` in [text] to \(numeral(share)), or give more text",
        evaluationRemedy: alternative)
    }
    // A long text that supplies nothing is not too short.
    let isLong = available == 0 && text.text.bytes > 60_000
    let more = isLong ? "\(TextSpecification.enough) that" : "\(more(than: available, for: needed)) that"
    return TextTooSmall("\(fact); give \(more) does not repeat itself", evaluationRemedy: alternative)
  }

  /// Whether every seed's split would do if that share were held out, with passages of that context.
  private func suffices(share: Double, context: Int, items: Int) -> Bool {
    var other = text
    other.heldOutShare = share
    return seeds.allSatisfy { seed in
      let dataset = try? CorpusSpecification.text(other).dataset(
        seed: seed, context: context, items: items,
        validationSequences: settings.evaluation.validationSequences)
      return (dataset?.training.count ?? 0) >= settings.training.batch
    }
  }

  /// Tokens of the longest document of either part.
  private func longestDocument() throws -> Int {
    let context = settings.model.context
    let tokenizer = try CorpusSpecification.text(text)
      .dataset(seed: seed, context: context, items: 0, validationSequences: 0).tokenizer
    return try text.splits(seeds: [seed], context: context).flatMap { $0.heldOut + $0.training }
      .map { try tokenizer.encode(String(decoding: $0, as: UTF8.self)).count }.max() ?? 0
  }
}

/// "at least 4 times as much text".
private func more(than available: Int, for needed: Int) -> String {
  let factor = 1.5 * Double(needed) / Double(max(available, 1))
  return "at least \(grouped(Int(max(2, factor.rounded(.up))))) times as much text"
}
