#!/usr/bin/env python3
"""Writes the oracle files that the engine is tested against, or compares the stored ones with what PyTorch gives now.

    python3 make_fixtures.py [--out DIRECTORY]  writes dense, moe and likelihood.safetensors (default: beside this file)
    python3 make_fixtures.py --check            exit status 1 if a stored tensor is further off than its tolerance

The models are Hugging Face's own Qwen3 and Qwen3-MoE in eager attention and single precision, tiny and random. What
each tensor holds is described in Documentation/verification.md. It needs torch 2.13 (CPU), transformers 5 and
safetensors.
"""
import argparse
import itertools
import pathlib
import sys

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import Qwen3Config, Qwen3ForCausalLM, Qwen3MoeConfig, Qwen3MoeForCausalLM

SEED = 7
VOCABULARY, WIDTH, INNER, HEADS, LAYERS = 61, 32, 80, 4, 2
MASK, BEGIN = VOCABULARY - 1, VOCABULARY - 2
BATCHES, SEQUENCES, LENGTH = 3, 3, 17
AUXILIARY_WEIGHT = 0.01
STEPS, WARMUP, DECAY, PEAK, FINAL_SHARE = 24, 4, 8, 3e-3, 0.1

# (tokens of the context, tokens of the span); the token after the span follows it in the document.
SPANS = [(11, 1), (0, 2), (3, 3), (7, 4), (0, 5), (10, 5)]


# The model and its losses


def make_model(kind):
    """The initial model. Gains start away from one, so that a forgotten one shows."""
    torch.manual_seed(SEED)
    common = dict(
        vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=HEADS, head_dim=WIDTH // HEADS, max_position_embeddings=128,
        tie_word_embeddings=False, rms_norm_eps=1e-6, initializer_range=0.08, attn_implementation="eager")
    if kind == "dense":
        model = Qwen3ForCausalLM(Qwen3Config(**common))
    else:
        model = Qwen3MoeForCausalLM(Qwen3MoeConfig(
            **common, moe_intermediate_size=INNER // 2, num_experts=4, num_experts_per_tok=2, norm_topk_prob=True,
            decoder_sparse_step=1, mlp_only_layers=[]))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter += 0.1 * torch.randn_like(parameter)
    return model.eval()


def run(model, tokens, causal):
    """Logits [B, L, V] and the weighted load-balance loss (0 for a dense model)."""
    length = tokens.shape[1]
    mask = torch.zeros(len(tokens), 1, length, length)
    if causal:
        mask += torch.full((length, length), float("-inf")).triu(1)
    gates = [layer.mlp.gate for layer in model.model.layers if hasattr(layer.mlp, "gate")]
    seen = []  # what enters each router
    hooks = [gate.register_forward_pre_hook(lambda gate, inputs: seen.append(inputs[0])) for gate in gates]
    logits = model(input_ids=tokens, attention_mask=mask, use_cache=False).logits
    for hook in hooks:
        hook.remove()
    if not gates:
        return logits, 0
    balance = [load_balance(F.linear(x, gate.weight), model.config) for x, gate in zip(seen, gates)]
    return logits, AUXILIARY_WEIGHT * torch.stack(balance).mean()


def load_balance(router_logits, config):
    """E Σ_e f_e P_e: shares of the assignments (summing to one) times mean router probabilities."""
    probabilities = router_logits.softmax(-1).view(-1, config.num_experts)
    chosen = probabilities.topk(config.num_experts_per_tok).indices.flatten()
    shares = torch.bincount(chosen, minlength=config.num_experts) / chosen.numel()
    return config.num_experts * (shares * probabilities.mean(0)).sum()


def autoregressive_loss(model, tokens, _):
    logits, auxiliary = run(model, tokens, causal=True)
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), tokens[:, 1:].flatten()) + auxiliary, logits


def diffusion_loss(model, tokens, masked):
    """Mean over sequences of the mean cross-entropy over the masked tokens."""
    logits, auxiliary = run(model, tokens.masked_fill(masked, MASK), causal=False)
    losses = F.cross_entropy(logits.transpose(1, 2), tokens, reduction="none")
    return ((losses * masked).sum(1) / masked.sum(1)).mean() + auxiliary, logits


