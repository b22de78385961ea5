// Tests of files with one JSON value per line.

import Foundation
import Specification
import TestSupport
import Testing
@testable import Files

@Suite struct JSONLinesTests {
  private func read(_ text: String) throws -> JSONLines<[Int]> {
    try parseJSONLines(Data(text.utf8), path: "l.jsonl")
  }

  @Test func aTruncatedLastLineIsLeftOutAndReported() throws {
    #expect(try read("").records.isEmpty)
    let whole = try read("[1]\n[2]\n")
    #expect(whole.records == [[1], [2]])
    #expect(whole.truncatedLine == nil)
    for cut in ["[2", "[2]"] {
      let lines = try read("[1]\n" + cut)
      #expect(lines.records == [[1]])
      #expect(lines.truncatedLine == 2)
    }
  }

  @Test(arguments: ["[1]\n[2\n[3]\n", "[1]\n\n[3]\n", "[1]\n[\"x\"]\n"])
  func anyOtherDamageIsAnErrorWithItsLine(_ text: String) throws {
    let error = #expect(throws: StoreError.self) { try read(text) }
    #expect(error?.description.contains("l.jsonl:2: not a valid record") == true)
    #expect(error?.exitStatus == .badData)
  }

  @Test func numbersThatAreNotFiniteSurvive() throws {
    let directory = try TemporaryDirectory()
    let record = CheckpointRecord(epoch: 1, step: 2, tokens: 3, trainingLoss: .infinity, validation: nil, tasks: [:])
    try append(jsonLines([record]), to: directory.path + "/m")
    #expect(
      String(decoding: try readFile(directory.path + "/m"), as: UTF8.self)
        == #"{"epoch":1,"step":2,"tasks":{},"tokens":3,"trainingLoss":"inf"}"# + "\n")
    #expect(
      try parseJSONLines(readFile(directory.path + "/m"), path: "m", as: CheckpointRecord.self).records == [record])
  }
}
