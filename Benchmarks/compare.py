#!/usr/bin/env python3
"""Training throughput of `replicate` beside PyTorch at the same shapes, in turn, as medians of ratios.

    python3 compare.py --replicate PATH --python VENV/bin/python [--rounds 3] [--seconds 4]

Each round runs PyTorch (eager and compiled) and then `replicate bench` for each shape and objective, so that both see the
same minutes of a shared machine. A ratio is taken within a round; the table shows the median over rounds, and marks the worse
of the two objectives, for which targets are stated.
"""
import argparse, collections, json, os, statistics, subprocess

TARGETS = {"compile": {"tiny": 2.0, "small": 1.4, "medium": 1.2}, "eager": {"tiny": 3.5, "small": 2.2, "medium": 1.6}}


def lines(command):
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--replicate", required=True)
    a.add_argument("--python", required=True, help="a Python that has torch")
    a.add_argument("--backend", default="native", choices=["native", "openblas"])
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--seconds", type=float, default=4)
    a.add_argument("--shape", choices=["tiny", "small", "medium"])
    z = a.parse_args()
    peer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_throughput.py")
    rates = collections.defaultdict(list)
    ratios = collections.defaultdict(list)
    for _ in range(z.rounds):
        for shape in [z.shape] if z.shape else ["tiny", "small", "medium"]:
            common = ["--shape", shape, "--seconds", str(z.seconds)]
            theirs = {(m["objective"], m["mode"]): m["tokens_per_s"] for m in lines([z.python, peer, "--threads", "1", *common])}
            ours = {m["objective"]: m["tokens_per_s"]
                    for m in lines([z.replicate, "bench", "--task", "train", "--backend", z.backend, "--json", *common])}
            for (objective, mode), rate in theirs.items():
                rates[shape, objective, mode].append(rate)
                ratios[shape, objective, mode].append(ours[objective] / rate)
            for objective, rate in ours.items():
                rates[shape, objective, "replicate"].append(rate)
    print(f"{'shape':8}{'objective':11}{'replicate':>12}{'compiled':>12}{'eager':>10}{'× compiled':>12}{'× eager':>10}")
    for shape, objective in dict.fromkeys((s, o) for s, o, _ in rates):
        row = [statistics.median(rates[shape, objective, mode]) for mode in ("replicate", "compile", "eager")]
        times = [statistics.median(ratios[shape, objective, mode]) for mode in ("compile", "eager")]
        print(f"{shape:8}{objective:11}{row[0]:12.0f}{row[1]:12.0f}{row[2]:10.0f}{times[0]:12.2f}{times[1]:10.2f}")
    for mode in ("compile", "eager"):
        for shape in dict.fromkeys(s for s, _, _ in rates):
            worse = min(statistics.median(ratios[shape, o, mode]) for o in ("ar", "dlm"))
            print(f"{shape}: {worse:.2f} × {mode} for the worse objective (target {TARGETS[mode][shape]})")


if __name__ == "__main__":
    main()
