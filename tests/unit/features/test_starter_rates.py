from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from antepost.errors import LeakageError
from antepost.features import features_of, select
from antepost.features.groups.starter_rates import starter_rates
from antepost.sports.mlb import MLB
from antepost.sports.soccer import SOCCER
from antepost.sports.sport import Rate
from tests.worlds import TINY, Game, Row, at, box_rows, result_row, said_by, tables_of

NOW = Game(
    fixture="now", season=2001, start=at("2001-12-02T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00")
)
BEFORE = replace(NOW, fixture="before", start=NOW.start - timedelta(days=7), home_score=21, away_score=10)
EARLIER = replace(BEFORE, fixture="earlier", start=NOW.start - timedelta(days=14), home_qb="carl", away_qb="dora")


def test_a_quarterback_is_what_he_did_himself() -> None:
    values = said_by(starter_rates, TINY, tables_of([NOW, BEFORE, EARLIER]), "now")
    ours, theirs = (21 / 7 - 2) / (20 + 8 + 1), (10 / 7 - 2) / (20 + 10 + 2)
    assert values["starter_rates.epa.10.fixture"] == pytest.approx(ours - theirs, abs=1e-7)
    assert values["starter_rates.sacks.10.fixture"] == 1 / 29 - 2 / 32


def test_what_is_not_tracked_is_null_and_no_reason_to_leave_out_the_rest() -> None:
    # No passes are tracked of a side whose points divide by three.
    values = said_by(starter_rates, TINY, tables_of([NOW, BEFORE]), "now")
    assert math.isnan(values["starter_rates.time_to_throw.10.fixture"])
    assert math.isfinite(values["starter_rates.epa.10.fixture"])


def test_a_night_on_the_bench_is_no_game() -> None:
    idle: Row = {"side": "home", "team": "ANT", "role": "offense", "player": "anna", "name": "anna"}
    counts: Row = {"pass_attempts": 0, "sacks_suffered": 0, "carries": 0, "passing_yards": 0, "rushing_yards": 0}
    bench = EARLIER.stamped(EARLIER.start + timedelta(hours=4), **idle, **counts)
    games = [NOW, BEFORE, EARLIER]
    without = said_by(starter_rates, TINY, tables_of(games), "now")
    assert said_by(starter_rates, TINY, tables_of(games, {"player_stats": [bench]}), "now") == pytest.approx(
        without, nan_ok=True
    )


def test_where_no_rows_tell_of_a_man_it_is_his_side_in_his_games() -> None:
    sport = replace(
        TINY, starter_rows=(), starter_rates=(Rate(name="carries", unit="count", of="opponent_carries"),), lately=1
    )
    tables = tables_of([NOW, BEFORE, EARLIER])
    allowed = {side: 20 + points % 9 for side, points in (("home", 10), ("away", 21))}
    values = said_by(starter_rates, sport, tables, "now")
    assert values["starter_rates.carries.1.fixture"] == allowed["home"] - allowed["away"]
    assert [row["carries"] for row in box_rows(BEFORE)] == [allowed["away"], allowed["home"]]
    assert result_row(BEFORE)["home_score"] == 21


def test_a_pitcher_may_not_be_asked_for_the_day_before() -> None:
    names = tuple(feature.name for feature in features_of(MLB.name) if feature.group == "starter_rates")
    with pytest.raises(LeakageError, match="known from T-1h on"):
        select(MLB.name, prices=False, moment="T-24h", columns=names[:1])


def test_without_starters_there_is_no_such_group() -> None:
    assert starter_rates(SOCCER) is None
