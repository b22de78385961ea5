// The scripts of a submission to Slurm: text only. What they run is decided in Submission.swift; they are submitted in
// Slurm.swift.

import Basics
import Foundation
import Wording

/// What a submission passes on to `sbatch`, and how it cuts the runs into tasks.
package struct BatchOptions: Sendable {
  package var partition: String?
  package var account: String?
  /// The time limit of each task as `sbatch --time` takes it; nil for one worked out from the estimates.
  package var time: String?
  /// Tasks of an array that may run at a time, the N of `--array=…%N`.
  package var arrayLimit: Int?
  /// What a task should last.
  package var minutes = 10.0
  /// Runs that a task carries out at a time, one processor each.
  package var jobs = 1
  /// Options of the job that judges.
  package var judgeOptions: [String] = []

  package init(
    partition: String? = nil, account: String? = nil, time: String? = nil, arrayLimit: Int? = nil, minutes: Double = 10,
    jobs: Int = 1, judgeOptions: [String] = []
  ) {
    self.partition = partition
    self.account = account
    self.time = time
    self.arrayLimit = arrayLimit
    self.minutes = minutes
    self.jobs = jobs
    self.judgeOptions = judgeOptions
  }
}

/// How a job calls the program so that it sees the runs that the submission saw.
package struct BatchCall: Sendable {
  /// The program's absolute path, the same on every node.
  package let executable: String
  /// The directory in which the submission was made; relative paths among the options start there.
  package let directory: String
  /// `--preset`, `--config`, `--out` and all else that decides which runs there are.
  package let options: [String]

  package init(executable: String, directory: String, options: [String]) {
    self.executable = executable
    self.directory = directory
    self.options = options
  }

  func command(_ words: [String], _ more: [String] = []) -> String {
    Escaped.shellCommand([executable] + words + options + more)
  }
}

/// One script of a submission.
package struct BatchScript: Sendable {
  /// Its file is `name`.sh.
  package let name: String
  package let text: String
  /// The hashes of each task of an array; nil for scripts that find out when they run.
  package let tasks: [[String]]?
}

/// The tasks that an array may have: Slurm's own limit, `MaxArraySize`, is 1001 unless a site raises it.
let largestArray = 1000

/// Spells the scripts of one submission.
struct ScriptWriter {
  let call: BatchCall
  let options: BatchOptions
  /// Where scripts and logs go, an absolute path.
  let folder: String
  /// The claims as they are named to the program.
  let claims: [String]

  /// Arrays over runs that are known.
  func arrays(_ packs: [RunPack]) -> [BatchScript] {
    stride(from: 0, to: packs.count, by: largestArray).enumerated().map { number, first in
      let part = Array(packs[first..<min(first + largestArray, packs.count)])
      let tasks = part.map { $0.runs.map(\.hash) }
      let name = "runs-\(number)"
      let runs = part.reduce(0) { $0 + $1.runs.count }
      let text =
        head(name, array: part.count, jobs: options.jobs, seconds: longest(part), bytes: largest(part))
        + "# \(claims.joined(separator: " ")): \(counted(runs, "run")) that had not ended, in \(counted(part.count, "task")) "
        + "of up to \(formatDuration(longest(part))) by estimate.\n"
        + body + "tasks=(\n" + tasks.map { "  '\($0.joined(separator: " "))'\n" }.joined() + ")\n"
        + "exec \(call.command(["run"], ["--jobs", "\(options.jobs)"])) ${tasks[SLURM_ARRAY_TASK_ID]}\n"
      return BatchScript(name: name, text: text, tasks: tasks)
    }
  }

  /// An array over the runs that searches will have chosen by then; nil where no choice is open.
  func chosen(_ reserved: [RunPack]) -> BatchScript? {
    if reserved.isEmpty { return nil }
    let count = min(reserved.count, largestArray)
    let text =
      head("chosen", array: count, jobs: options.jobs, seconds: longest(reserved), bytes: largest(reserved))
      + "# The runs that searches have chosen by now: of all runs that are known, task i takes numbers i, i + \(count), i + "
      + "\(2 * count) …;\n# those that have ended are not trained again.\n"
      + body + "runs=($(\(call.command(["plan"] + claims, ["--hashes"]))))\nmine=()\n"
      + "for ((i = SLURM_ARRAY_TASK_ID; i < ${#runs[@]}; i += \(count))); do mine+=(\"${runs[i]}\"); done\n"
      + "if ((${#mine[@]} == 0)); then exit 0; fi\n"
      + "exec \(call.command(["run"], ["--jobs", "\(options.jobs)"])) \"${mine[@]}\"\n"
    return BatchScript(name: "chosen", text: text, tasks: nil)
  }

  /// Verdicts, tables and figures of what is there at the end.
  func judge() -> BatchScript {
    let text =
      head("judge", array: nil, jobs: 1, seconds: 300, bytes: 500_000_000)
      + "# Verdict, table and figure of \(claims.joined(separator: " ")) from what is stored by then; trains nothing.\n"
      + body
      + "status=0\n\(call.command(["judge"] + claims, options.judgeOptions)) || status=$?\n"
      + "if ((status > 2)); then exit $status; fi  # 1 and 2 are verdicts: a claim fails or is inconclusive\n"
    return BatchScript(name: "judge", text: text, tasks: nil)
  }

  private var body: String { "set -euo pipefail\ncd \(Escaped.shellWord(call.directory))\n" }

  /// The first line and the directives.
  private func head(_ name: String, array: Int?, jobs: Int, seconds: Double, bytes: Int) -> String {
    // Four times the estimate, because processors differ, and ten minutes, because file systems do.
    let minutes = Int(saturating: (4 * seconds / 60).rounded(.up) + 10)
    let mebibytes = (2 * bytes >> 20) / 64 * 64 + 64
    var directives = ["--job-name=replicate", "--ntasks=1", "--cpus-per-task=\(jobs)", "--mem=\(mebibytes)M"]
    directives.append("--time=\(options.time ?? "\(minutes)")")
    if let array { directives.append("--array=0-\(array - 1)" + (options.arrayLimit.map { "%\($0)" } ?? "")) }
    if let partition = options.partition { directives.append("--partition=\(partition)") }
    if let account = options.account { directives.append("--account=\(account)") }
    // A minute before the limit the program saves its state and ends.
    if array != nil { directives.append("--signal=B:TERM@60") }
    directives.append("--open-mode=append")
    directives.append("--output=\"\(Escaped.slurmPath(folder))/\(name)-%\(array == nil ? "j" : "A-%a").out\"")
    return "#!/bin/bash\n" + directives.map { "#SBATCH \($0)\n" }.joined()
  }

  private func longest(_ packs: [RunPack]) -> Double { packs.map(\.seconds).max() ?? 0 }
  private func largest(_ packs: [RunPack]) -> Int { packs.map(\.bytes).max() ?? 0 }
}
