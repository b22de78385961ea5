// Texts that are too small: what the complaint says would help, does help.

import Corpora
import Foundation
import TensorEngine
import TestSupport
import Testing
@testable import Claims
@testable import Configuration

@Suite struct TextRemedyTests {
  /// A text, cut into files of so many lines (0 for one file), and what is asked of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var lines: Int
    var linesInFile = 0
    var batch = 4
    var items = 40
    var validation = 4
    var tokens = 600
    var share = 0.1
    /// Part of the first complaint.
    let complaint: String

    var testDescription: String { complaint }
  }

  static let cases = [
    Case(lines: 60, items: 400, complaint: "cloze items, but 40 are needed; raise `held_out_share`"),
    Case(lines: 12, complaint: "; give at least "),
    Case(lines: 200, linesInFile: 1, complaint: "no document is as long as a passage of 48 tokens"),
    Case(lines: 120, items: 4, validation: 1000, complaint: "different sequences, but 1 000 are needed"),
    Case(lines: 400, batch: 64, items: 8, complaint: "raise `unique_tokens` in [text] to 3072"),
    Case(lines: 300, batch: 1000, tokens: 0, complaint: "fewer than one batch of 1000; give at least "),
    Case(lines: 3, complaint: "too few to hold a part of them out; give more text"),
  ]

  private static func text(_ lines: Int, _ linesInFile: Int) -> TextCollection {
    let all = (0..<lines).map { line in
      let words = (0..<6).map { word in
        let number = (line * 7919 + word * 104_729 + line * line * 31) % 9973
        return String(number, radix: 26).map { String($0) }.joined() + "en"
      }
      return Array((words.joined(separator: " ") + ".\n").utf8)
    }
    let size = linesInFile == 0 ? lines : linesInFile
    let files = stride(from: 0, to: lines, by: size).map { Array(all[$0..<min($0 + size, lines)].joined()) }
    return TextCollection(files: files.enumerated().map { TextFile(path: "\($0)", bytes: $1) })
  }

  private func number(_ message: String, _ pattern: Regex<(Substring, Substring)>) -> Int? {
    message.firstMatch(of: pattern).flatMap { Int($0.1.replacing(" ", with: "")) }
  }

  /// Follows what the complaints say, the last remedy that is named or the first, until there is none.
  @Test(arguments: cases, [true, false]) func everyRemedyHelps(_ asked: Case, _ takesLast: Bool) throws {
    var asked = asked
    var complaints: [String] = []
    while complaints.count < 6 {
      let settings = ClaimSettings(
        preset: .ci, seeds: 3, model: .init(width: 8, heads: 2, feedForward: 16, layers: 1, context: 48),
        training: .init(epochs: 77, batch: asked.batch, learningRate: 1e-3),
        evaluation: .init(
          checkpoints: 3, items: asked.items, samples: 1, validationSequences: asked.validation, validationSamples: 1),
        world: WorldSpecification(),
        text: TextSettings(
          tokenizer: .bytePairs, vocabulary: 300, uniqueTokens: asked.tokens, heldOutShare: asked.share,
          trainingTokens: 60_000),
        tasks: ["endings"], margin: 0)
      do {
        let survey = try TextSurvey(settings, text: Self.text(asked.lines, asked.linesInFile))
        #expect(survey.items >= 4)
        break
      } catch {
        let message = "\(error)"
        #expect(!message.contains("\n"))
        #expect(!complaints.contains(message), "it helped nothing")
        complaints.append(message)
        let more = number(message, /give at least ([\d ]+) times as much text/)
        let share = message.firstMatch(of: /raise `held_out_share` in \[text\] to ([\d.]+)/).flatMap { Double($0.1) }
        let tokens = number(message, /raise `unique_tokens` in \[text\] to (\d+)/)
        let batch = number(message, /lower `batch` in \[training\] to (\d+)/)
        let validation = number(message, /lower `validation_sequences` in \[evaluation\] to (\d+)/)
        if takesLast, let batch {
          asked.batch = batch
        } else if takesLast, let validation {
          asked.validation = validation
        } else if let share {
          asked.share = share
        } else if let tokens {
          asked.tokens = tokens
        } else if let more {
          asked.lines *= more
        } else if message.contains("join short files") {
          asked.linesInFile = 0
        } else if message.contains("give more text") {
          asked.lines *= 4
        } else {
          Issue.record("no remedy: \(message)")
          return
        }
      }
    }
    #expect(complaints.first?.contains(asked.complaint) == true, "\(complaints)")
    #expect((1...3).contains(complaints.count), "\(complaints)")
  }

  @Test func aTextThatRepeatsItselfIsTold() throws {
    let line = "the same words again and again, and never any others in between, whatever comes. "
    let files = (0..<20).map {
      TextFile(path: "\($0)", bytes: Array(("\($0) " + String(repeating: line, count: 6)).utf8))
    }
    let settings = ClaimSettings(
      preset: .ci, seeds: 1, model: .init(width: 8, heads: 2, feedForward: 16, layers: 1, context: 30),
      training: .init(epochs: 7, batch: 4, learningRate: 1e-3),
      evaluation: .init(checkpoints: 3, items: 40, samples: 1, validationSequences: 2, validationSamples: 1),
      world: WorldSpecification(),
      text: TextSettings(
        tokenizer: .characters, vocabulary: 300, uniqueTokens: 0, heldOutShare: 0.2, trainingTokens: 9000),
      tasks: ["endings"], margin: 0)
    let error = #expect(throws: TextTooSmall.self) { try TextSurvey(settings, text: TextCollection(files: files)) }
    #expect(error?.description.contains("that does not repeat itself") == true, "\(error.map(\.description) ?? "")")
  }
}
