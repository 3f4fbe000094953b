"""Predictions: features as of a moment, a signed bundle, a decision, a record ready to be sealed.

Nothing here imports MLflow or a training library, now or later: the same path serves.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import cast

import numpy as np
import polars as pl

from antepost.betting import BettingPolicy, decide
from antepost.desk.frames import MARKET_COLUMNS, ask, compute, to_matrix
from antepost.desk.tables import Tables, is_simulated, newest
from antepost.domain import Record
from antepost.domain.clock import Clock
from antepost.errors import LeakageError, ModelError
from antepost.features import features_of
from antepost.lake.asof import visible
from antepost.lake.schemas import TABLES
from antepost.models.frame import DICHOTOMIES
from antepost.models.store import AnyBundle
from antepost.settings import Settings
from antepost.sports import get_sport

BETS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "winner": ("moneyline", ("home", "away")),
    "1x2": ("1x2", ("home", "draw", "away")),
}
"""The market on which a target is bet on, and its outcomes; on whether a game is drawn alone nobody bets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a prediction is made from: facts up to a load, and whether they are simulated."""

    sport: str
    tables: Tables
    batch: int
    simulated: bool


def loaded(settings: Settings, sport: str) -> Loaded:
    """Return the facts of ``sport`` that this home holds.

    Raises:
        DataError: nothing has been ingested for this sport, or tables have lost rows.
    """
    batch, facts = newest(settings, sport)
    return Loaded(
        sport=sport,
        tables=facts,
        batch=batch,
        simulated=is_simulated(settings, sport),
    )


def records(
    loaded: Loaded, bundle: AnyBundle, asked: pl.DataFrame, policy: BettingPolicy, clock: Clock
) -> list[Record]:
    """Return one unsealed record a fixture of ``asked`` (fixture, as_of), in order of kick-off.

    Raises:
        LeakageError: the bundle was trained on something not yet known at an ``as_of``, or that is later than now.
        ModelError: a family has no opinion on a fixture, as of a side that has not played yet.
    """
    manifest = bundle.manifest
    _refuse_foresight(asked, clock)
    frame = compute(loaded.sport, loaded.tables, ask(loaded.sport, manifest.set, asked, manifest.columns))
    refuse_hindsight(bundle, frame)
    X = to_matrix(frame, manifest.columns)
    try:
        p = bundle.chances(X)
    except ModelError as error:
        if "row" not in error.evidence:
            raise
        silent = frame["fixture"][int(str(error.evidence["row"]))]
        raise ModelError(f"{silent} is not predicted: {error}", fixture=silent) from error
    low = bundle.chances_low(X, policy.p_low_quantile)
    odds = offers(loaded.sport, loaded.tables, frame, manifest.target)
    made: list[Record] = []
    for i, row in enumerate(frame.iter_rows(named=True)):
        sides = {name: float(said[i]) for name, said in p.items()}
        lows = {name: float(said[i]) for name, said in low.items()}
        price = odds.get(row["fixture"])
        made.append(_record(loaded, bundle, row, X[i], sides, lows, price, policy, clock))
    return made


def refuse_hindsight(bundle: AnyBundle, frame: pl.DataFrame) -> None:
    """Refuse a bundle that has learnt from labels known at or after an ``as_of``."""
    through = datetime.fromisoformat(bundle.manifest.trained_through)
    seen = frame.filter(pl.col("as_of") <= through)
    if not seen.is_empty():
        name, as_of = seen["fixture"][0], seen["as_of"][0]
        raise LeakageError(
            f"{bundle.manifest.name} is trained through {through:%Y-%m-%d %H:%M}Z, not before {name} as of "
            f"{as_of:%Y-%m-%d %H:%M}Z; use a bundle trained on earlier games",
            fixture=name,
        )


def _refuse_foresight(asked: pl.DataFrame, clock: Clock) -> None:
    """Refuse an ``as_of`` that has not come yet: what will be known by then, nobody knows."""
    now = clock.now()
    ahead = asked.filter(pl.col("as_of") > now)
    if not ahead.is_empty():
        name, as_of = ahead["fixture"][0], ahead["as_of"][0]
        raise LeakageError(
            f"{name} was asked as of {as_of:%Y-%m-%d %H:%M}Z, later than now, {now:%Y-%m-%d %H:%M}Z; "
            "ask as of now, or wait",
            fixture=name,
        )


def offers(sport: str, tables: Tables, frame: pl.DataFrame, target: str) -> dict[str, dict[str, float]]:
    """Return the decimal odds of each outcome of ``target`` by fixture: the newest before ``as_of``, all of one book.

    The book is the first of the league's ``reference_close`` that has them all.
    """
    market, outcomes = BETS.get(target, ("", ()))
    reference = [
        (league, book, rank)
        for league, books in get_sport(sport).reference_close.items()
        for rank, book in enumerate(books)
    ]
    ranks = pl.DataFrame(reference, schema={"league": pl.String, "book": pl.String, "rank": pl.Int64}, orient="row")
    prices = tables["prices"].filter((pl.col("market") == market) & pl.col("player").is_null()).drop_nulls("odds")
    seen = visible(prices.join(ranks, on=["league", "book"]), TABLES["prices"].key, frame)
    last = seen.sort("known_at").unique(["fixture", "rank", "outcome"], keep="last", maintain_order=True)
    found: dict[str, dict[str, float]] = {}
    for (fixture, _), told in last.sort("fixture", "rank", "outcome").group_by("fixture", "rank", maintain_order=True):
        odds = dict(told.select("outcome", "odds").iter_rows())
        if odds.keys() >= {*outcomes} and fixture not in found:
            found[str(fixture)] = {outcome: odds[outcome] for outcome in sorted(outcomes)}
    return found


def platform_name() -> str:
    """Return what the last bits of a probability may depend on: system, processor, compiler."""
    return f"{platform.system()}-{platform.machine()}-numba{version('numba')}".lower()


def facts_digest(columns: tuple[str, ...], row: np.ndarray) -> str:
    """Return the SHA-256 of the feature names and the exact bits of their values."""
    seen = hashlib.sha256("\x1f".join(columns).encode())
    seen.update(np.ascontiguousarray(row, "<f8").tobytes())
    return seen.hexdigest()


def richest_set(loaded: Loaded, asked: pl.DataFrame, target: str = "winner") -> dict[str, list[str]]:
    """Return the fixtures of ``asked`` by the richest set whose prices are known at their ``as_of``.

    What a sport has no prices of is known of none.
    """
    wanted = tuple(MARKET_COLUMNS[part] for part in DICHOTOMIES[target])
    columns = tuple(feature.name for feature in features_of(loaded.sport) if feature.name in wanted)
    frame = compute(loaded.sport, loaded.tables, ask(loaded.sport, "close", asked, columns))
    priced = frame.drop_nulls(columns)["fixture"].to_list() if len(columns) == len(wanted) else []
    rest = [name for name in frame["fixture"] if name not in set(priced)]
    return {name: fixtures for name, fixtures in (("close", priced), ("none", rest)) if fixtures}


def _record(
    loaded: Loaded, bundle: AnyBundle, row: Mapping[str, object], vector: np.ndarray,
    sides: dict[str, float], lows: dict[str, float], odds: dict[str, float] | None,
    policy: BettingPolicy, clock: Clock,
) -> Record:  # fmt: skip
    decision = decide(sides, lows, odds, policy)
    start, as_of = cast("datetime", row["start"]), cast("datetime", row["as_of"])
    sealed_at = clock.now()
    return {
        "sport": loaded.sport, "league": row["league"], "season": row["season"], "week": row["week"],
        "stage": row["stage"], "fixture": row["fixture"], "home": row["home"], "away": row["away"],
        "start": _stamp(start), "as_of": _stamp(as_of), "sealed_at": _stamp(sealed_at), "late": sealed_at >= start,
        "target": bundle.manifest.target, "set": bundle.manifest.set,
        "probability": sides, "p_low": lows, "fair_odds": {side: 1.0 / p for side, p in sides.items()},
        "market_odds": odds, "side": decision.side, "edge": decision.edge, "tier": decision.tier,
        "stake": decision.stake, "bundle": bundle.digest, "lock": bundle.manifest.lock,
        "policy": policy.digest(), "policy_values": policy.model_dump(mode="json"), "batch": loaded.batch,
        "facts": facts_digest(bundle.manifest.columns, vector), "platform": platform_name(),
        "simulated": loaded.simulated,
    }  # fmt: skip


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
