"""How well the competition of calibrators chooses, over worlds whose true probabilities are known.

A world is eight seasons of games whose true log-odds are drawn from a normal distribution, and a forecaster who says
them distorted: multiplied, shifted, or bent. The competition chooses a calibrator forward in seasons and fits it to all
rows, as training does. What that costs is the Kullback-Leibler divergence of what is then said of fresh games from the
truth, which needs no outcomes; beside it stands that of the one kind that is best over all worlds, in hindsight.

    python bench/bench_calibration.py
    python bench/bench_calibration.py --worlds 50 --games 500 --json
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable

import numpy as np

from antepost.evaluation import calibration

SEASONS, FRESH, SPREAD = 8, 20_000, 0.9
type Floats = np.ndarray
# What a forecaster says, as log-odds, where the truth is z.
DISTORTIONS: dict[str, Callable[[Floats], Floats]] = {
    "none": lambda z: z,
    "x 1.5": lambda z: 1.5 * z,
    "x 0.7": lambda z: 0.7 * z,
    "shifted by 0.2": lambda z: z + 0.2,
    "x 1.5 above, x 1 below": lambda z: np.where(z > 0.0, 1.5 * z, z),
}


def sigmoid(z: Floats) -> Floats:
    """Return the probabilities of log-odds."""
    return 1.0 / (1.0 + np.exp(-z))


def divergence(truth: Floats, said: Floats) -> float:
    """Return the mean Kullback-Leibler divergence of ``said`` from ``truth``, in nats."""
    return float(np.mean(truth * np.log(truth / said) + (1.0 - truth) * np.log((1.0 - truth) / (1.0 - said))))


def judged(distort: Callable[[Floats], Floats], games: int, seed: int) -> tuple[str, dict[str, float]]:
    """Return what was chosen in one world, and the divergence that each kind would have left."""
    draw = np.random.default_rng(seed)
    z, fresh = draw.normal(0.2, SPREAD, games), draw.normal(0.2, SPREAD, FRESH)
    y = (draw.random(games) < sigmoid(z)).astype(np.int8)
    season = np.sort(draw.integers(0, SEASONS, games)).astype(np.int32)
    said, truth, new = sigmoid(distort(z)), sigmoid(fresh), sigmoid(distort(fresh))
    chosen = calibration.choose(said, y, season)
    cost = {
        kind: divergence(truth, calibration.apply(calibration.fit(kind, said, y), new)) for kind in calibration.KINDS
    }
    return chosen, cost


def main() -> None:
    """Judge all worlds and print a line for each distortion and number of games."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--games", type=int, nargs="+", default=[250, 500, 1000, 2500])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    found: list[dict[str, object]] = []
    for name, distort in DISTORTIONS.items():
        for games in options.games:
            rows = [judged(distort, games, seed) for seed in range(options.worlds)]
            cost = {kind: float(np.mean([told[kind] for _, told in rows])) for kind in calibration.KINDS}
            chosen = Counter(kind for kind, _ in rows)
            best = min(cost, key=lambda kind: cost[kind])
            ours = float(np.mean([told[kind] for kind, told in rows]))
            found.append({
                "distortion": name, "games": games, "worlds": options.worlds, "chosen": dict(chosen.most_common()),
                "left_alone": chosen["none"] / options.worlds, "nats": ours, "best": best, "best_nats": cost[best],
                "untouched": cost["none"], "ratio": ours / cost[best] if cost[best] > 1e-9 else None,
            })  # fmt: skip
    if options.json:
        print(json.dumps(found, indent=1))
        return
    print(f"{'distortion':<24} {'games':>6} {'left alone':>11} {'nats':>9} {'best':>23} {'untouched':>10} {'ratio':>6}")
    for its in found:
        ratio = "-" if its["ratio"] is None else f"{its['ratio']:.2f}"
        print(
            f"{its['distortion']:<24} {its['games']:>6} {its['left_alone']:>11.1%} {its['nats']:>9.5f} "
            f"{its['best']:>13} {its['best_nats']:>9.5f} {its['untouched']:>10.5f} {ratio:>6}"
        )


if __name__ == "__main__":
    main()
