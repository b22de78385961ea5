// The files beside a model's weights so that `transformers` loads them as what they are. The tokenizer's
// files: Corpora/HuggingFace; the code of a diffusion model: ModelingCode.swift.

import Basics

/// What a program that loads a model has to know besides its dimensions.
public struct ModelRole: Hashable, Sendable {
  /// How the model was trained, in words.
  public let objective: String
  public let reading: Reading
  /// The token that hides another.
  public let mask: Int32
  /// Precedes the first token of a causal model.
  public let begin: Int32
  /// Fills a sequence after its last token.
  public let end: Int32

  /// How a model reads and writes.
  public enum Reading: Hashable, Sendable {
    /// Token i sees only the tokens up to i.
    case causal
    /// Tokens are read in an order that is not that of the text, and are told where they stand.
    case ordered
    /// Tokens see those of their own block of so many and of the blocks before it, and masks are filled in block by block.
    case blocks(Int)
    /// All tokens see each other, and masks are filled in: the most confident first, or from the left.
    case denoising(fromLeft: Bool)
    /// So many models of any of these kinds, whose predictions are mixed.
    case ensemble(Int)
  }

  public init(objective: String, reading: Reading, mask: Int32, begin: Int32, end: Int32) {
    (self.objective, self.reading) = (objective, reading)
    (self.mask, self.begin, self.end) = (mask, begin, end)
  }
}

extension ModelParameters {
  /// `config.json` and `generation_config.json`; for a model that denoises, whole or in blocks, also
  /// `modeling_replicate.py`.
  ///
  /// A causal model is Hugging Face's `Qwen3ForCausalLM`, or `Qwen3MoeForCausalLM` with experts. A model that denoises
  /// has an architecture and a model type of its own, so that no program takes it for a causal one: `AutoModel` and
  /// `AutoModelForMaskedLM` find its code by `auto_map`, `AutoModelForCausalLM` refuses it. A model that reads in another
  /// order has such names too, and no code: only this program reads it. So has an ensemble.
  public func huggingFaceFiles(_ role: ModelRole) -> [(name: String, contents: String)] {
    let files = [
      (name: "config.json", contents: modelConfiguration(role)),
      (name: "generation_config.json", contents: generationConfiguration(role)),
    ]
    switch role.reading {
    case .causal, .ordered, .ensemble: return files
    case .denoising, .blocks: return files + [(name: "modeling_replicate.py", contents: modelingCode)]
    }
  }

  /// What `model.safetensors` says of itself in its header: `format`, which Hugging Face requires, the objective, the
  /// special ids and the number of parameters. That of an ensemble has the number of members instead of `format`, without
  /// which Hugging Face refuses the file, whose tensors it would not find and would make up.
  public func huggingFaceMetadata(_ role: ModelRole) -> [String: String] {
    let parameters = buffer.slices.reduce(0) { $0 + $1.count }
    var metadata = [
      "objective": role.objective, "mask_token_id": "\(role.mask)", "bos_token_id": "\(role.begin)",
      "eos_token_id": "\(role.end)",
    ]
    switch role.reading {
    case .causal, .ordered, .blocks, .denoising:
      (metadata["format"], metadata["parameters"]) = ("pt", "\(parameters)")
    case .ensemble(let members):
      (metadata["ensemble"], metadata["parameters"]) = ("\(members)", "\(members * parameters)")
    }
    return metadata
  }

