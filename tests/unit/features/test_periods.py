from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from antepost.features import build_states, read_states, spine
from antepost.features.catalogue import group_hash, groups_of
from antepost.features.facts import tallied
from antepost.features.groups.periods import periods
from antepost.features.groups.sets import sets
from antepost.lake.schemas import table_of
from antepost.sports import SPORTS, get_sport
from tests.worlds import GAME, TINY, Game, Row, at, tables_of

NOW = Game(
    fixture="now", season=2001, start=at("2001-12-02T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00")
)
Scores = Sequence[tuple[int | None, int | None]]


def game(days: int, home: str, away: str, scores: Scores) -> tuple[Game, list[Row]]:
    """Return a game so many days before, and its periods as (home, away)."""
    played = replace(
        NOW, fixture=f"{days}-{home}", start=NOW.start - timedelta(days=days), home=home, away=away,
        home_score=sum(ours or 0 for ours, _ in scores), away_score=sum(theirs or 0 for _, theirs in scores),
    )  # fmt: skip
    rows = [
        played.stamped(played.start + GAME, side=side, period=period, score=score)
        for period, both in enumerate(scores, start=1)
        for side, score in zip(("home", "away"), both, strict=True)
        if score is not None
    ]
    return played, rows


def ask(*games: tuple[Game, list[Row]], won: dict[str, tuple[int, int]] | None = None) -> dict[str, float]:
    """Return what is said of the game in question; ``won`` gives the scores of matches that go by sets."""
    scored = [
        replace(one, home_score=score[0], away_score=score[1]) if (score := (won or {}).get(one.fixture)) else one
        for one, _ in games
    ]
    tables = tables_of([NOW, *scored])
    rows = [row for _, told in games for row in told]
    tables["periods"] = pl.DataFrame(rows, schema=table_of("periods", "nfl").schema, orient="row")
    groups = [group for group in groups_of(TINY) if group.name in ("periods", "sets")]
    columns = tuple(column.name for group in groups for column in group.columns)
    asked = spine(tables, TINY).filter(pl.col("fixture") == "now")
    return dict(zip(columns, read_states(TINY, build_states(TINY, tables, groups), asked, columns)[0], strict=True))


# BEE against CAT: level after every half, won by one in the end.
OTHER = game(5, "BEE", "CAT", [(7, 7), (0, 0), (0, 0), (1, 0)])


def test_margins_are_those_of_the_parts_of_a_game() -> None:
    values = ask(game(9, "ANT", "CAT", [(3, 0), (7, 3), (0, 10), (0, 21), (99, 0)]), OTHER)
    assert values["periods.first_margin.5.fixture"] == 3.0
    assert values["periods.half_margin.5.fixture"] == 7.0
    # Overtime belongs to no half.
    assert values["periods.second_half_margin.5.fixture"] == -31.0 - 1.0
    assert values["periods.overtime.5.fixture"] == 1.0
    assert values["periods.half_total.5.home"] == 13.0
    assert values["periods.half_total.5.away"] == 14.0


def test_comebacks_count_the_games_in_which_a_side_was_behind() -> None:
    values = ask(
        game(20, "ANT", "CAT", [(0, 3), (0, 0), (7, 0), (0, 0)]),
        game(14, "CAT", "ANT", [(9, 0), (0, 0), (0, 0), (0, 0)]),
        game(9, "ANT", "DOG", [(3, 0), (0, 0), (0, 0), (0, 0)]),
        game(8, "BEE", "DOG", [(0, 3), (0, 0), (0, 0), (0, 0)]),
    )
    assert values["periods.comebacks.5.fixture"] == 0.5
    # BEE was never ahead.
    assert math.isnan(values["periods.leads_lost.5.fixture"])
    assert values["periods.half_leads.5.fixture"] == pytest.approx(1 / 3)


