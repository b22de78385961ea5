// Which settings a verdict was judged under, as a check sum: of everything that its runs and its rules follow from, and of
// nothing else, so that a comment or another claim's table changes nothing.

import Corpora
import Files
import Foundation
import Specification
import Training
import Transformer

extension ClaimSettings {
  /// SHA-256, in hexadecimal digits, over the canonical JSON of the settings.
  /// - Throws: `EncodingError` if a number is not finite.
  package func digest() throws -> String {
    sha256(Data(try jsonValue(CodedSettings(self)).canonical().utf8))
  }
}

private struct CodedSettings: Encodable {
  let preset: Preset
  let seeds: Int
  let tasks: [String]
  let margin: Double
  let thresholds: [String: Double]
  let tuningSeeds: Int
  let condition: Condition
  let variants: [Condition]

  struct Condition: Encodable {
    let name: String
    let seeds: Int
    let model: ModelConfiguration
    let training: TrainingConfiguration
    let evaluation: EvaluationConfiguration
    let corpus: CorpusSpecification
    let inputMasking: Double
    let maskings: Int?

    init(_ variant: Variant) {
      (name, seeds, model, training) = (variant.name, variant.seeds, variant.model, variant.training)
      (evaluation, corpus) = (variant.evaluation, variant.corpus)
      (inputMasking, maskings) = (variant.inputMasking, variant.maskings)
    }
  }

  init(_ settings: ClaimSettings) {
    (preset, seeds, tasks) = (settings.preset, settings.seeds, settings.tasks)
    (margin, thresholds, tuningSeeds) = (settings.margin, settings.thresholds, settings.tuningSeeds)
    condition = Condition(settings.base)
    variants = settings.variants.map { Condition($0) }
  }
}
