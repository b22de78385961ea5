// What a question about a text answers for given results, its survey, and the checksum that ties runs to the text.

import Corpora
import Foundation
import TensorEngine
import TestSupport
import Testing
@testable import Claims
@testable import Reporting
@testable import Configuration
@testable import Files
@testable import Running
@testable import Specification
@testable import Store
@testable import Wording

/// A directory with a text, removed when the value goes away.
final class TextFolder {
  let path: String

  init(paragraphs: Int = 60) throws {
    path = NSTemporaryDirectory() + "question-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try write("book.txt", Self.prose(paragraphs))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var book: TextCollection { get throws { try text("book.txt") } }

  func text(_ name: String = "") throws -> TextCollection { try TextSelection(paths: [path + "/" + name]).read() }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  static func prose(_ paragraphs: Int) -> String {
    let words = [
      "river", "stone", "house", "winter", "bread", "garden", "lamp", "road", "letter", "bird", "song", "boat",
    ]
    return (0..<paragraphs).map { p in
      let sentences = (0..<4).map { s in
        "the \(words[(p * 7 + s * 5) % 12]) of the \(words[(p + s * s) % 12]) keeps a \(words[(p * 11 + s) % 12])."
      }
      return sentences.joined(separator: " ") + " number \(p).\n"
    }.joined(separator: "\n")
  }
}

private func settings(seeds: Int = 5, preset: Preset = .ci, items: Int = 40, tokens: Int = 600) -> ClaimSettings {
  ClaimSettings(
    preset: preset, seeds: seeds,
    model: .init(width: 8, heads: 2, feedForward: 16, layers: 1, context: 48),
    training: .init(epochs: 77, batch: 4, learningRate: 1e-3),
    evaluation: .init(checkpoints: 3, items: items, samples: 1, validationSequences: 4, validationSamples: 1),
    world: WorldSpecification(),
    text: TextSettings(
      tokenizer: .bytePairs, vocabulary: 300, uniqueTokens: tokens, heldOutShare: 0.2, trainingTokens: 60_000),
    tasks: ["endings"], margin: 0)
}

/// Accuracies at epochs 1, 10 and 100.
private func result(_ run: PlannedRun, _ accuracies: [Double]) -> RunResult {
  RunResult(
    run: run,
    checkpoints: zip([1.0, 10, 100], accuracies).enumerated().map { i, point in
      CheckpointRecord(
        epoch: point.0, step: i + 1, tokens: 1, trainingLoss: 1,
        validation: .init(crossEntropy: 3, standardError: 0.1, samples: 1, sequences: 4),
        tasks: ["cloze": .init(acc: point.1, accStandardError: 0.01, items: 40)])
    })
}

@Suite struct TextAnswerTests {
  /// The report where every seed's curves are these, moved up and down a little together from seed to seed, and the
  /// DLM's by `spread` more in every second seed.
  private func report(
    ar: [Double], dlm: [Double], spread: Double = 0.01, without: Int? = nil, preset: Preset = .ci
  ) throws -> ClaimReport {
    let folder = try TextFolder()
    let question = try TextQuestion(settings: settings(preset: preset), text: folder.book, backend: .native)
    var results: [RunResult] = []
    var missing: [String: String] = [:]
    for (i, member) in question.crossover.pair.diffusion.members.enumerated() {
      let shift = Double(i) * 0.005
      results.append(result(question.crossover.pair.autoregressive.runs[i], ar.map { $0 + shift }))
      results.append(result(question.crossover.control.runs[i], ar.map { $0 + shift - 0.01 * Double(i % 2) }))
      if i == without {
        missing[member.run.hash] = "loss nan"
      } else {
        results.append(result(member.run, dlm.map { $0 + shift + (i % 2 == 0 ? spread : -spread) }))
      }
    }
    return try question.study.report(RunResults(results: results, missing: missing))
  }

  private func remark(_ report: ClaimReport, _ start: String) -> String {
    report.remarks.first { $0.hasPrefix(start) } ?? "no remark \"\(start)\""
  }

