// An oracle file as the reference script writes it: the model it describes and the batches it was run on.

import Objectives
import Transformer

/// A safetensors file with parameters, batches and the reference's answers.
struct OracleFixture {
  let file: SafetensorsFile
  let kind: String
  let configuration: ModelConfiguration
  let vocabulary: Int
  let batches: Int
  private let sequences: Int
  private let length: Int
  private let tokens: [Int32]
  private let masked: [Int32]
  /// The context and the continuation whose likelihood the reference computed.
  let prefix: [Int32]
  let ending: [Int32]

  init(contentsOf path: String) throws {
    let file = try SafetensorsFile(contentsOf: path)
    func dimension(_ name: String) throws(SafetensorsError) -> Int {
      guard let text = file.metadata[name], let number = Int(text), number > 0, number < 1 << 20 else {
        throw SafetensorsError(
          file: path, kind: .header,
          detail: "is not an oracle file: its metadata give no usable `\(name)`; see `replicate verify --help`")
      }
      return number
    }
    self.file = file
    kind = file.metadata["kind"] ?? "dense"
    vocabulary = try dimension("V")
    length = try dimension("length")
    var experts: ModelConfiguration.Experts?
    if kind == "moe" {
      let router = try file.entry("param.model.layers.0.mlp.gate.weight").shape
      let down = try file.entry("param.model.layers.0.mlp.experts.down_proj").shape
      guard router.count == 2, down.count == 3 else {
        throw SafetensorsError(file: path, kind: .layout, detail: "its expert tensors have unexpected ranks")
      }
      // The reference routes each token to two experts and weighs the load-balance loss by 0.01.
      experts = .init(count: router[0], active: min(2, router[0]), feedForward: down[2], loadBalance: 0.01)
    }
    configuration = ModelConfiguration(
      width: try dimension("d"), heads: try dimension("heads"), feedForward: try dimension("ff"),
      layers: try dimension("layers"),
      context: length, experts: experts)
    if let reason = configuration.impossibility { throw SafetensorsError(file: path, kind: .header, detail: reason) }
    let held = file.entries.values.reduce(0.0) { $0 + Double($1.count) }
    guard configuration.leastParameters(vocabulary: vocabulary) <= held else {
      throw SafetensorsError(
        file: path, kind: .header,
        detail: "announces a model of more parameters than its tensors hold; write or download it again")
    }
    let shape = try file.entry("tokens").shape
    tokens = try file.entry("tokens").int32s()
    masked = try file.entry("dlm.masked").int32s()
    let limit = Int32(vocabulary)
    guard shape.count == 3, shape[2] == length, shape[0] > 0, shape[1] > 0, masked.count == tokens.count,
      tokens.allSatisfy({ (0..<limit).contains($0) }), masked.allSatisfy({ (0...1).contains($0) })
    else {
      throw SafetensorsError(
        file: path, kind: .layout,
        detail:
          "`tokens` and `dlm.masked` must be [batches, sequences, \(length)] of ids below \(vocabulary) and of 0 or 1")
    }
    prefix = try file.entry("score.prefix").int32s()
    ending = try file.entry("score.ending").int32s()
    // All 2ⁿ - 1 maskings of the n tokens of the ending are scored.
    guard !prefix.isEmpty, (1...12).contains(ending.count), prefix.count + ending.count <= length,
      (prefix + ending).allSatisfy({ (0..<limit).contains($0) })
    else {
      throw SafetensorsError(
        file: path, kind: .layout,
        detail: "`score.prefix` and `score.ending`, of 1 to 12 ids, must together be at most \(length) ids below "
          + "\(vocabulary)")
    }
    batches = shape[0]
    sequences = shape[1]
  }

  func name(_ objective: Objective) -> String { objective.maskings == .none ? "ar" : "dlm" }

  func scalar(_ name: String) throws(SafetensorsError) -> Float { try file.floats(name, shape: [1])[0] }

  /// Batch `number` with every row scored; rows that the loss does not count weigh nothing.
  ///
  /// The reference's AR loss predicts tokens 2…L from the tokens before them, without a beginning-of-sequence token.
  func batch(_ objective: Objective, _ number: Int) -> Batch {
    var batch = Batch()
    for sequence in 0..<sequences {
      let start = (number * sequences + sequence) * length
      let x = tokens[start..<start + length]
      let m = masked[start..<start + length]
      if objective.maskings == .none {
        let weight = 1 / Float(sequences * (length - 1))
        for i in x.indices {
          let isLast = i == x.endIndex - 1
          batch.append(x[i], target: isLast ? 0 : x[i + 1], weight: isLast ? 0 : weight)
        }
      } else {
        let weight = 1 / (Float(sequences) * Float(m.reduce(0, +)))
        for i in x.indices {
          batch.append(m[i] == 1 ? Int32(vocabulary - 1) : x[i], target: x[i], weight: m[i] == 1 ? weight : 0)
        }
      }
      batch.endSequence()
    }
    return batch
  }
}

extension ModelConfiguration {
  /// Parameters in the largest matrices; not a whole number, because a damaged header may announce any dimensions.
  fileprivate func leastParameters(vocabulary: Int) -> Double {
    let (d, heads) = (Double(width), 4 * Double(width) * Double(width))
    let expert = 3 * d * Double(experts?.feedForward ?? feedForward)
    let block = heads + Double(experts?.count ?? 1) * max(expert, d)
    return 2 * d * Double(vocabulary) + Double(layers) * block
  }
}
