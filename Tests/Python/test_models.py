#!/usr/bin/env python3
"""Models and tokenizers as `replicate` stores them, loaded by Hugging Face's transformers and held to the engine.

    python3 test_models.py REPLICATE    (the program; run from the repository, with torch, transformers and safetensors)

Small models of every corpus, tokenizer and objective are trained into a temporary folder. Then the tokenizers must give
the engine's ids and texts, the models its likelihoods, and greedy generation its documents. Nothing is downloaded.
"""
import functools
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "HF_HOME": tempfile.mkdtemp()}

import torch
from safetensors import safe_open
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()
torch.set_num_threads(1)

TOLERANCE = 1e-4  # nats per token
DOCUMENTS = 60
ROOT = pathlib.Path(__file__).resolve().parents[2]
REPLICATE = None  # the program's path
RESULTS = None  # where it stores its runs


# What the engine says


def call(*words, statuses=(0,)):
    """What the program prints, as JSON lines."""
    done = subprocess.run([REPLICATE, *map(str, words)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode not in statuses:
        raise RuntimeError(f"{' '.join(map(str, words))}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout


@functools.cache
def text_and_configurations():
    """Prose in several scripts, and configurations with texts of characters and with a mixture of experts."""
    text = RESULTS / "text.md"
    pages = sorted((ROOT / "Documentation" / "claims").glob("*.md"))
    odd = "naïve 世界 🙂 x1y  22 ?!\tÉ\u00a0a  \n  \n b…12ab3 (c) «d»"
    text.write_text(f"\n\n{odd}\n\n".join(page.read_text() for page in pages))
    settings = (ROOT / "experiments.toml").read_text()
    characters, experts = RESULTS / "characters.toml", RESULTS / "experts.toml"
    characters.write_text(settings.replace('tokenizer = "byte-pairs"', 'tokenizer = "characters"'))
    mixture = "experts = { count = 4, active = 2, feed_forward = 84 }"
    experts.write_text(settings.replace("\n[model]", f"\n[model]\n{mixture}\n#", 1))
    return text, characters, experts


def options(corpus):
    """How `train` and `corpus` are told which corpus and tokenizer."""
    text, characters, experts = text_and_configurations()
    return {
        "world": ([], ["world"]),
        "world, experts": (["--config", experts], ["world"]),
        "python": (None, ["python"]),
        "byte pairs": (["--text", text], ["text", text]),
        "characters": (["--config", characters, "--text", text], ["text", text, "--config", characters]),
    }[corpus]


@functools.cache
def train(objective, corpus):
    """The folder of a small trained model."""
    own = options(corpus)[0]
    if own is None:  # functions are trained on by a claim only
        call("coder", "--preset", "smoke", "--seeds", 2, "--out", RESULTS, "--json", statuses=(0, 1, 2))
        name = {"ar": "autoregressive", "dlm": "maskedDiffusion"}[objective]
        for folder in sorted((RESULTS / "runs").iterdir()):
            specification = folder / "spec.json"
            if specification.exists():
                specification = json.loads(specification.read_text())
                if corpus in specification["corpus"] and name in specification["objective"]:
                    return folder
        raise RuntimeError(f"no {objective} run of {corpus}")
    line = call("train", *objective.split(), "--preset", "smoke", "--epochs", 60, "--out", RESULTS, "--json", *own)
    return RESULTS / "runs" / json.loads(line)["result"][0]["hash"]


@functools.cache
def read_corpus(corpus):
    return json.loads(call(
        "corpus", *options(corpus)[1], "--preset", "smoke", "--documents", DOCUMENTS, "--items", 10_000, "--json"
    ))["result"]


# What transformers says


@functools.cache
def load(objective, corpus):
    folder = train(objective, corpus)
    model = (AutoModelForCausalLM if objective == "ar" else AutoModel).from_pretrained(folder, trust_remote_code=True)
    return model.eval(), AutoTokenizer.from_pretrained(folder, trust_remote_code=True)


def ids(tokenizer, text):
    return tokenizer(text, add_special_tokens=False).input_ids


@torch.no_grad()
def chain_rule(model, context, choice):
    """−log p(choice | context), nats; `context` begins with the begin token."""
    logs = model(torch.tensor([context + choice])).logits[0].double().log_softmax(-1)
    return -sum(logs[len(context) - 1 + i, token].item() for i, token in enumerate(choice))


@torch.no_grad()
def order_agnostic(model, context, choice, following, places=None, hidden=()):
    """The exact bound on −log p of the tokens at `places` of a choice (default: all), nats: the mean over counts, and over
    subsets of each count; those at `hidden` are masked throughout, all others in sight."""
    places, mask = list(range(len(choice))) if places is None else places, model.config.mask_token_id
    n = len(places)
    if n == 0:
        return 0
    subsets = [s for count in range(1, n + 1) for s in itertools.combinations(places, count)]
    rows = [
        context + [mask if i in s or i in hidden else token for i, token in enumerate(choice)] + following for s in subsets
    ]
    logs = model(torch.tensor(rows)).logits.double().log_softmax(-1)
    total, of_count = 0, [sum(len(s) == count for s in subsets) for count in range(n + 1)]
    for row, subset in zip(logs, subsets):
        weight = 1 / len(subset) / of_count[len(subset)]
        total -= weight * sum(row[len(context) + i, choice[i]].item() for i in subset)
    return total


def compared(model, context, choices, answer, following):
    """The same of an item's right choice as the engine compares it: first the tokens that all choices share, the others
    masked; then those in which they differ, the shared ones in sight."""
    right = choices[answer]
    shared = [i for i in range(len(right)) if all(c[i] == right[i] for c in choices)]
    differing = [i for i in range(len(right)) if i not in shared]
    return order_agnostic(model, context, right, following, shared, differing) + order_agnostic(
        model, context, right, following, differing)


class TokenizerTests(unittest.TestCase):
    def test_ids_and_texts_are_the_engine_s(self):
        for corpus in ["world", "python", "byte pairs", "characters"]:
            with self.subTest(corpus):
                _, tokenizer = load("dlm", corpus)
                read = read_corpus(corpus)
                self.assertGreaterEqual(len(read["example_documents"]), 40)
                self.assertEqual(len(tokenizer), read["vocabulary"])
                for text, tokens in zip(read["example_documents"], read["example_tokens"]):
                    self.assertEqual(ids(tokenizer, text), tokens)
                    self.assertEqual(tokenizer(text).input_ids, tokens)
                    self.assertEqual(tokenizer.decode(tokens), text)

    def test_byte_pairs_take_any_text(self):
        _, tokenizer = load("dlm", "byte pairs")
        for text in [
            "", " ", "  a\n\n b\t\r\n c  ", "x1y 22 ?!a", "naïve 世界 🙂\u00a0\x00\x7f", "a" * 50, "\n x\n  ",
        ]:
            self.assertEqual(tokenizer.decode(ids(tokenizer, text)), text)

    def test_special_tokens(self):
        for objective in ["ar", "dlm"]:
            model, tokenizer = load(objective, "world")
            last = len(tokenizer) - 3
            self.assertEqual(
                [tokenizer.eos_token_id, tokenizer.bos_token_id, tokenizer.mask_token_id, tokenizer.pad_token_id],
                [last, last + 1, last + 2, last])
            config = model.config
            self.assertEqual([config.eos_token_id, config.bos_token_id], [last, last + 1])
            self.assertEqual(config.mask_token_id, last + 2)
            self.assertEqual(ids(tokenizer, "<mask> <mask>"), [last + 2] * 2)
            start = [last + 1] if objective == "ar" else []
            self.assertEqual(tokenizer("").input_ids, start)

    def test_words_outside_the_vocabulary_are_refused(self):
        with self.assertRaises(Exception):
            ids(load("dlm", "world")[1], "Zarathustra")


class AutoregressiveTests(unittest.TestCase):
    def test_likelihoods_of_items(self):
        """NLL of the right choices, item by item, beside items.jsonl."""
        for corpus in ["world", "world, experts", "characters"]:
            model, tokenizer = load("ar", corpus)
            lines = map(json.loads, (train("ar", corpus) / "items.jsonl").read_text().splitlines())
            stored = {line["task"]: line["nllRight"] for line in lines}  # the last checkpoint's
            for task, items in read_corpus(corpus)["example_items"].items():
                self.assertEqual(len(items), len(stored[task]))
                for item, expected in zip(items, stored[task]):
                    context = [tokenizer.bos_token_id] + ids(tokenizer, item["context"])
                    choice = ids(tokenizer, item["choices"][item["answer"]])
                    with self.subTest(corpus=corpus, task=task):
                        self.assertAlmostEqual(
                            chain_rule(model, context, choice) / len(choice), expected / len(choice), delta=TOLERANCE)

    def test_greedy_documents(self):
        for corpus, prompt in [
            ("world", ""), ("world, experts", ""), ("python", "def solve("), ("byte pairs", "The "),
            ("characters", "T"),
        ]:
            with self.subTest(corpus):
                model, tokenizer = load("ar", corpus)
                text = sample("ar", corpus, prompt)
                before = tokenizer(prompt, return_tensors="pt")
                tokens = model.generate(**before, do_sample=False, max_length=LENGTH + 1)
                # The engine prints a function without the end token that closes it.
                self.assertEqual(tokenizer.decode(tokens[0, 1:]).removesuffix("<end>"), text)

    def test_three_lines_write_a_text(self):
        folder = train("ar", "world")
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(folder)
        text = tokenizer.decode(model.generate(**tokenizer("", return_tensors="pt"))[0], skip_special_tokens=True)
        self.assertGreater(len(text.split()), 20)


class DiffusionTests(unittest.TestCase):
    def test_likelihoods_of_items(self):
        """Mean NLL of the right choices beside `evaluate` with so many samples that it is exact. The full stop that follows
        a choice is in the model's sight."""
        for corpus in ["world", "world, experts"]:
            with self.subTest(corpus):
                self.expect_likelihoods(corpus)

    def expect_likelihoods(self, corpus):
        model, tokenizer = load("dlm", corpus)
        folder = train("dlm", corpus)
        engine = json.loads(call("evaluate", folder.name, "--out", RESULTS, "--samples", 2000, "--json"))["result"]["tasks"]
        for task, items in read_corpus(corpus)["example_items"].items():
            total = tokens = 0
            for item in items:
                choices = [ids(tokenizer, choice) for choice in item["choices"]]
                following = [] if item["choices"][item["answer"]].endswith(".") else ids(tokenizer, ".")
                total += compared(model, ids(tokenizer, item["context"]), choices, item["answer"], following)
                tokens += len(choices[item["answer"]])
            error = abs(total - engine[task]["nllRight"] * len(items)) / tokens
            with self.subTest(task):
                self.assertLess(error, TOLERANCE)

    def test_greedy_denoising(self):
        """From a first word on: where all is masked, all places are alike and rounding decides which comes first."""
        word = read_corpus("world")["example_documents"][0].split()[0]
        for objective, corpus, prompt in [
            ("dlm", "world", word), ("dlm", "world, experts", word), ("suffix-dlm", "world", word),
            ("dlm", "byte pairs", "The "), ("dlm", "characters", "T"), ("block-dlm --block 4", "world", word),
            ("block-dlm --block 5", "world, experts", word),
        ]:
            with self.subTest(objective=objective, corpus=corpus):
                model, tokenizer = load(objective, corpus)
                start = torch.tensor([ids(tokenizer, prompt)], dtype=torch.long)
                for steps in [None, 5]:
                    text = sample(objective, corpus, prompt, steps)
                    tokens = model.generate(start, max_new_tokens=LENGTH - start.shape[1], steps=steps)
                    self.assertEqual(tokenizer.decode(tokens[0]), text)

    def test_masks_within_a_text_are_filled_in(self):
        model, tokenizer = load("dlm", "world")
        text = read_corpus("world")["example_documents"][0].split()
        holes = " ".join("<mask>" if i % 3 == 1 else word for i, word in enumerate(text))
        before = tokenizer(holes, return_tensors="pt").input_ids
        after = model.generate(before)
        kept = before != tokenizer.mask_token_id
        self.assertTrue((after[kept] == before[kept]).all())
        self.assertFalse(set(after.flatten().tolist()) & {tokenizer.mask_token_id, tokenizer.bos_token_id})

    def test_no_program_takes_it_for_a_causal_model(self):
        folder = train("dlm", "world")
        self.assertEqual(
            type(AutoModelForMaskedLM.from_pretrained(folder, trust_remote_code=True)).__name__,
            "ReplicateForMaskedDiffusion")
        with self.assertRaises(ValueError):
            AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)

    def test_every_token_is_seen_and_padding_is_not(self):
        model, tokenizer = load("dlm", "world")
        tokens = torch.tensor([ids(tokenizer, read_corpus("world")["example_documents"][0])])
        changed = tokens.clone()
        changed[0, -1] = tokenizer.mask_token_id
        self.assertGreater((model(changed).logits - model(tokens).logits)[0, 0].abs().max().item(), 1e-4)
        padded = torch.cat([tokens, torch.full((1, 3), tokenizer.pad_token_id)], 1)
        seen = torch.cat([torch.ones_like(tokens), torch.zeros(1, 3, dtype=torch.long)], 1)
        difference = model(padded, attention_mask=seen).logits[:, :-3] - model(tokens).logits
        self.assertLess(difference.abs().max().item(), 1e-5)


class FileTests(unittest.TestCase):
    def test_weights_say_what_they_are(self):
        for objective in ["ar", "dlm"]:
            with safe_open(train(objective, "world") / "model.safetensors", "pt") as file:
                metadata = file.metadata()
            model, tokenizer = load(objective, "world")
            self.assertEqual(metadata["objective"], objective.upper())
            self.assertEqual(metadata["mask_token_id"], str(tokenizer.mask_token_id))
            self.assertEqual(metadata["parameters"], str(sum(p.numel() for p in model.parameters())))


LENGTH = 32


def sample(objective, corpus, prompt, steps=None):
    """A document of LENGTH tokens that the engine writes, the most likely token each time, without a text it learnt from."""
    words = ["sample", train(objective, corpus).name, "--out", RESULTS, "--count", 1, "--temperature", 0, "--json"]
    words += ["--prompt", prompt] if prompt else []
    words += ["--steps", steps] if steps else []
    return json.loads(call(*words, "--length", LENGTH))["result"][0]["text"]


if __name__ == "__main__":
    if len(sys.argv) < 2 or not pathlib.Path(sys.argv[1]).exists():
        sys.exit(f"{sys.argv[0]}: name the program; `make build` makes it")
    REPLICATE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    with tempfile.TemporaryDirectory() as folder:
        RESULTS = pathlib.Path(folder)
        result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
