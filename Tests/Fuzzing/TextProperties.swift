// Text corpora with both tokenisers, and the Python evaluator.

import Corpora
import Evaluation
import Foundation

/// Also: exactly the files that Foundation takes for UTF-8 are accepted, if they have no NUL and are no PDF document,
/// and byte pairs give every text back.
func checkText(_ bytes: [UInt8]) throws {
  try withScratch { path in
    try write(bytes, to: path)
    let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
    let isText = isUTF8 && !bytes.contains(0) && !bytes.starts(with: "%PDF-".utf8)
    for tokenizer in [TokenizerKind.bytePairs(vocabulary: 300), .characters] {
      do {
        let specification = try TextSpecification(paths: [path], tokenizer: tokenizer, heldOutShare: 0.3)
        try require(isText, "what is no text is accepted")
        let dataset = try CorpusSpecification.text(specification).dataset(
          seed: 1, context: 6, items: 4, validationSequences: 2)
        try require(itemsOccurringInTraining(dataset) == 0, "an item stands in the training text")
        let text = String(decoding: bytes, as: UTF8.self)
        let tokens = try dataset.tokenizer.encode(text)
        let size = Int32(dataset.tokenizer.vocabularySize)
        try require(tokens.allSatisfy { (0..<size - 3).contains($0) }, "an id that is no ordinary one")
        if case .bytePairs = tokenizer {
          try require(Array(dataset.tokenizer.decode(tokens).utf8) == bytes, "another text after encoding and decoding")
        }
        for i in dataset.training.indices { _ = dataset.trainingText(i) }
      } catch let error as CorpusError {
        try requireMessage(error)
        if case .unusableFiles = error { try require(!isText, "UTF-8 is refused") }
      }
    }
  }
}

/// Calls the program's functions with values of every kind. The evaluator's own limits must end whatever it does.
func checkPython(_ bytes: [UInt8]) throws {
  let source = String(decoding: bytes, as: UTF8.self)
  do {
    let program = try PythonProgram(source)
    for (name, count) in functions(of: source).prefix(2) {
      for first in values {
        let arguments = Array(([first] + values).prefix(count))
        do {
          _ = try program.call(name, arguments)
        } catch {
          try requireMessage(error)
        }
        if count == 0 { break }
      }
    }
  } catch let error as PythonError {
    try requireMessage(error)
  }
}

private let values: [PythonValue] = [
  .integer(3), .list([.integer(2), .integer(-1), .integer(2)]), .string("ab é"), .list([.list([]), .string("x")]),
  .float(0.5), .boolean(true), .none, .integer(.min),
]

/// The names after `def`, with the number of their parameters; good enough for choosing what to call.
private func functions(of source: String) -> [(name: String, parameters: Int)] {
  source.split(whereSeparator: \.isNewline).compactMap { line in
    guard line.hasPrefix("def "), let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")")
    else { return nil }
    let parameters = line[open..<close].dropFirst().split(separator: ",")
    return (String(line[..<open].dropFirst(4)), parameters.count)
  }
}