LOSSES = {"ar": autoregressive_loss, "dlm": diffusion_loss}


# Training


def draw_batches():
    """Tokens and masks [batches, B, L]; in each sequence a share of its own, at least one token, is masked."""
    generator = torch.Generator().manual_seed(SEED)
    tokens = torch.stack([
        torch.randint(0, MASK, (SEQUENCES, LENGTH), generator=generator) for _ in range(BATCHES)])
    masks = []
    for _ in range(BATCHES):
        scores = torch.rand(SEQUENCES, LENGTH, generator=generator)
        mask = scores < torch.rand(SEQUENCES, 1, generator=generator)
        mask[:, 0] |= ~mask.any(1)
        masks.append(mask)
    return tokens, torch.stack(masks)


def learning_rate(step):
    """Linear warm-up, a plateau, and a linear decay to a tenth of the peak."""
    if step < WARMUP:
        return PEAK * (step + 1) / WARMUP
    into_decay = max(0, step - (STEPS - DECAY) + 1)
    return PEAK * (1 - (1 - FINAL_SHARE) * into_decay / DECAY)


def train(kind, loss_of, tokens, masks):
    """Losses before each step of AdamW, and the parameters after the last."""
    model = make_model(kind)
    matrices = [p for p in model.parameters() if p.dim() > 1]
    gains = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": gains, "weight_decay": 0.0}],
        betas=(0.9, 0.95), eps=1e-8)
    losses = []
    for step in range(STEPS):
        loss, _ = loss_of(model, tokens[step % BATCHES], masks[step % BATCHES])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step)
        optimizer.step()
    return torch.tensor(losses), dict(model.named_parameters())


# Likelihoods


@torch.no_grad()
def log_probabilities(model, tokens, causal):
    """[L, V] in double precision."""
    return run(model, tokens[None], causal)[0][0].double().log_softmax(-1)


def chain_rule(model, context, span):
    """log p(span | context), causal, from all that stands before it; `context` is not empty."""
    logs = log_probabilities(model, torch.cat([context, span])[:-1], causal=True)
    return logs[len(context) - 1:].gather(1, span.long()[:, None]).sum()


def order_agnostic(model, context, span, following):
    """The mean over counts l = 1…n and over the subsets S of that size of n/l Σ_{i ∈ S} log p(x_i | all but S)."""
    n, total = len(span), 0
    for count in range(1, n + 1):
        values = []
        for subset in map(list, itertools.combinations(range(n), count)):
            hidden = span.clone()
            hidden[subset] = MASK
            logs = log_probabilities(model, torch.cat([context, hidden, following]), causal=False)[len(context):]
            values.append(n / count * logs[subset, span[subset].long()].sum())
        total += torch.stack(values).mean()
    return total / n


def left_to_right(model, context, span, following):
    """Σ log p(x_i | context, x_<i), bidirectional; x_i, all after it and what follows the span are masked."""
    total = 0
    for i in range(len(span)):
        hidden = torch.full((len(span) - i + len(following),), MASK)
        logs = log_probabilities(model, torch.cat([context, span[:i], hidden]), causal=False)
        total += logs[len(context) + i, span[i].long()]
    return total


# The files


def oracle(kind):
    """Everything that `replicate verify` compares, and the metadata that it reads."""
    tokens, masks = draw_batches()
    tensors = {"tokens": tokens.int(), "dlm.masked": masks.int()}
    for name, loss_of in LOSSES.items():
        model = make_model(kind)
        tensors |= {f"param.{n}": p.detach().clone() for n, p in model.named_parameters()}
        loss, logits = loss_of(model, tokens[0], masks[0])
        loss.backward()
        tensors |= {f"{name}.loss": loss[None], f"{name}.logits": logits}
        tensors |= {f"{name}.grad.{n}": p.grad for n, p in model.named_parameters()}
        losses, trained = train(kind, loss_of, tokens, masks)
        tensors |= {f"adamw.{name}.losses": losses}
        tensors |= {f"adamw.{name}.param.{n}": p for n, p in trained.items()}
    model = make_model(kind)
    prefix, ending = tokens[0, 0, :LENGTH - 5], tokens[0, 1, :5]
    tensors |= {
        "score.prefix": prefix.int(), "score.ending": ending.int(),
        "score.ar": chain_rule(model, prefix, ending)[None],
        "score.dlm": order_agnostic(model, prefix, ending, prefix[:0])[None],
    }
    dimensions = dict(
        V=VOCABULARY, d=WIDTH, ff=INNER, layers=LAYERS, heads=HEADS, seed=SEED, batch=SEQUENCES, length=LENGTH)
    return tensors, {"kind": kind} | {n: str(d) for n, d in dimensions.items()}


