// The files beside a model's weights: a causal model is Hugging Face's, a denoising one says that it is none.

import Foundation
import Testing

@testable import Transformer

@Suite struct ModelFilesTests {
  private func files(
    _ reading: ModelRole.Reading, experts: ModelConfiguration.Experts? = nil
  ) throws -> (json: [String: [String: Any]], code: String?) {
    let role = ModelRole(objective: "a \"b\"", reading: reading, mask: 20, begin: 19, end: 18)
    let files = ModelParameters(tinyConfiguration(experts: experts), vocabulary: vocabulary).huggingFaceFiles(role)
    var json: [String: [String: Any]] = [:]
    for (name, contents) in files where name.hasSuffix(".json") {
      json[name] = try #require(try JSONSerialization.jsonObject(with: Data(contents.utf8)) as? [String: Any])
    }
    return (json, files.first { $0.name == "modeling_replicate.py" }?.contents)
  }

  @Test func aCausalModelIsHuggingFaces() throws {
    let files = try files(.causal)
    let configuration = try #require(files.json["config.json"])
    #expect(configuration["architectures"] as? [String] == ["Qwen3ForCausalLM"])
    #expect(configuration["model_type"] as? String == "qwen3" && configuration["auto_map"] == nil)
    #expect(configuration["objective"] as? String == "a \"b\"")
    let ids = ["bos_token_id", "eos_token_id", "pad_token_id", "mask_token_id"].map { configuration[$0] as? Int }
    #expect(ids == [19, 18, 18, 20])
    #expect(files.json["generation_config.json"]?["suppress_tokens"] as? [Int] == [19, 20])
    #expect(files.code == nil)
  }

  @Test(
    arguments: [nil, tinyExperts],
    [.denoising(fromLeft: false), .denoising(fromLeft: true), .blocks(4)] as [ModelRole.Reading])
  func aDenoisingModelIsOfItsOwnKind(
    experts: ModelConfiguration.Experts?, reading: ModelRole.Reading
  ) throws {
    let files = try files(reading, experts: experts)
    let configuration = try #require(files.json["config.json"])
    let code = try #require(files.code)
    #expect(configuration["model_type"] as? String != "qwen3" && configuration["model_type"] as? String != "qwen3_moe")
    switch reading {
    case .denoising(let fromLeft): #expect(configuration["denoises_from_left"] as? Bool == fromLeft)
    case .blocks(let size): #expect(configuration["block_size"] as? Int == size)
    case .causal, .ordered, .ensemble: Issue.record("does not denoise")
    }
    #expect((configuration["architectures"] as? [String])?.count == 1)
    let map = try #require(configuration["auto_map"] as? [String: String])
    #expect(Set(map.keys) == ["AutoConfig", "AutoModel", "AutoModelForMaskedLM"])
    for name in map.values {
      #expect(name.hasPrefix("modeling_replicate.") && code.contains("\nclass \(name.dropFirst(19))("))
    }
    let type = try #require(configuration["model_type"] as? String)
    #expect(code.contains("model_type = \"\(type)\"\n"))
    #expect(files.json["generation_config.json"]?["mask_token_id"] as? Int == 20)
  }

  @Test func theWeightsSayWhatTheyAre() {
    let parameters = ModelParameters(tinyConfiguration(), vocabulary: vocabulary)
    let metadata = parameters.huggingFaceMetadata(
      ModelRole(objective: "DLM", reading: .denoising(fromLeft: false), mask: 20, begin: 19, end: 18))
    #expect(metadata["format"] == "pt" && metadata["objective"] == "DLM" && metadata["mask_token_id"] == "20")
    #expect(metadata["parameters"] == "\(parameters.buffer.slices.reduce(0) { $0 + $1.count })")
  }
}
