// The claim `order`: how much of the DLM's lead freedom of order alone gives to AR. Beyond the paper.

import Configuration
import Objectives
import Specification
import Wording

extension Claim {
  /// AR from left to right, from right to left, over N fixed permutations and over ever new ones, positions told; the DLM.
  ///
  /// Each AR model counts with its best checkpoint, the DLM with its last, and each is scored in the orders that it has
  /// learnt (Documentation/likelihood.md).
  static let order = Claim(
    "order", statement: "freedom of order alone gives AR at least half of the DLM's lead",
    explanation: """
      Trains AR from left to right, from right to left, in a few fixed orders and in a new one at each visit, told which position \
      it predicts, and the DLM, all with the same architecture, data, order of data and schedule, and asks how much of the \
      DLM's lead over AR the freest AR model closes.
      """,
    paper: "no number: any-order modelling is named as factor 1 of three",
    uses: ClaimUses(corpora: CorpusName.prose, variants: .orders)
  ) { planner in
    let settings = planner.settings
    try planner.require(
      settings.variants.last?.order == .fresh, "needs its last condition with `order = \"fresh\"`, which is judged")
    let pair = try planner.pair()
    let orders = settings.variants.compactMap(\.order)
    let levels = Double(max(orders.count { $0.isTold }, 2) - 1)
    var level = -1.0
    let cohorts = try orders.map { order in
      if order.isTold { level += 1 }
      return try planner.cohort(.autoregressive(order, order.isTold ? .level(level / levels) : .other(1)))
    }
    guard let free = cohorts.last else { preconditionFailure("the last condition was required") }
    return Design(
      cohorts: pair.cohorts + cohorts, scale: settings.scale, tasks: settings.tasks
    ) { evidence in
      let (final, best) = (final(settings.tasks), best(settings.tasks))
      func lead(over cohort: Cohort, _ tasks: [TaskID], _ name: String = "", key: String) throws -> Part {
        try evidence.difference(
          "\(name)DLM's final accuracy − best of \(cohort.arm.name)", key: key, pair.diffusion,
          { try $0.final(tasks) }, minus: cohort, { try $0.best(tasks) })
      }
      let own = try lead(over: pair.autoregressive, settings.tasks, key: "dlm_final_minus_ar_best")
      let told = cohorts.filter { cohort in orders.contains { $0.isTold && cohort.arm.name == name($0) } }
      return Findings(
        parts: [
          try evidence.closes(
            "what AR in any order gains over AR − half of the DLM's lead", key: "any_order_ar_closes_half", 0.5,
            of: pair, lead: own, by: free, margin: settings.margin)
        ],
        also: [own, try lead(over: free, settings.tasks, key: "dlm_final_minus_any_order_ar_best")]
          + (try settings.tasks.map { task in
            try lead(over: free, [task], "\(task) alone, ", key: "dlm_final_minus_any_order_ar_best_\(task)")
          })
          + (try cohorts.map { cohort in
            try evidence.difference(
              "best of \(cohort.arm.name) − AR's best", key: "\(slug(cohort.arm.name))_best_minus_ar_best", cohort,
              best,
              minus: pair.autoregressive, best)
          }) + [
            try evidence.trend(
              "best accuracy by the number of orders", key: "best_accuracy_by_orders",
              told.map { ($0.arm.name, [$0]) }, expected: .increasing,
              values: told.map { "\($0.arm.name) \(percent(try evidence.mean($0, best) ?? .nan))" }
                .joined(separator: ", ")
            ) { try best($0[0]) }
          ],
        metrics: try shares(cohorts, pair, evidence),
        tables: [try table(cohorts, pair, evidence)],
        panels: try evidence.taskPanels(
          [Curves(pair.autoregressive)] + cohorts.map { Curves($0, withDots: false) } + [Curves(pair.diffusion)])
          + [
            try evidence.lossPanel(
              [Curves(pair.autoregressive)] + cohorts.map { Curves($0, withDots: false) } + [Curves(pair.diffusion)])
          ], marks: FigureMarks(dots: "checkpoints of all seeds of AR and the DLM"))
    }
  }

  private static func name(_ order: ReadingOrder) -> String { Objective.orderedAutoregressive(order: order).shortName }

  /// "ar_right_to_left".
  private static func slug(_ name: String) -> String {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
  }

  /// The share of the DLM's lead that each AR model closes, of means over seeds; empty where there is no lead.
  private static func shares(_ cohorts: [Cohort], _ pair: Pair, _ evidence: Evidence) throws -> [String: Double] {
    let tasks = evidence.settings.tasks
    guard let ar = try evidence.mean(pair.autoregressive, { try $0.best(tasks) }),
      let dlm = try evidence.mean(pair.diffusion, { try $0.final(tasks) }), dlm > ar
    else { return [:] }
    var shares: [String: Double] = [:]
    for cohort in cohorts {
      guard let own = try evidence.mean(cohort, { try $0.best(tasks) }) else { continue }
      shares["share_closed_by_\(slug(cohort.arm.name))"] = (own - ar) / (dlm - ar)
    }
    return shares
  }

  private static func table(_ cohorts: [Cohort], _ pair: Pair, _ evidence: Evidence) throws -> Table {
    let tasks = evidence.settings.tasks
    let shares = try shares(cohorts, pair, evidence)
    return Table(
      title: "Means over seeds of the accuracy (\(tasks.names)) and of validation cross-entropy in nats per token (an "
        + "upper bound where a model has several orders). Closed: the share of the DLM's lead over AR's best.",
      columns: ["model", "seeds", "best", "end"] + tasks.map { "\($0) best" } + ["closed", "CE lowest", "CE end"],
      rows: try ([pair.autoregressive] + cohorts + [pair.diffusion]).map { cohort in
        func cell(_ spell: (Double) -> String, _ value: (RunResult) throws -> Double?) rethrows -> String {
          try evidence.mean(cohort, value).map(spell) ?? "–"
        }
        return [
          cohort.arm.name, "\(evidence.found(cohort).count)", try cell(percent) { try $0.best(tasks) },
          try cell(percent) { try $0.final(tasks) },
        ] + (try tasks.map { task in try cell(percent) { try $0.best([task]) } }) + [
          shares["share_closed_by_\(slug(cohort.arm.name))"].map(percent) ?? "–",
          cell(nats) { $0.checkpoints.compactMap { $0.validation?.crossEntropy }.min() },
          cell(nats) { $0.checkpoints.last?.validation?.crossEntropy },
        ]
      })
  }
}
