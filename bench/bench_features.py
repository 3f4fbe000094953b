"""A season's features of four sports as of the opening prices: the fold engine against pandas and polars.

The facts are invented by a seed, as many as the sports really have (``--scale`` takes less or more). Columns are those
of ratings (Elo and another, folded game by game), form, splits, box scores, exponential weights, meetings and schedule,
as the catalogue declares them now. The rivals (``twins/``) are written in their documented idiom: groupby-rolling and
merge_asof, rolling sums over the side and join_asof, numba for the two folds. They start from the same tables in their
own memory, and answer for facts that are never corrected. All answers are checked to be the same, to 1e-9 and null
where the others are, before anything is timed. Prints wall seconds and ratios over rounds run in turn (min / median /
max), cells a second, the peak of memory and what the machine's memory would need at the least. ``--day`` then adds a
day of 40 fixtures and ``--plot`` the time against the length of history.

    python bench/bench_features.py
    python bench/bench_features.py --scale 0.1 --pairs 3 --day --json
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import polars as pl
from invented import PLANS, Invented, invented
from twins import in_pandas, in_polars
from twins.declared import GROUPS, RATINGS, Wanted, declared

from antepost.engines import release, valkey_client
from antepost.engines.valkey import release_valkey
from antepost.features.catalogue import groups_of
from antepost.features.engine import build_states, extend_states, feature_frame
from antepost.features.standing import Vectors, lay_out
from antepost.lake.database import connect, disconnect
from antepost.lake.hot import HotStore, InPostgres, InValkey
from antepost.settings import Settings, get_settings

FIXTURES, COLUMNS, PEAK_GIB = 40, 200, 4.0
WAYS, QUANTILES = ("one", "valkey", "postgres"), {"p50": 0.5, "p99": 0.99}

type Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A sport, the columns asked of it, and its frames as pandas holds them."""

    world: Invented
    wanted: list[Wanted]
    left_out: list[str]
    tables: dict[str, pd.DataFrame]
    spine: pd.DataFrame

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(one.name for one in self.wanted)

    def works(self) -> dict[str, Work]:
        """Return the work of everybody, ours first."""
        world = self.world
        return {
            "antepost": lambda: feature_frame(world.sport, world.tables, world.spine, self.columns),
            "pandas": lambda: in_pandas.build(world.sport, self.tables, self.spine, self.wanted),
            "polars": lambda: in_polars.build(world.sport, world.tables, world.spine, self.wanted),
        }


def ask(name: str, scale: float) -> Asked:
    """Return the question for one sport."""
    world = invented(name, scale)
    wanted, left_out = declared(world.sport)
    tables = {table: frame.to_pandas() for table, frame in world.tables.items()}
    return Asked(world=world, wanted=wanted, left_out=left_out, tables=tables, spine=world.spine.to_pandas())


def check(asked: Asked) -> None:
    """Refuse to time answers that differ.

    Raises:
        SystemExit: a rival answers otherwise; the message names the column.
    """
    ours, *rivals = (matrix(work(), asked.columns) for work in asked.works().values())
    for name, theirs in zip(("pandas", "polars"), rivals, strict=True):
        same = np.isclose(ours, theirs, rtol=1e-9, atol=1e-9, equal_nan=True).all(axis=0)
        if not same.all():
            raise SystemExit(f"{asked.world.sport.name}: {name} has another {asked.columns[int(np.argmin(same))]}")


def matrix(found: object, columns: Sequence[str]) -> np.ndarray:
    """Return an answer as float64, null as NaN."""
    frame = pl.from_pandas(found) if isinstance(found, pd.DataFrame) else pl.DataFrame(found)
    return frame.select(pl.col(columns).cast(pl.Float64)).to_numpy()


