// What is recorded at each checkpoint of a run: a line of metrics.jsonl, and one line per task of items.jsonl.
// No times are in these lines, so that repeating a run gives the same bytes.

import Wording

/// A line of `metrics.jsonl`.
package struct CheckpointRecord: Codable, Sendable, Equatable {
  /// Validation cross-entropy in nats per token; for masked diffusion the order-agnostic upper bound.
  package struct Validation: Codable, Sendable, Equatable {
    package var crossEntropy: Double
    package var standardError: Double
    /// Monte Carlo samples per sequence (1 where the likelihood is exact).
    package var samples: Int
    package var sequences: Int

    package init(crossEntropy: Double, standardError: Double, samples: Int, sequences: Int) {
      self.crossEntropy = crossEntropy
      self.standardError = standardError
      self.samples = samples
      self.sequences = sequences
    }
  }

  /// The score on one task. Tasks that are judged by execution have only `acc` (pass@1) and its standard error. Drawn
  /// documents, "samples-8" and so on, are tasks of the last checkpoint: their `acc` is the mean over documents of the
  /// share of true sentences.
  package struct Task: Codable, Sendable, Equatable {
    /// The share of items whose right choice has the largest summed log-likelihood.
    package var acc: Double
    package var accStandardError: Double
    /// The same by log-likelihood per character of the choice.
    package var accNorm: Double?
    package var accNormStandardError: Double?
    /// Mean negative log-likelihood of the right choices in nats.
    package var nllRight: Double?
    /// Mean negative log-likelihood of the wrong choices in nats.
    package var nllWrong: Double?
    package var items: Int
    /// `acc` on each half of the items: those whose group of four has an even number, and the others. A checkpoint that
    /// is chosen on one is scored on the other. Nil in records that do not say.
    package var halves: [Double]?
    /// Of drawn documents: mean share of well-formed sentences, share of whole stories, and of distinct documents.
    package var wellFormed: Double?
    package var stories: Double?
    package var distinct: Double?

    package init(
      acc: Double, accStandardError: Double, accNorm: Double? = nil, accNormStandardError: Double? = nil,
      nllRight: Double? = nil, nllWrong: Double? = nil, items: Int, halves: [Double]? = nil,
      wellFormed: Double? = nil, stories: Double? = nil, distinct: Double? = nil
    ) {
      self.halves = halves
      self.wellFormed = wellFormed
      self.stories = stories
      self.distinct = distinct
      self.acc = acc
      self.accStandardError = accStandardError
      self.accNorm = accNorm
      self.accNormStandardError = accNormStandardError
      self.nllRight = nllRight
      self.nllWrong = nllWrong
      self.items = items
    }
  }

  /// Passes over the unique tokens so far.
  package var epoch: Double
  package var step: Int
  /// Tokens trained on so far, repetitions counted.
  package var tokens: Int
  /// Mean training loss since the previous checkpoint in nats per predicted token.
  package var trainingLoss: Double
  package var validation: Validation?
  package var tasks: [TaskID: Task]
  /// Wall-clock seconds since the run began, for progress; not coded.
  package var seconds: Double?

  private enum CodingKeys: String, CodingKey {
    case epoch, step, tokens, trainingLoss, validation, tasks
  }

  package init(
    epoch: Double, step: Int, tokens: Int, trainingLoss: Double, validation: Validation?, tasks: [TaskID: Task],
    seconds: Double? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.tokens = tokens
    self.trainingLoss = trainingLoss
    self.validation = validation
    self.tasks = tasks
    self.seconds = seconds
  }
}

extension CheckpointRecord {
  /// Steps and tokens that a double holds exactly, so that nothing overflows that is computed from them.
  private static let countable = 0...1 << 53

  /// - Throws: `DecodingError` also for a place in training that no run comes to.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func count(_ key: CodingKeys) throws -> Int {
      let value = try fields.decode(Int.self, forKey: key)
      if Self.countable.contains(value) { return value }
      throw DecodingError.dataCorruptedError(forKey: key, in: fields, debugDescription: "\(value) is out of range")
    }
    let epoch = try fields.decode(Double.self, forKey: .epoch)
    guard epoch.isFinite, epoch >= 0 else {
      throw DecodingError.dataCorruptedError(forKey: .epoch, in: fields, debugDescription: "\(epoch) is out of range")
    }
    self.init(
      epoch: epoch, step: try count(.step), tokens: try count(.tokens),
      trainingLoss: try fields.decode(Double.self, forKey: .trainingLoss),
      validation: try fields.decodeIfPresent(Validation.self, forKey: .validation),
      tasks: try fields.decode([TaskID: Task].self, forKey: .tasks))
  }
}

extension CheckpointRecord {
  /// "endings 34 %, knowledge 51 %": the accuracies for a progress line, without those of drawn documents.
  package var note: String {
    let asked = tasks.filter { $0.value.distinct == nil }
    // Four items, the fewest that there are, are asked where the loss alone counts.
    if let loss = validation?.crossEntropy, asked.values.allSatisfy({ $0.items <= 4 }) { return "loss \(nats(loss))" }
    return asked.sorted { $0.key < $1.key }.map { "\($0.key) \(percent($0.value.acc))" }.joined(separator: ", ")
  }

  /// Whether every number of it is one that curves can be drawn through.
  package var isFinite: Bool {
    let scores: [Double] = tasks.values.flatMap { [$0.acc, $0.nllRight ?? 0, $0.nllWrong ?? 0] }
    return ([trainingLoss, validation?.crossEntropy ?? 0] + scores).allSatisfy(\.isFinite)
  }
}

/// A line of `items.jsonl`: all items of one task at one checkpoint, in the order of the items.
package struct ItemsRecord: Codable, Sendable, Equatable {
  package var step: Int
  package var task: TaskID
  /// 1 where the item is answered right (by `acc`), else 0.
  package var right: [Int]
  /// The same by `acc_norm`; nil for tasks judged by execution, as are the likelihoods.
  package var rightNorm: [Int]?
  /// Negative log-likelihood of the right choice in nats.
  package var nllRight: [Float]?
  /// Mean negative log-likelihood of the other choices in nats.
  package var nllWrong: [Float]?

  package init(
    step: Int, task: TaskID, right: [Int], rightNorm: [Int]? = nil, nllRight: [Float]? = nil, nllWrong: [Float]? = nil
  ) {
    self.step = step
    self.task = task
    self.right = right
    self.rightNorm = rightNorm
    self.nllRight = nllRight
    self.nllWrong = nllWrong
  }
}