def test_a_period_that_was_not_played_is_not_scoreless() -> None:
    values = ask(game(9, "ANT", "CAT", [(0, 1), (3, 0), (2, 2), (None, 0)]), OTHER)
    # One of three periods against two of four.
    assert values["periods.scoreless.5.fixture"] == pytest.approx(1 / 3 - 1 / 2)
    assert values["periods.periods_won.5.fixture"] == pytest.approx(3 / 6 - 5 / 8)


def test_a_game_of_which_a_period_is_missing_counts_for_nothing() -> None:
    whole = game(9, "ANT", "CAT", [(3, 0), (7, 3), (0, 10), (0, 21)])
    values = ask(whole, game(3, "ANT", "DOG", [(0, 50), (None, 50), (0, 50), (0, 50)]), OTHER)
    assert values["periods.half_margin.5.fixture"] == ask(whole, OTHER)["periods.half_margin.5.fixture"] == 7.0


# ANT wins in three sets, the last by a tie-break; BEE loses in two.
MATCHES = (game(9, "ANT", "CAT", [(4, 6), (6, 3), (7, 6)]), game(8, "DOG", "BEE", [(6, 0), (6, 4), (0, 0)]))
WON = {"9-ANT": (2, 1), "8-DOG": (2, 0)}


def test_sets_are_counted_by_their_games() -> None:
    values = ask(*MATCHES, won=WON)
    assert values["sets.games_won.6.fixture"] == pytest.approx(17 / 32 - 4 / 16)
    assert values["sets.first_sets.6.fixture"] == 0.0
    assert values["sets.comebacks.6.fixture"] == 1.0
    assert values["sets.games_per_set.6.home"] == pytest.approx(32 / 3)
    # BEE has played neither a tie-break nor a deciding set.
    assert math.isnan(values["sets.tie_breaks.6.fixture"])
    assert math.isnan(values["sets.deciding_sets.6.fixture"])


def test_a_match_that_broke_off_counts_for_nothing() -> None:
    tables = tables_of([one for one, _ in MATCHES])
    rows = [row for _, told in MATCHES for row in told]
    tables["periods"] = pl.DataFrame(rows, schema=table_of("periods", "nfl").schema, orient="row")
    group = sets(TINY)
    assert group is not None

    def games(ending: str) -> float:
        results = tables["results"].with_columns(pl.lit(ending).alias("ending"))
        return group.facts({**tables, "results": results}, TINY)["games unless games + opponent_games is null"].sum()

    assert games("regulation") == 48.0
    assert games("retired") == 0.0


def test_a_correction_counts_from_its_own_moment() -> None:
    told, rows = game(9, "ANT", "CAT", [(1, 0), (2, 0), (4, 0)])
    later = told.start + timedelta(days=2)
    fixed = told.stamped(later, 2, side="home", period=2, score=5)
    frame = pl.DataFrame([*rows, fixed], schema=table_of("periods", "nfl").schema, orient="row")
    sums = tallied(frame, {"points": lambda own, _: own}, least=3).sort("known_at")
    assert sums.rows() == [(told.fixture, told.start + GAME, 1, 7, 0), (told.fixture, later, 2, 10, 0)]


def test_what_a_half_is_belongs_to_the_definition() -> None:
    nfl = get_sport("nfl")
    assert nfl.phases is not None
    other = replace(nfl, phases=replace(nfl.phases, half=3))
    group, changed = periods(nfl), periods(other)
    assert group is not None
    assert changed is not None
    assert group_hash(group, nfl) != group_hash(changed, other)


def test_sports_tell_which_of_the_statistics_they_go_by() -> None:
    told = {name: group for name, sport in SPORTS.items() if (group := periods(sport))}
    assert set(told) == {"nfl", "ncaaf", "nba", "mlb", "soccer"}
    assert not [column.name for column in told["soccer"].columns if "overtime" in column.name]
    assert {name for name, sport in SPORTS.items() if sets(sport)} == {"atp", "wta"}
