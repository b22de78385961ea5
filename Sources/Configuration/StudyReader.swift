// Reads `[study.NAME]`: arms, conditions and questions on top of the settings that a claim has too. Their meaning is in
// StudySettings.swift; how a claim's settings are read, in SettingsReader.swift.

import Objectives
import Specification
import Statistics
import Wording

/// The objectives that an arm can be trained by, as they are spelled in TOML.
private enum ObjectiveName: String, CaseIterable {
  case autoregressive
  case maskedDiffusion = "masked-diffusion"
  case suffixDiffusion = "suffix-diffusion"
  case frozenDiffusion = "frozen-diffusion"
  case blockDiffusion = "block-diffusion"
  case stratifiedDiffusion = "stratified-diffusion"
}

/// The directions of a trend.
private enum DirectionName: String, CaseIterable {
  case increasing, decreasing

  var direction: PageTrend.Direction {
    switch self {
    case .increasing: .increasing
    case .decreasing: .decreasing
    }
  }
}

extension SettingsReader {
  /// The study whose table is the first of the reader's own.
  func study(_ name: String) -> StudySettings {
    let common = settings()
    let keys = TableReader.layered(particular)
    let statement = text(keys, "statement", longest: 300)
    let arms = keys.tables("arms")
    if arms.isEmpty { keys.report("needs at least one arm ([[study.\(name).arms]])", at: "arms") }
    let conditions = keys.tables("conditions")
    let cells = (conditions.isEmpty ? [nil] : conditions.map { Optional($0) }).map { condition in
      StudySettings.Condition(
        name: condition.map { text($0, "name", longest: 40) } ?? "",
        arms: arms.map { arm($0, under: condition, common) })
    }
    refuseRepeated(cells.map(\.name), "conditions", keys)
    refuseRepeated(cells.first?.arms.map(\.name) ?? [], "arms", keys)
    if conditions.count == 1 {
      keys.report("one condition is none; put its settings into the study's own tables", at: "conditions")
    }
    let questions = keys.tables("questions").map { table in
      let question = question(table, arms: cells.first?.arms.map(\.name) ?? [], conditions: cells.count, common)
      refuseUnequalCurves(question, cells, table)
      return question
    }
    if !questions.contains(where: { $0.role == .judged }) {
      keys.report("needs at least one question with `role = \"judged\"` (the default) for its verdict", at: "questions")
    }
    return StudySettings(
      name: name, statement: statement, isElsewhere: over?.contains("corpus") == true, common: common,
      conditions: cells, questions: questions)
  }

  /// Curves that overtake each other must have checkpoints at the same epochs.
  private func refuseUnequalCurves(
    _ question: StudySettings.Question, _ cells: [StudySettings.Condition], _ table: TableReader
  ) {
    guard case .crossing(let first, let second, _) = question.form else { return }
    for cell in cells {
      let both = [first, second].compactMap { name in cell.arms.first { $0.name == name }?.settings }
      guard let one = both.first, let other = both.last else { continue }
      if one.training.warmup != other.training.warmup || one.training.decay != other.training.decay
        || one.training.epochs != other.training.epochs || one.training.batch != other.training.batch
        || one.evaluation.checkpoints != other.evaluation.checkpoints
        || one.evaluation.evenCheckpoints != other.evaluation.evenCheckpoints || one.corpus != other.corpus
      {
        table.report(
          "\(first) and \(second) have their checkpoints at different epochs; give both arms the same epochs, batch, "
            + "warm-up, decay, checkpoints and corpus",
          at: "overtakes")
        return
      }
    }
  }

  private func refuseRepeated(_ names: [String], _ key: String, _ keys: TableReader) {
    for (name, group) in Dictionary(grouping: names, by: \.self) where group.count > 1 {
      keys.report("two \(key) are named \"\(name)\"; names must differ", at: key)
    }
  }

