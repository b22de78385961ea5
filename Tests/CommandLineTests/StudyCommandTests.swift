// A study of Documentation/studies from its file to its verdict and figure, with models made small by `--set`.

import Foundation
import Testing

@Suite struct StudyCommandTests {
  private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Documentation/studies/learning-rate.toml").path

  /// Models of width 8 that train for a few steps, whatever the study says of sizes.
  private static let small = [
    "model.width=8", "model.heads=2", "model.feed_forward=16", "model.layers=1", "training.epochs=1",
    "training.batch=4",
    "world.unique_tokens=400", "evaluation.items=8", "evaluation.samples=1", "evaluation.validation_sequences=4",
    "evaluation.validation_samples=1", "evaluation.sampled_documents=0",
  ].map { "--set=\($0)" }

  private static func arguments(_ command: String...) -> [String] {
    command + ["learning-rate", "--config", file, "--preset", "smoke"] + small
  }

  @Test func aStudyIsTrainedJudgedAndDrawn() throws {
    let space = try Workspace()
    let study = try space.start(Self.arguments("study")).finish()
    #expect(study.status == 0, "\(study.errors)")
    #expect(study.words.contains("No verdict (preset smoke)"))
    #expect(study.words.contains("Doubled's final accuracy − DLM's final"), "\(study.output)")
    // The settings that were made small are others than the file's.
    let folder = try #require(study.output.firstMatch(of: /Numbers: (results\/learning-rate-[0-9a-f]{8})\//)?.1)
    for name in ["verdict.json", "data.csv", "figure.json"] { #expect(space.exists("\(folder)/\(name)"), "\(name)") }
    #expect(try space.runs().count == 4)

    let plan = try space.start(Self.arguments("plan")).finish()
    #expect(plan.words.contains("All 4 runs have ended."), "\(plan.output)")
    let times = try space.modificationTimes("results/runs")
    #expect(try space.start(Self.arguments("study")).finish().status == 0)
    #expect(try space.modificationTimes("results/runs") == times, "finished runs were touched")
  }

  @Test func aStudyThatNobodyAsksIsNoSubcommand() throws {
    let result = try Workspace().run("study", "learning-rate")
    #expect(result.status == 64)
    #expect(
      result.errorLines == [
        "replicate: the configuration defines no study; write [study.learning-rate] into a file and name it with --config"
      ])
  }
}
