// What a text has to offer for an advice, found out before anything is trained, and the line that says how much more is
// needed of one that has too little.

import Basics
import Claims
import Configuration
import Corpora
import Foundation
import Specification
import Wording

/// Too little text to advise on.
package struct TooLittleText: ExitStatusProviding {
  package let description: String
  package var exitStatus: ExitStatus { .badData }

  fileprivate init(description: String) { self.description = description }

  /// A text of which more of the same would not help.
  fileprivate init(unusable text: TextCollection, because reason: String) {
    description = "this text of \(size(text.bytes)) cannot be advised on: \(reason)"
  }
}

/// A text as the splits of an advice see it.
package struct TextInventory: Sendable {
  package let identity: TextIdentity
  /// Unique training tokens that every split has at least.
  package let availableTokens: Int
  /// Items of `cloze` and validation sequences that every split's held-out part supplies.
  package let items: Int
  package let sequences: Int
  /// The text's settings, with the share that is held out.
  package let text: TextSettings
  /// What the user should know, one sentence each.
  package let remarks: [String]

  /// Fewer training tokens teach nothing that could be compared.
  package static let fewestTokens = 6000
  static let fewestItems = 40
  /// Bytes of a token in 20 kB of English are 3 to 4.
  private static let mostBytesPerToken = 4.0

  /// Items and sequences that are asked for; with more the evaluation takes as long as the training.
  static let items = 200
  static let sequences = [400, 200, 100]

  /// Surveys the splits of the seeds. A text whose held-out tenth is too small is split again with a larger share; one in
  /// which words hardly recur (noise, tables, lists of names) is asked for whole stretches instead of frequent words.
  /// - Throws: `CorpusError`; ``TooLittleText``.
  package init(_ settings: ClaimSettings, text: TextCollection, seeds: [UInt64] = AdvicePlan.seeds) throws {
    var settings = settings
    settings.text.uniqueTokens = 0
    settings.evaluation.items = Self.items
    settings.tasks = []
    let shares = [settings.text.heldOutShare] + [0.2, 0.3].filter { $0 > settings.text.heldOutShare }
    let usual = settings.text.cloze
    let grades = usual == .long ? [usual] : [usual, .long]
    var lack: String?
    for (grade, share) in grades.flatMap({ grade in shares.map { (grade, $0) } }) {
      for sequences in Self.sequences {
        settings.text.cloze = grade
        settings.text.heldOutShare = share
        settings.evaluation.validationSequences = sequences
        do {
          let survey = try TextSurvey(settings, text: text, seeds: seeds)
          if survey.availableTokens < Self.fewestTokens { throw Self.tooLittle(settings, text, survey.availableTokens) }
          (identity, availableTokens, items) = (survey.identity, survey.availableTokens, survey.items)
          (self.sequences, self.text) = (sequences, settings.text)
          var remarks: [String] = []
          if survey.repeatedBytes > 0 {
            remarks.append(
              "\(counted(survey.repeatedBytes, "byte")) are left out because they stand in the text already, white "
                + "space aside")
          }
          if share != shares[0] {
            remarks.append("\(percent(share)) of the text is held out, so that there is enough to judge on")
          }
          if grade != usual {
            remarks.append(
              "cloze asks for long stretches (grade long), because too few of the text's frequent words follow each other "
                + "in the held-out part in ways that are new")
          }
          self.remarks = remarks
          return
        } catch let error as TextTooSmall {
          lack = error.withFittedEvaluation
          if error.isOfTraining { throw Self.tooLittle(settings, text, nil, lack) }
        } catch let error as CorpusError {
          guard case .textTooShort(let bytes, let repeated) = error else { throw error }
          if repeated > bytes { throw TooLittleText(unusable: text, because: error.description) }
          throw Self.tooLittle(settings, text, nil)
        }
      }
    }
    (settings.text.heldOutShare, settings.text.cloze) = (shares[0], usual)
    throw Self.tooLittle(settings, text, nil, lack)
  }

  /// "5.0 kB of text is too little to advise on …; give about 25 kB or more".
  ///
  /// Where there are tokens enough, more of the same need not help: the text repeats itself, consists of short files, or
  /// batch or context are too large for it. What is lacking then, and its remedy, are the survey's.
  /// - Parameters:
  ///   - known: training tokens, where they have been counted.
  ///   - lack: what the least demanding survey missed.
  private static func tooLittle(
    _ settings: ClaimSettings, _ text: TextCollection, _ known: Int?, _ lack: String? = nil
  ) -> TooLittleText {
    var specification = settings.text.specification(text)
    specification.uniqueTokens = nil
    let tokens =
      known
      ?? (try? CorpusSpecification.text(specification).dataset(
        seed: 1, context: settings.model.context, items: 0, validationSequences: 0
      ))?.uniqueTokens ?? text.bytes / 3
    if tokens >= fewestTokens, let lack {
      return TooLittleText(unusable: text, because: lack)
    }
    let split = try? specification.splits(seeds: [1], context: settings.model.context).first
    let repeated = split?.repeatedBytes ?? 0
    if repeated > text.bytes / 2 {
      return TooLittleText(
        unusable: text,
        because:
          "\(size(repeated)) of it are repetitions, and the rest has \(counted(tokens, "training token")) of the "
          + "\(grouped(fewestTokens)) that are needed; give \(TextSpecification.enough) that does not repeat itself")
    }
    let fact =
      tokens < fewestTokens
      ? "it has \(counted(tokens, "training token")), and \(grouped(fewestTokens)) are needed"
      : "it cannot be split into a part to train on and one to judge on"
    // Of a short text a byte-pair tokenizer makes few and long tokens, of more of it shorter ones.
    let bytesPerToken = Double(text.bytes) / Double(max(tokens, 1))
    let usual = text.bytes < 20_000 ? min(bytesPerToken, mostBytesPerToken) : bytesPerToken
    let needed = max(1.1 * Double(fewestTokens) * usual, 1.5 * Double(text.bytes))
    let shorter = settings.model.context > TextSpecification.usualContext ? ", or lower `context` in [model]" : ""
    return TooLittleText(
      description: "\(size(text.bytes)) of text is too little to advise on: \(fact); give "
        + "\(size(roundedUp(needed))) or more of the same kind\(shorter)")
  }
}

/// "5.0 kB", "20 MB": a size for people.
package func size(_ bytes: Int) -> String {
  let value = Double(bytes)
  if value < 1000 { return counted(bytes, "byte") }
  for (unit, factor) in [("kB", 1e3), ("MB", 1e6)] where value < factor * 999.5 {
    return String(format: value < factor * 9.95 ? "%.1f %@" : "%.0f %@", value / factor, unit)
  }
  return String(format: "%.1f GB", value / 1e9)
}

/// Up to the next 1, 1.5, 2, 3, 5, 7 times a power of ten.
private func roundedUp(_ value: Double) -> Int {
  let power = pow(10, floor(log10(max(value, 1))))
  let step = [1, 1.5, 2, 3, 5, 7, 10].first { $0 * power >= value } ?? 10
  return Int(step * power)
}
