// The `config.json` that stands beside a model's weights so that `transformers` loads them.

extension ModelParameters {
  /// The configuration in Hugging Face's terms: `Qwen3ForCausalLM`, or `Qwen3MoeForCausalLM` with experts.
  public var huggingFaceConfiguration: String {
    let c = configuration
    var fields: [(String, String)] = [
      ("architectures", c.experts == nil ? "[\"Qwen3ForCausalLM\"]" : "[\"Qwen3MoeForCausalLM\"]"),
      ("attention_bias", "false"),
      ("head_dim", "\(c.headWidth)"),
      ("hidden_act", "\"silu\""),
      ("hidden_size", "\(c.width)"),
      ("initializer_range", "\(c.initialStandardDeviation)"),
      ("intermediate_size", "\(c.feedForward)"),
      ("max_position_embeddings", "\(c.context)"),
      ("model_type", c.experts == nil ? "\"qwen3\"" : "\"qwen3_moe\""),
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
    let lines = fields.sorted { $0.0 < $1.0 }.map { "  \"\($0.0)\": \($0.1)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }
}
