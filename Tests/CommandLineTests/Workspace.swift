// What the tests of the command line share: the built binary, run in a temporary directory with a tiny configuration.

import Foundation
import TestSupport
import Testing

/// How a process ended and what it wrote.
struct Invocation {
  let status: Int32
  let output: String
  let errors: String

  var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
  /// The output with every stretch of blanks and line ends as one blank: sentences, however they were wrapped.
  var words: String { output.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

  /// The result in the JSON document that the output is, held against the schema; of a list with one object that object.
  var json: [String: Any] { result as? [String: Any] ?? (results.count == 1 ? results[0] : [:]) }

  /// The same where it is a list of objects.
  var results: [[String: Any]] { result as? [[String: Any]] ?? [] }

  private var result: Any? {
    if output.isEmpty { return nil }
    do {
      let problems = try JSONSchema.ofDocuments.get().problems(in: output)
      if !problems.isEmpty { Issue.record("not as the schema says: \(problems.joined(separator: "; "))") }
    } catch {
      Issue.record(error)
    }
    let document = (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any]
    return document?["result"]
  }
}

/// A directory with `experiments.toml`, in which `replicate` is run; removed when the value goes away.
final class Workspace {
  let path: String

  /// The binary that `swift build --build-tests` puts beside the tests.
  static let binary: String = {
    let tests =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("replicate").path
  }()

  /// The library of Tests/FaultInjection, to be preloaded; nil under a sanitizer, which has to be loaded first.
  static let faultInjection: String? = {
    if ProcessInfo.processInfo.environment["REPLICATE_SANITIZER"] != nil { return nil }
    return URL(fileURLWithPath: binary).deletingLastPathComponent().appendingPathComponent("libFaultInjection.so").path
  }()

  init(_ configuration: String = Workspace.configuration()) throws {
    path = NSTemporaryDirectory() + "command-line-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try write("experiments.toml", configuration)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Models of width 8 that train for a few steps: a run takes a fraction of a second.
  static func configuration(
    width: Int = 8, epochs: Int = 2, batch: Int = 4, learningRate: String = "1e-3", weightDecay: String = "0.1",
    checkpoints: Int = 3, items: Int = 8, seeds: Int = 2, textTokens: Int = 600
  ) -> String {
    """
    defaults = false

    [model]
    width = \(width)
    heads = 2
    feed_forward = 16
    layers = 1
    context = 48

    [training]
    epochs = \(epochs)
    batch = \(batch)
    learning_rate = \(learningRate)
    warmup = 0.1
    decay = 0.2
    final_share = 0.1
    weight_decay = \(weightDecay)

    [evaluation]
    checkpoints = \(checkpoints)
    items = \(items)
    samples = 1
    validation_sequences = 4
    validation_samples = 1

    [world]
    unique_tokens = 400
    agents = 12
    topics = 4

    [python]
    unique_tokens = 400

    [text]
    vocabulary = 300
    unique_tokens = \(textTokens)
    held_out_share = 0.2
    training_tokens = 1200

    [crossover]
    tasks = ["endings", "knowledge"]
    margin = 0.0

    [crossover.preset]
    smoke = { seeds = 1 }
    ci = { seeds = \(seeds) }
    full = { seeds = 3 }

    """
  }

  /// Paragraphs that are all different.
  static func prose(_ paragraphs: Int, from first: Int = 0) -> String {
    let words = [
      "river", "stone", "house", "winter", "bread", "garden", "lamp", "road", "letter", "bird", "song", "boat",
    ]
    let verbs = ["finds", "keeps", "brings", "leaves", "hears", "paints", "carries"]
    return (first..<first + paragraphs).map { p in
      let sentences = (0..<4).map { s in
        let n = p * 7 + s * 5
        return
          "the \(words[n % 12]) of the \(words[(n / 12 + s) % 12]) \(verbs[(n + p) % 7]) a \(words[(n * 5 + p) % 12])."
      }
      return sentences.joined(separator: " ") + " number \(p).\n"
    }.joined(separator: "\n")
  }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  func write(_ name: String, _ data: Data) throws {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  func read(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  /// The folders of runs, in alphabetical order.
  func runs(_ out: String = "results") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file(out + "/runs")).sorted()
  }

  /// Waits until a run has saved a state, half a minute at most: it is under way then.
  func awaitState(_ out: String = "results") {
    let deadline = Date().addingTimeInterval(30)
    while Date() < deadline {
      if (try? runs(out))?.contains(where: { exists("\(out)/runs/\($0)/state") }) == true { return }
      usleep(2000)
    }
  }

  /// The files of an ended run; a DLM's has the code of its model too.
  static let filesOfEveryRun: Set = [
    "config.json", "generation_config.json", "items.jsonl", "metrics.jsonl", "model.safetensors", "record.json",
    "spec.json", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json",
  ]

  /// The files of a run, among those that its numbers are in, that are not the same bytes in two stores.
  func differences(of run: String, _ one: String, _ two: String) -> [String] {
    ["metrics.jsonl", "items.jsonl", "model.safetensors", "config.json", "spec.json"].filter { name in
      let paths = [one, two].map { file("\($0)/runs/\(run)/\(name)") }
      return !FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1])
    }
  }

