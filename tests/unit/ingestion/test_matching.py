"""Which fixture a secondary source's row is about, and what becomes of its sides and moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.ingestion import stamps
from antepost.ingestion.identity import CANDIDATES
from antepost.ingestion.matching import match, relinked, restated
from antepost.lake.schemas import table_of
from antepost.sports.nba import NBA

NOON = datetime(2031, 1, 5, 12, tzinfo=UTC)
WHO = pl.DataFrame(
    {"name": ["Ants", "Bees", "Cats"], "entity": ["ant", "bee", "cat"], "first": None, "last": None}, schema=CANDIDATES
)
STAMPS = {"sport": "nba", "league": "nba", "known_how": "assumed", "raw": "ab"}


def ours(*games: tuple[str, datetime, str, str], precision: str = "day") -> pl.DataFrame:
    rows = [
        {
            **STAMPS, "fixture": fixture, "start": start, "event_at": start, "event_precision": precision,
            "known_at": start - timedelta(days=30), "season": 2030, "home": home, "away": away, "batch": 1, "week": 7,
        }
        for fixture, start, home, away in games
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=table_of("fixtures", "nba").schema)


def theirs(*games: tuple[str, datetime, str, str], precision: str = "day") -> pl.DataFrame:
    return ours(*games, precision=precision).drop("batch")


def linked(games: pl.DataFrame, fixtures: pl.DataFrame, days_off: int = 1) -> list[tuple[str, str, bool]]:
    return sorted(match(games, WHO, fixtures, days_off, "UTC").links.select("local", "fixture", "flipped").iter_rows())


def test_two_sides_on_a_day_are_one_game() -> None:
    fixtures = ours(("g1", NOON, "ant", "bee"), ("g2", NOON, "cat", "bee"), ("g3", NOON + stamps.DAY * 9, "ant", "bee"))
    assert linked(theirs(("x", NOON, "Ants", "Bees")), fixtures) == [("x", "g1", False)]


def test_a_date_beyond_midnight_is_the_same_game_and_a_week_later_is_not() -> None:
    fixtures = ours(("g1", NOON, "ant", "bee"))
    assert linked(theirs(("x", NOON + stamps.DAY, "Ants", "Bees")), fixtures) == [("x", "g1", False)]
    assert linked(theirs(("x", NOON + stamps.DAY * 7, "Ants", "Bees")), fixtures) == []


def test_of_two_near_games_the_nearer_one_is_meant() -> None:
    fixtures = ours(("g1", NOON, "ant", "bee"), ("g2", NOON + stamps.DAY, "ant", "bee"))
    games = theirs(("x", NOON, "Ants", "Bees"), ("y", NOON + stamps.DAY, "Ants", "Bees"))
    assert linked(games, fixtures) == [("x", "g1", False), ("y", "g2", False)]


def test_two_games_that_fit_as_well_are_not_guessed_between() -> None:
    fixtures = ours(("g1", NOON, "ant", "bee"), ("g2", NOON + timedelta(hours=5), "ant", "bee"))
    found = match(theirs(("x", NOON, "Ants", "Bees")), WHO, fixtures, 1, "UTC")
    assert found.links.is_empty()
    assert found.refused["reason"].to_list() == ["several fixtures of these two sides fit"]


@pytest.mark.parametrize(
    ("game", "reason"),
    [
        (("x", NOON, "Ants", "Dogs"), "unmapped"),
        (("x", NOON, "Ants", "Cats"), "no fixture of these two sides on this day"),
    ],
)
def test_what_fits_nothing_says_why(game: tuple[str, datetime, str, str], reason: str) -> None:
    found = match(theirs(game), WHO, ours(("g1", NOON, "ant", "bee")), 1, "UTC")
    assert found.refused.select("fixture", "reason").rows() == [("x", reason)]


def test_a_week_will_do_where_no_day_is_told() -> None:
    fixtures = ours(("g1", NOON, "ant", "bee"), ("g2", NOON + stamps.DAY * 60, "cat", "bee"))
    undated = theirs(("x", stamps.UNDATED, "Ants", "Bees"), precision="none")
    assert linked(undated, fixtures) == [("x", "g1", False)]
    assert linked(undated.with_columns(pl.lit(8, pl.Int32).alias("week")), fixtures) == []


def test_rows_of_a_source_that_has_the_sides_the_other_way_are_turned() -> None:
    fixtures = ours(("g1", NOON, "ant", "bee"))
    links = match(theirs(("x", NOON, "Bees", "Ants")), WHO, fixtures, 1, "UTC").links
    base = {**STAMPS, "fixture": "x", "event_at": NOON, "event_precision": "day", "season": None}
    result = {**base, "known_at": NOON + stamps.DAY, "home": "Bees", "away": "Ants", "home_score": 90,
              "away_score": 80, "outcome": "home"}  # fmt: skip
    results = pl.DataFrame([result], schema={**table_of("results", "nba").claimed, "raw": pl.String})
    turned = relinked("results", results, links, NBA)
    told = turned.select("fixture", "season", "home_score", "away_score", "outcome").row(0)
    assert told == ("g1", 2030, 80, 90, "away")


def test_a_clock_moves_what_hangs_on_the_start_and_leaves_what_was_recorded() -> None:
    """A day-only game gets its tip-off from a schedule: the closing price and the result move with it."""
    fixtures = ours(("g1", NOON, "ant", "bee"))
    tip_off = NOON + timedelta(hours=13)
    links = match(theirs(("x", tip_off, "Ants", "Bees"), precision="second"), WHO, fixtures, 1, "UTC")
    links = links.links.with_columns(pl.lit("cd").alias("raw"))
    assert links["finer"].to_list() == [True]
    base = {**STAMPS, "fixture": "g1", "event_at": NOON, "event_precision": "day", "season": 2030, "batch": 1}
    price = {**base, "book": "b", "market": "moneyline", "outcome": "home", "label": "close", "odds": 2.0}
    recorded = NOON - timedelta(hours=2)
    known = {
        "fixtures": fixtures,
        "results": pl.DataFrame(
            [{**base, "known_at": NOON + stamps.DAY, "home_score": 1, "away_score": 2}],
            schema=table_of("results", "nba").schema,
        ),
        "prices": pl.DataFrame(
            [
                {**price, "known_at": NOON - stamps.CLOSE},
                {**price, "label": "quote", "known_at": recorded, "known_how": "recorded"},
            ],
            schema=table_of("prices", "nba").schema,
        ),
    }
    again = restated(known, links, NBA, 2, "cd")
    assert again["fixtures"].select("start", "event_precision", "batch").row(0) == (tip_off, "second", 2)
    assert again["fixtures"]["known_at"][0] == fixtures["known_at"][0] + timedelta(hours=13)
    ended = tip_off + NBA.duration + stamps.AFTER_RESULT
    assert again["results"]["known_at"].to_list() == [ended]
    assert again["prices"]["known_at"].to_list() == [tip_off - stamps.CLOSE, recorded]


@pytest.mark.parametrize(
    ("table", "column", "told", "turned"),
    [
        ("rosters", "role", "home_coach", "away_coach"),
        ("rosters", "role", "referee", "referee"),
        ("prices", "market", "away_win_to_nil", "home_win_to_nil"),
        ("prices", "market", "total@2.5", "total@2.5"),
        ("prices", "outcome", "home_draw", "draw_away"),
        ("prices", "outcome", "draw", "draw"),
    ],
)
def test_what_belongs_to_a_side_turns_with_it(table: str, column: str, told: str, turned: str) -> None:
    """A coach of the home side once stayed there when the sides were turned, beside the other team's name."""
    links = match(theirs(("x", NOON, "Bees", "Ants")), WHO, ours(("g1", NOON, "ant", "bee")), 1, "UTC").links
    base = {**STAMPS, "fixture": "x", "event_at": NOON, "event_precision": "day", "known_at": NOON - stamps.DAY}
    rows = pl.DataFrame([{**base, column: told}], schema={**table_of(table, "nba").claimed, "raw": pl.String})
    assert relinked(table, rows, links, NBA)[column].to_list() == [turned]


def test_a_moment_of_its_own_does_not_count_from_the_start_that_a_source_lacks() -> None:
    """An end that was bounded by a real clock was called recorded, so that it would stay where it is."""
    ended = NOON + timedelta(hours=3)
    undated = theirs(("x", stamps.UNDATED, "Ants", "Bees"), precision="none")
    links = match(undated, WHO, ours(("g1", NOON, "ant", "bee")), 1, "UTC").links
    base = {**STAMPS, "fixture": "x", "event_at": stamps.UNDATED, "event_precision": "none", "known_at": ended}
    bounded = {**base, "known_how": "bounded", "side": "home"}
    rows = pl.DataFrame([bounded], schema={**table_of("team_stats", "nba").claimed, "raw": pl.String})
    moved = relinked("team_stats", rows, links, NBA)
    assert moved.select("event_at", "known_at", "known_how").row(0) == (NOON, ended, "bounded")
