// The question `natural-text`: does all this hold on text that nobody made for it? Beyond the paper. What is asked of each
// corpus are the claims crossover, input-noise, parameter-noise and tuned-baseline, which have files of their own.

import Configuration
import Figures
import Specification
import Statistics
import Wording

extension Claim {
  /// The claims `crossover`, `input-noise`, `parameter-noise` and `tuned-baseline` on every natural corpus that is installed, all
  /// parts of one verdict.
  ///
  /// One list of candidates serves the three searches: those of AR that only mask its input, those that only have
  /// dropout, and all, the DLM's among them. A corpus that is not installed is left out and named.
  static let naturalText = Claim(
    "natural-text",
    statement: "on text that nobody made for it the DLM passes AR's best, be AR plain, noisy or tuned",
    explanation: """
      Asks crossover, input-noise, parameter-noise and tuned-baseline of real English and real code from Debian's packages (`make \
      natural`), with one small list of candidates for the searches. Corpora that are not installed are left out.
      """,
    paper: "web text: all of these but the last, which its critics ask",
    uses: ClaimUses(variants: .candidates, candidatesOfBoth: true, naturals: true)
  ) { planner in
    let texts = try planner.settings.naturals.filter(\.isInstalled).map { try FoundText($0, planner) }
    return Design(
      cohorts: texts.flatMap(\.cohorts), searches: texts.flatMap(\.searches),
      scale: texts.isEmpty ? "no natural corpus is installed" : texts.map(\.scale).joined(separator: "; "),
      tasks: [.choice(.cloze)]
    ) { evidence in
      let found = try texts.map { try $0.findings(evidence) }
      let controls = found.compactMap(\.control)
      return Findings(
        parts: found.flatMap(\.parts), control: controls.first { $0.verdict == .holds } ?? controls.first,
        also: found.flatMap(\.also),
        remarks: found.flatMap(\.remarks)
          + planner.settings.naturals.compactMap { $0.absence("so left out of the verdict") },
        tables: found.flatMap(\.tables), panels: found.flatMap(\.panels))
    }
  }
}

/// What is asked of one natural corpus.
private struct FoundText: Sendable {
  /// One of the claims that are asked, with its runs.
  private struct Asked: Sendable {
    let question: Question
    let settings: ClaimSettings
    let design: Design
  }

  /// The claims that are asked.
  private enum Question: CaseIterable {
    case crossover, inputNoise, parameterNoise, tunedBaseline

    var name: String {
      switch self {
      case .crossover: Claim.crossover.name
      case .inputNoise: Claim.inputNoise.name
      case .parameterNoise: Claim.parameterNoise.name
      case .tunedBaseline: Claim.tunedBaseline.name
      }
    }

    /// Whether a candidate is among those that the question's search is about.
    func takes(_ candidate: Variant, beside base: Variant) -> Bool {
      guard candidate.isForAutoregressive, candidate.training == base.training else { return self == .tunedBaseline }
      var withoutDropout = candidate.model
      withoutDropout.dropout = base.model.dropout
      switch self {
      case .crossover: return false
      case .inputNoise: return candidate.inputMasking > 0 && candidate.model == base.model
      case .parameterNoise:
        return candidate.inputMasking == 0 && candidate.model != base.model && withoutDropout == base.model
      case .tunedBaseline: return true
      }
    }

    func design(_ planner: Planner) throws -> Design {
      func noise(_ kind: String, _ strength: @escaping @Sendable (Variant) -> String) throws -> Design {
        try noiseDesign(planner, of: kind, search: "AR with \(kind)") { "\(kind) \(strength($0))" }
      }
      return switch self {
      case .crossover: try Crossover(planner).design
      case .inputNoise:
        try noise("input masking") {
          numeral($0.inputMasking) + ($0.maskedLoss.map { ", masked loss \(numeral($0))" } ?? "")
        }
      case .parameterNoise: try noise("dropout") { numeral($0.model.dropout) }
      case .tunedBaseline: try Claim.tunedBaseline.design(planner)
      }
    }
  }

  private let beside: Beside
  private let asked: [Asked]

