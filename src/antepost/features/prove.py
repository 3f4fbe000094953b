"""Leak and parity proofs over every column: disturb what could not be known, and demand the same bits.

Each proof compares matrices bit for bit (NaN equal to NaN). The prover knows nothing of any group: it disturbs
tables, asks the engine again, and names the columns that moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.catalogue import groups_of, require_groups
from antepost.features.declaration import Facts, Group, moments_of
from antepost.features.disturb import absurd, corrected, excerpt, less_one, neutral, retold, turned
from antepost.features.engine import States, build_states, extend_states, read_states
from antepost.features.spine import REFEREE, STARTERS, spine
from antepost.features.standing import Vectors, lay_out
from antepost.features.state import State
from antepost.lake.asof import settled
from antepost.lake.schemas import TABLES
from antepost.sports import Sport

INSTANT = timedelta(microseconds=1)
# Some proofs build everything anew for one fixture after the other; of larger sports they take whole seasons.
MOST = 7_000
NEARLY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one proof found: how many cells it compared, and the columns that differed."""

    name: str
    fixtures: int
    cells: int
    differing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether something was compared and nothing differed."""
        return self.cells > 0 and not self.differing


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What every proof works on: the tables, drawn fixtures, their spine and the columns as built in one batch."""

    sport: Sport
    groups: tuple[Group, ...]
    tables: Facts
    drawn: pl.DataFrame
    columns: tuple[str, ...]
    matrix: np.ndarray
    seed: int


def prove(
    sport: Sport,
    tables: Facts,
    *,
    draw: int = 300,
    seed: int = 0,
    groups: tuple[Group, ...] | None = None,
    most: int = MOST,
) -> list[Proof]:
    """Return the outcome of all proofs over ``draw`` fixtures chosen by ``seed``, corrections among them.

    Of ``groups``, which need not be in the catalogue, or of all that the sport has there.

    A third of the fixtures are asked at ``close``, a third a random time earlier, and a third at the very instant
    at which something about them or their sides becomes known, which they must not see. Late and corrected facts
    are planted into the tables first, so that the proofs always meet some. Of more than ``most`` fixtures the newest
    seasons are taken.
    """
    if draw < 1:
        raise DataError(f"a proof over {draw} fixtures proves nothing; draw at least one", draw=draw)
    if most < 1:
        raise DataError(f"of {most} fixtures nothing can be drawn; take at least one", most=most)
    if groups is None:
        require_groups(sport)
        groups = groups_of(sport)
    generator = np.random.default_rng(seed)
    tables = corrected(excerpt(tables, sport, most), generator)
    drawn = _draw(sport, tables, draw, generator)
    columns = tuple(column.name for group in groups for column in group.columns)
    matrix = read_states(sport, build_states(sport, tables, groups), drawn, columns, groups)
    case = Case(
        sport=sport, groups=groups, tables=tables, drawn=drawn, columns=columns, matrix=matrix, seed=seed
    )  # fmt: skip
    return [_judge(case, name, proof) for name, proof in PROOFS.items()]


def _draw(sport: Sport, tables: Facts, draw: int, generator: np.random.Generator) -> pl.DataFrame:
    every = spine(tables, sport, "close")
    first = every.group_by("season").agg(pl.col("fixture").first())["fixture"].to_list()
    rest = generator.permutation(every["fixture"].to_numpy())[:draw].tolist()
    names = list(dict.fromkeys([*first, *rest]))[:draw]
    asked = every.filter(pl.col("fixture").is_in(names)).select("fixture", "as_of")
    way = pl.Series("way", generator.integers(0, 3, asked.height))
    hours = generator.integers(1, 24 * 21, asked.height) * 3_600_000_000
    early = pl.col("as_of") - pl.Series(hours).cast(pl.Duration("us"))
    told = _instants(tables, every).sample(fraction=1.0, shuffle=True, seed=int(generator.integers(2**31)))
    beside = asked.with_columns(way).join(
        told.unique("fixture", keep="first", maintain_order=True), on="fixture", how="left"
    )
    at = pl.when(way == 1).then(early).when(way == 2).then(pl.coalesce("told_at", "as_of")).otherwise("as_of")
    seen = spine(tables, sport, beside.with_columns(at.alias("as_of"))).select("fixture", "as_of")
    # What was asked before it stood on the schedule is asked at close instead.
    return spine(tables, sport, pl.concat([seen, asked.join(seen, on="fixture", how="anti")]))


