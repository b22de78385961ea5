// Submitting a claim's runs to Slurm: what is missing and not queued goes into arrays, what a search has yet to choose
// into a dependent array, and the verdict into a job after those. All dependencies are known at once, so no job submits
// others.

import Basics
import Claims
import Files
import Foundation
import Reporting
import Running
import Wording

/// What is submitted for some claims.
package struct Submission: Sendable {
  let claims: [String]
  /// Tasks of runs that have not ended and are in no queue.
  package let packs: [RunPack]
  /// As many tasks as the runs may need that searches have yet to choose.
  package let reserved: [RunPack]
  /// Runs that have not ended and are in a queued array.
  package let queued: Int
  /// The jobs of those.
  let queuedJobs: [String]
  let writer: ScriptWriter

  /// In the order in which they are submitted; each waits for those before it.
  package let scripts: [BatchScript]

  package var runs: Int { packs.reduce(0) { $0 + $1.runs.count } }

  /// - Parameters:
  ///   - studies: what the claims are about.
  ///   - words: the claims as they are named to the program.
  ///   - folder: where scripts and logs go, an absolute path.
  package init(
    _ studies: [Study], words: [String], runner: Runner, queue: QueuedRuns,
    folder: String,
    call: BatchCall, options: BatchOptions
  ) throws {
    claims = studies.map(\.word)
    var jobs = queue.jobs
    for study in studies {
      guard let job = queue.choosing[study.word] else { continue }
      for run in try study.furtherRuns(try runner.results(study.runs)) { jobs[run.hash] = job }
    }
    let known = try studies.flatMap { try runner.known($0) }
    let missing = runner.states(known).filter { !$0.status.hasEnded }.map(\.run)
    let waiting = missing.filter { jobs[$0.hash] != nil }
    queued = waiting.count
    queuedJobs = Set(waiting.compactMap { jobs[$0.hash] }).sorted()
    packs = pack(missing.filter { jobs[$0.hash] == nil }, seconds: options.minutes * 60, jobs: options.jobs)
    reserved = pack(
      try studies.flatMap { try runner.unchosen($0) }, seconds: options.minutes * 60, jobs: options.jobs)
    writer = ScriptWriter(call: call, options: options, folder: folder, claims: words)
    scripts = packs.isEmpty ? [] : writer.arrays(packs) + [writer.chosen(reserved)].compactMap { $0 } + [writer.judge()]
  }

  /// The file of a script.
  package func path(of script: BatchScript) -> String { "\(writer.folder)/\(script.name).sh" }

  /// Writes the scripts and submits them.
  /// - Returns: what was submitted, which is also stored beside the scripts.
  /// - Throws: ``SlurmError``, naming what was submitted before something failed; `StoreError`.
  package func submit() async throws -> SubmissionRecord {
    let slurm = Slurm()
    try makeDirectory(writer.folder)
    for script in scripts { try writeAtomically(script.text, to: path(of: script)) }
    var record = SubmissionRecord(claims: claims)
    for script in scripts {
      let job: String
      do {
        job = try await slurm.submit(
          path(of: script), after: predecessors(of: script, submitted: record.jobs.map(\.job)))
      } catch let error as SlurmError where !record.jobs.isEmpty {
        let done = record.jobs.map { "\($0.script) as job \($0.job)" }.joined(separator: ", ")
        throw SlurmError(description: "\(error); submitted before that: \(done)")
      }
      record.jobs.append(SubmittedJob(job: job, script: script.name, tasks: script.tasks))
      try writeAtomically(
        try jsonText(record, indented: true) + "\n", to: writer.folder + "/" + SubmissionRecord.fileName)
    }
    return record
  }

  /// What was submitted, for a terminal.
  package func text(_ record: SubmissionRecord) -> String {
    var lines = [
      "Submitted \(counted(runs, "run")) in \(counted(packs.count, "task")), about \(formatDuration(total)) of one core."
    ]
    if queued > 0 { lines.append("\(counted(queued, "run")) more \(queued == 1 ? "is" : "are") queued already.") }
    for job in record.jobs { lines.append("Job \(job.job): \(writer.folder)/\(job.script).sh") }
    return (lines + ["`replicate status` shows their progress."]).joined(separator: "\n")
  }

  private var total: Double { packs.flatMap(\.runs).reduce(0) { $0 + $1.estimatedSeconds } }

  /// An array of known runs waits for nothing, all else for everything before it and for the runs queued earlier.
  private func predecessors(of script: BatchScript, submitted: [String]) -> [String] {
    script.tasks == nil ? queuedJobs + submitted : []
  }

  /// What ``submit()`` does, as a shell would: the scripts, and the commands that submit them.
  package var dryRun: String {
    var text = scripts.map { "==> \(path(of: $0)) <==\n\($0.text)\n" }.joined() + "==> submitted by <==\n"
    var variables: [String] = []
    for script in scripts {
      let variable = script.name.replacing("-", with: "_")
      let options = Slurm.options(after: predecessors(of: script, submitted: variables))
      // A dependency names variables of this shell, so options are not quoted.
      text += "\(variable)=$(sbatch \(options.joined(separator: " ")) \(Escaped.shellWord(path(of: script))))\n"
      variables.append("$" + variable)
    }
    return text
  }
}

