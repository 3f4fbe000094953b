"""How the rows of a secondary source find our fixtures: by sides and the sport's own day, or by our own id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.identity import CANDIDATES
from antepost.ingestion.matching import identify, match, relinked
from antepost.ingestion.source import claim
from antepost.lake.schemas import table_of
from antepost.sports.nba import NBA
from antepost.sports.ncaab import NCAAB

NOON = datetime(2024, 1, 10, 12, tzinfo=UTC)
WHO = pl.DataFrame(
    [("Nuggets", "DEN", None, None), ("Lakers", "LAL", None, None)], schema=CANDIDATES, orient="row"
)  # fmt: skip


def _games(rows: list[tuple[str, datetime, str]], home: str, away: str) -> pl.DataFrame:
    told = pl.DataFrame(rows, schema=["fixture", "start", "event_precision"], orient="row").with_columns(
        pl.col("start").dt.cast_time_unit("us"),
        pl.lit("nba").alias("league"),
        pl.lit(2023, pl.Int32).alias("season"),
        pl.lit(home).alias("home"),
        pl.lit(away).alias("away"),
    )
    claimed = claim(told.with_columns(pl.col("start").alias("event_at")), "fixtures", "nba", pl.col("start"))
    return claimed.with_columns(pl.lit("invented").alias("raw"))


def _box(fixture: str) -> pl.DataFrame:
    told = pl.DataFrame({"fixture": [fixture, fixture], "side": ["home", "away"], "team": ["Ant St.", "Bee Tech"]})
    rows = told.with_columns(
        pl.lit("d1").alias("league"),
        pl.lit(2023, pl.Int32).alias("season"),
        pl.lit(stamps.UNDATED).alias("start"),
        pl.lit(stamps.UNDATED).alias("event_at"),
        pl.lit("none").alias("event_precision"),
    )
    return claim(rows, "team_stats", "ncaab", stamps.result_known(NCAAB.duration)).with_columns(
        pl.lit("invented").alias("raw")
    )


def test_a_game_after_midnight_utc_is_of_the_evening_before() -> None:
    """Two games of the same sides lie two days apart: by UTC dates a late one is a day from both."""
    ours = _games([("first", NOON, "day"), ("second", NOON + timedelta(days=2), "day")], "DEN", "LAL")
    theirs = _games([("x", datetime(2024, 1, 11, 2, tzinfo=UTC), "second")], "Nuggets", "Lakers")
    found = match(theirs, WHO, ours, 0, NBA.timezone)
    assert found.links.select("local", "fixture", "off", "finer").rows() == [("x", "first", 0, True)]
    assert found.refused.is_empty()


def test_two_clocks_of_one_game_lie_on_one_day() -> None:
    ours = _games([("late", datetime(2024, 1, 11, 3, tzinfo=UTC), "second")], "DEN", "LAL")
    theirs = _games([("x", NOON, "day")], "Nuggets", "Lakers")
    assert match(theirs, WHO, ours, 0, NBA.timezone).links["fixture"].to_list() == ["late"]


def test_rows_that_know_our_id_join_by_it_alone() -> None:
    ours = _games([("ncaab-1", NOON, "day"), ("ncaab-2", NOON, "day")], "ant-st", "bee-tech")
    found = identify({"team_stats": pl.concat([_box("ncaab-2"), _box("ncaab-9")]), "fixtures": ours.clear()}, ours)
    assert found.links["fixture"].to_list() == ["ncaab-2"]
    assert found.refused.select("fixture", "reason").rows() == [("ncaab-9", "no fixture of this id")]


def test_rows_joined_by_id_take_day_sides_and_stamps_from_our_fixture() -> None:
    ours = _games([("ncaab-2", NOON, "day")], "ant-st", "bee-tech")
    boxes = pl.concat([_box("ncaab-2"), _box("ncaab-9")])
    links = identify({"team_stats": boxes}, ours).links
    rows = relinked("team_stats", boxes, links, NCAAB)
    assert rows.drop("raw").schema == table_of("team_stats", "ncaab").claimed
    assert rows.select("fixture", "side", "team", "event_at", "event_precision", "known_at").rows() == [
        ("ncaab-2", "home", "ant-st", NOON, "day", NOON + timedelta(days=1)),
        ("ncaab-2", "away", "bee-tech", NOON, "day", NOON + timedelta(days=1)),
    ]


def test_a_box_score_of_another_source_speaks_of_our_sides() -> None:
    """Names of another source once stayed in ``team`` where only its sides were turned into ours."""
    ours = _games([("first", NOON, "day")], "LAL", "DEN")
    theirs = _games([("x", NOON, "day")], "Nuggets", "Lakers")
    links = match(theirs, WHO, ours, 0, NBA.timezone).links
    told = pl.DataFrame({"fixture": ["x", "x"], "side": ["home", "away"], "team": ["Nuggets", "Lakers"]}).with_columns(
        pl.lit("nba").alias("league"),
        pl.lit(2023, pl.Int32).alias("season"),
        pl.lit(NOON).dt.cast_time_unit("us").alias("start"),
        pl.lit(NOON).dt.cast_time_unit("us").alias("event_at"),
        pl.lit("day").alias("event_precision"),
    )
    box = claim(told, "team_stats", "nba", pl.col("start") + stamps.DAY).with_columns(pl.lit("invented").alias("raw"))
    rows = relinked("team_stats", box, links, NBA)
    assert rows.select("side", "team").rows() == [("away", "DEN"), ("home", "LAL")]
