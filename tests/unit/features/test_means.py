from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from antepost.features import build_states, read_states, spine
from antepost.features.catalogue import groups_of
from antepost.features.groups.box import box, turned
from antepost.features.groups.form import facts as form_facts
from antepost.features.groups.form import form
from antepost.features.means import BETWEEN, Decay, Mean, means
from antepost.features.state import build
from antepost.sports.nhl import NHL
from antepost.sports.soccer import SOCCER
from antepost.sports.sport import Rate
from antepost.sports.tennis import RATES
from tests.worlds import TINY, Game, Row, at, tables_of

FIRST = Game(fixture="f1", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE")
COLUMNS = tuple(column.name for group in groups_of(TINY) for column in group.columns)


def later(number: int, **changes: object) -> Game:
    """Return the same pairing some weeks later."""
    start = FIRST.start + number * timedelta(days=7)
    return replace(FIRST, fixture=f"f{number + 1}", start=start, listed=at("2001-08-01T00:00"), **changes)


def told(game: Game, side: str, *, yards: int | None, carries: int | None, epa: float | None = None) -> Row:
    """Return one side's box score of ``game``."""
    return game.stamped(
        game.start + timedelta(hours=4), 2, side=side, team=side, rushing_yards=yards, carries=carries, passing_epa=epa
    )


def ask(games: list[Game], extra: list[Row]) -> dict[str, float]:
    """Return all columns of the last game; ``extra`` are corrected box scores."""
    tables = tables_of(games, {"team_stats": extra})
    asked = spine(tables, TINY).filter(pl.col("fixture") == games[-1].fixture)
    return dict(zip(COLUMNS, read_states(TINY, build_states(TINY, tables), asked, COLUMNS)[0], strict=True))


def test_a_rate_is_the_sum_of_its_parts_over_the_games_that_tell_both() -> None:
    games = [FIRST, later(1), later(2), later(3)]
    boxes = [
        told(games[0], "home", yards=100, carries=20), told(games[1], "home", yards=70, carries=None),
        told(games[2], "home", yards=50, carries=30),
    ]  # fmt: skip
    said = ask(games, boxes)
    assert said["box.yards_per_carry.10.home"] == 150 / 50
    assert said["box.yards_per_carry_allowed.10.away"] == 150 / 50


def test_a_decimal_adds_up_in_millionths() -> None:
    games = [FIRST, later(1), later(2)]
    boxes = [told(game, "home", yards=1, carries=1, epa=epa) for game, epa in zip(games, (0.1, 0.2), strict=False)]
    assert ask(games, boxes)["box.passing_epa.10.home"] == 300_000 / 2_000_000


def test_a_new_season_goes_on_with_the_last_ten() -> None:
    games = [FIRST, later(1), later(53, season=2002)]
    said = ask(games, [told(game, "home", yards=90, carries=30) for game in games[:2]])
    assert said["box.yards_per_carry.10.home"] == 3.0


def test_a_rate_is_what_one_side_has_over_the_other_unless_its_level_counts() -> None:
    rates = (Rate(name="carries", unit="count", of="carries"), Rate(name="yards", unit="yards", of="yards", level=True))
    group = box(replace(TINY, rates=rates, lately=7))
    assert group
    assert [column.name for column in group.columns] == [
        "box.carries.7.fixture", "box.yards.7.home", "box.yards.7.away",
        "box.carries_allowed.7.fixture", "box.yards_allowed.7.home", "box.yards_allowed.7.away",
    ]  # fmt: skip


def test_where_goals_are_few_it_counts_how_often_there_are_none() -> None:
    scores = [(0, 0), (2, 0), (0, 1), (3, 3)]
    tables = tables_of([later(n, home_score=home, away_score=away) for n, (home, away) in enumerate(scores)])
    for sport, draws in ((replace(SOCCER, name="nfl"), True), (replace(NHL, name="nfl"), False)):
        group = form(sport)
        state = build(group, sport, tables)
        out = np.empty((1, len(group.columns)))
        group.read(state.rows, np.array([state.bounds[1:3] - 1]), np.array([[0.0] * 5]), out, group.params)
        said = dict(zip((column.name for column in group.columns), out[0], strict=True))
        assert said["form.clean_sheets.20.fixture"] == 2 / 4 - 2 / 4
        assert said["form.scoreless.20.fixture"] == 2 / 4 - 2 / 4
        assert ("form.draws.20.home" in said) == draws
        assert said.get("form.draws.20.home", 0.5) == 2 / 4


def test_the_record_at_home_knows_no_neutral_ground() -> None:
    games = [FIRST, later(1, neutral=True, home_score=70, away_score=0), later(2), later(3, neutral=True)]
    margin = FIRST.home_score - FIRST.away_score
    assert ask(games[:3], [])["splits.margin.20.fixture"] == margin - -margin
    assert math.isnan(ask(games, [])["splits.margin.20.fixture"])


def test_what_a_side_allows_is_what_the_other_side_does() -> None:
    assert turned("2 * shots + opponent_saves") == "2 * opponent_shots + saves"
    assert turned("points_for") == "points_against"
    assert turned(turned(RATES[6].of)) == RATES[6].of


def test_a_sport_without_rates_has_no_box_group_and_no_statistic_makes_more_than_eight_columns() -> None:
    assert box(replace(SOCCER, rates=())) is None
    for sport in (TINY, SOCCER):
        for group in groups_of(sport):
            stats = [column.name.rsplit(".", 2)[0] for column in group.columns]
            assert max(stats.count(stat) for stat in stats) <= 8


def test_sql_that_cannot_be_is_refused_when_facts_are_summed() -> None:
    group = means(
        "odd", (Mean(name="x", unit="count", of="no_such_column", windows=(3,)),),
        lambda tables, _: tables["results"].with_columns(pl.col("home").alias("entity")), version=1, null="never",
    )  # fmt: skip
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="no_such_column"):
        group.facts(tables_of([FIRST]), TINY)


