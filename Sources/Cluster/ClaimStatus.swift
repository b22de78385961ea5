// How far claims have got: what has finished, who is at work on what, what went wrong, and the time that is left.

import Claims
import Figures
import Running
import Specification
import Store
import Wording

/// How far a claim has got.
package struct ClaimStatus: Encodable, Sendable {
  /// Its name, "all" for several together.
  package let claim: String
  /// Its runs by what they are doing.
  package let runs: [String: Int]
  /// Runs that a search has yet to choose.
  package let unchosen: Int
  /// Estimated seconds left on one core, those of the runs that are not chosen yet included.
  package let secondsLeft: Double

  init(_ claim: String, _ runs: [RunActivity], unchosen: [PlannedRun]) {
    self.claim = claim
    self.runs = Dictionary(
      RunState.allCases.map { state in (state.rawValue, runs.count { $0.state == state }) },
      uniquingKeysWith: { first, _ in first })
    self.unchosen = unchosen.count
    secondsLeft = (runs.map(\.secondsLeft) + unchosen.map(\.estimatedSeconds)).reduce(0, +)
  }

  var count: Int { runs.values.reduce(0, +) }

  subscript(_ state: RunState) -> Int { runs[state.rawValue] ?? 0 }
}

/// A run that a status names: one that a process is at work on, or one that went wrong.
package struct NamedRun: Encodable, Sendable {
  package let hash: String
  /// What it is in the first claim that needs it: "crossover: DLM, seed 2".
  package let label: String
  package let state: RunState
  /// The share of its epochs at its last checkpoint.
  package let done: Double
  package let owner: LockOwner?
  package let reason: String?

  init(_ activity: RunActivity, claim: String) {
    hash = activity.run.hash
    label = "\(claim): \(activity.run.label)"
    state = activity.state
    done = activity.done
    owner = activity.owner
    reason = activity.reason
  }
}

/// How far several claims are.
package struct GridStatus: Encodable, Sendable {
  package let claims: [ClaimStatus]
  /// All of them together, runs that they share counted once.
  package let total: ClaimStatus
  package let running: [NamedRun]
  /// Those that diverged or failed.
  package let lost: [NamedRun]

  package init(_ studies: [Study], runner: Runner) throws {
    var known: [String: RunActivity] = [:]
    var unchosen: [PlannedRun] = []
    var named: [NamedRun] = []
    claims = try studies.map { study in
      var own: [RunActivity] = []
      for (run, _) in runner.states(try runner.known(study)) {
        let activity = known[run.hash] ?? runner.store.activity(of: run)
        own.append(activity)
        if known.updateValue(activity, forKey: run.hash) == nil { named.append(NamedRun(activity, claim: study.word)) }
      }
      let open = try runner.unchosen(study)
      unchosen += open
      return ClaimStatus(study.word, own, unchosen: open)
    }
    total = ClaimStatus("all", known.values.sorted { $0.run.hash < $1.run.hash }, unchosen: unchosen)
    running = named.filter { $0.state == .running }
    lost = named.filter { $0.state == .diverged || $0.state == .failed }
  }

  /// The tables for a terminal.
  /// - Parameters:
  ///   - width: that of sentences.
  ///   - tableWidth: that of tables; nil for no limit.
  package func text(width: Int, tableWidth: Int? = nil) -> String {
    var text = textTable(
      columns: ["claim", "runs", "done", "running", "stopped", "lost", "missing", "time left"],
      rows: (claims.count > 1 ? claims + [total] : claims).map { claim in
        let counts = [
          claim[.finished], claim[.running], claim[.stopped], claim[.diverged] + claim[.failed], claim[.missing],
        ]
        return [claim.claim, "\(claim.count)" + (claim.unchosen > 0 ? " + \(claim.unchosen)" : "")]
          + counts.map(String.init)
          + [claim.secondsLeft > 0 ? formatDuration(claim.secondsLeft) : "–"]
      }, width: tableWidth)
    text += "\n" + wrapped(summary, width: width) + "\n"
    if !running.isEmpty {
      text +=
        "\n"
        + textTable(
          columns: ["at work on", "what", "done", "who"],
          rows: running.map { [$0.hash, $0.label, formatPercentage($0.done), $0.owner?.description ?? ""] },
          width: tableWidth)
    }
    for run in lost {
      text += "\n" + wrapped("\(run.hash), \(run.label): \(run.reason ?? run.state.rawValue)", width: width)
    }
    return lost.isEmpty ? text : text + "\n"
  }

  /// "12 of 24 runs have ended; about 1 h 10 min of one core is left, with the 2 at work now about 35 min."
  private var summary: String {
    let count = total.count
    let ended = total[.finished] + total[.diverged]
    if ended == count && total.unchosen == 0 { return "All \(counted(count, "run")) have ended." }
    var text = "\(ended) of \(counted(count, "run")) have ended"
    if total.unchosen > 0 { text += ", and \(total.unchosen) more follow once searches have chosen them" }
    text += "; about \(formatDuration(total.secondsLeft)) of one core is left"
    if !running.isEmpty {
      text +=
        ", with the \(running.count) at work now about \(formatDuration(total.secondsLeft / Double(running.count)))"
    }
    return text + "."
  }
}