def timed(work: Work) -> float:
    """Return the seconds of one run."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def copy_rate() -> float:
    """Return how many bytes a second this machine reads and writes when it copies 256 MiB, the best of five."""
    source = np.ones(32 << 20)
    target = np.empty_like(source)
    return 2 * source.nbytes / min(timed(lambda: np.copyto(target, source)) for _ in range(5))


def peak() -> float:
    """Return the most memory this process has held so far, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return min, median and max."""
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def compare(questions: Sequence[Asked], pairs: int, ours_peak: float) -> dict[str, object]:
    """Return sizes, seconds and ratios of ``pairs`` rounds in which everybody computes every sport in turn."""
    rounds: dict[str, list[float]] = {name: [] for name in ("antepost", "pandas", "polars")}
    sports: dict[str, dict[str, list[float]]] = {q.world.sport.name: {name: [] for name in rounds} for q in questions}
    for _ in range(pairs):
        for name, taken in rounds.items():
            whole = 0.0
            for question in questions:
                seconds = timed(question.works()[name])
                sports[question.world.sport.name][name].append(seconds)
                whole += seconds
            taken.append(whole)
    cells = sum(q.world.spine.height * len(q.wanted) for q in questions)
    read = sum(frame.estimated_size() for q in questions for frame in q.world.tables.values())
    floor = (read + 8 * cells) / copy_rate()
    ours = rounds["antepost"]
    return {
        "sports": {
            q.world.sport.name: {
                "fixtures": q.world.spine.height, "columns": len(q.wanted), "left_out": q.left_out,
                "groups": sorted({one.group for one in q.wanted}),
                "seconds": {name: spread(t) for name, t in sports[q.world.sport.name].items()},
            }
            for q in questions
        },
        "pairs": pairs,
        "columns": sum(len(q.wanted) for q in questions),
        "cells": cells,
        "cells_a_second": cells / statistics.median(ours),
        "seconds": {name: spread(taken) for name, taken in rounds.items()},
        "times": {
            name: spread([b / a for a, b in zip(ours, rounds[name], strict=True)]) for name in ("pandas", "polars")
        },
        "peak_gib": {"antepost": ours_peak, "all": peak()},
        "floor_seconds": floor,
    }  # fmt: skip


def day(name: str, scale: float, settings: Settings) -> dict[str, float]:
    """Return the milliseconds of a day: the last 40 results arrive, and the 40 fixtures are asked for anew.

    ``increment`` compares all facts before and after, and ``lay`` lays out what stands for the 40. ``one`` is the
    vector of one fixture from what stands in process, ``valkey`` and ``postgres`` from what was stored there, and
    ``cold`` builds the same from the tables.
    """
    world = invented(name, scale)
    wanted, _ = declared(world.sport)
    columns = tuple(one.name for one in wanted)
    groups = [group for group in groups_of(world.sport) if group.name in GROUPS]
    newest = world.spine.sort("start").tail(FIXTURES)
    late = newest["fixture"].implode()
    told = (world.sport.box, "results")
    before = {t: f.filter(~pl.col("fixture").is_in(late)) if t in told else f for t, f in world.tables.items()}
    states = build_states(world.sport, before, groups)
    extend_states(world.sport, states, before, world.tables, groups)
    increment = [timed(lambda: extend_states(world.sport, states, before, world.tables, groups)) for _ in range(3)]
    lay = [timed(lambda: lay_out(world.sport, states, newest, world.tables, 1, groups)) for _ in range(5)]
    laid = lay_out(world.sport, states, newest, world.tables, 1, groups)
    vectors = Vectors(world.sport, columns, groups)
    stored = {fixture: standing.to_bytes(fixture) for fixture, standing in zip(newest["fixture"], laid, strict=True)}
    found = {"one": [timed(lambda one=one: vectors.read(one, one.since)) for one in laid * 25]}
    places: dict[str, HotStore] = {
        "valkey": InValkey(valkey_client(settings)), "postgres": InPostgres(connect(settings)),
    }  # fmt: skip
    for where, place in places.items():
        place.put(name, "lock", stored)

        def ask_for(fixture: str, place: HotStore = place) -> None:
            standing = vectors.from_bytes(fixture, place.get(name, "lock", fixture) or b"")
            vectors.read(standing, standing.since)

        found[where] = [timed(lambda fixture=fixture: ask_for(fixture)) for fixture in [*stored] * 25]
    cold = timed(lambda: feature_frame(world.sport, world.tables, newest[:1], columns))
    return {
        "fixtures": world.spine.height,
        "increment_ms": 1e3 * statistics.median(increment),
        "lay_ms": 1e3 * statistics.median(lay),
        **{f"{n}_{q}_us": 1e6 * float(np.quantile(t, p)) for n, t in found.items() for q, p in QUANTILES.items()},
        "cold_ms": 1e3 * cold,
    }


def growth(scale: float, runs: int = 3) -> list[dict[str, float]]:
    """Return the seconds of all sports together over a half, all and twice the seasons."""
    found: list[dict[str, float]] = []
    for part in (0.5, 1.0, 2.0):
        questions = [(world, [one.name for one in declared(world.sport)[0]]) for world in worlds(scale * part)]
        taken = [
            sum(timed(lambda w=w, c=c: feature_frame(w.sport, w.tables, w.spine, tuple(c))) for w, c in questions)
            for _ in range(runs)
        ]
        found.append({"seasons": part, "fixtures": sum(w.spine.height for w, _ in questions), "seconds": min(taken)})
    return found


def worlds(scale: float) -> list[Invented]:
    """Return all four sports."""
    return [invented(name, scale) for name in PLANS]


def draw(points: Sequence[dict[str, float]], path: Path) -> None:
    """Draw seconds against fixtures, beside the line through the one in the middle."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    fixtures, seconds = ([point[key] for point in points] for key in ("fixtures", "seconds"))
    axes.plot(fixtures, seconds, "o-", label="measured")
    axes.plot(fixtures, [seconds[1] * n / fixtures[1] for n in fixtures], "--", label="proportional")
    axes.set(xlabel="fixtures of four sports", ylabel="seconds, best of 3", xlim=(0, None), ylim=(0, None))
    axes.legend()
    figure.savefig(path)