  @Test func theDLMWins() throws {
    let report = try report(ar: [0.3, 0.5, 0.4], dlm: [0.25, 0.45, 0.6])
    #expect(report.verdict == .holds && report.isQuestion)
    #expect(
      report.sentence.hasSuffix(
        "unique tokens used, 100 epochs) the DLM wins: of held-out passages the DLM's last checkpoint continues 61.2 % "
          + "rightly, AR's best checkpoint 51.0 %"))
    #expect(report.sentence.hasPrefix("On this text (book.txt, 600 of "))
    #expect(
      remark(report, "How sure")
        == "How sure: DLM's last − AR's best is +10.2 points, 95 % interval +8.8 to +11.6, over 5 seeds; two-sided "
        + "sign-flip p = 0.0625, the smallest that 5 seeds can give")
    let epochs = remark(report, "From how many")
    #expect(
      epochs.contains(
        "AR is at its best after epoch 10 on average; the DLM stays at or above AR trained for as long from "))
    #expect(epochs.contains(" in all 5 seeds and passes AR's best at epoch "))
    #expect(
      remark(report, "By held-out loss")
        == "By held-out loss, which need not agree: AR has 3.00 at its lowest and 3.00 at the end, the DLM at most 3.00 at "
        + "its lowest and 3.00 at the end, in nats per token")
    #expect(
      remark(report, "Each at its best")
        == "Each at its best checkpoint: DLM 61.2 %, AR 51.0 %: +10.2 points [+8.8, +11.6]")
  }

  /// AR overfits, so the DLM ends ahead of it, but AR stopped in time is better.
  @Test func stoppedARWins() throws {
    let report = try report(ar: [0.3, 0.7, 0.4], dlm: [0.25, 0.35, 0.5])
    #expect(report.verdict == .fails)
    #expect(report.sentence.contains(" AR, stopped at its best, wins: "))
    let epochs = remark(report, "From how many")
    #expect(epochs.contains(" in all 5 seeds, but it never passes AR's best within 100 epochs"))
  }

  /// The DLM never overtakes AR at all.
  @Test func simplyARWins() throws {
    let report = try report(ar: [0.3, 0.5, 0.7], dlm: [0.25, 0.3, 0.4])
    #expect(report.verdict == .fails)
    #expect(
      remark(report, "From how many").hasSuffix(
        "AR is at its best after epoch 100 on average; trained for as long, AR ends above the DLM in every seed, and the DLM "
          + "never passes AR's best within 100 epochs"))
  }

  @Test func seedsDisagree() throws {
    let report = try report(ar: [0.3, 0.5, 0.4], dlm: [0.25, 0.45, 0.5], spread: 0.06)
    #expect(report.verdict == .inconclusive)
    #expect(report.sentence.contains(" neither objective is shown to win: "))
    #expect(
      remark(report, "How sure").contains(
        ". Not decided, because the interval contains 0; --preset full has more seeds"))
    #expect(remark(report, "From how many").contains(" and passes AR's best at epoch "))
    #expect(remark(report, "From how many").hasSuffix(" in 3 of 5 seeds"))
  }

  @Test func aMissingRunIsNamed() throws {
    let report = try report(ar: [0.3, 0.5, 0.4], dlm: [0.25, 0.45, 0.6], without: 2)
    #expect(report.verdict == .inconclusive)
    #expect(remark(report, "Missing") == "Missing or diverged: DLM, seed 3 (loss nan)")
    #expect(
      remark(report, "How sure").contains("over 4 seeds; ")
        && remark(report, "How sure").hasSuffix("because runs are missing"))
  }

  @Test func nothingIsLearnt() throws {
    let report = try report(ar: [0.25, 0.26, 0.24], dlm: [0.25, 0.24, 0.24])
    #expect(remark(report, "Both are near chance").contains("(25.0 %)"))
    #expect(
      try self.report(ar: [0.3, 0.5, 0.4], dlm: [0.25, 0.45, 0.6]).remarks.allSatisfy { !$0.contains("near chance") })
  }

  @Test func smokeAnswersNothing() throws {
    let report = try report(ar: [0.3, 0.5, 0.4], dlm: [0.25, 0.45, 0.6], preset: .smoke)
    #expect(report.verdict == nil)
    #expect(
      report.sentence.hasSuffix(
        " there is no answer: preset smoke only shows that everything works; ask again without it"))
    #expect(report.summary(statement: "which objective?", width: 80).contains("\nAnswer: On this text"))
  }

  @Test func withoutAnyResultThereIsNoAnswerAndNoFigure() throws {
    let folder = try TextFolder()
    let question = try TextQuestion(settings: settings(), text: folder.book, backend: .native)
    let report = try question.study.report(RunResults(results: [], missing: [:]))
    #expect(report.verdict == .inconclusive)
    #expect(report.sentence.hasSuffix("there is no answer: no pair of runs has finished"))
    #expect(report.figure == nil && report.tables.isEmpty && report.estimates.isEmpty)
  }
}

@Suite struct TextSurveyTests {
  @Test func epochsFollowFromTheTokens() throws {
    let folder = try TextFolder()
    let scarce = try TextSurvey(settings(), text: folder.book)
    #expect(scarce.uniqueTokens == 600 && scarce.epochs == 100 && scarce.items == 40)
    let whole = try TextSurvey(settings(tokens: 0), text: folder.book)
    #expect(whole.uniqueTokens == whole.availableTokens && whole.availableTokens == scarce.availableTokens)
    #expect(whole.epochs == Int((60_000 / Double(whole.uniqueTokens)).rounded()))
    let tooFew = try TextSurvey(settings(tokens: 1_000_000), text: folder.book)
    #expect(tooFew.uniqueTokens == whole.availableTokens && tooFew.requestedTokens == 1_000_000)
    var long = settings()
    long.text.trainingTokens = 10
    #expect(try TextSurvey(long, text: folder.book).epochs == 1)
  }