def likelihoods():
    """Spans of the second batch under the dense model, by every definition of a likelihood that the engine has."""
    tokens = draw_batches()[0][1].flatten()
    model = make_model("dense")
    begin, nothing = torch.tensor([BEGIN]), tokens[:0]
    tensors, start = {}, 0
    for number, (before, count) in enumerate(SPANS):
        window = tokens[start:start + before + count + 1]
        context, span, following = window.split([before, count, 1])
        start += before + 1
        tensors |= {f"{number}.{name}": value for name, value in {
            "context": context.int(), "tokens": span.int(), "following": following.int(),
            "ar": chain_rule(model, torch.cat([begin, context]), span)[None],
            "dlm": order_agnostic(model, context, span, nothing)[None],
            "dlm.followed": order_agnostic(model, context, span, following)[None],
            "suffix": left_to_right(model, context, span, nothing)[None],
            "suffix.followed": left_to_right(model, context, span, following)[None],
        }.items()}
    return tensors, {"model": "dense.safetensors", "spans": str(len(SPANS)), "mask": str(MASK), "begin": str(BEGIN)}


def tolerance(name):
    """The largest error allowed, relative to the tensor's largest element; what is drawn is drawn again exactly.

    Computed values depend on the order of sums, which other processors and versions of the library choose otherwise;
    AdamW divides by the root of squared gradients and so makes much of small differences.
    """
    drawn = ("tokens", "masked", "prefix", "ending", "context", "following")
    if name.startswith("param.") or name.split(".")[-1] in drawn:
        return 0
    return 5e-4 if name.startswith("adamw.") else 1e-5


def check(path, tensors, metadata):
    """Prints how far the stored tensors are off; whether all are within tolerance."""
    if not path.exists():
        print(f"{path}: no such file; run without --check to write it")
        return False
    with safe_open(path, "pt") as file:
        stored = {name: file.get_tensor(name) for name in file.keys()}
        wrong = [] if file.metadata() == metadata else [f"metadata: {file.metadata()}, now {metadata}"]
    wrong += [f"{name}: only in one of the two" for name in stored.keys() ^ tensors.keys()]
    worst, equal = 0, 0
    for name in stored.keys() & tensors.keys():
        old, new = stored[name], tensors[name]
        if old.dtype != new.dtype or old.shape != new.shape:
            wrong.append(f"{name}: {old.dtype} {list(old.shape)}, now {new.dtype} {list(new.shape)}")
            continue
        equal += torch.equal(old, new)
        if old.numel() == 0:
            continue
        scale = max(old.abs().max().item(), 1e-30)
        error = (old.double() - new.double()).abs().max().item() / scale
        worst = max(worst, error)
        if not error <= tolerance(name):
            wrong.append(f"{name}: off by {error:.1e}, allowed {tolerance(name):.0e}")
    print(f"{path.name}: {equal} of {len(stored)} tensors equal, largest relative error {worst:.1e}")
    for line in sorted(wrong):
        print(f"  {line}")
    return not wrong


def main():
    here = pathlib.Path(__file__).resolve().parent
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=pathlib.Path, default=here, help="where the files are, or are written")
    arguments.add_argument("--check", action="store_true", help="compare the stored files instead of writing them")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    good = True
    for name in ["dense", "moe", "likelihood"]:
        path = options.out / f"{name}.safetensors"
        tensors, metadata = likelihoods() if name == "likelihood" else oracle(name)
        tensors = {
            n: (t.detach().float() if t.is_floating_point() else t).contiguous().clone() for n, t in tensors.items()}
        if options.check:
            good &= check(path, tensors, metadata)
        else:
            options.out.mkdir(parents=True, exist_ok=True)
            save_file(tensors, path, metadata)
            print(f"{path}: {len(tensors)} tensors, {path.stat().st_size} bytes")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
