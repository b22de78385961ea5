// Feeds every input that fuzzing has kept to its parser, without a fuzzer.

import Foundation
import Testing
import Transformer

@Suite struct ReplayTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  @Test(arguments: Property.allCases) func keptInputs(_ property: Property) throws {
    let folder = Self.folder.appendingPathComponent(property.rawValue)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count >= 10, "\(property.rawValue) has lost its inputs")
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
      #expect(throws: Never.self, "\(property.rawValue)/\(name)") { try property.check(bytes) }
    }
  }

  /// Without one, fuzzing checkpoints would show little.
  @Test func aStateThatIsAcceptedIsKept() throws {
    let path = Self.folder.appendingPathComponent("checkpoint/fresh-state").path
    let trainer = try smallestTrainer()
    try trainer.restore(SafetensorsFile(contentsOf: path))
    #expect(trainer.stepCount == 1, "the format of states has changed: store one again")
  }
}
