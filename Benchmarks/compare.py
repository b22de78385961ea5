#!/usr/bin/env python3
"""Training throughput of `replicate` beside PyTorch at the same shapes, in turn, as medians of ratios.

    python3 compare.py --replicate PATH --python VENV/bin/python [--rounds 3] [--seconds 4]

Each round runs PyTorch (eager and compiled) and then `replicate bench` for each shape and objective, so that both see the
same minutes of a shared machine. A ratio is taken within a round; the table shows the median over rounds, and marks the worse
of the two objectives, for which targets are stated. Beside each ratio stands the peak of this processor, a loop of fused
multiply-adds measured in the same minutes: PyTorch's library uses 256-bit units, so a ratio says little without it.
"""
import argparse, collections, json, os, statistics, subprocess

SHAPES = ["micro", "tiny", "small", "medium"]
TARGETS = {"micro": 3.6, "tiny": 2.2, "small": 1.5, "medium": 1.35}  # × compiled PyTorch, the worse objective
PEAK_SHARES = {"micro": 0.65, "tiny": 0.75, "small": 0.82, "medium": 0.86}  # of the multiply-add peak, AR


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
    a.add_argument("--shape", choices=SHAPES)
    z = a.parse_args()
    peer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_throughput.py")
    rates = collections.defaultdict(list)
    ratios = collections.defaultdict(list)
    peaks = collections.defaultdict(list)
    shares = collections.defaultdict(list)
    processor = "unknown processor"
    for _ in range(z.rounds):
        for shape in [z.shape] if z.shape else SHAPES:
            common = ["--shape", shape, "--seconds", str(z.seconds)]
            theirs = {(m["objective"], m["mode"]): m["tokens_per_s"] for m in lines([z.python, peer, "--threads", "1", *common])}
            bench = [z.replicate, "bench", "--task", "train", "--backend", z.backend, "--json", *common]
            ours = {m["objective"]: m for m in lines(bench)[0]["result"]}
            for (objective, mode), rate in theirs.items():
                rates[shape, objective, mode].append(rate)
                ratios[shape, objective, mode].append(ours[objective]["tokens_per_s"] / rate)
            for objective, m in ours.items():
                rates[shape, objective, "replicate"].append(m["tokens_per_s"])
                peaks[shape, objective].append(m["peak_gflops"])
                shares[shape, objective].append(m["peak_share"])
                processor = m["processor"]
    print(f"{processor}; one thread, medians of {z.rounds} alternating rounds")
    print(f"{'shape':8}{'objective':11}{'replicate':>12}{'compiled':>12}{'eager':>10}{'× compiled':>12}{'× eager':>10}"
          f"{'of peak':>9}{'peak, GFLOP/s':>15}")
    for shape, objective in shares:
        row = [statistics.median(rates[shape, objective, mode]) for mode in ("replicate", "compile", "eager")]
        times = [statistics.median(ratios[shape, objective, mode]) for mode in ("compile", "eager")]
        share, peak = statistics.median(shares[shape, objective]), statistics.median(peaks[shape, objective])
        print(f"{shape:8}{objective:11}{row[0]:12.0f}{row[1]:12.0f}{row[2]:10.0f}{times[0]:12.2f}{times[1]:10.2f}"
              f"{share:9.2f}{peak:15.0f}")
    for shape in dict.fromkeys(s for s, _ in shares):
        worse = min(statistics.median(ratios[shape, o, "compile"]) for o in ("ar", "dlm"))
        share = statistics.median(shares[shape, "ar"])
        print(f"{shape}: {worse:.2f} × compiled for the worse objective (target {TARGETS[shape]}); "
              f"AR at {share:.2f} of the peak of {processor} (target {PEAK_SHARES[shape]})")


if __name__ == "__main__":
    main()
