// Configurations that cannot be, the parameters' layout and initial values, saving and loading, Hugging Face's
// `config.json` and the count of operations.

import Foundation
import TensorEngine
import Testing

@testable import Transformer

@Suite struct ModelParametersTests {
  @Test func possibleConfigurations() {
    #expect(tinyConfiguration().impossibility == nil)
    #expect(tinyConfiguration(experts: tinyExperts, dropout: 0.9).impossibility == nil)
    #expect(ModelConfiguration(width: 2, heads: 1, feedForward: 1, layers: 1, context: 1).impossibility == nil)
  }

  static func changed(_ change: (inout ModelConfiguration) -> Void) -> ModelConfiguration {
    var configuration = tinyConfiguration()
    change(&configuration)
    return configuration
  }

  static let impossible: [(reason: String, configuration: ModelConfiguration)] = [
    ("width 0 is not from 2 to 8192", changed { $0.width = 0 }),
    ("heads 0", changed { $0.heads = 0 }),
    ("feedForward 0", changed { $0.feedForward = 0 }),
    ("layers -1", changed { $0.layers = -1 }),
    ("context 0", changed { $0.context = 0 }),
    ("width 8194", changed { $0.width = 8194 }),
    ("layers 9223372036854775807", changed { $0.layers = .max }),
    ("rotaryBase inf", changed { $0.rotaryBase = .infinity }),
    ("normEpsilon 0.0", changed { $0.normEpsilon = 0 }),
    ("not divisible by 5 heads", changed { $0.heads = 5 }),
    ("head width 3", changed { $0.heads = 4 }),
    ("dropout 1.0", changed { $0.dropout = 1 }),
    ("dropout -0.1", changed { $0.dropout = -0.1 }),
    ("dropout nan", changed { $0.dropout = .nan }),
    ("attentionDropout 1.5", changed { $0.attentionDropout = 1.5 }),
    ("feedForwardDropout -1.0", changed { $0.feedForwardDropout = -1 }),
    ("experts.count 0", changed { $0.experts = .init(count: 0, active: 1, feedForward: 4) }),
    ("experts.feedForward 0", changed { $0.experts = .init(count: 4, active: 1, feedForward: 0) }),
    ("experts.active 5 is not from 1 to 4", changed { $0.experts = .init(count: 4, active: 5, feedForward: 4) }),
    ("experts.active 0 is not from 1 to 4", changed { $0.experts = .init(count: 4, active: 0, feedForward: 4) }),
    ("experts.active 9 is not from 1 to 8", changed { $0.experts = .init(count: 20, active: 9, feedForward: 4) }),
  ]

  @Test(arguments: impossible)
  func impossibleConfigurations(reason: String, configuration: ModelConfiguration) throws {
    let impossibility = try #require(configuration.impossibility)
    #expect(impossibility.contains(reason), "\(impossibility)")
  }