  /// Every seed has at least the tokens and items that the survey says.
  @Test func everySeedHasWhatTheSurveySays() throws {
    let folder = try TextFolder(paragraphs: 50)
    let survey = try TextSurvey(settings(items: 5000, tokens: 0), text: folder.book)
    #expect(survey.items < 5000 && survey.items >= 40 && survey.items % 4 == 0)
    var text = settings().text.specification(try folder.book)
    text.uniqueTokens = survey.uniqueTokens
    for seed in 1...5 as ClosedRange<UInt64> {
      let dataset = try CorpusSpecification.text(text).dataset(
        seed: seed, context: 48, items: survey.items, validationSequences: 4)
      #expect(dataset.uniqueTokens == survey.uniqueTokens)
      #expect(dataset.tasks[0].items.count == survey.items)
    }
  }

  @Test func tooSmallTextsAreRefusedAtOnce() throws {
    let folder = try TextFolder()
    var wide = settings()
    wide.training.batch = 40
    let error = #expect(throws: (any Error).self) { try TextSurvey(wide, text: folder.book) }
    let complaint = " sequences, fewer than one batch of 40; raise `unique_tokens` in [text] to 1920"
    #expect(error.map { "\($0)".contains(complaint) } == true)
    try folder.write("book.txt", TextFolder.prose(4))
    do {
      _ = try TextSurvey(settings(), text: folder.book)
      Issue.record("four paragraphs are no corpus")
    } catch {
      let line = "\(error)"
      #expect(line.contains("more text") || line.contains("times as much text"), "\(line)")
    }
  }
}

@Suite struct TextDigestTests {
  @Test func theDigestIsOfContentsInOrder() throws {
    func digest(_ contents: String...) -> String {
      TextIdentity(contents.enumerated().map { TextFile(path: "\($0)", bytes: Array($1.utf8)) }).digest
    }
    // python3: hashlib.sha256((3).to_bytes(8, "little") + b"abc").hexdigest()
    #expect(digest("abc") == "ce91dc5eec0139adf091900d225971d6ad246a845bad791b5693a9d0d55dd391")
    #expect(digest("abc") != digest("ab", "c"))
    #expect(digest("ab", "c") != digest("c", "ab"))
  }

  /// The paths are not coded, so they cannot decide the hash of a run.
  @Test func hashesDoNotDependOnPaths() throws {
    let folder = try TextFolder()
    let copy = try TextFolder()
    let one = try TextQuestion(settings: settings(), text: folder.book, backend: .native)
    let two = try TextQuestion(settings: settings(), text: copy.text(), backend: .native)
    #expect(one.crossover.runs.map(\.hash) == two.crossover.runs.map(\.hash))
    #expect(try one.study.name == two.study.name)
    try copy.write("book.txt", TextFolder.prose(61))
    let other = try TextQuestion(settings: settings(), text: copy.text(), backend: .native)
    #expect(Set(one.crossover.runs.map(\.hash)).isDisjoint(with: other.crossover.runs.map(\.hash)))
  }

  @Test func aRunRefusesAnotherText() throws {
    let folder = try TextFolder()
    let question = try TextQuestion(settings: settings(), text: folder.book, backend: .native)
    try folder.write("book.txt", TextFolder.prose(61))
    let machine = Machine(processor: "", cores: 1, kernel: "", blas: "", version: "")
    let store = RecordStore<RunSpecification>(directory: folder.path + "/runs")
    var specification = question.crossover.runs[0].specification
    guard case .text(var text) = specification.corpus else {
      Issue.record("not about a text")
      return
    }
    text.text = try folder.book
    specification.corpus = .text(text)
    do {
      try RunExecutor(store: store, machine: machine, preset: "ci").execute(specification)
      Issue.record("the run went on")
    } catch let error as StoreError {
      #expect(error.exitStatus == .badData)
      #expect(error.description.contains("this is not the text that the run was planned on"))
    }
    #expect(store.status(of: question.crossover.runs[0].hash) == .partial(step: 0), "nothing was trained")
  }

  /// The text is read once: what becomes of the files while runs are under way does not matter.
  @Test func aChangedFileDoesNotStopARun() throws {
    let folder = try TextFolder()
    let question = try TextQuestion(settings: settings(), text: folder.book, backend: .native)
    try folder.write("book.txt", "gone")
    let store = RecordStore<RunSpecification>(directory: folder.path + "/runs")
    try RunExecutor(
      store: store, machine: Machine(processor: "", cores: 1, kernel: "", blas: "", version: ""), preset: "ci"
    ).execute(question.crossover.runs[0].specification, isStopped: { false })
    #expect(store.status(of: question.crossover.runs[0].hash) == .finished)
  }
}

@Suite struct KeptTextTests {
  @Test func aKeptTextIsFoundByTheRunsDigest() throws {
    let folder = try TextFolder()
    let kept = KeptTexts(below: folder.path + "/results")
    let text = try folder.book
    let digest = TextIdentity(text).digest
    #expect(try kept.text(digest: digest) == nil)
    let path = try kept.keep(text.files[0])
    #expect(path == "\(folder.path)/results/texts/\(digest.prefix(16)).txt")
    #expect(try kept.keep(text.files[0]) == path)
    #expect(try kept.text(digest: digest)?.files.map(\.bytes) == text.files.map(\.bytes))
    try Data("other".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.self) { try kept.text(digest: digest) }
  }
}
