// Results that are made up, for the tests of claims: which runs a claim plans by the repository's configuration, and what
// they are said to have found. What claims make of them is in the tests named after it.

import Corpora
import Evaluation
import Foundation
import Objectives
import Statistics
import TensorEngine
import TestSupport
@testable import Claims
@testable import Configuration
@testable import Specification

/// The repository's own configuration.
let repositoryFile = Result {
  try ExperimentFile(
    path: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../experiments.toml")
      .path,
    claims: Claim.schemas)
}

func planned(_ claim: Claim, _ preset: Preset = .ci) throws -> Study {
  var settings = try repositoryFile.get().settings(claim.name, preset)
  // A claim about natural corpora has no runs without them.
  settings.naturals = settings.naturals.map { $0.about(madeText) }
  return try claim.study(settings, backend: .native)
}

/// Accuracies that a run is said to have at the five checkpoints of its epochs.
typealias Story = (RunSpecification) -> [Double]

/// Where in the run the five checkpoints are.
let places = [0.01, 0.1, 0.4, 0.7, 1]

/// The results of runs as the story tells them, with a little difference between seeds.
func results(
  _ runs: [PlannedRun], without missing: Set<String> = [], crossEntropy: [Double] = [3, 2, 2.4, 3.2, 4],
  tasks: [TaskID] = ["endings", "knowledge", "functions", "cloze"], losses: Story? = nil, story: Story
) -> RunResults {
  RunResults(
    results: runs.filter { !missing.contains($0.hash) }.map { run in
      let specification = run.specification
      let shift = Double(specification.seed % 7) * 0.002
      return RunResult(
        run: run,
        checkpoints: zip(places, zip(story(specification), losses?(specification) ?? crossEntropy)).enumerated().map {
          index, point in
          let (place, (accuracy, crossEntropy)) = point
          let epoch = place * Double(specification.training.epochs)
          var scores = Dictionary(
            tasks.map {
              (
                $0,
                CheckpointRecord.Task(
                  acc: accuracy + shift, accStandardError: 0.01, nllRight: 3, nllWrong: 3 + place + shift, items: 100)
              )
            }, uniquingKeysWith: { first, _ in first })
          if index == places.count - 1 {
            for (number, steps) in DocumentDrawing.steps.enumerated() {
              for first in [false, true] {
                scores[.documents(.denoising(steps: steps, mostConfidentFirst: first))] = .init(
                  acc: 0.1 * Double(number) + shift, accStandardError: 0.01, items: 10)
              }
            }
            for decoder in CompletionDecoder.allCases { scores[.execution(.functions, decoder)] = scores["functions"] }
          }
          return CheckpointRecord(
            epoch: epoch, step: index + 1, tokens: Int(epoch * Double(specification.corpus.nominalUniqueTokens)),
            trainingLoss: 1,
            validation: .init(crossEntropy: crossEntropy, standardError: 0.1, samples: 1, sequences: 4),
            tasks: scores)
        })
    },
    missing: Dictionary(missing.map { ($0, "loss nan") }, uniquingKeysWith: { first, _ in first }))
}

/// The report on both stages of a claim's runs.
func report(_ claim: Study, crossEntropy: [Double] = [3, 2, 2.4, 3.2, 4], story: Story) throws
  -> ClaimReport
{
  let first = results(claim.runs, crossEntropy: crossEntropy, story: story)
  let all = results(claim.runs + (try claim.furtherRuns(first)), crossEntropy: crossEntropy, story: story)
  return try claim.report(all)
}

/// The same, where a test has a function `report` of its own.
func reported(_ claim: Study, story: Story) throws -> ClaimReport { try report(claim, story: story) }

/// AR peaks early, the DLM ends above it; the DLM passes AR at checkpoint `crossing`.
func crossing(at place: Int) -> Story {
  { run in
    if run.seed > 1000 { return [0.3, 0.39, 0.38, 0.36, 0.34] }
    if run.objective.isAutoregressive { return [0.3, 0.4, 0.4, 0.4, 0.4] }
    return places.indices.map { $0 < place ? 0.28 : 0.6 }
  }
}

/// A text as if it were a natural corpus's.
let madeText = TextCollection(
  files: (0..<40).map { place in
    TextFile(path: "\(place)", bytes: Array(TextFolder.prose(18).replacing("number", with: "part \(place)").utf8))
  })
