// Which settings a verdict was judged under, as a checksum: of everything that its runs and its rules follow from, and
// of nothing else, so that a comment or another claim's table changes nothing.

import Corpora
import Files
import Foundation
import Objectives
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

extension StudySettings {
  /// The same of a study: of its arms, conditions and questions too.
  /// - Throws: `EncodingError` if a number is not finite.
  package func digest() throws -> String {
    sha256(Data(try jsonValue(CodedStudy(self)).canonical().utf8))
  }
}

private struct CodedStudy: Encodable {
  let settings: CodedSettings
  let statement: String
  let conditions: [Condition]
  let questions: [Question]

  struct Condition: Encodable {
    let name: String
    let arms: [Arm]
  }

  struct Arm: Encodable {
    let name: String
    let objective: Objective
    let initialisationOffset: UInt64
    let settings: CodedSettings.Condition
  }

  struct Question: Encodable {
    let role: String
    let form: String
    let arms: [String]
    let direction: String?
    let quantity: String
    let measure: String
    let against: String
    let margin: Double

    init(_ question: StudySettings.Question) {
      (role, measure, against) = (question.role.rawValue, question.measure.rawValue, question.against.rawValue)
      (quantity, margin) = (question.quantity.name, question.margin)
      switch question.form {
      case .comparison(let first, let second): (form, arms, direction) = ("comparison", [first, second], nil)
      case .trend(let first, let second, let way):
        (form, arms, direction) = ("trend", [first] + [second].compactMap { $0 }, "\(way)")
      case .crossing(let first, let second, let way): (form, arms, direction) = ("crossing", [first, second], "\(way)")
      }
    }
  }

  init(_ study: StudySettings) {
    settings = CodedSettings(study.common)
    statement = study.statement
    conditions = study.conditions.map { condition in
      Condition(
        name: condition.name,
        arms: condition.arms.map { arm in
          Arm(
            name: arm.name, objective: arm.objective, initialisationOffset: arm.initialisationOffset,
            settings: CodedSettings.Condition(arm.settings))
        })
    }
    questions = study.questions.map { Question($0) }
  }
}

private struct CodedSettings: Encodable {
  let preset: Preset
  let seeds: Int
  let tasks: [TaskID]
  let margin: Double
  let thresholds: [String: Double]
  let tuningSeeds: Int
  let condition: Condition
  let variants: [Condition]
  /// Those of the natural corpora that are installed, of which alone a claim about them is judged; nil for other claims.
  let naturals: [Natural]?

  struct Natural: Encodable {
    let corpus: String
    let condition: Condition
    let variants: [Condition]

    init(_ beside: Beside) {
      corpus = beside.corpus.rawValue
      condition = Condition(beside.condition)
      variants = beside.variants.map { Condition($0) }
    }
  }

  struct Condition: Encodable {
    let name: String
    let seeds: Int
    let model: ModelConfiguration
    let training: TrainingConfiguration
    let evaluation: EvaluationConfiguration
    let corpus: CorpusSpecification
    let textDigest: String?
    let inputMasking: Double
    let maskedLoss: Double?
    let maskings: Int?
    let candidacy: Variant.Candidacy?
    let order: ReadingOrder?
    let block: Int?

    init(_ variant: Variant) {
      (name, seeds, model, training) = (variant.name, variant.seeds, variant.model, variant.training)
      (evaluation, corpus) = (variant.evaluation, variant.corpus)
      textDigest = variant.corpus.textDigest
      (inputMasking, maskedLoss, maskings) = (variant.inputMasking, variant.maskedLoss, variant.maskings)
      (order, block, candidacy) = (variant.order, variant.block, variant.candidacy)
    }
  }

  init(_ settings: ClaimSettings) {
    (preset, seeds, tasks) = (settings.preset, settings.seeds, settings.tasks)
    (margin, thresholds, tuningSeeds) = (settings.margin, settings.thresholds, settings.tuningSeeds)
    condition = Condition(settings.base)
    variants = settings.variants.map { Condition($0) }
    naturals = settings.naturals.isEmpty ? nil : settings.naturals.filter(\.isInstalled).map { Natural($0) }
  }
}