/// A job of a submission.
package struct SubmittedJob: Codable, Sendable {
  package let job: String
  package let script: String
  /// The hashes of each task of an array; nil for jobs that find out when they run.
  package let tasks: [[String]]?
}

/// `submission.json`: what was submitted when, so that a later submission leaves out what is still queued.
package struct SubmissionRecord: Codable, Sendable {
  static let fileName = "submission.json"
  package let claims: [String]
  package internal(set) var jobs: [SubmittedJob]

  /// Nothing submitted yet.
  package init(claims: [String]) {
    self.claims = claims
    jobs = []
  }
}

/// The runs that are in a queued array.
package struct QueuedRuns: Sendable {
  /// The array's job by the run's hash.
  let jobs: [String: String]
  /// The job of an array over the runs that searches choose, by the claim.
  let choosing: [String: String]

  /// No run.
  package static let none = QueuedRuns(jobs: [:], choosing: [:])

  init(jobs: [String: String], choosing: [String: String]) {
    self.jobs = jobs
    self.choosing = choosing
  }

  /// Those of the submissions in a folder that the queue still has.
  init(in folder: String, queue: Set<QueuedTask>) throws {
    var jobs: [String: String] = [:]
    var choosing: [String: String] = [:]
    for name in try directoryNames(in: folder) {
      let path = "\(folder)/\(name)/\(SubmissionRecord.fileName)"
      guard let data = try readFileIfThere(path) else { continue }
      guard let record = try? recordDecoder().decode(SubmissionRecord.self, from: data) else {
        throw StoreError(.badData, "\(path): not the record of a submission; delete the folder \(folder)/\(name)")
      }
      for job in record.jobs {
        for (number, task) in (job.tasks ?? []).enumerated()
        where queue.contains(QueuedTask(job: job.job, task: number)) {
          for hash in task { jobs[hash] = job.job }
        }
        if job.tasks == nil && queue.contains(where: { $0.job == job.job }) {
          for claim in record.claims { choosing[claim] = job.job }
        }
      }
    }
    self.init(jobs: jobs, choosing: choosing)
  }

  /// Those of the submissions in a folder, as `squeue` knows them.
  /// - Throws: ``SlurmError`` where there is no Slurm.
  package static func current(in folder: String) async throws -> QueuedRuns {
    try QueuedRuns(in: folder, queue: try await Slurm().queue())
  }
}

/// The first folder `stem`-1, `stem`-2, … in the directory that is not there yet.
package func freshFolder(_ stem: String, in directory: String) -> String {
  var number = 1
  while kind(of: "\(directory)/\(stem)-\(number)") != nil { number += 1 }
  return "\(directory)/\(stem)-\(number)"
}
