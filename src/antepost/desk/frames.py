"""Feature matrices with their labels: what training, evaluation and prediction all start from."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from antepost import features
from antepost.desk.tables import Tables
from antepost.domain import SETS
from antepost.errors import DataError, LeakageError
from antepost.lake.files import sweep, write_whole
from antepost.models.families.elo import COLUMN as ELO_LOGIT
from antepost.models.families.market import COLUMN as MARKET_LOGIT
from antepost.models.families.market import DRAW_COLUMN as MARKET_DRAW
from antepost.models.frame import Dichotomy
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import boundary, log

__all__ = [
    "ELO_LOGIT", "MARKET_COLUMNS", "MARKET_LOGIT", "Asked", "ask", "check_at_hand", "check_moments", "compute",
    "labels", "matrix", "to_matrix",
]  # fmt: skip

MARKET_COLUMNS: Mapping[Dichotomy, str] = {"winner": MARKET_LOGIT, "draw": MARKET_DRAW}
"""Which column holds the market's own log-odds, by two-way question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which features are asked for: information set, moment, and the columns that follow from both."""

    set: str
    moment: str | datetime | pl.DataFrame
    columns: tuple[str, ...]


def ask(
    sport: str,
    set: str,  # noqa: A002  # an information set is called a set everywhere in this project
    as_of: str | datetime | pl.DataFrame | None = None,
    columns: Iterable[str] | None = None,
) -> Asked:
    """Return what an information set may see at ``as_of`` (default: the moment the set is bound to).

    Raises:
        DataError: the set or a column is unknown.
        LeakageError: a column is not known that early, or holds a price the set must not see.
    """
    if not isinstance(set, str) or set not in SETS:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise DataError(f"unknown information set {set!r}; choose from {', '.join(SETS)}", set=set)
    moment = SETS[set] if as_of is None else as_of
    if not isinstance(moment, str | datetime | pl.DataFrame):  # pyright: ignore[reportUnnecessaryIsInstance]
        kind = f"{type(moment).__module__.partition('.')[0]} {type(moment).__name__}".removeprefix("builtins ")
        raise DataError(
            f"as_of is of type {kind}; give close or another named moment, a datetime with its zone, or a polars frame "
            "(fixture, as_of), which pl.from_pandas makes of a pandas one"
        )
    if columns is not None and not isinstance(columns, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise DataError(f"columns is {columns!r}; give the name of a feature, or several", columns=columns)
    named = moment if isinstance(moment, str) else "close"
    chosen = tuple(columns) if columns is not None else None
    twice = next((name for name in chosen or () if chosen and chosen.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"columns name {twice!r} twice; ask for it once", name=twice)
    names = features.select(sport, prices=set != "none", moment=named, columns=chosen)
    return Asked(set=set, moment=moment, columns=names)


def check_moments(moment: str | datetime | pl.DataFrame, now: datetime) -> None:
    """Check that no moment given is ahead: what will be known then nobody can say. A named one is each fixture's own.

    Raises:
        LeakageError: one is later than ``now``.
    """
    kind = moment.schema.get("as_of") if isinstance(moment, pl.DataFrame) else None
    zoned = isinstance(kind, pl.Datetime) and kind.time_zone is not None
    last = moment["as_of"].dt.convert_time_zone("UTC").max() if isinstance(moment, pl.DataFrame) and zoned else moment
    # What has no zone, the spine refuses.
    if isinstance(last, datetime) and last.tzinfo is not None and last > now:
        raise LeakageError(f"as of {last:%Y-%m-%d %H:%M}Z is later than now, {now:%Y-%m-%d %H:%M}Z; ask as of now")


def check_at_hand(
    sport: str, tables: Tables, moment: str | datetime | pl.DataFrame, seasons: Sequence[int] | None
) -> None:
    """Check that the fixtures, the moment and the seasons asked for are such of which anything is at hand.

    Raises:
        DataError: a fixture or a season is not, a fixture has no moment, or the schedule was not known yet at it.
    """
    fixtures = tables["fixtures"]
    held = fixtures["season"].unique().sort().to_list()
    strange = [season for season in seasons or () if season not in held]
    if seasons is not None and not seasons:
        raise DataError("no season is asked for; leave seasons out for all of them", seasons=seasons)
    if strange and held:
        raise DataError(f"no {sport} season {strange} at hand; there are {held[0]} to {held[-1]}", seasons=strange)
    if isinstance(moment, pl.DataFrame) and moment.schema.get("fixture") == pl.String:
        unknown = moment.join(fixtures, on="fixture", how="anti")["fixture"]
        if unknown.len():
            more = f", nor {unknown.len() - 1} others asked for" if unknown.len() > 1 else ""
            raise DataError(
                f"no {sport} fixture {unknown[0]!r} at hand{more}; antepost lake read fixtures {sport} lists them",
                fixtures=unknown.to_list(),
            )
    if isinstance(moment, pl.DataFrame) and {"fixture", "as_of"} <= {*moment.columns} and moment["as_of"].has_nulls():
        blank = moment.filter(pl.col("as_of").is_null())["fixture"]
        raise DataError(f"fixture {blank[0]!r} has no as_of; give each a moment", fixtures=blank.to_list())
    first = fixtures["known_at"].min()
    if isinstance(moment, datetime) and moment.tzinfo and isinstance(first, datetime) and moment <= first:
        raise DataError(
            f"as of {moment:%Y-%m-%d %H:%M}Z no {sport} fixture was known; the schedule at hand begins to be known at "
            f"{first:%Y-%m-%d %H:%M}Z: ask for a later moment"
        )


def matrix(settings: Settings, sport: str, tables: Tables, asked: Asked, batch: int) -> pl.DataFrame:
    """Return spine and feature columns, from the gold cache where the same content was built before."""
    if not isinstance(asked.moment, str):
        return compute(sport, tables, asked)
    lock = features.lock_of(sport)
    content = json.dumps([sport, lock.digest, batch, asked.moment, asked.columns])
    path = settings.gold / f"{sport}-{hashlib.sha256(content.encode()).hexdigest()[:20]}.parquet"
    if path.exists():
        try:
            return pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            # It is a cache: whoever cut it short took nothing that cannot be computed again.
            log.warning("%s is damaged and built anew: %s", path, str(error).partition("\n")[0])
    frame = compute(sport, tables, asked)
    _publish(frame, path)
    return frame


def compute(sport: str, tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return spine and feature columns, computed now."""
    about = get_sport(sport)
    return features.feature_frame(about, tables, features.spine(tables, about, asked.moment), asked.columns)


def _publish(frame: pl.DataFrame, path: Path) -> None:
    """Store ``frame`` whole or not at all, and clear away what killed writers left."""
    content = io.BytesIO()
    frame.write_parquet(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(path.parent)
        write_whole(path, content.getvalue())
    boundary("gold.stored")


def labels(tables: Tables) -> pl.DataFrame:
    """Return (fixture, home_score, away_score, lead, label_known_at) of every finished game.

    ``lead`` is 1 where the home side won, -1 where the away side did and 0 after a tie, by the outcome that its source
    tells, else by the score: who retires with a set in hand has lost. It is null where bets are void, as nothing was
    played, or no set played out. A corrected game has a row for each score that it was known to have, the newest last:
    what was asked before the correction is answered by the score of then.
    """
    told = tables["results"].sort("batch", "known_at", maintain_order=True)
    home, away, ending = pl.col("home_score"), pl.col("away_score"), pl.col("ending")
    unplayed = home.is_null() & ending.is_in(["walkover", "awarded", "abandoned"])
    void = unplayed | ((ending == "retired") & (home + away == 0))
    by_outcome = pl.col("outcome").replace_strict({"home": 1, "draw": 0, "away": -1}, return_dtype=pl.Int64)
    lead = pl.when(void.fill_null(value=False)).then(None).otherwise(pl.coalesce(by_outcome, (home - away).sign()))
    return told.select(
        "fixture",
        "home_score",
        "away_score",
        lead.cast(pl.Int8).alias("lead"),
        pl.col("known_at").alias("label_known_at"),
    )


def to_matrix(frame: pl.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    """Return the columns as a float64 matrix, null as NaN."""
    values = frame.select(pl.col(name).fill_null(float("nan")) for name in columns).to_numpy()
    return np.ascontiguousarray(values, np.float64)