def _instants(tables: Facts, every: pl.DataFrame) -> pl.DataFrame:
    """Return (fixture, told_at): when something of the fixture, or its sides' last game, became known before it."""
    own = [frame.select("fixture", pl.col("known_at").alias("told_at")) for frame in tables.values()]
    results = pl.concat(tables["results"].select(pl.col(side).alias("team"), "known_at") for side in ("home", "away"))
    last = [
        every.sort("as_of").join_asof(
            results.sort("known_at"), left_on="as_of", right_on="known_at", by_left=side, by_right="team",
            check_sortedness=False,
        ).select("fixture", pl.col("known_at").alias("told_at"))
        for side in ("home", "away")
    ]  # fmt: skip
    told = pl.concat([*own, *last]).join(every.select("fixture", "as_of"), on="fixture")
    return (
        told.filter(pl.col("told_at") <= pl.col("as_of"))
        .select("fixture", "told_at")
        .unique()
        .sort("fixture", "told_at")
    )


def _judge(case: Case, name: str, proof: Callable[[Case], Iterator[tuple[pl.DataFrame, np.ndarray]]]) -> Proof:
    differing: set[str] = set()
    cells = fixtures = 0
    at = {fixture: i for i, fixture in enumerate(case.drawn["fixture"])}
    for asked, matrix in proof(case):
        expected = case.matrix[[at[fixture] for fixture in asked["fixture"]]]
        same = (expected == matrix) | (np.isnan(expected) & np.isnan(matrix))
        differing |= {case.columns[j] for j in np.flatnonzero(~same.all(axis=0))}
        cells += matrix.size
        fixtures += asked.height
        if asked.height and _keys(asked) != _keys(case.drawn[[at[f] for f in asked["fixture"]]]):
            differing.add("spine")
    return Proof(name=name, fixtures=fixtures, cells=cells, differing=tuple(sorted(differing)))


def _keys(asked: pl.DataFrame) -> list[tuple[object, ...]]:
    keys = (
        "fixture", "as_of", "season", "start", "home", "away", "pair", *STARTERS, REFEREE, "neutral", "venue",
        "surface",
    )  # fmt: skip
    return asked.select(keys).rows()


def _ask(case: Case, tables: Facts, drawn: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray]:
    found = spine(tables, case.sport, drawn.select("fixture", "as_of")).drop("as_of")
    # A fixture that is not found any more stays as a row of nulls, so that its absence shows.
    again = drawn.select("fixture", "as_of").join(found, on="fixture", how="left", maintain_order="left")
    return again, _read(case, _build(case, tables), again)


def _build(case: Case, tables: Facts) -> dict[str, State]:
    return build_states(case.sport, tables, case.groups)


def _read(case: Case, states: States, asked: pl.DataFrame) -> np.ndarray:
    return read_states(case.sport, states, asked, case.columns, case.groups)


