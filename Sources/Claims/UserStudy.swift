// A question of the user's own, from its settings to its design: the same arms, cohorts, differences and trends that
// claims are made of.

import Configuration
import Figures
import Specification
import Statistics
import TensorEngine
import Wording

extension StudySettings {
  /// The question with its runs.
  package func study(backend: ProductBackend) throws -> Study {
    let planner = Planner(name: "study.\(name)", settings: common, backend: backend)
    // Under another corpus than its own it is another question, with a folder of its own.
    var study = Study(
      name: isElsewhere ? "\(name)-\(common.corpusTag)" : name, statement: statement, settings: common,
      digest: try digest(), design: try design(planner))
    study.word = name
    return study
  }

  /// The cohorts of one condition by the names of their arms.
  private struct Cell: Sendable {
    let condition: String
    let cohorts: [(name: String, cohort: Cohort)]

    subscript(_ arm: String) -> Cohort {
      guard let found = cohorts.first(where: { $0.name == arm }) else { preconditionFailure("no arm \(arm) was read") }
      return found.cohort
    }
  }

  private func design(_ planner: Planner) throws -> Design {
    let cells = try conditions.map { condition in
      Cell(
        condition: condition.name,
        cohorts: try condition.arms.enumerated().map { index, arm in
          let kind = Claims.arm(arm, index: index)
          return (arm.name, try planner.cohort(kind, arm.settings.named(condition.name)))
        })
    }
    let cohorts = cells.flatMap { $0.cohorts.map(\.cohort) }
    return Design(
      cohorts: cohorts, scale: scale,
      tasks: common.tasks
    ) { evidence in
      let answers = try questions.enumerated().map { number, question in
        // Questions that differ in nothing that a key says still have keys of their own.
        let isRepeated = questions[..<number].contains { $0.subject == question.subject }
        return (question.role, try answer(question, cells, evidence, suffix: isRepeated ? "\(number + 1)" : ""))
      }
      func parts(_ role: Question.Role) -> [Part] { answers.filter { $0.0 == role }.flatMap(\.1) }
      return Findings(
        parts: parts(.judged), control: parts(.control).first,
        also: Array(parts(.control).dropFirst()) + parts(.beside),
        tables: [try table(cells, evidence)], panels: try panels(cells, evidence))
    }
  }

  /// The study's own settings; what its arms and conditions change is said where their numbers are.
  private var scale: String {
    let seeds = counted(common.seeds, "seed")
    if conditions.count > 1 { return "\(counted(conditions.count, "condition")), \(seeds)" }
    return "\(common.base.corpus.summary), \(seeds)"
  }

  /// A question's parts: one per condition for a comparison, one for a trend.
  private func answer(
    _ question: Question, _ cells: [Cell], _ evidence: Evidence, suffix: String
  ) throws -> [Part] {
    let quantity = question.quantity.measured(common.tasks)
    let unit = quantity.isLowerBetter ? "nats" : "accuracy"
    let isShare = !quantity.isLowerBetter
    func key(_ words: String...) -> String {
      (words + [suffix]).filter { !$0.isEmpty }.joined(separator: "_").lowercased()
        .map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }
    let word = question.quantity.word
    switch question.form {
    case .comparison(let first, let second):
      // A lead is positive whether a higher or a lower number is better.
      let (own, other) = ((first, question.measure), (second, question.against))
      let (minuend, subtrahend) = quantity.isLowerBetter ? (other, own) : (own, other)
      return try cells.map { cell in
        try evidence.difference(
          (cell.condition.isEmpty ? "" : "\(cell.condition), ")
            + "\(possessive(minuend.0)) \(minuend.1.rawValue) \(word) "
            + "− \(possessive(subtrahend.0)) \(subtrahend.1.rawValue)"
            + (question.margin == 0
              ? "" : ", beyond \(isShare ? points(question.margin) : nats(question.margin) + " nats")"),
          key: key(
            word, minuend.0, minuend.1.rawValue, "minus", subtrahend.0, subtrahend.1.rawValue, cell.condition),
          cell[minuend.0], { try quantity.value($0, minuend.1) }, minus: cell[subtrahend.0],
          { try quantity.value($0, subtrahend.1) }, margin: question.margin, unit: unit)
      }
    case .trend(let first, let second, let direction):
      let name =
        "\(possessive(first)) \(question.measure.rawValue) \(word)"
        + (second.map { " − \(possessive($0)) \(question.against.rawValue)" } ?? "") + " along the conditions"
      func value(_ runs: [RunResult]) throws -> Double {
        let own = try quantity.value(runs[0], question.measure)
        return runs.count > 1 ? own - (try quantity.value(runs[1], question.against)) : own
      }
      let levels = cells.map { cell in (cell.condition, [cell[first]] + (second.map { [cell[$0]] } ?? [])) }
      let spelled = try levels.map { condition, cohorts in
        let members = cohorts[0].members.compactMap { seed, _ -> [RunResult]? in
          let runs = cohorts.compactMap { cohort in cohort[seed].flatMap { evidence.results[$0] } }
          return runs.count == cohorts.count ? runs : nil
        }
        if members.isEmpty { return "\(condition) –" }
        let mean = try members.reduce(0) { $0 + (try value($1)) } / Double(members.count)
        let spelled = isShare ? (second == nil ? percent(mean) : "\(signedPercent(mean)) points") : nats(mean)
        return "\(condition) \(spelled)"
      }
      return [
        try evidence.trend(
          name,
          key: key(
            word, first, question.measure.rawValue, second.map { "minus_\($0)_\(question.against.rawValue)" } ?? "",
            "trend"), levels, expected: direction,
          values: spelled.joined(separator: ", "), value)
      ]
    case .crossing(let first, let second, let direction):
      func crossing(_ runs: [RunResult]) throws -> Double {
        let (own, other) = (try quantity.curve(runs[0]), try quantity.curve(runs[1]))
        return try Statistics.crossover(challenger: own, incumbent: other).epoch ?? .infinity
      }
      let levels = cells.map { ($0.condition, [$0[first], $0[second]]) }
      let spelled = try levels.map { condition, cohorts in
        let epochs = try cohorts[0].members.compactMap { seed, run -> Double? in
          guard let own = evidence.results[run], let other = cohorts[1][seed].flatMap({ evidence.results[$0] }) else {
            return nil
          }
          return try crossing([own, other])
        }
        let crossed = epochs.filter(\.isFinite)
        if crossed.isEmpty { return "\(condition) none" }
        return "\(condition) at \(rounded(geometricMean(crossed))) epochs"
          + (crossed.count == epochs.count ? "" : " (\(crossed.count) of \(epochs.count) seeds)")
      }
      return [
        try evidence.trend(
          "where \(first) overtakes \(second), by \(word)", key: key(word, first, "overtakes", second), levels,
          expected: direction, values: spelled.joined(separator: ", "), crossing)
      ]
    }
  }