  private func modelConfiguration(_ role: ModelRole) -> String {
    let c = configuration
    let isDense = c.experts == nil
    var fields: [(String, String)] = [
      ("attention_bias", "false"),
      ("head_dim", "\(c.headWidth)"),
      ("hidden_act", "\"silu\""),
      ("hidden_size", "\(c.width)"),
      ("initializer_range", "\(c.initialStandardDeviation)"),
      ("intermediate_size", "\(c.feedForward)"),
      ("max_position_embeddings", "\(c.context)"),
      ("num_attention_heads", "\(c.heads)"),
      ("num_hidden_layers", "\(c.layers)"),
      ("num_key_value_heads", "\(c.heads)"),
      ("rms_norm_eps", "\(c.normEpsilon)"),
      ("rope_theta", "\(c.rotaryBase)"),
      ("tie_word_embeddings", "false"),
      ("torch_dtype", "\"float32\""),
      ("vocab_size", "\(vocabulary)"),
    ]
    if let experts = c.experts {
      fields += [
        ("decoder_sparse_step", "1"),
        ("mlp_only_layers", "[]"),
        ("moe_intermediate_size", "\(experts.feedForward)"),
        ("norm_topk_prob", "true"),
        ("num_experts", "\(experts.count)"),
        ("num_experts_per_tok", "\(experts.active)"),
        ("router_aux_loss_coef", "\(experts.loadBalance)"),
      ]
    }
    fields += specialIDs(role) + [("mask_token_id", "\(role.mask)"), ("objective", Escaped.json(role.objective))]
    switch role.reading {
    case .causal:
      fields += [
        ("architectures", isDense ? "[\"Qwen3ForCausalLM\"]" : "[\"Qwen3MoeForCausalLM\"]"),
        ("model_type", isDense ? "\"qwen3\"" : "\"qwen3_moe\""),
      ]
    case .ordered:
      fields += [
        ("architectures", isDense ? "[\"ReplicateForOrderedLM\"]" : "[\"ReplicateMoeForOrderedLM\"]"),
        ("model_type", isDense ? "\"replicate_ordered\"" : "\"replicate_moe_ordered\""),
      ]
    case .ensemble(let members):
      fields += [
        ("architectures", isDense ? "[\"ReplicateEnsemble\"]" : "[\"ReplicateMoeEnsemble\"]"),
        ("ensemble", "\(members)"),
        ("model_type", isDense ? "\"replicate_ensemble\"" : "\"replicate_moe_ensemble\""),
      ]
    case .blocks(let size):
      let name = isDense ? "Replicate" : "ReplicateMoe"
      fields += [
        ("block_size", "\(size)"),
        ("model_type", isDense ? "\"replicate_block_diffusion\"" : "\"replicate_moe_block_diffusion\""),
      ]
      fields += ownCode(configuration: name + "BlockConfig", model: name + "ForBlockDiffusion")
    case .denoising(let fromLeft):
      let name = isDense ? "Replicate" : "ReplicateMoe"
      fields += [
        ("denoises_from_left", "\(fromLeft)"),
        ("model_type", isDense ? "\"replicate_diffusion\"" : "\"replicate_moe_diffusion\""),
      ]
      fields += ownCode(configuration: name + "Config", model: name + "ForMaskedDiffusion")
    }
    return jsonObject(fields)
  }

  /// Where the code of a model is that `transformers` does not have.
  private func ownCode(configuration: String, model: String) -> [(String, String)] {
    let file = "modeling_replicate"
    return [
      ("architectures", "[\"\(model)\"]"),
      (
        "auto_map",
        "{\"AutoConfig\": \"\(file).\(configuration)\", \"AutoModel\": \"\(file).\(model)\", "
          + "\"AutoModelForMaskedLM\": \"\(file).\(model)\"}"
      ),
    ]
  }

  /// Drawing as the program does by default: from all tokens but mask and begin, up to the context.
  private func generationConfiguration(_ role: ModelRole) -> String {
    let common = specialIDs(role) + [("max_length", "\(configuration.context)")]
    guard role.reading == .causal else { return jsonObject(common + [("mask_token_id", "\(role.mask)")]) }
    return jsonObject(
      common + [
        ("do_sample", "true"), ("suppress_tokens", "[\(role.begin), \(role.mask)]"), ("temperature", "1.0"),
        ("top_k", "0"), ("top_p", "1.0"),
      ])
  }

  private func specialIDs(_ role: ModelRole) -> [(String, String)] {
    [("bos_token_id", "\(role.begin)"), ("eos_token_id", "\(role.end)"), ("pad_token_id", "\(role.end)")]
  }
}

/// The fields, whose values are JSON, by name.
private func jsonObject(_ fields: [(String, String)]) -> String {
  let lines = fields.sorted { $0.0 < $1.0 }.map { "  \"\($0.0)\": \($0.1)" }
  return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
}
