// The files by which Hugging Face's `AutoTokenizer` gives the ids that the engine gives. What each tokenizer
// contributes: TokenizerDefinitions.swift.

import Basics

/// A tokenizer in the terms of `tokenizer.json`, each part as JSON.
public struct TokenizerDefinition: Sendable {
  /// The words' ids and how a word becomes ids.
  var model: String
  /// How a text is cut into words.
  var preTokenizer: String
  /// How the texts of ids become one.
  var decoder: String
}

extension Tokenizer {
  /// `tokenizer.json`, `tokenizer_config.json` and `special_tokens_map.json`.
  ///
  /// `encode` of the tokenizer that `AutoTokenizer` makes of them gives the same ids, `decode` the same text, with two
  /// exceptions: `<end>`, `<begin>` and `<mask>` in a text are read as the special ids (unless `split_special_tokens`
  /// is set), and two byte pairs that stand for the same bytes share the earlier id.
  /// - Parameters:
  ///   - context: most tokens in a sequence, begin included.
  ///   - precedesBegin: whether the begin token is put before each text, as an autoregressive model needs it;
  ///     `add_special_tokens=False` leaves it out.
  public func huggingFaceFiles(context: Int, precedesBegin: Bool) -> [(name: String, contents: String)] {
    let specials = [endToken, beginToken, maskToken].map { (id: $0, text: Escaped.json(specialName($0) ?? "")) }
    let names = (end: specials[0].text, begin: specials[1].text, mask: specials[2].text)
    let flags = """
      "lstrip": false, "normalized": false, "rstrip": false, "single_word": false, "special": true
      """
    let added = specials.map { "{\"id\": \($0.id), \"content\": \($0.text), \(flags)}" }
    let begin = """
      {"type": "TemplateProcessing",
          "single": [{"SpecialToken": {"id": \(names.begin), "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
          "pair": [{"SpecialToken": {"id": \(names.begin), "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
            {"Sequence": {"id": "B", "type_id": 0}}],
          "special_tokens": {\(names.begin):
            {"id": \(names.begin), "ids": [\(beginToken)], "tokens": [\(names.begin)]}}}
      """
    let definition = huggingFaceDefinition
    let tokenizer = """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
          \(added.joined(separator: ",\n    "))
        ],
        "normalizer": null,
        "pre_tokenizer": \(definition.preTokenizer),
        "post_processor": \(precedesBegin ? begin : "null"),
        "decoder": \(definition.decoder),
        "model": \(definition.model)
      }

      """
    let roles = """
        "bos_token": \(names.begin),
        "eos_token": \(names.end),
        "mask_token": \(names.mask),
        "pad_token": \(names.end)
      """
    let configuration = """
      {
        "added_tokens_decoder": {
          \(specials.map { "\"\($0.id)\": {\"content\": \($0.text), \(flags)}" }.joined(separator: ",\n    "))
        },
        "clean_up_tokenization_spaces": false,
        "model_input_names": ["input_ids", "attention_mask"],
        "model_max_length": \(context),
        "tokenizer_class": "PreTrainedTokenizerFast",
      \(roles)
      }

      """
    return [
      ("tokenizer.json", tokenizer), ("tokenizer_config.json", configuration),
      ("special_tokens_map.json", "{\n\(roles)\n}\n"),
    ]
  }
}