  init(_ beside: Beside, _ planner: Planner) throws {
    self.beside = beside
    asked = try Question.allCases.map { question in
      var settings = planner.settings
      settings.tasks = beside.condition.corpus.tasks
      settings.training = beside.condition.training
      settings.variants = beside.variants.filter { question.takes($0, beside: beside.condition) }
      try planner.require(
        question == .crossover || settings.preset == .smoke || settings.variants.count >= 2,
        "needs at least two candidates for \(question.name) among its `variants`")
      let own = Planner(name: planner.name, settings: settings, backend: planner.backend, base: beside.condition)
      return Asked(question: question, settings: settings, design: try question.design(own))
    }
  }

  /// The runs that do not hang on a search, each once: all questions share AR and the DLM.
  var cohorts: [Cohort] {
    var seen: Set<String> = []
    return asked.flatMap(\.design.cohorts).filter { seen.insert("\($0.arm.name), \($0.condition)").inserted }
  }

  var searches: [Search] { asked.flatMap(\.design.searches) }

  var scale: String { "\(beside.corpus.rawValue): " + (asked.first?.design.scale ?? "") }

  private func name(_ asked: Asked) -> String { "\(beside.corpus.rawValue), \(asked.question.name)" }

  private func renamed(_ part: Part, _ asked: Asked) -> Part {
    let key = "\(beside.corpus.rawValue)_\(asked.question.name)_\(part.key)".split(separator: "-").joined(
      separator: "_")
    let own = part.name.replacing("(\(beside.corpus.rawValue), ", with: "(")  // the candidates' names begin with it
    return part.renamed("\(name(asked)): \(own)", key: key, of: name(asked))
  }

  func findings(_ evidence: Evidence) throws -> Findings {
    var all = Findings(parts: [], tables: [], panels: try panels(evidence))
    for asked in asked {
      let own = Evidence(results: evidence.results, settings: asked.settings)
      let findings = try asked.design.findings(own)
      all.parts += findings.parts.map { renamed($0, asked) }
      all.control = findings.control.map { renamed($0, asked) } ?? all.control
      all.remarks += findings.remarks.map { "\(name(asked)): \($0)" }
      all.also += findings.also.map { renamed($0, asked) }
      all.also += try losses(asked, own)
      all.tables += findings.tables.map {
        Table(title: "\(name(asked)): \($0.title)", columns: $0.columns, rows: $0.rows)
      }
    }
    // AR and the DLM are the same in every question, and so are their tables.
    var seen: Set<[[String]]> = []
    all.tables = all.tables.filter { seen.insert([$0.columns] + $0.rows).inserted }
    return all
  }

  /// Validation losses of what a search chose for AR, against the DLM's: on found text they tell more apart than `cloze`.
  private func losses(_ asked: Asked, _ evidence: Evidence) throws -> [Part] {
    guard asked.question != .crossover, let search = asked.design.searches.first,
      let dlm = asked.design.cohorts.first(where: { $0.arm.name == Arm.diffusion.name })
    else { return [] }
    let chosen = try search.chosen(evidence.results)
    return [
      renamed(
        try evidence.difference(
          "validation loss, lowest of the AR chosen − DLM's last",
          key: "chosen_ar_lowest_minus_dlm_final_validation_loss",
          chosen, lowestLoss, minus: dlm, finalLoss, unit: "nats"), asked)
    ]
  }

  /// Accuracy and validation loss of AR, the DLM, and what each search chose.
  private func panels(_ evidence: Evidence) throws -> [Panel] {
    let pair = asked.first?.design.cohorts.prefix(2).map { Curves($0) } ?? []
    let chosen = try asked.dropFirst().enumerated().flatMap { index, asked -> [Curves] in
      let isTuned = asked.question == .tunedBaseline
      return try asked.design.searches.enumerated().map { place, search in
        Curves(
          try search.chosen(evidence.results), search.tunedName, .other(index + place), withDots: false, dashed: isTuned
        )
      }
    }
    let tasks = beside.condition.corpus.tasks
    return [
      try evidence.panel("\(beside.corpus.title): \(tasks.names)", .accuracy(tasks), pair + chosen),
      try evidence.lossPanel(pair + chosen, title: "\(beside.corpus.title): validation loss"),
    ]
  }
}