def test_a_decay_weighs_every_game_before_and_knows_no_season() -> None:
    scores = [(10, 0), (3, 10), (20, 0)]
    games = [later(n, home_score=home, away_score=away) for n, (home, away) in enumerate(scores)]
    said = ask([*games, later(60, season=2002)], [])
    weights = [0.5 ** (back / 5) for back in (2, 1, 0)]
    margin = sum(w * (home - away) for w, (home, away) in zip(weights, scores, strict=True)) / sum(weights)
    assert said["ewm.margin.h5.fixture"] == pytest.approx(margin - -margin, rel=1e-14)


def test_decays_and_windows_of_one_group_do_not_disturb_each_other() -> None:
    declared = (
        Mean(name="x", unit="points", of="points_for", windows=(Decay(2), 2, "season", "all", Decay(7), 3)),
        Mean(name="y", unit="points", of="points_against", windows=(3, Decay(7))),
    )
    group = means("mixed", declared, form_facts, version=1, null="never")
    tables = tables_of([later(n, home_score=n * n, away_score=n) for n in range(5)])
    state = build(group, TINY, tables)
    rows = np.full((1, 2), state.bounds[1] - 1)
    out = np.empty((1, len(group.columns)))
    group.read(state.rows, rows, np.array([[0.0, 0.0, 2001.0, 0.0, 0.0]]), out, group.params)
    said = dict(zip((column.name for column in group.columns), out[0], strict=True))
    weights = np.array([0.5 ** (back / 7) for back in range(4, -1, -1)])
    assert said["mixed.x.2.home"] == (9 + 16) / 2
    assert said["mixed.x.3.home"] == (4 + 9 + 16) / 3
    assert said["mixed.x.season.home"] == said["mixed.x.all.home"] == 30 / 5
    assert said["mixed.y.3.home"] == 3
    assert said["mixed.x.h7.home"] == pytest.approx(weights @ np.arange(5.0) ** 2 / weights.sum(), rel=1e-14)
    assert said["mixed.y.h7.home"] == pytest.approx(weights @ np.arange(5.0) / weights.sum(), rel=1e-14)
    assert said["mixed.x.h2.home"] > said["mixed.x.h7.home"]


def test_what_one_side_has_over_the_other_is_the_difference_of_both_and_null_where_either_is() -> None:
    declared = (
        Mean(name="x", unit="points", of="points_for", windows=(2,)),
        Mean(name="over", unit="points", of="points_for", windows=(2,), roles=BETWEEN),
    )
    group = means("mixed", declared, form_facts, version=1, null="never")
    tables = tables_of([later(n, home_score=n * n, away_score=n) for n in range(5)])
    state = build(group, TINY, tables)
    last = state.bounds[1:] - 1
    found = np.array([[last[0], last[1]], [last[0], -1]])
    out = np.empty((2, len(group.columns)))
    group.read(state.rows, found, np.array([[0.0, 0.0, 2001.0, 0.0, 0.0]] * 2), out, group.params)
    assert [column.name for column in group.columns][2:] == ["mixed.over.2.fixture"]
    assert group.columns[2].parity == "odd"
    assert out[0, 2] == out[0, 0] - out[0, 1] != 0
    assert np.isnan(out[1, 2])
