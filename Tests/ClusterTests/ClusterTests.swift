// Packing, scripts, the queue and what runs are doing. A real Slurm is in Tests/Cluster.

import Basics
import Corpora
import Foundation
import Objectives
import Testing
import Training
import Transformer
@testable import Claims
@testable import Cluster
@testable import Configuration
@testable import Files
@testable import Reporting
@testable import Running
@testable import Specification
@testable import Store

/// A run of the world corpus whose estimated time is about proportional to its epochs.
private func run(epochs: Int, seed: UInt64 = 1, width: Int = 16) throws -> PlannedRun {
  try PlannedRun(
    label: "AR, \(epochs) epochs, seed \(seed)",
    specification: RunSpecification(
      corpus: .world(WorldSpecification(uniqueTokens: 1500)), dataSeed: seed, seed: seed,
      objective: .plainAutoregressive,
      model: ModelConfiguration(width: width, heads: 2, feedForward: 24, layers: 1, context: 48),
      training: TrainingConfiguration(epochs: epochs, batch: 8, learningRate: 3e-3),
      evaluation: EvaluationConfiguration(
        checkpoints: 3, items: 4, samples: 1, validationSequences: 4, validationSamples: 1),
      backend: .native))
}

private func temporaryDirectory() -> String {
  FileManager.default.temporaryDirectory.appending(path: "replicate-cluster-\(UUID().uuidString)").path
}

/// What bash prints for a script.
private func bash(_ script: String, environment: [String: String] = [:]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["-c", script]
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: output, as: UTF8.self)
}

@Suite struct PackingTests {
  @Test(arguments: [1, 4]) func tasksAreFullAndNotOverfull(jobs: Int) throws {
    let runs = try (1...40).map { try run(epochs: 50 * $0) }
    let seconds = 3 * (runs.map(\.estimatedSeconds).max() ?? 0)
    let packs = pack(runs, seconds: seconds, jobs: jobs)
    #expect(packs.flatMap { $0.runs.map(\.hash) }.sorted() == runs.map(\.hash).sorted(), "every run once")
    #expect(packs.allSatisfy { $0.seconds <= seconds })
    let total = runs.reduce(0) { $0 + $1.estimatedSeconds }
    #expect(Double(packs.count) < 1.3 * total / (seconds * Double(jobs)) + 1, "\(packs.count) tasks")
    #expect(
      pack(runs.reversed(), seconds: seconds, jobs: jobs).map { $0.runs.map(\.hash) }
        == packs.map { $0.runs.map(\.hash) })
  }

  @Test func aLongRunIsATaskOfItsOwnAndAnotherOfTheSameNameCountsOnce() throws {
    let (long, short) = (try run(epochs: 4000), try run(epochs: 10))
    let packs = pack([short, long, short], seconds: long.estimatedSeconds / 2, jobs: 1)
    #expect(packs.map { $0.runs.map(\.hash) } == [[long.hash], [short.hash]])
    #expect(packs[0].seconds == long.estimatedSeconds)
    #expect(pack([], seconds: 60, jobs: 1).isEmpty)
  }
}

@Suite struct ScriptTests {
  private let paths = ["plain/path", "two words", "it's", "a\"b", "$HOME `x`", "50%", "back\\slash", "", "новый"]

  @Test func wordsSurviveTheShell() throws {
    let printed = try bash("printf '%s\\n' \(Escaped.shellCommand(paths))")
    #expect(printed == paths.map { $0 + "\n" }.joined())
  }

  private func writer(_ call: BatchCall, _ options: BatchOptions = BatchOptions(), claims: [String] = ["crossover"])
    -> ScriptWriter
  {
    ScriptWriter(call: call, options: options, folder: "/a b/slurm/\"x\" 50%-1", claims: claims)
  }