def show(found: dict) -> None:
    """Print what was found as tables."""
    print(
        f"{'sport':<8} {'fixtures':>9} {'columns':>8} {'antepost':>10} {'pandas':>10} {'polars':>10}   median seconds"
    )
    for sport, its in found["sports"].items():
        seconds = "".join(f" {its['seconds'][name]['median']:>10.3f}" for name in ("antepost", "pandas", "polars"))
        print(f"{sport:<8} {its['fixtures']:>9,} {its['columns']:>8}{seconds}")
        if its["left_out"]:
            print(f"  left out, since the rivals do not know them: {', '.join(its['left_out'])}")
    print(f"\n{found['columns']} columns, {found['cells']:,} cells, {found['pairs']} rounds: min / median / max")
    for name, its in found["seconds"].items():
        print(f"  {name:<9} {its['min']:8.3f} / {its['median']:8.3f} / {its['max']:8.3f} s")
    for name, its in found["times"].items():
        print(f"  {name} takes {its['median']:.2f} x of ours ({its['min']:.2f} to {its['max']:.2f})")
    print(f"  {found['cells_a_second'] / 1e6:.1f} M cells/s; reading the tables and writing the cells as fast as")
    print(f"  memory is copied would take {found['floor_seconds']:.3f} s")
    peaks = found["peak_gib"]
    print(f"  peak {peaks['antepost']:.2f} GiB with ours alone, {peaks['all']:.2f} GiB with the rivals")
    for its in found.get("day", []):
        print(
            f"  a day of {FIXTURES} after {its['fixtures']:,.0f} fixtures: states {its['increment_ms']:.1f} ms,",
            end=" ",
        )
        print(f"laid out {its['lay_ms']:.1f} ms; one fixture, p50 / p99 in us:", end=" ")
        print(", ".join(f"{n} {its[f'{n}_p50_us']:,.0f} / {its[f'{n}_p99_us']:,.0f}" for n in WAYS), end="; ")
        print(f"from the tables {its['cold_ms']:,.0f} ms")
    for its in found.get("growth", []):
        print(f"  {its['seasons']:.1f} x the seasons: {its['fixtures']:,.0f} fixtures in {its['seconds']:.3f} s")


def main() -> None:
    """Check the answers, run the rounds and print what they show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=7, help="rounds in which each computes every sport (7)")
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the usual seasons (1.0)")
    parser.add_argument("--sports", nargs="+", choices=list(PLANS), default=list(PLANS), metavar="SPORT")
    parser.add_argument("--day", action="store_true", help="add a day of 40 fixtures at three lengths of history")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="add half and twice the seasons, and draw them")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=pl.exceptions.PolarsInefficientMapWarning)
    questions = [ask(name, options.scale) for name in options.sports]
    total = sum(len(question.wanted) for question in questions)
    for question in questions:
        groups = {one.group for one in question.wanted}
        if len(groups & set(RATINGS)) < 2 or len(groups) < 5:
            raise SystemExit(
                f"{question.world.sport.name} has only {sorted(groups)}; five groups and two ratings are due"
            )
    if total < COLUMNS and len(questions) == len(PLANS):
        raise SystemExit(f"the rivals know {total} columns only; {COLUMNS} are due")
    for question in questions:
        question.works()["antepost"]()
    ours_peak = peak()
    for question in questions:
        check(question)
    found = compare(questions, options.pairs, ours_peak)
    if options.day:
        with TemporaryDirectory() as home:
            settings = get_settings(home=Path(home), database_url=None, valkey_url=None)
            found["day"] = [day("nba", options.scale * part, settings) for part in (0.25, 0.5, 1.0)]
            disconnect(settings)
            release(settings)
            release_valkey(settings)
    if options.plot:
        found["growth"] = growth(options.scale)
        draw(found["growth"], options.plot)
    print(json.dumps(found, indent=1)) if options.json else show(found)


if __name__ == "__main__":
    main()