  /// Words that stand in tables, figures and on terminals.
  private func text(_ table: TableReader, _ key: String, longest: Int) -> String {
    let text = table.string(key)
    if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      table.report("has control characters; write it in plain text, on one line", at: key)
    } else if text.allSatisfy(\.isWhitespace), table.contains(key) {
      table.report("is blank; give it words", at: key)
    } else if text.count > longest {
      table.report("has \(text.count) characters; give at most \(longest)", at: key)
    }
    return text
  }

  /// An arm: the study's settings, the condition's over them, its own over both.
  private func arm(
    _ table: TableReader, under condition: TableReader?, _ common: ClaimSettings
  ) -> StudySettings.Arm {
    let layers = [condition, table].compactMap { $0 }
    let name = text(table, "name", longest: 40)
    let objective: Objective
    switch table.choice("objective", of: ObjectiveName.self) {
    case .autoregressive:
      let (masking, maskedLoss) = readInputNoise(table)
      let order = table.optionalString("order").flatMap { readReadingOrder($0, table, "order") } ?? .leftToRight
      if order != .leftToRight, masking > 0 {
        table.report("only an AR model that reads from left to right has input masking", at: "input_masking")
      }
      objective =
        order == .leftToRight
        ? .autoregressive(inputMasking: masking, maskedLoss: maskedLoss) : .orderedAutoregressive(order: order)
    case .maskedDiffusion: objective = .maskedDiffusion
    case .suffixDiffusion: objective = .suffixDiffusion
    case .blockDiffusion:
      objective = .blockDiffusion(size: table.integer("block", in: Objective.Limits.blockSize))
    case .stratifiedDiffusion: objective = .stratifiedDiffusion
    case .frozenDiffusion:
      objective = .frozenDiffusion(maskings: table.integer("maskings", in: Objective.Limits.maskings))
    }
    if objective.maskings != .none {
      for key in ["input_masking", "masked_loss"] {
        table.refuse(key, because: "only AR has an input that could be masked")
      }
      table.refuse("order", because: "only AR reads its tokens in an order")
    }
    if case .blockDiffusion = objective {
    } else {
      table.refuse("block", because: "only block-diffusion has blocks")
    }
    if case .frozenDiffusion = objective {
    } else {
      table.refuse("maskings", because: "only frozen-diffusion has a number of them")
    }
    for layer in layers {
      // Tables of other corpora may stand beside the one of the corpus that is asked about, not in its place.
      let own = common.corpus.kind
      for kind in CorpusName.Kind.allCases where kind != own && layer.contains(kind.rawValue) {
        if layer.contains(own.rawValue) {
          layer.accept(kind.rawValue)
        } else {
          layer.refuse(
            kind.rawValue,
            because:
              "the study is about the \(common.corpus.rawValue) corpus here, whose settings are `\(own.rawValue)`")
        }
      }
    }
    let settings = self.condition(named: name, layers, common.corpus, seeds: common.seeds)
    for task in common.tasks where !settings.corpus.tasks.contains(task) {
      table.report("its corpus has no items of the study's task \"\(task)\"", at: "name")
    }
    return StudySettings.Arm(
      name: name, objective: objective, settings: settings,
      initialisationOffset: UInt64(table.integer("initialisation_offset", in: 0...1_000_000, default: 0)))
  }

  private func question(
    _ table: TableReader, arms: [String], conditions: Int, _ common: ClaimSettings
  ) -> StudySettings.Question {
    let role = table.choice("role", default: StudySettings.Question.Role.judged)
    let quantity = quantity(table, common)
    let measure = table.choice("measure", default: StudySettings.Question.Measure.final)
    let against = table.choice("against", default: StudySettings.Question.Measure.best)
    var margin = 0.0
    func known(_ names: [String], _ key: String) -> [String] {
      for name in names where !arms.contains(name) {
        table.report("no arm is named \"\(name)\"\(suggestion(for: name, among: arms))", at: key)
      }
      return names
    }
    let forms = ["compare", "overtakes", "trend"].filter { table.contains($0) }
    if forms.count != 1 {
      table.report(
        "a question has exactly one of `compare`, `overtakes` and `trend`; found "
          + (forms.isEmpty ? "none" : forms.joined(separator: ", ")),
        at: forms.last ?? "compare")
    }
    var form = StudySettings.Question.Form.comparison(first: arms.first ?? "", second: arms.last ?? "")
    switch forms.first {
    case "compare":
      let pair = known(table.strings("compare", count: 2...2), "compare")
      if pair.count == 2 { form = .comparison(first: pair[0], second: pair[1]) }
      if pair.count == 2, pair[0] == pair[1], measure == against {
        table.report("compares \(pair[0]) with itself; name two arms, or two measures of it", at: "compare")
      }
      let isShare = quantity != .validationLoss
      margin = table.number("margin", in: isShare ? -1...1 : -10...10, default: 0)
    case "overtakes":
      let pair = known(table.strings("overtakes", count: 2...2), "overtakes")
      let direction = table.choice("direction", of: DirectionName.self).direction
      if pair.count == 2 { form = .crossing(first: pair[0], second: pair[1], direction) }
      if pair.count == 2, pair[0] == pair[1] {
        table.report("\(pair[0]) cannot overtake itself; name two arms", at: "overtakes")
      }
      for key in ["measure", "against"] { table.refuse(key, because: "`overtakes` is about whole curves") }
    case "trend":
      let first = known([table.string("trend")], "trend")[0]
      let second = table.optionalString("minus").map { known([$0], "minus")[0] }
      if second == first, measure == against {
        table.report("subtracts \(first) from itself; name another arm, or two measures of it", at: "minus")
      }
      if second == nil { table.refuse("against", because: "a trend without `minus` is about one arm") }
      form = .trend(first: first, second: second, table.choice("direction", of: DirectionName.self).direction)
    default: break
    }
    if case .comparison = form {
    } else if conditions < 2 {
      table.report("a trend needs at least two `conditions`", at: forms.first ?? "trend")
    } else if conditions > PageTrend.mostLevels {
      table.report(
        "a trend is tested over at most \(PageTrend.mostLevels) `conditions`, found \(conditions)",
        at: forms.first ?? "trend")
    }
    return StudySettings.Question(
      role: role, form: form, quantity: quantity, measure: measure, against: against, margin: margin)
  }

  private func quantity(_ table: TableReader, _ common: ClaimSettings) -> StudyQuantity {
    let name = table.optionalString("quantity") ?? "accuracy"
    switch name {
    case "accuracy": return .accuracy
    case "validation-loss": return .validationLoss
    case let task where common.tasks.contains { $0.name == task }:
      return common.tasks.first { $0.name == task }.map { .task($0) } ?? .accuracy
    default:
      let names = ["accuracy", "validation-loss"] + common.tasks.map(\.name)
      table.report(
        "expected \(names.map { "\"\($0)\"" }.joined(separator: ", "))\(suggestion(for: name, among: names)), found \"\(name)\"",
        at: "quantity")
      return .accuracy
    }
  }
}