  @Test func directivesAreThoseAskedFor() throws {
    let call = BatchCall(executable: "/opt/replicate", directory: "/a b", options: ["--preset", "full"])
    let packs = pack([try run(epochs: 300), try run(epochs: 200)], seconds: 1e-3, jobs: 3)
    let plain = try #require(writer(call).arrays(packs).first)
    #expect(plain.tasks == packs.map { $0.runs.map(\.hash) })
    #expect(
      plain.text.hasPrefix("#!/bin/bash\n#SBATCH --job-name=replicate\n#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=1\n")
    )
    #expect(plain.text.contains("\n#SBATCH --array=0-1\n") && plain.text.contains("\n#SBATCH --time=11\n"))
    #expect(plain.text.contains("\n#SBATCH --signal=B:TERM@60\n"))
    #expect(plain.text.contains("\n#SBATCH --output=\"/a b/slurm/\\\"x\\\" 50%%-1/runs-0-%A-%a.out\"\n"))
    #expect(!plain.text.contains("partition") && !plain.text.contains("account"))
    let options = BatchOptions(partition: "cpu", account: "lab", time: "1-02:00", arrayLimit: 7, minutes: 5, jobs: 3)
    let asked = try #require(writer(call, options).arrays(packs).first).text
    for line in ["--array=0-1%7", "--partition=cpu", "--account=lab", "--time=1-02:00", "--cpus-per-task=3"] {
      #expect(asked.contains("\n#SBATCH \(line)\n"), "\(line)")
    }
    #expect(asked.contains(" --jobs 3 "))
    // Directives end with the first command, and none may stand after it.
    let lines = asked.split(separator: "\n").map(String.init)
    #expect(
      lines.lastIndex { $0.hasPrefix("#SBATCH") }.map { $0 < lines.firstIndex { !$0.hasPrefix("#") } ?? 0 } == true)
  }

  @Test func arraysStayBelowSlurmsLimit() throws {
    let packs = (0..<2001).map { _ in RunPack(runs: [], jobs: 1) }
    let arrays = writer(BatchCall(executable: "/r", directory: "/", options: [])).arrays(packs)
    #expect(arrays.map(\.name) == ["runs-0", "runs-1", "runs-2"])
    #expect(arrays.map { $0.tasks?.count } == [1000, 1000, 1])
  }

  /// The scripts are carried out by bash, with a program that prints where and how it was called.
  @Test func tasksCallTheProgramInItsDirectory() throws {
    let directory = temporaryDirectory() + "/it's a 50% place"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let program = directory + "/the program"
    let text =
      "#!/bin/bash\nif [[ $1 == plan ]]; then printf 'h%d\\n' {0..6}; exit; fi\nprintf '%s|' \"${PWD##*/}\" \"$@\"\nexit ${STATUS:-0}\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: program))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let call = BatchCall(executable: program, directory: directory, options: ["--out", "the results"])
    let runs = [try run(epochs: 300), try run(epochs: 200), try run(epochs: 100)]
    let packs = [RunPack(runs: [runs[0]], jobs: 1), RunPack(runs: Array(runs[1...]), jobs: 1)]
    let array = try #require(writer(call).arrays(packs).first)
    #expect(
      try bash(array.text, environment: ["SLURM_ARRAY_TASK_ID": "1"])
        == "it's a 50% place|run|--out|the results|--jobs|1|\(runs[1].hash)|\(runs[2].hash)|")

    let chosen = try #require(writer(call).chosen([packs[0], packs[0], packs[0]]))
    #expect(chosen.tasks == nil && chosen.text.contains("--array=0-2\n"))
    #expect(
      try bash(chosen.text, environment: ["SLURM_ARRAY_TASK_ID": "1"])
        == "it's a 50% place|run|--out|the results|--jobs|1|h1|h4|")
    #expect(try bash(chosen.text, environment: ["SLURM_ARRAY_TASK_ID": "9"]).isEmpty, "nothing left for this task")
    #expect(writer(call).chosen([]) == nil)

    let judge = writer(call, claims: ["crossover", "input-noise"]).judge().text
    #expect(!judge.contains("--array"))
    #expect(try bash(judge) == "it's a 50% place|judge|crossover|input-noise|--out|the results|")
    // A claim that fails is a result; an error is not.
    for (status, expected) in [("0", "0"), ("1", "0"), ("2", "0"), ("65", "65"), ("74", "74")] {
      #expect(try bash("(\(judge)) >/dev/null; echo $?", environment: ["STATUS": status]) == expected + "\n")
    }
  }
}

@Suite struct QueueTests {
  @Test func theQueueIsRead() {
    let tasks = Slurm.tasks(inQueue: "12 0\n12 3\n13 N/A\n\n7 1\n")
    #expect(tasks == [QueuedTask(job: "12", task: 0), QueuedTask(job: "12", task: 3), QueuedTask(job: "7", task: 1)])
    #expect(Slurm.options(after: []) == ["--parsable"])
    #expect(Slurm.options(after: ["1", "2"]) == ["--parsable", "--dependency=afterany:1:2"])
  }

