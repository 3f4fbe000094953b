"""The second opinions that hold in every sport, over invented seasons.

Where the dose is full (``make prove``) and a mirror is named, over real ones in four of them.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

import numpy as np
import polars as pl
import pytest

from antepost.features.catalogue import groups_of
from antepost.ingestion import SOURCES, fetch, replay
from antepost.ingestion.bundle import bundle
from antepost.ingestion.sources import primary
from antepost.lake.batches import Batch, Payload
from antepost.simulation import files, simulate
from antepost.sports import SPORTS, get_sport
from tests.parity.test_second_opinion import FORM, MEETINGS, SPLITS, World, agree
from tests.parity.test_second_opinion import opinion as elo
from tests.parity.test_second_opinion_fits import Opinion, answer, dixon_coles, massey
from tests.parity.test_second_opinion_lines import WEIGHTED
from tests.parity.test_second_opinion_ratings import glicko, history, opponents, pi, strengths, surface
from tests.worlds import Tables

FULL = os.environ.get("ANTEPOST_PROVE") == "full"
MIRROR = os.environ.get("ANTEPOST_MIRROR") if FULL else None
YEARS = range(2012, 2014)
# What is read of a real sport: its files, and the seasons of them.
REAL: Mapping[str, tuple[Sequence[str], Sequence[int]]] = {
    "nfl": (("games",), (2017, 2018)),
    "nba": (("games",), (2015, 2016)),
    "soccer": (("E0-2016", "E0-2017", "E0-2018"), (2016, 2017, 2018)),
    "atp": (("players", "matches-2015", "matches-2016"), (2015, 2016)),
}
ASKED = 24
HOURS = (0, 90)
# Sums of decayed numbers and ratings; the rest rests on integers.
DECAYED, RATED, SEARCHED = 1e-11, 1e-7, 2e-5
QUERIES = {"form": FORM, "splits": SPLITS, "ewm": WEIGHTED, "head_to_head": MEETINGS}
FITS: Mapping[str, tuple[Opinion, float]] = {"massey": (massey, RATED), "dixon_coles": (dixon_coles, SEARCHED)}
LOOPS = {"glicko": glicko, "pi": pi, "strengths": strengths, "surface": surface, "opponents": opponents}


@cache
def world(sport: str) -> World:
    """Return some fixtures of ``sport``, spread over its seasons, and what the features say of them."""
    tables = real(sport) if MIRROR and sport in REAL else invented(sport)
    return World(get_sport(sport), tables, HOURS, most=ASKED, only=("elo", *QUERIES, *LOOPS, *FITS))


def invented(sport: str) -> Tables:
    """Return two invented seasons."""
    name = "simulated" if sport == "nfl" else f"simulated_{sport}"
    data = simulate(5, YEARS) if sport == "nfl" else bundle(list(files(sport, 5, YEARS).values()))
    return load(name, {SOURCES[name].parts(2030)[0].name: data})


def real(sport: str) -> Tables:
    """Return the seasons of ``REAL`` from the mirror, without what was never played: these opinions are of scores."""
    source = primary(sport)
    names, seasons = REAL[sport]
    data = {part.name: fetch(source, part, MIRROR).data for part in source.parts(2030) if part.name in names}
    assert set(data) == set(names)
    tables = load(source.name, data)
    tables["results"] = tables["results"].drop_nulls("home_score")
    dated = {name: frame for name, frame in tables.items() if "season" in frame.columns}
    return {**tables, **{name: frame.filter(pl.col("season").is_in(list(seasons))) for name, frame in dated.items()}}


def load(name: str, data: Mapping[str, bytes]) -> Tables:
    """Return what one load of the source ``name`` makes of the bytes of its parts."""
    source = SOURCES[name]
    payloads = tuple(Payload(part=part, raw=part) for part in data)
    batch = Batch(
        number=1, sport=source.sport, source=name, payloads=payloads, received_at=datetime(2030, 1, 1, tzinfo=UTC),
        parser=source.parser,
    )  # fmt: skip
    return replay([batch], lambda raw: data[raw])


# In two invented seasons nobody of college football meets twice, and nothing tells a surface.
SILENT = {("ncaaf", "head_to_head"), ("atp", "surface"), ("wta", "surface")}
PLAYED = [name for name, sport in SPORTS.items() if groups_of(sport)]


def pairs(groups: Iterable[str]) -> list[tuple[str, str]]:
    """Return (sport, group) of those in ``groups`` that a sport has, and its facts say anything of."""
    every = [(name, group.name) for name in PLAYED for group in groups_of(get_sport(name)) if group.name in groups]
    return [pair for pair in every if pair not in SILENT or (MIRROR and pair[0] in REAL)]


@pytest.mark.parametrize(("sport", "group"), pairs(QUERIES))
def test_sql_says_the_same_in_every_sport(sport: str, group: str) -> None:
    its = world(sport)
    if group == "head_to_head":
        told = its.sql(QUERIES[group], group)
    else:
        home, away = (its.sql(QUERIES[group], group, side) for side in ("home", "away"))
        stems = [name.removesuffix("home") for name in home]
        between = {f"{stem}fixture": home[f"{stem}home"] - away[f"{stem}away"] for stem in stems}
        told = {**home, **away, **between}
    told = {name: said for name, said in told.items() if name in its.columns}
    agree(its, told, atol=DECAYED)


@pytest.mark.parametrize("sport", PLAYED)
def test_a_plain_loop_gives_the_same_elo_in_every_sport(sport: str) -> None:
    its = world(sport)
    told = np.array([elo(its, ask) for ask in range(0, its.height, 4)])
    for position, column in enumerate(("elo.rating.now.home", "elo.rating.now.away", "elo.logit.now.fixture")):
        np.testing.assert_allclose(its.said(column)[::4], told[:, position], rtol=0.0, atol=RATED, err_msg=column)


@pytest.mark.parametrize(("sport", "group"), pairs({**LOOPS, **FITS}))
def test_a_plain_loop_or_search_gives_the_same_in_every_sport(sport: str, group: str) -> None:
    its = world(sport)
    near = FITS[group][1] if group in FITS else RATED
    # A search takes a second; the last fixture has the most games behind it.
    asks = [its.height - 1] if group in FITS else range(0, its.height, 8)
    if group in FITS:
        told = [answer(its, FITS[group][0], ask) for ask in asks]
    else:
        told = [dict(LOOPS[group](its, *history(its, ask))) for ask in asks]
    for name in (name for name in its.columns if name.startswith(f"{group}.")):
        expected = np.array([each.get(name, math.nan) for each in told])
        assert np.isfinite(expected).any(), name
        np.testing.assert_allclose(its.said(name)[asks], expected, rtol=0.0, atol=near, err_msg=name)
