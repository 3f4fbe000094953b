"""An invented sport whose true chances are known: what anybody could see of it, and what only a judge is given.

A season more does not change the seasons before it; one seed gives the same rows, and ``files`` the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from antepost.simulation.season import League
from antepost.simulation.shown import Batch, tables_of

YEARS: Sequence[int] = range(2019, 2024)
_MOMENTS = ("start", "listed_at", "ended_at", "quoted_at", "reported_at", "known_at", "begun_at", "seen_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An invented sport.

    ``tables`` are what the world shows, and all that ``files`` are made of. The rest is for judges only and in no file:
    ``truth`` (fixture, home, draw, away: true chances once all is known that there is before the start), ``live``
    (fixture, moment, home: the same after so many minutes or rounds) and ``prop_truth`` (fixture, player, line, over).
    """

    tables: Mapping[str, pl.DataFrame]
    truth: pl.DataFrame
    live: pl.DataFrame
    prop_truth: pl.DataFrame


def world(sport: str, seed: int, seasons: Sequence[int] = YEARS) -> World:
    """Return the invented ``sport`` of ``seed`` in consecutive ``seasons``, of which the first is its beginning."""
    batches = list(_batches(sport, seed, seasons))
    whole = _whole(batches)
    nothing = pl.DataFrame()
    return World(
        tables={name: whole[name] for name in tables_of(sport)},
        truth=pl.concat([batch.chances() for batch in batches]),
        live=whole.get("live", nothing),
        prop_truth=whole.get("prop_truth", nothing),
    )


def files(sport: str, seed: int, seasons: Sequence[int] = YEARS) -> Mapping[str, bytes]:
    """Return what such a world shows as CSV files by table, in the order of ``tables_of``."""
    whole = _whole(list(_batches(sport, seed, seasons)))
    return written({name: whole[name] for name in tables_of(sport)})


def written(tables: Mapping[str, pl.DataFrame]) -> Mapping[str, bytes]:
    """Return a world's tables as CSV files."""
    told: dict[str, bytes] = {}
    for name, frame in tables.items():
        text = io.BytesIO()
        frame.write_csv(text, datetime_format="%Y-%m-%dT%H:%M:%SZ")
        told[name] = text.getvalue()
    return told


def _batches(sport: str, seed: int, seasons: Sequence[int]) -> Iterator[Batch]:
    league = League(sport, seed)
    for year in seasons:
        season, number = league.season(year), 0
        for games, truth, played in season.batches:
            ids = [f"{sport}-simulated-{year}-{number + at:04d}" for at in range(len(games))]
            number += len(games)
            yield Batch(league, season, games, truth, played, pl.Series("fixture", ids))


def _whole(batches: Sequence[Batch]) -> Mapping[str, pl.DataFrame]:
    found: dict[str, list[pl.DataFrame]] = {}
    for batch in batches:
        for name, frame in batch.frames().items():
            found.setdefault(name, []).append(frame)
    return {name: _finished(pl.concat(frames)) for name, frames in found.items()}


def _finished(frame: pl.DataFrame) -> pl.DataFrame:
    moments = [pl.from_epoch(name, time_unit="s").alias(name) for name in _MOMENTS if name in frame.columns]
    return frame.with_columns(*moments, pl.col(pl.Float64).fill_nan(None))