  private func settings(_ claim: String) throws -> ClaimSettings {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../experiments.toml"
    ).path
    return try ExperimentFile(path: path, claims: Claim.schemas).settings(claim, .smoke)
  }

  /// Only what is neither there nor queued is submitted, also of what a queued array will choose.
  @Test func whatIsQueuedIsLeftOut() throws {
    let directory = temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let study = try Claim.inputNoise.study(settings("input-noise"), backend: .native)
    let hashes = uniqueHashes(study.runs)
    var record = SubmissionRecord(claims: ["input-noise"])
    record.jobs = [
      SubmittedJob(job: "12", script: "runs-0", tasks: [Array(hashes[..<2]), [hashes[2]]]),
      SubmittedJob(job: "13", script: "chosen", tasks: nil), SubmittedJob(job: "14", script: "judge", tasks: nil),
    ]
    try makeDirectory(directory + "/slurm/input-noise-smoke-1")
    try makeDirectory(directory + "/slurm/notes")
    try writeAtomically(try jsonText(record), to: directory + "/slurm/input-noise-smoke-1/submission.json")
    func submission(_ queue: Set<QueuedTask>) throws -> Submission {
      try Submission(
        [study], words: ["input-noise"],
        runner: Runner(
          store: RecordStore(directory: directory + "/runs"),
          machine: Machine(processor: "p", cores: 1, kernel: "k", blas: "b", version: "0"), preset: "smoke", jobs: 1),
        queue: try QueuedRuns(in: directory + "/slurm", queue: queue), folder: directory + "/slurm/x",
        call: BatchCall(executable: "/r", directory: "/", options: []), options: BatchOptions())
    }
    let alone = try submission([])
    #expect(alone.runs == hashes.count && alone.queued == 0)
    #expect(alone.scripts.map(\.name) == ["runs-0", "chosen", "judge"])
    #expect(
      alone.dryRun.hasSuffix(
        """
        ==> submitted by <==
        runs_0=$(sbatch --parsable \(directory)/slurm/x/runs-0.sh)
        chosen=$(sbatch --parsable --dependency=afterany:$runs_0 \(directory)/slurm/x/chosen.sh)
        judge=$(sbatch --parsable --dependency=afterany:$runs_0:$chosen \(directory)/slurm/x/judge.sh)

        """))

    let one = try submission([QueuedTask(job: "12", task: 0), QueuedTask(job: "99", task: 1)])
    #expect(one.queued == 2)
    #expect(one.packs.flatMap { $0.runs.map(\.hash) }.sorted() == hashes[2...].sorted())
    #expect(one.dryRun.contains("--dependency=afterany:12:$runs_0 "), "the verdict waits for what was queued before")

    let queue = try QueuedRuns(in: directory + "/slurm", queue: [QueuedTask(job: "13", task: 0)])
    #expect(queue.jobs.isEmpty && queue.choosing == ["input-noise": "13"])

    try writeAtomically("{}", to: directory + "/slurm/notes/submission.json")
    #expect(throws: StoreError.self) { try submission([]) }
  }

  @Test func foldersAreNumbered() throws {
    let directory = temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    #expect(freshFolder("all-full", in: directory) == directory + "/all-full-1")
    for number in 1...2 { try makeDirectory(directory + "/all-full-\(number)") }
    #expect(freshFolder("all-full", in: directory) == directory + "/all-full-3")
  }
}

@Suite struct RunActivityTests {
  @Test func whoIsAtWorkIsSeenWithoutTakingTheLock() throws {
    let directory = temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = RecordStore<RunSpecification>(directory: directory)
    let planned = try run(epochs: 4)
    #expect(store.activity(of: planned).state == .missing)

    let writer = try store.open(planned.specification)
    let begun = store.activity(of: planned)
    #expect(begun.state == .running && begun.owner?.pid == getpid() && begun.done == 0)
    try writer.append(
      CheckpointRecord(epoch: 1, step: 5, tokens: 1, trainingLoss: 1, validation: nil, tasks: [:]), items: [])
    #expect(store.activity(of: planned).done == 0.25)
    #expect(abs(store.activity(of: planned).secondsLeft - planned.estimatedSeconds * 0.75) < 1e-9)
    let lock = store.folder(of: planned.hash) + "/lock"
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: lock)
    #expect(store.activity(of: planned).state == .running, "a lock that is held is never too old")
    writer.close()
    #expect(store.activity(of: planned).state == .stopped)

    // A lock that nobody holds, with the process of another program in it: the number was given out again.
    try writeAtomically(
      jsonLines([LockOwner(pid: getpid(), host: ProcessInfo.processInfo.hostName, since: "x")]), to: lock)
    #expect(store.activity(of: planned).state == .stopped)
    // Another host's lock may be held where this one cannot see it: it counts while it is young.
    #expect(store.activity(of: planned, host: "elsewhere").state == .running)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: lock)
    #expect(store.activity(of: planned, host: "elsewhere").state == .stopped)
    try FileManager.default.removeItem(atPath: lock)

    let again = try store.open(planned.specification)
    try again.rewind(metrics: .start, items: .start)
    try again.finish(
      .diverged, reason: "loss nan", preset: "smoke",
      machine: Machine(processor: "p", cores: 1, kernel: "k", blas: "b", version: "0"),
      seconds: 1, summary: [:])
    again.close()
    let ended = store.activity(of: planned)
    #expect(ended.state == .diverged && ended.reason == "loss nan" && ended.done == 1 && ended.secondsLeft == 0)
  }
}
