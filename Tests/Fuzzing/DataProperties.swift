// Configuration, safetensors, checkpoints, records, specifications and figures.

import Claims
import Cluster
import Configuration
import Corpora
import Figures
import Files
import Foundation
import Objectives
import Reporting
import Specification
import Store
import Training
import Transformer

/// Also: every preset of every claim of an accepted file can be asked for.
func checkConfiguration(_ bytes: [UInt8]) throws {
  try withScratch { path in
    try write(bytes, to: path)
    do {
      let file = try ExperimentFile(path: path, claims: Claim.schemas)
      for claim in Claim.schemas {
        for preset in file.presets(claim.name) { _ = try file.settings(claim.name, preset) }
      }
    } catch let error as ConfigurationError {
      try requireMessage(error, naming: path)
      try require(error.problems.allSatisfy { "\($0)".hasPrefix(path) }, "a problem without a place: \(error)")
      try require(!error.problems.contains { "\($0)".contains { $0.isNewline } }, "a problem of two lines: \(error)")
    }
  }
}

/// Also: what is read, written and read again is the same.
func checkSafetensors(_ bytes: [UInt8]) throws {
  do {
    let file = try SafetensorsFile(bytes: bytes, name: "FILE")
    for entry in file.entries.values {
      _ = try? entry.floats()
      do { _ = try entry.int32s() } catch { try requireMessage(error, naming: "FILE") }
    }
    let encoded = file.encoded()
    let again = try SafetensorsFile(bytes: encoded, name: "FILE")
    try require(again.metadata == file.metadata, "other metadata after writing and reading")
    try require(again.encoded() == encoded, "other bytes after writing, reading and writing")
    for (name, entry) in file.entries {
      try require(again.entries[name]?.shape == entry.shape, "another shape of \(name) after writing and reading")
    }
    try require(again.entries.count == file.entries.count, "other tensors after writing and reading")
  } catch let error as SafetensorsError {
    try requireMessage(error, naming: "FILE")
  }
}

/// The smallest model there is, with three sequences to train on.
func smallestTrainer() throws -> Trainer {
  try Trainer(
    TrainingConfiguration(epochs: 2, batch: 1, learningRate: 1e-3), objective: .maskedDiffusion,
    model: ModelConfiguration(width: 2, heads: 1, feedForward: 1, layers: 1, context: 3), vocabulary: 4,
    sequences: [[0, 1], [1, 0], [0, 0, 1]], special: SpecialTokens(mask: 3, begin: 2), seed: 1, backend: .native)
}

/// Also: a state that is taken can be trained on, to the end, and saved.
func checkCheckpoint(_ bytes: [UInt8]) throws {
  do {
    let trainer = try smallestTrainer()
    let state = try SafetensorsFile(bytes: bytes, name: "state")
    try trainer.restore(state)
    let restored = try SafetensorsFile(bytes: trainer.state().encoded(), name: "state")
    for key in ["step", "tokens", "chunks"] {
      try require(
        restored.metadata[key].flatMap { Int($0) } == state.metadata[key].flatMap { Int($0) }, "another \(key)")
    }
    while !trainer.isFinished { try trainer.step() }
    _ = trainer.state().encoded()
  } catch is SafetensorsError {
  } catch let error as TrainingError {
    try requireMessage(error)
  }
}

/// The bytes stand for every file of a run's folder at once. Also: canonical JSON is read back as the same value, and a
/// sealed object is read back with a sound seal.
func checkRecords(_ bytes: [UInt8]) throws {
  try withScratch { root in
    var hash = "0123456789abcdef"
    let data = Data(bytes)
    if let value = try? JSONDecoder().decode(JSONValue.self, from: data) {
      let text = value.canonical()
      let again = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
      try require(again.canonical() == text, "another spelling after writing and reading: \(text)")
      let indented = try JSONDecoder().decode(JSONValue.self, from: Data(value.canonical(indented: true).utf8))
      try require(indented.canonical() == text, "indentation changes the value")
      if case .object = value {
        let sealed: Unsealed<JSONValue> = try unsealed(from: Data(try sealedText(value).utf8), path: "FILE")
        try require(sealed.seal == .sound, "a seal that is not sound")
      }
      // With the right name the folder is not refused at once.
      hash = (try? specificationHash(value)) ?? hash
    }
    let folder = "\(root)/\(hash)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["spec.json", "metrics.jsonl", "items.jsonl", "lock"] { try write(bytes, to: "\(folder)/\(name)") }
    let store = RecordStore<RunSpecification>(directory: root)
    func attempt(_ read: () throws -> Void) throws {
      do { try read() } catch let error as StoreError { try requireMessage(error, naming: root) }
    }
    try require(try store.hashes() == [hash], "the run is not listed")
    _ = store.status(of: hash)
    _ = try store.holder(of: hash)
    try attempt {
      let specification = try store.specification(of: hash)
      _ = specification.summary
      let code = try JSONEncoder().encode(specification)
      try require(
        try JSONDecoder().decode(RunSpecification.self, from: code) == specification, "another specification")
    }
    try attempt { _ = try store.specificationJSON(of: hash) }
    try attempt { _ = try store.checkpoints(of: hash) }
    try attempt { _ = try store.items(of: hash) }
    try write(bytes, to: "\(folder)/record.json")
    _ = store.status(of: hash)
    try attempt { _ = try store.record(of: hash) }
    try attempt { try store.verify(hash) }
  }
}

/// The bytes are a stored specification. Also: what is accepted is accepted again, and can be planned without a trap.
func checkSpecification(_ bytes: [UInt8]) throws {
  let specification: RunSpecification
  do {
    specification = try JSONDecoder().decode(RunSpecification.self, from: Data(bytes))
  } catch let error as ImpossibleRun {
    return try requireMessage(error)
  } catch is DecodingError {
    return
  }
  let code = try JSONEncoder().encode(specification)
  try require(try JSONDecoder().decode(RunSpecification.self, from: code) == specification, "another specification")
  let run = try PlannedRun(label: "run", specification: specification)
  try require(run.estimatedSeconds.isFinite && run.estimatedBytes > 0, "no estimate")
  try require(!PlanLine(run, .missing).batchText.isEmpty && !specification.summary.isEmpty, "no description")
  _ = pack([run], seconds: 600, jobs: 1024).map(\.bytes)
  let training = specification.training
  let schedule = training.schedule(steps: training.steps(sequences: 1_000_000_000))
  _ = specification.evaluation.steps(schedule: schedule, stepsInEpoch: 7)
}

/// The bytes are a stored figure. Also: what is accepted is laid out, or refused as what cannot be drawn.
func checkFigure(_ bytes: [UInt8]) throws {
  guard let figure = try? JSONDecoder().decode(Figure.self, from: Data(bytes)), figure.excess == nil else { return }
  let encoded = try JSONEncoder().encode(figure)
  try require(try JSONDecoder().decode(Figure.self, from: encoded).excess == nil, "another figure")
  do {
    // Whatever the figure says, the script's own commands are the only ones.
    let words: Set = ["reset", "set", "unset", "do", "if", "}", "marks", "plot", "keyentry"]
    for line in try scriptText(of: figure).split(separator: "\n") {
      let command = line.replacing(/"[^"]*"/, with: "").drop { $0 == " " }
      if command.first == "#" { continue }
      let word = command.prefix { $0 != " " }
      try require(words.contains(String(word)) || word.hasPrefix("$panel"), "a command of the figure's: \(line)")
      try require(!command.contains { "`!\"".contains($0) }, "a sign of the figure's: \(line)")
    }
  } catch let error as FigureError {
    try requireMessage(error)
  }
}
