// A run whose folder was damaged while it was interrupted: what is damaged is set aside, the best that is left is used, and
// the numbers come out as ever.

import Foundation
import TestSupport
import Testing
import Training
import Transformer
@testable import Files
@testable import Running
@testable import Specification
@testable import Store

@Suite struct DamagedRunTests {
  private let directory = FileManager.default.temporaryDirectory.appending(
    path: "replicate-damaged-\(UUID().uuidString)"
  ).path
  private let specification = RunSpecification(
    corpus: .world(.init(uniqueTokens: 1500)), dataSeed: 1, seed: 1, objective: .maskedDiffusion,
    model: ModelConfiguration(width: 16, heads: 2, feedForward: 24, layers: 1, context: 48),
    training: TrainingConfiguration(epochs: 4, batch: 8, learningRate: 3e-3),
    evaluation: EvaluationConfiguration(
      checkpoints: 5, items: 8, samples: 2, validationSequences: 4, validationSamples: 2),
    backend: .native)

  /// What is done to a folder, and from which state the run goes on: 0 the last one, 1 the one before, 2 none.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let usable: Int
    let change: @Sendable (_ folder: String) throws -> Void

    init(_ description: String, usable: Int, _ change: @escaping @Sendable (String) throws -> Void) {
      (testDescription, self.usable, self.change) = (description, usable, change)
    }
  }

  private static func flip(_ path: String, at place: (Int) -> Int) throws {
    var data = try readFile(path)
    data[place(data.count)] ^= 4
    try writeAtomically(data, to: path)
  }

  static let damages = [
    Damage("none", usable: 0) { _ in },
    Damage("state cut", usable: 1) { try writeAtomically(readFile($0 + "/state").prefix(1000), to: $0 + "/state") },
    Damage("state empty", usable: 1) { try writeAtomically(Data(), to: $0 + "/state") },
    Damage("bit flipped in the state's weights", usable: 1) { try flip($0 + "/state") { $0 / 2 } },
    Damage("bit flipped in the state's frame", usable: 1) { try flip($0 + "/state") { _ in 3 } },
    Damage("state lost", usable: 1) { unlink($0 + "/state") },
    Damage("state of another program", usable: 1) { try writeAtomically("GIF89a", to: $0 + "/state") },
    Damage("state sealed rightly around something else", usable: 1) {
      let hash = String($0.suffix(16))
      try writeAtomically(SealedState.sealed(Data("not tensors".utf8), run: hash), to: $0 + "/state")
    },
    Damage("both states cut", usable: 2) {
      for name in ["state", "state.previous"] {
        try writeAtomically(readFile("\($0)/\(name)").dropLast(), to: "\($0)/\(name)")
      }
    },
    Damage("last line of the metrics altered", usable: 2) { try flip($0 + "/metrics.jsonl") { $0 - 30 } },
    Damage("first line of the items altered", usable: 2) { try flip($0 + "/items.jsonl") { _ in 12 } },
    Damage("metrics lost", usable: 2) { unlink($0 + "/metrics.jsonl") },
    Damage("lines added", usable: 0) { try append(Data("{\"epoch\":".utf8), to: $0 + "/metrics.jsonl") },
  ]

  @Test(arguments: damages) func theNumbersComeOutAsEver(_ damage: Damage) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    func executor(_ name: String) -> RunExecutor {
      RunExecutor(
        store: RecordStore(directory: "\(directory)/\(name)"),
        machine: Machine(processor: "p", cores: 1, kernel: "k", blas: "b", version: "0"), preset: "test")
    }
    try executor("whole").execute(specification)
    let broken = executor("broken")
    let hash = try broken.store.hash(of: specification)
    let folder = broken.store.folder(of: hash)
    // Interrupted between the third checkpoint and the fourth, so that two states are there.
    let steps = try executor("whole").store.checkpoints(of: hash).records.map(\.step)
    var step = 0
    #expect(throws: RunExecutor.Interrupted.self) {
      try broken.execute(
        specification,
        isStopped: {
          defer { step += 1 }
          return step > steps[2]
        })
    }
    try damage.change(folder)

    var notices: [String] = []
    var first: Int?
    try broken.execute(specification, notice: { notices.append($0) }, progress: { if first == nil { first = $0.step } })
    #expect(notices.isEmpty == (damage.usable == 0 || damage.testDescription == "state lost"), "\(notices)")
    #expect(notices.allSatisfy { $0.contains("; set aside in \(folder)/damaged-") && !$0.contains("\n") }, "\(notices)")
    #expect(first == [steps[2] + 1, steps[2], 0][damage.usable])
    for file in [RunFile.metrics, .items, .model, .specification] {
      let paths = ["whole", "broken"].map { executor($0).store.path(of: file, in: hash) }
      #expect(try readFile(paths[0]) == readFile(paths[1]), "\(file.rawValue)")
    }
    try broken.store.verify(hash)
  }
}
