// Slurm's own commands as child processes: reading the queue and submitting to it. What is submitted is decided
// elsewhere.

import Basics
import Foundation
import Subprocess

/// Why Slurm did not do what it was asked for, in one line.
package struct SlurmError: ExitStatusProviding {
  package let description: String
  package var exitStatus: ExitStatus { .io }
}

/// A task of an array in the queue, pending or running.
struct QueuedTask: Hashable, Sendable {
  let job: String
  let task: Int
}

/// The Slurm whose commands are on the PATH.
struct Slurm: Sendable {
  /// Submits a script to run after other jobs have ended, however they did.
  /// - Returns: the job's number.
  func submit(_ script: String, after jobs: [String]) async throws -> String {
    let output = try await execute("sbatch", Self.options(after: jobs) + [script])
    // "123", or "123;cluster".
    guard let job = output.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first.map(String.init),
      Int(job) != nil
    else {
      throw SlurmError(
        description: "sbatch \(script) answered \"\(output)\", which is not a job number; see `squeue --me`")
    }
    return job
  }

  /// The options of `sbatch` for a script that waits for other jobs.
  static func options(after jobs: [String]) -> [String] {
    ["--parsable"] + (jobs.isEmpty ? [] : ["--dependency=afterany:" + jobs.joined(separator: ":")])
  }

  /// The user's array tasks that are pending or running.
  func queue() async throws -> Set<QueuedTask> {
    Self.tasks(inQueue: try await execute("squeue", ["--me", "--noheader", "--array", "--format=%F %K"]))
  }

  /// Lines of "job task"; jobs that are not arrays have no number for a task.
  static func tasks(inQueue text: String) -> Set<QueuedTask> {
    Set(
      text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard words.count == 2, let task = Int(words[1]) else { return nil }
        return QueuedTask(job: String(words[0]), task: task)
      })
  }

  private func execute(_ command: String, _ arguments: [String]) async throws -> String {
    do {
      let result = try await Subprocess.run(
        .name(command), arguments: Arguments(arguments), output: .string(limit: 1 << 26), error: .string(limit: 1 << 16)
      )
      if !result.terminationStatus.isSuccess {
        let reason =
          result.standardError.split(whereSeparator: \.isNewline).last.map(String.init) ?? "\(result.terminationStatus)"
        throw SlurmError(description: "`\(Escaped.shellCommand([command] + arguments))` failed: \(reason)")
      }
      return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw SlurmError(
        description: "\(command) is not on the PATH: run this where Slurm is installed (Debian: slurm-client), or see "
          + "`--dry-run` and Documentation/scaling.md for ways without it")
    } catch let error as SubprocessError {
      throw SlurmError(description: "\(command) cannot be started: \(error)")
    }
  }
}