  /// A record as the first format had it, without a seal, so that a test can change what it says.
  static func withoutSeal(_ record: String) -> String {
    record.replacing("\"formatVersion\": 2", with: "\"formatVersion\": 1").replacing(/\n *"seal": "[^"]*",/, with: "")
  }

  /// Every file below a directory with the time of its last change.
  func modificationTimes(_ directory: String) throws -> [String: Date] {
    var times: [String: Date] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: file(directory)) {
      let attributes = try FileManager.default.attributesOfItem(atPath: file(directory + "/" + name))
      times[name] = attributes[.modificationDate] as? Date
    }
    return times
  }

  /// Runs `replicate` to its end.
  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Invocation {
    let running = try start(arguments, environment: environment)
    return try running.finish()
  }

  /// A shell command in the directory; `$REPLICATE` is the binary.
  func shell(_ command: String) throws -> Invocation {
    try start(["-c", command], executable: "/bin/bash", environment: ["REPLICATE": Self.binary]).finish()
  }

  func start(
    _ arguments: [String], executable: String = Workspace.binary, environment: [String: String] = [:]
  ) throws -> Running {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    var variables = ProcessInfo.processInfo.environment
    variables["COLUMNS"] = "80"
    process.environment = variables.merging(environment) { $1 }
    // Files and not pipes, which would have to be emptied while the process runs.
    let name = NSTemporaryDirectory() + "command-line-" + UUID().uuidString
    for suffix in [".out", ".err"] { FileManager.default.createFile(atPath: name + suffix, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: name + ".out")
    process.standardError = FileHandle(forWritingAtPath: name + ".err")
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return Running(process: process, space: self, name: name)
  }

  /// A process that may not have ended yet.
  struct Running {
    let process: Process
    /// Kept, because the directory goes with it.
    fileprivate let space: Workspace
    fileprivate let name: String

    /// Waits until the process has written a text to its standard error, half a minute at most.
    func awaitError(_ text: String) {
      let deadline = Date().addingTimeInterval(30)
      while Date() < deadline {
        if (try? String(contentsOfFile: name + ".err", encoding: .utf8))?.contains(text) == true { return }
        usleep(2000)
      }
    }

    func finish() throws -> Invocation {
      process.waitUntilExit()
      func take(_ suffix: String) throws -> String {
        defer { try? FileManager.default.removeItem(atPath: name + suffix) }
        return String(decoding: try Data(contentsOf: URL(fileURLWithPath: name + suffix)), as: UTF8.self)
      }
      let isSignal = process.terminationReason == .uncaughtSignal
      return Invocation(
        status: process.terminationStatus + (isSignal ? 1000 : 0), output: try take(".out"), errors: try take(".err"))
    }
  }
}