  @Test func anImpossibleModelIsNotBuilt() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var configuration = tinyConfiguration()
      configuration.heads = 5
      _ = ModelParameters(configuration, vocabulary: 21)
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains("not divisible by 5 heads"), "\(errors)")
  }

  /// Stored specifications are hashed in this form.
  @Test func theStoredFormIsFixed() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let dense = String(
      decoding: try encoder.encode(
        ModelConfiguration(
          width: 8, heads: 2, feedForward: 16, layers: 1, context: 48)), as: UTF8.self)
    #expect(
      dense == #"{"context":48,"dropout":0,"feedForward":16,"heads":2,"initialStandardDeviation":0.02,"layers":1,"#
        + #""normEpsilon":9.9999999999999995e-07,"rotaryBase":10000,"width":8}"#
        || dense == #"{"context":48,"dropout":0,"feedForward":16,"heads":2,"initialStandardDeviation":0.02,"layers":1,"#
          + #""normEpsilon":1e-06,"rotaryBase":10000,"width":8}"#,
      "\(dense)")
    let experts = String(
      decoding: try encoder.encode(ModelConfiguration.Experts(count: 4, active: 2, feedForward: 8, loadBalance: 0.5)),
      as: UTF8.self)
    #expect(experts == #"{"active":2,"count":4,"feedForward":8,"loadBalance":0.5}"#)
  }

  @Test func fusedMatricesAreAdjacent() throws {
    let parameters = ModelParameters(tinyConfiguration(), vocabulary: vocabulary)
    func slice(_ name: String) throws -> ParameterSlice {
      try #require(parameters.buffer.slice("model.layers.1." + name))
    }
    let (q, k, v) = (
      try slice("self_attn.q_proj.weight"), try slice("self_attn.k_proj.weight"), try slice("self_attn.v_proj.weight")
    )
    #expect(q.offset + q.count == k.offset && k.offset + k.count == v.offset)
    let (gate, up) = (try slice("mlp.gate_proj.weight"), try slice("mlp.up_proj.weight"))
    #expect(gate.offset + gate.count == up.offset)
    // Weight decay acts on exactly the matrices.
    for slice in parameters.buffer.slices {
      #expect((slice.offset < parameters.buffer.decayed) == (slice.shape.count > 1), "\(slice.name)")
    }
    // Embedding and unembedding are separate: 2 V D + 2 (4 D² + 3 D F + 2 D + 2 W) + D.
    #expect(parameters.buffer.count == 2 * 21 * 12 + 2 * (4 * 144 + 3 * 120 + 24 + 12) + 12)
  }

  @Test func initialValuesAreNormalAndGainsOne() throws {
    let configuration = ModelConfiguration(
      width: 48, heads: 4, feedForward: 40, layers: 1, context: 8, experts: tinyExperts)
    let parameters = ModelParameters(configuration, vocabulary: 100)
    parameters.initialise(seed: 11)
    for slice in parameters.buffer.slices {
      let values = parameters.buffer.values(of: slice).map(Double.init)
      if slice.shape.count == 1 {
        #expect(values == Array(repeating: 1, count: slice.count), "\(slice.name)")
        continue
      }
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
      let inside = Double(values.count { abs($0) < 0.02 }) / n
      #expect(abs(mean) < 4 * 0.02 / n.squareRoot(), "mean of \(slice.name)")
      #expect(abs(deviation - 0.02) < 4 * 0.02 / (2 * n).squareRoot(), "deviation of \(slice.name)")
      #expect(abs(inside - 0.6827) < 4 * (0.6827 * 0.3173 / n).squareRoot(), "within one deviation, \(slice.name)")
    }
  }

  @Test func initialValuesFollowFromTheSeed() {
    func values(_ seed: UInt64) -> [Float] {
      let parameters = ModelParameters(tinyConfiguration(), vocabulary: vocabulary)
      parameters.initialise(seed: seed)
      return parameters.buffer.slices.filter { $0.shape.count > 1 }.flatMap(parameters.buffer.values)
    }
    let first = values(1)
    #expect(values(1) == first)
    #expect(zip(values(2), first).allSatisfy { $0 != $1 })
    #expect(Set(first).count > first.count * 99 / 100)  // no parameter repeats another's numbers
  }

  @Test(arguments: [nil, tinyExperts])
  func savingAndLoadingKeepsEveryBit(experts: ModelConfiguration.Experts?) throws {
    let configuration = tinyConfiguration(experts: experts)
    let saved = tinyParameters(configuration)
    var file = SafetensorsFile()
    saved.store(in: &file, prefix: "a.")
    let loaded = ModelParameters(configuration, vocabulary: vocabulary)
    loaded.initialise(seed: 99)
    let model = model(loaded)
    let before = logits(model, [[1, 2, 3]], causal: true)
    try loaded.load(SafetensorsFile(bytes: file.encoded(), name: "x"), prefix: "a.")
    let after = logits(model, [[1, 2, 3]], causal: true)  // packed copies of the weights are renewed
    #expect(after != before)
    #expect(
      after
        == logits(
          Transformer(saved, capacity: model.capacity, scoredRows: .all, backend: .native), [[1, 2, 3]], causal: true))
    for slice in saved.buffer.slices { #expect(saved.buffer.values(of: slice) == loaded.buffer.values(of: slice)) }
  }

  @Test func loadingAnotherModelIsAnError() throws {
    var file = SafetensorsFile()
    tinyParameters(tinyConfiguration()).store(in: &file)
    var wider = tinyConfiguration()
    wider.feedForward += 1
    let other = ModelParameters(wider, vocabulary: vocabulary)
    let wrongShape = #expect(throws: SafetensorsError.self) { try other.load(file) }
    #expect(wrongShape?.description.contains("model.layers.0.mlp.gate_proj.weight") == true)
    var deeper = tinyConfiguration()
    deeper.layers += 1
    let missing = #expect(throws: SafetensorsError.self) {
      try ModelParameters(deeper, vocabulary: vocabulary).load(file)
    }
    #expect(missing?.description.contains("model.layers.2.") == true)
  }

  @Test func huggingFaceReadsTheConfiguration() throws {
    func fields(_ experts: ModelConfiguration.Experts?) throws -> [String: Any] {
      let parameters = ModelParameters(tinyConfiguration(experts: experts), vocabulary: vocabulary)
      let role = ModelRole(objective: "AR", reading: .causal, mask: 20, begin: 19, end: 18)
      let text = try #require(parameters.huggingFaceFiles(role).first { $0.name == "config.json" }).contents
      return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
    let dense = try fields(nil)
    #expect(dense["architectures"] as? [String] == ["Qwen3ForCausalLM"])
    #expect(dense["head_dim"] as? Int == 6 && dense["num_attention_heads"] as? Int == 2)
    #expect(dense["num_key_value_heads"] as? Int == 2 && dense["num_hidden_layers"] as? Int == 2)
    #expect(dense["hidden_size"] as? Int == 12 && dense["intermediate_size"] as? Int == 10)
    #expect(dense["vocab_size"] as? Int == 21 && dense["max_position_embeddings"] as? Int == 20)
    #expect(dense["rope_theta"] as? Double == 10_000 && dense["rms_norm_eps"] as? Double == 1e-6)
    #expect(dense["tie_word_embeddings"] as? Bool == false && dense["attention_bias"] as? Bool == false)
    #expect(dense["num_experts"] == nil)
    let sparse = try fields(tinyExperts)
    #expect(sparse["model_type"] as? String == "qwen3_moe" && sparse["num_experts"] as? Int == 4)
    #expect(sparse["num_experts_per_tok"] as? Int == 2 && sparse["moe_intermediate_size"] as? Int == 5)
    #expect(sparse["norm_topk_prob"] as? Bool == true && sparse["router_aux_loss_coef"] as? Double == 0.3)
  }

  @Test func operationsAreCountedByTheFormula() {
    let dense = tinyConfiguration()
    #expect(dense.activeParameters == 2 * (4 * 144 + 3 * 12 * 10))
    #expect(tinyConfiguration(experts: tinyExperts).activeParameters == 2 * (4 * 144 + 4 * 12 + 2 * 3 * 12 * 5))
    // 6 · 1872 · 8 + 12 · 2 · 12 · 8 · 8 + 6 · 21 · 12 · 3
    #expect(dense.trainingFLOPs(length: 8, scored: 3, vocabulary: 21, causal: false) == 89_856 + 18_432 + 4_536)
    #expect(dense.trainingFLOPs(length: 8, scored: 3, vocabulary: 21, causal: true) == 89_856 + 9_216 + 4_536)
  }

  @Test func aBatchKeepsItsParts() {
    var batch = Batch()
    batch.append(4)
    batch.append(5, target: 6, weight: 0.5)
    batch.endSequence()
    batch.append(7, target: 8)
    batch.endSequence()
    #expect(batch.tokens == [4, 5, 7] && batch.offsets == [0, 2, 3] && batch.sequenceCount == 2)
    #expect(batch.rows == [1, 2] && batch.targets == [6, 8] && batch.weights == [0.5, 1])
    batch.removeAll()
    #expect(batch.tokens.isEmpty && batch.offsets == [0] && batch.sequenceCount == 0)
    #expect(batch.rows.isEmpty && batch.targets.isEmpty && batch.weights.isEmpty)
  }
}
