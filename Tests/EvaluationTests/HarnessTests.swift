// `acc` and `acc_norm` beside lm-evaluation-harness, on choices whose code points, grapheme clusters and bytes differ.

import Corpora
import Foundation
import Testing

@testable import Evaluation

@Suite struct HarnessTests {
  /// Choices in scripts with combining signs, with CR LF, accents apart from their letters, joined emoji, Hangul both
  /// ways and Han; the scores are such that the winner per code point is mostly not that per grapheme cluster or byte.
  /// Each set of choices is asked twice, with the winner per code point and with that per grapheme cluster as the right
  /// answer.
  static let sets: [(choices: [String], scores: [Double], answers: [Int])] = [
    (
      [" वह घर गया।", " किताबें मेज़ पर थीं", " क्षत्रिय योद्धा", " नमस्ते"], [-10.29, -16.93, -17.33, -5.99],
      [1, 0]
    ),
    (
      [" เขาไปที่บ้าน", "หนังสืออยู่บนโต๊ะ", "น้ำผึ้ง", " ผู้หญิงกำลังนั่ง"],
      [-27.43, -14.88, -7.99, -14.8], [3, 1]
    ),
    (
      [" அவன் வீட்டிற்குச் சென்றான்", " புத்தகம்", " நிலா ஒளி", " பூக்கள் மலர்ந்தன"],
      [-24.79, -11.15, -8.56, -26.5], [0, 2]
    ),
    (
      [" the end.\r\n\r\nIt", " of the road", "\r\n\r\n\r\nChapter", " was long,\r\nand"],
      [-14.04, -11.65, -12.78, -26.41], [0, 1]
    ),
    (
      [" re\u{301}sume\u{301}", " cafe\u{301} noir", " naive", " e\u{302}tre a\u{300}"],
      [-10.88, -12.63, -7.3, -10.46], [1, 2]
    ),
    (
      [" 👩‍👩‍👧‍👦 came", " a 🏳️‍🌈 flag", " nobody came", " 👍🏽👍🏽"], [-18.9, -23.68, -17.45, -10.25],
      [0, 2]
    ),
    (
      [" 한국어 책", " \u{1112}\u{1161}\u{11AB}글", " 물", " 사람들이 왔다"], [-9.05, -5.45, -2.46, -14.48],
      [1, 2]
    ),
    (["红楼梦里的人", "，他说。", "山水之间有人家", "天"], [-6.35, -8.31, -12.18, -1.61], [0, 3]),
  ]

  static let items = sets.flatMap { set in
    set.answers.map { (MultipleChoiceItem(context: "x", choices: set.choices, answer: $0), set.scores) }
  }

  static let results = items.map { ItemResult(scores: $1, characters: $0.characters, answer: $0.answer) }

  /// What prints the constants below, with lm_eval 0.4.13; on standard input a list of objects with `choices`, `scores`
  /// and `answer`.
  static let snippet = """
    import json, sys
    from datasets import Dataset
    from lm_eval.api.metrics import mean_stderr
    from lm_eval.api.task import ConfigurableTask

    items = json.load(sys.stdin)
    task = ConfigurableTask(config={
        "task": "arithmetic", "output_type": "multiple_choice", "test_split": "test", "metadata": {"version": 1},
        "custom_dataset": lambda **_: {"test": Dataset.from_list(items)},
        "doc_to_text": "x", "doc_to_choice": "choices", "doc_to_target": "answer",
        "metric_list": [{"metric": m, "aggregation": "mean", "higher_is_better": True} for m in ("acc", "acc_norm")],
    })
    results = [task.process_results(item, [(score, False) for score in item["scores"]]) for item in items]
    for metric in ("acc", "acc_norm"):
        rights = [result[metric] for result in results]
        print(json.dumps({"rights": rights, "error": mean_stderr(rights)}))
    """

  struct Printed: Decodable, Equatable {
    let rights: [Double]
    let error: Double
  }

  static let acc = Printed(rights: [0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1], error: 0.11967838846954226)
  static let accNorm = Printed(rights: [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0], error: 0.12909944487358055)

  @Test func accuraciesAreThoseOfTheHarness() {
    let task = TaskResult(Self.results)
    #expect(Self.results.map { $0.right ? 1 : 0 } == Self.acc.rights)
    #expect(abs(task.accStandardError - Self.acc.error) < 1e-15)
    #expect(Self.results.map { $0.rightPerCharacter ? 1 : 0 } == Self.accNorm.rights)
    #expect(abs(task.accNormStandardError - Self.accNorm.error) < 1e-15)
  }

  @Test func charactersAreCodePoints() {
    #expect(Self.items[0].0.characters == [11, 20, 16, 7])
    #expect(Self.items[6].0.characters == [15, 12, 13, 15])
    #expect(MultipleChoiceItem(context: "", choices: ["e\u{301}\r\n👩‍👩‍👧‍👦"], answer: 0).characters == [11])
  }

  /// The harness itself, where `python3` (or $REPLICATE_PYTHON) has it.
  @Test(.enabled(if: python("import lm_eval, datasets", input: Data()) != nil))
  func theHarnessItself() throws {
    let input = Self.items.map { ["choices": $0.choices, "scores": $1, "answer": $0.answer] as [String: Any] }
    let output = try #require(python(Self.snippet, input: try JSONSerialization.data(withJSONObject: input)))
    let lines = output.split(separator: "\n").filter { $0.hasPrefix("{") }
    let printed = try lines.map { try JSONDecoder().decode(Printed.self, from: Data($0.utf8)) }
    #expect(printed == [Self.acc, Self.accNorm])
  }
}

/// What a Python program prints; nil if there is no Python or the program fails.
private func python(_ program: String, input: Data) -> String? {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [ProcessInfo.processInfo.environment["REPLICATE_PYTHON"] ?? "python3", "-c", program]
  let (standardInput, output) = (Pipe(), Pipe())
  process.standardInput = standardInput
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  do {
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: input)
    try standardInput.fileHandleForWriting.close()
  } catch {
    return nil
  }
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}
