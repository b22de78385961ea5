// The Python code that goes with each diffusion model, because `transformers` has no such model: bidirectional
// attention, whole or within blocks, the masked loss, and generation by denoising in the order of confidence. Tests/Python
// runs it.

/// The text of `modeling_replicate.py`; the configuration names the classes in it.
let modelingCode = #"""
  """Masked diffusion language models written by `replicate`, for Hugging Face's transformers 5.

      tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=True)
      model = AutoModel.from_pretrained(folder, trust_remote_code=True)
      canvas = tokenizer("Some words <mask> <mask> <mask>", return_tensors="pt").input_ids
      print(tokenizer.decode(model.generate(canvas)[0]))

  The architecture is Qwen3's with bidirectional attention. Logits at a place are those of the token at this place. A block
  diffusion model sees its own block and the earlier ones, as they stand, and fills in one block after the other.
  """
  import torch
  import torch.nn.functional as F
  from transformers import Qwen3Config, Qwen3ForCausalLM, Qwen3MoeConfig, Qwen3MoeForCausalLM
  from transformers.modeling_outputs import MaskedLMOutput


  class MaskedDiffusion:
      """What a denoiser does otherwise than the causal model of the same architecture."""

      @property
      def _block_size(self):
          """Tokens of a block; None for a model that sees the whole."""
          return getattr(self.config, "block_size", None)

      def forward(self, input_ids, attention_mask=None, labels=None, **_):
          """Logits [B, L, V]; with `labels` also the mean cross-entropy over those that are not -100, in nats.

          `attention_mask` [B, L] is 0 where padding stands, which is seen by no token.
          """
          batch, length = input_ids.shape
          weight = self.lm_head.weight
          mask = torch.zeros(batch, 1, length, length, dtype=weight.dtype, device=weight.device)
          if attention_mask is not None:
              mask = mask.masked_fill(attention_mask[:, None, None, :] == 0, torch.finfo(weight.dtype).min)
          if self._block_size is not None:
              blocks = torch.arange(length, device=weight.device) // self._block_size
              mask = mask.masked_fill(blocks[None, :] > blocks[:, None], torch.finfo(weight.dtype).min)
          hidden = self.model(input_ids=input_ids, attention_mask=mask, use_cache=False).last_hidden_state
          logits = self.lm_head(hidden)
          loss = None if labels is None else F.cross_entropy(logits.float().flatten(0, 1), labels.flatten())
          return MaskedLMOutput(loss=loss, logits=logits)

      @torch.no_grad()
      def generate(self, input_ids=None, max_new_tokens=None, steps=None, temperature=0.0, **_):
          """Fills in every mask token of `input_ids` [B, L] and returns the filled ids.

          The most confident token comes first; from left to right if the model was trained on masked suffixes only.

          `max_new_tokens` masks are appended; without `input_ids`, or where no token is masked, the context is filled.
          Each of `steps` passes (default: one per masked token) fills an even share of the masks that are left; of a
          block diffusion model an even share of all masks, or the rest of a block where that is less.
          Temperature 0 takes the most likely token, otherwise one is drawn.
          """
          config = self.config
          if input_ids is None:
              input_ids = torch.empty(1, 0, dtype=torch.long, device=self.lm_head.weight.device)
          if max_new_tokens is None:
              has_masks = (input_ids == config.mask_token_id).any()
              max_new_tokens = 0 if has_masks else config.max_position_embeddings - input_ids.shape[1]
          if not 0 <= max_new_tokens <= config.max_position_embeddings - input_ids.shape[1]:
              raise ValueError(f"at most {config.max_position_embeddings} tokens fit into the model's context")
          canvas = F.pad(input_ids, (0, max_new_tokens), value=config.mask_token_id)
          for row in canvas:
              self._denoise(row, steps, temperature)
          return canvas

      def _denoise(self, row, steps, temperature):
          """Fills in the masks of one sequence [L]."""
          count = int((row == self.config.mask_token_id).sum())
          left, size = steps or max(count, 1), self._block_size
          share = -(-count // left)
          while left > 0 or size is not None:
              masked = (row == self.config.mask_token_id).nonzero().flatten()
              if len(masked) == 0:
                  return
              if size is None:
                  share = -(-len(masked) // left)
              else:
                  masked = masked[masked // size == masked[0] // size]
              logits = self(row[None]).logits[0, masked].double()
              logits[:, [self.config.mask_token_id, self.config.bos_token_id]] = float("-inf")
              probabilities = logits.softmax(-1)
              if temperature > 0:
                  chosen = (logits / temperature).softmax(-1).multinomial(1).flatten()
              else:
                  chosen = logits.argmax(-1)
              confidence = probabilities.gather(1, chosen[:, None]).flatten()
              best = confidence.argsort(descending=True, stable=True)
              if getattr(self.config, "denoises_from_left", False):
                  best = best.sort().values
              best = best[:share]
              row[masked[best]] = chosen[best]
              left -= 1


  class ReplicateConfig(Qwen3Config):
      model_type = "replicate_diffusion"


  class ReplicateForMaskedDiffusion(MaskedDiffusion, Qwen3ForCausalLM):
      config_class = ReplicateConfig


  class ReplicateMoeConfig(Qwen3MoeConfig):
      model_type = "replicate_moe_diffusion"


  class ReplicateMoeForMaskedDiffusion(MaskedDiffusion, Qwen3MoeForCausalLM):
      config_class = ReplicateMoeConfig


  class ReplicateBlockConfig(Qwen3Config):
      model_type = "replicate_block_diffusion"


  class ReplicateForBlockDiffusion(MaskedDiffusion, Qwen3ForCausalLM):
      config_class = ReplicateBlockConfig


  class ReplicateMoeBlockConfig(Qwen3MoeConfig):
      model_type = "replicate_moe_block_diffusion"


  class ReplicateMoeForBlockDiffusion(MaskedDiffusion, Qwen3MoeForCausalLM):
      config_class = ReplicateMoeBlockConfig

  """#
