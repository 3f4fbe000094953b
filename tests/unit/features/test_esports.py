from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from antepost.errors import LeakageError
from antepost.features import build_states, features_of, read_states, select, spine
from antepost.features.catalogue import groups_of
from antepost.features.groups.draft import draft
from antepost.features.groups.early import early
from antepost.features.groups.event import event
from antepost.features.groups.maps import maps, regulation
from antepost.features.groups.patch import patch
from antepost.features.groups.pool import HELD, emit_pool, pool
from antepost.features.groups.series import series
from antepost.features.groups.sides import sides
from antepost.features.groups.toss import toss
from antepost.features.kernels import Floats
from antepost.features.spine import HEROES
from antepost.sports.cs2 import CS2
from antepost.sports.nfl import NFL
from tests.esports import TINY, tiny_tables
from tests.worlds import Tables, at


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tiny_tables()


def said(tables: Tables, group: str, hours: int) -> Floats:
    """Return what ``group`` says of every fixture so many hours before its close."""
    (declared,) = (one for one in groups_of(TINY) if one.name == group)
    columns = tuple(column.name for column in declared.columns)
    asked = spine(tables, TINY).select("fixture", pl.col("as_of") - pl.duration(hours=hours))
    return read_states(TINY, build_states(TINY, tables, [declared]), spine(tables, TINY, asked), columns)


@pytest.mark.parametrize("group", ["toss", "draft"])
def test_what_the_draft_says_is_asked_at_the_close_alone(group: str) -> None:
    names = tuple(feature.name for feature in features_of("dota2") if feature.group == group)
    assert names
    with pytest.raises(LeakageError, match="known from close on"):
        select("dota2", prices=False, moment="T-1h", columns=names[:1])
    assert select("dota2", prices=False, moment="close", columns=names) == names


@pytest.mark.parametrize("group", ["toss", "draft"])
def test_an_hour_before_nobody_knows_the_draft(tables: Tables, group: str) -> None:
    assert np.isfinite(said(tables, group, 0)).any()
    assert np.isnan(said(tables, group, 1)).all()


def test_the_heroes_of_a_side_stand_in_the_order_of_their_roles(tables: Tables) -> None:
    asked = spine(tables, TINY).head(1)
    told = tables["rosters"].filter((pl.col("fixture") == asked["fixture"][0]) & (pl.col("batch") == 1))
    own = told.filter((pl.col("team") == asked["home"][0]) & pl.col("role").str.contains("_pick_")).sort("role")
    here = [hero for hero in asked.select(HEROES[:5]).row(0) if hero]
    assert here == own["player"].to_list()
    assert not {*HEROES} & {*spine(tables, NFL).columns}


def test_a_map_goes_to_overtime_by_the_rules_of_its_day() -> None:
    assert CS2.maps is not None
    days = pl.DataFrame({"event_at": [at("2018-02-24T18:22"), at("2023-09-27T00:00")]})
    assert days.select(regulation(CS2.maps)).to_series().to_list() == [30, 24]
    assert min(CS2.maps.rounds) < date(2016, 1, 1)


def test_a_pool_counts_different_heroes_the_commonest_and_those_picked_again() -> None:
    state, row = np.zeros(1 + HELD), np.zeros(4)
    # Three matches: the second repeats two heroes, the third one.
    for hero in (1, 2, 3, 4, 5, 1, 2, 6, 7, 8, 1, 9, 10, 11, 12):
        state[1 + int(state[0])] = hero
        state[0] += 1.0
    emit_pool(state, row)
    assert row.tolist() == [15.0, 12.0, 3.0, 1.0]


def test_a_sport_without_drafts_and_maps_has_no_such_groups() -> None:
    assert [declare(NFL) for declare in (draft, early, event, maps, patch, pool, series, sides, toss)] == [None] * 9