  /// Means over seeds: one row per condition and arm.
  private func table(_ cells: [Cell], _ evidence: Evidence) throws -> Table {
    let tasks = common.tasks
    return Table(
      title: "Means over seeds of the accuracy (\(tasks.names)) and of validation cross-entropy in nats per "
        + "token (a DLM's is an upper bound).",
      columns: (cells.count > 1 ? ["condition"] : []) + ["arm", "seeds", "best", "end", "CE lowest", "CE end"],
      rows: try cells.flatMap { cell in
        try cell.cohorts.map { name, cohort in
          func cell(_ spell: (Double) -> String, _ value: (RunResult) throws -> Double?) rethrows -> String {
            try evidence.mean(cohort, value).map(spell) ?? "–"
          }
          return (cells.count > 1 ? [cohort.condition] : []) + [
            name, "\(evidence.found(cohort).count)", try cell(percent) { try $0.best(tasks) },
            try cell(percent) { try $0.final(tasks) },
            cell(nats) { $0.checkpoints.compactMap { $0.validation?.crossEntropy }.min() },
            cell(nats) { $0.checkpoints.last?.validation?.crossEntropy },
          ]
        }
      })
  }

  /// With one condition, one panel per task and one of the loss; with several, one panel of the judged quantity per
  /// condition.
  private func panels(_ cells: [Cell], _ evidence: Evidence) throws -> [Panel] {
    if let only = cells.first, cells.count == 1 {
      let curves = only.cohorts.map { Curves($0.cohort) }
      return try evidence.taskPanels(curves) + [evidence.lossPanel(curves)]
    }
    let judged = (questions.first { $0.role == .judged } ?? questions.first)?.quantity ?? .accuracy
    return try cells.map { cell in
      try evidence.panel(
        cell.condition, judged.measured(common.tasks).quantity, cell.cohorts.map { Curves($0.cohort) })
    }
  }
}

/// The arm of a study as cohorts know it: AR blue, the first DLM red, everything else in a colour of its own.
private enum Claims {
  static func arm(_ arm: StudySettings.Arm, index: Int) -> Arm {
    let colour: SeriesColour =
      switch arm.name.lowercased() {
      case "ar": .autoregressive
      case "dlm": .diffusion
      default: .other(index)
      }
    return Arm(arm.name, colour, initialisationOffset: arm.initialisationOffset) { _ in arm.objective }
  }
}

extension Variant {
  fileprivate func named(_ name: String) -> Variant {
    var named = self
    named.name = name
    return named
  }
}

/// How a study's quantity is read off runs.
private struct MeasuredQuantity: Sendable {
  let quantity: Quantity
  /// Those that an accuracy is the mean of; nil for a loss.
  let tasks: [TaskID]?

  var isLowerBetter: Bool { tasks == nil }

  func curve(_ run: RunResult) throws -> Curve {
    let curve = try run.curve(quantity.value)
    return isLowerBetter ? try Curve(epochs: curve.epochs, values: curve.values.map { -$0 }) : curve
  }

  func value(_ run: RunResult, _ measure: StudySettings.Question.Measure) throws -> Double {
    let values = try run.curve(quantity.value).values
    switch measure {
    case .final: return values[values.count - 1]
    case .best: return try tasks.map { try run.best($0) } ?? values.reduce(.infinity, min)
    }
  }
}

extension StudyQuantity {
  fileprivate var word: String {
    switch self {
    case .accuracy: "accuracy"
    case .task(let task): task.name
    case .validationLoss: "validation loss"
    }
  }

  fileprivate func measured(_ tasks: [TaskID]) -> MeasuredQuantity {
    switch self {
    case .accuracy: MeasuredQuantity(quantity: .accuracy(tasks), tasks: tasks)
    case .task(let task): MeasuredQuantity(quantity: .accuracy([task]), tasks: [task])
    case .validationLoss: MeasuredQuantity(quantity: .loss, tasks: nil)
    }
  }
}

extension StudySettings.Question {
  /// All of it that the key of its answer says.
  fileprivate var subject: [String] {
    let words: [String] =
      switch form {
      case .comparison(let first, let second): ["compare", first, second]
      case .trend(let first, let second, _): ["trend", first, second ?? ""]
      case .crossing(let first, let second, _): ["overtakes", first, second]
      }
    return words + [quantity.name, measure.rawValue, against.rawValue]
  }
}
