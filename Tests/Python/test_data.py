#!/usr/bin/env python3
"""What other programs read, read by other programs: the documented lines of pandas, the JSON documents by an independent
validator, JUnit's XML, and TensorBoard's event files by TensorBoard's own reader.

Usage: test_data.py REPLICATE (needs pandas, matplotlib, jsonschema, junitparser, tensorboard). Not what transformers reads:
test_models.py.
"""
import json, os, pathlib, re, subprocess, sys, tempfile, unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPACE = tempfile.TemporaryDirectory()
FOLDER = pathlib.Path(SPACE.name)
REPLICATE = ""


# Models that train in a moment.
CONFIGURATION = """
[model]
width = 8
heads = 2
feed_forward = 16
layers = 1
[training]
epochs = 2
batch = 4
[evaluation]
checkpoints = 3
items = 8
samples = 1
validation_sequences = 4
validation_samples = 1
[world]
unique_tokens = 400
agents = 12
topics = 6
"""


def call(*words, statuses=(0,), **environment):
    done = subprocess.run([REPLICATE, *map(str, words)], cwd=FOLDER, capture_output=True, text=True,
                          env={**os.environ, **environment})
    if done.returncode not in statuses:
        raise RuntimeError(f"{words} ended with {done.returncode}: {done.stderr}")
    return done.stdout


class Documentation(unittest.TestCase):
    def test_five_lines_of_pandas(self):
        text = (ROOT / "Documentation/data.md").read_text()
        code = re.search(r"```python\n(.*?)```", text, re.S).group(1)
        self.assertEqual(len(code.strip().splitlines()), 5)
        (FOLDER / "figures").symlink_to(ROOT / "figures")
        done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True,
                              env={**os.environ, "MPLBACKEND": "agg"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((FOLDER / "crossover.png").read_bytes().startswith(b"\x89PNG"))

    def test_the_columns_are_those_of_every_claim(self):
        import pandas
        first = ["claim", "condition", "arm", "seed", "checkpoint", "epoch", "tokens", "flops"]
        for path in sorted(FOLDER.glob("results/*/data.csv")):
            data = pandas.read_csv(path)
            self.assertEqual(list(data.columns[:8]), first, path)
            self.assertEqual(data.columns[-1], "accuracy")
            self.assertTrue(data["accuracy"].between(0, 1).all() and (data["flops"] > 0).all(), path)


class Formats(unittest.TestCase):
    def test_documents_are_as_the_schema_says(self):
        import jsonschema
        schema = json.loads((ROOT / "Documentation/replicate.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        stored = sorted(FOLDER.glob("results/*/verdict.json"))
        self.assertEqual(len(stored), 2)
        texts = [path.read_text() for path in stored]
        texts += [call("check", "--preset", "smoke", "crossover", "sparsity", "--json", statuses=[2])]
        for words in [["list"], ["plan", "crossover"], ["status", "crossover"], ["corpus", "world"], ["export"],
                      ["doctor", "--rerun", 0], ["figures", "--directory", "results"], ["report"]]:
            texts.append(call(*words, "--json"))
        for text in texts:
            document = json.loads(text)
            validator.validate(document)
            document["result"] = None
            self.assertFalse(validator.is_valid(document), "a schema that accepts anything says nothing")
            self.assertNotIn('"_0"', text)
        for path in FOLDER.glob("results/*/*.json"):
            self.assertNotIn('"_0"', path.read_text(), path)

    def test_junit(self):
        import junitparser
        xml = call("check", "--preset", "smoke", "crossover", "sparsity", "--format", "junit", statuses=[2])
        suite = list(junitparser.JUnitXml.fromstring(xml.encode()))[0]
        self.assertEqual([case.name for case in suite], ["crossover", "sparsity"])
        self.assertTrue(all(case.is_skipped for case in suite))
        self.assertEqual((suite.tests, suite.skipped, suite.failures), (2, 2, 0))

    def test_tensorboard_reads_what_is_exported(self):
        import csv
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        call("export", "--events", "logs")
        call("export", "--to", "runs.csv")
        with open(FOLDER / "runs.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        folders = sorted(FOLDER.glob("logs/*/*"))
        self.assertEqual({folder.name for folder in folders}, {row["run"] for row in rows})
        for folder in folders:
            events = EventAccumulator(str(folder))
            events.Reload()
            own = [row for row in rows if row["run"] == folder.name]
            self.assertEqual(folder.parent.name, own[0]["arm"])
            for tag, column in [("loss/training", "training_loss"), ("loss/validation", "validation_ce"),
                                ("endings/acc", "endings_acc"), ("knowledge/nll_right", "knowledge_nll_right")]:
                scalars = events.Scalars(tag)
                self.assertEqual([s.step for s in scalars], [int(row["tokens"]) for row in own], tag)
                for scalar, row in zip(scalars, own):
                    self.assertAlmostEqual(scalar.value, float(row[column]), delta=1e-5 * max(1, abs(scalar.value)))


def setUpModule():
    """Two claims at preset smoke, drawn."""
    (FOLDER / "experiments.toml").write_text(CONFIGURATION)
    for claim in ["crossover", "sparsity"]:
        call(claim, "--preset", "smoke")


if __name__ == "__main__":
    if len(sys.argv) < 2 or not pathlib.Path(sys.argv[1]).exists():
        sys.exit(f"{sys.argv[0]}: name the program; `make build` makes it")
    REPLICATE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