def _cut(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Take away everything not yet known at one fixture's as_of, and ask for that fixture alone."""
    step = max(1, case.drawn.height // 40)
    for i in range(0, case.drawn.height, step):
        one = case.drawn[i : i + 1]
        moment = one["as_of"][0]
        yield _ask(case, {name: frame.filter(pl.col("known_at") < moment) for name, frame in case.tables.items()}, one)


def _plant(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Change every value known at or after a moment, in every table, and ask for all fixtures up to that moment."""
    ordered = case.drawn.sort("as_of")
    for part in (0.3, 0.6, 0.9):
        moment = ordered["as_of"][int(part * (ordered.height - 1))]
        asked = case.drawn.filter(pl.col("as_of") <= moment)
        yield _ask(case, {name: absurd(frame, moment) for name, frame in case.tables.items()}, asked)


def _settle(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Forget what had been corrected or taken back by one fixture's as_of, and ask for that fixture alone."""
    tables = settled(case.tables)
    ordered = case.drawn.sort("as_of", "fixture")
    for i in range(ordered.height // 2, ordered.height, max(1, ordered.height // 40)):
        one = ordered[i : i + 1]
        seen = {name: frame.filter(pl.col("known_at") < one["as_of"][0]) for name, frame in tables.items()}
        last = {n: f.sort("batch", "known_at").unique(TABLES[n].key, keep="last") for n, f in seen.items()}
        yield _ask(case, last, one)


def _shuffle(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Let the rows arrive in another order."""
    for seed in range(2):
        mixed = {n: f.sample(fraction=1.0, shuffle=True, seed=case.seed + seed) for n, f in case.tables.items()}
        yield _ask(case, mixed, case.drawn)


def _online(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Ask for one fixture at a time: from the same state rows, and from what of them was laid out and stored."""
    states = _build(case, case.tables)
    vectors = Vectors(case.sport, case.columns, case.groups)
    laid = lay_out(case.sport, states, case.drawn, case.tables, 0, case.groups)
    for i, standing in enumerate(laid):
        one = case.drawn[i : i + 1]
        name = str(one["fixture"][0])
        yield one, _read(case, states, one)
        yield one, vectors.read(vectors.from_bytes(name, standing.to_bytes(name)), standing.since)[None]


def _increment(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Let the facts arrive load by load, folding on from the carries; after each, ask what it was enough for."""
    before: Facts = {name: frame.clear() for name, frame in case.tables.items()}
    states = _build(case, before)
    for cut in _loads(case.tables):
        after = {name: frame.filter(pl.col("known_at") < cut) for name, frame in case.tables.items()}
        states = extend_states(case.sport, states, before, after, case.groups)
        before = after
        asked = case.drawn.filter(pl.col("as_of") <= cut)
        yield asked, _read(case, states, asked)
    states = extend_states(case.sport, states, before, case.tables, case.groups)
    yield case.drawn, _read(case, states, case.drawn)


def _loads(tables: Facts) -> list[datetime]:
    """Return where loads end: at the half, around some corrections, and around facts that others overtook."""
    known = pl.concat(frame.select("known_at") for frame in tables.values())["known_at"].sort()
    results = tables["results"].sort("event_at", "known_at")
    later = pl.col("known_at").reverse().cum_min().reverse().shift(-1)
    overtaken = results.filter(pl.col("known_at") > later).sort(pl.col("known_at") - pl.col("event_at"), "fixture")
    revised = results.filter(pl.col("known_at") > pl.col("known_at").min().over("fixture")).sort("known_at")
    ends = {known[known.len() // 2], known[known.len() * 9 // 10]}
    ends |= {*overtaken["event_at"].head(3), *(at + INSTANT for at in overtaken["known_at"].head(3))}
    for at in revised["known_at"].gather_every(max(1, revised.height // 3)):
        ends |= {at, at + INSTANT}
    return sorted(ends)


def _late(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Let rows reach us in a second load although they were known long before: one revision, or a tenth of all."""
    most = {
        name: frame.filter(pl.struct("fixture", "known_at").hash(case.seed + i) % 10 != 0)
        for i, (name, frame) in enumerate(case.tables.items())
    }
    for first in (*less_one(case.tables), most):
        states = extend_states(case.sport, _build(case, first), first, case.tables, case.groups)
        yield case.drawn, _read(case, states, case.drawn)


def _mirror(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Play some drawn fixtures at a neutral site with the sides changed about; each column must keep its parity."""
    step = max(1, case.drawn.height // 12)
    parities = [c.parity for g in case.groups for c in g.columns]
    twins = [case.columns.index(_twin(n) if p == "swap" else n) for n, p in zip(case.columns, parities, strict=True)]
    signs = np.array([-1.0 if parity == "odd" else 1.0 for parity in parities])
    for i in range(0, case.drawn.height, step):
        one = case.drawn[i : i + 1]
        flat = neutral(case.tables, one["fixture"].to_list())
        _, straight = _ask(case, flat, one)
        _, mirrored = _ask(case, turned(flat, one["fixture"].to_list()), one)
        expected = mirrored[:, twins] * signs
        same = (straight == expected) | (np.isnan(straight) & np.isnan(expected))
        yield one, np.where(same, case.matrix[i : i + 1], np.inf)


def _past(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Play a seventh of all fixtures at neutral sites with the sides changed about, and ask for the others.

    To change them about turns differences round, so ratings may move in their last bits.
    """
    names = spine(case.tables, case.sport)["fixture"].gather_every(7).to_list()
    others = ~case.drawn["fixture"].is_in(names)
    flat = neutral(case.tables, names)
    _, straight = _ask(case, flat, case.drawn.filter(others))
    asked, mirrored = _ask(case, turned(flat, names), case.drawn.filter(others))
    same = np.isclose(straight, mirrored, rtol=NEARLY, atol=NEARLY, equal_nan=True)
    yield asked, np.where(same, case.matrix[others.to_numpy()], np.inf)


def _moments(case: Case) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """Say everything again, and wrongly, when games are over: no named moment may move, nor any key as of it."""
    later = retold(case.tables)
    for name in moments_of(case.sport):
        stood, again = ({row[0]: row for row in _keys(spine(t, case.sport, name))} for t in (case.tables, later))
        moved = pl.Series([stood.get(fixture) != again.get(fixture) for fixture in case.drawn["fixture"]])
        yield case.drawn.with_columns(pl.when(~moved).then("as_of").alias("as_of")), case.matrix


def _twin(name: str) -> str:
    stem, side = name.rsplit(".", 1)
    return f"{stem}.{'away' if side == 'home' else 'home'}"


PROOFS: dict[str, Callable[[Case], Iterator[tuple[pl.DataFrame, np.ndarray]]]] = {
    "a planted future changes nothing": _plant,
    "history cut at as_of gives the same": _cut,
    "what was corrected leaves no trace": _settle,
    "shuffled arrival gives the same": _shuffle,
    "one at a time equals the batch": _online,
    "increments equal a rebuild": _increment,
    "late facts equal a rebuild": _late,
    "a mirrored fixture keeps its parity": _mirror,
    "neutral games of the past have no home side": _past,
    "a named moment stays where it was": _moments,
}
LEAKS = (
    "a planted future changes nothing",
    "history cut at as_of gives the same",
    "what was corrected leaves no trace",
)
"""The proofs that only what could not be known is disturbed in; the others are of parity."""
