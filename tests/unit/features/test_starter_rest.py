from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from antepost.features.groups.starter_rest import starter_rest
from tests.worlds import TINY, Game, at, said_by, tables_of

OFTEN = replace(TINY, rest_horizon=timedelta(days=14))
NOW = Game(
    fixture="now", season=2001, start=at("2001-12-20T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00")
)


def before(days: int, **changes: str | int) -> Game:
    return replace(NOW, fixture=f"before-{days}", start=NOW.start - timedelta(days=days), **changes)


def test_a_starter_is_as_fresh_as_his_last_start() -> None:
    games = [NOW, before(3, home_qb="carl"), before(8), before(12), before(20)]
    values = said_by(starter_rest, OFTEN, tables_of(games), "now")
    assert values["starter_rest.days.now.home"] == 8.0
    assert values["starter_rest.days.now.away"] == 3.0
    assert values["starter_rest.starts.14d.fixture"] == 2.0 - 3.0


def test_a_start_of_last_season_is_no_rest() -> None:
    values = said_by(starter_rest, OFTEN, tables_of([NOW, before(330, season=2000)]), "now")
    assert math.isnan(values["starter_rest.days.now.home"])
    assert values["starter_rest.starts.14d.fixture"] == 0.0


def test_starts_are_counted_only_where_there_are_several_in_a_fortnight() -> None:
    assert list(said_by(starter_rest, TINY, tables_of([NOW]), "now")) == [
        "starter_rest.days.now.home", "starter_rest.days.now.away",
    ]  # fmt: skip
