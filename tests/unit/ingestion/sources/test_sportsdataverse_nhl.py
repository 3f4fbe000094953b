"""fastRhockey's schedule: seasons, relocated clubs, files with one constant for every ground."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from antepost.ingestion.source import Part
from antepost.ingestion.sources.sportsdataverse_nhl import SPORTSDATAVERSE_NHL
from tests.payloads.nhl import parquet, schedule

PART = Part(name="nhl_schedule_2014", path="")


def fixtures(frame: pl.DataFrame) -> pl.DataFrame:
    return SPORTSDATAVERSE_NHL.read(parquet(frame), PART).tables["fixtures"]


def test_the_season_is_season_full_whatever_the_file_is_called() -> None:
    """The file of 2014 holds 2014/15, that of 2013 holds 2012/13."""
    assert set(fixtures(schedule())["season"]) == {2022}


def test_starts_are_exact_and_ids_the_leagues() -> None:
    first = fixtures(schedule()).row(0, named=True)
    assert (first["fixture"], first["start"]) == ("nhl-2022020001", datetime(2022, 10, 11, 23, 30, tzinfo=UTC))
    assert first["event_precision"] == "second"


def test_pre_season_games_and_their_foreign_clubs_stay_out() -> None:
    refused = SPORTSDATAVERSE_NHL.read(parquet(schedule()), PART).refused
    assert refused["reason"].to_list() == ["a pre-season game"]


def test_a_club_that_moved_is_todays() -> None:
    assert fixtures(schedule())["home"].to_list() == ["BOS", "UTA", "BOS", "BOS"]


def test_a_ground_that_is_the_same_for_every_game_is_none() -> None:
    assert fixtures(schedule().with_columns(pl.lit("Honda Center").alias("venue")))["venue"].null_count() == 4
    assert fixtures(schedule())["venue"].to_list()[1] == "mullett"


def test_a_play_off_is_listed_a_day_ahead() -> None:
    last = fixtures(schedule()).row(-1, named=True)
    assert last["stage"] == "PLAYOFF"
    assert last["known_at"] == datetime(2023, 4, 16, 23, tzinfo=UTC)


def test_the_season_that_closes_next_year_is_asked_for() -> None:
    """The files ended with 2026 once, whatever the year: the season that began in that autumn was never read."""
    names = [part.name for part in SPORTSDATAVERSE_NHL.parts(2027)]
    assert (names[0], names[-1]) == ("nhl_schedule_2010", "nhl_schedule_2028")


def test_a_club_that_no_list_has_is_a_new_one() -> None:
    strange = schedule().with_columns(pl.col("home_team_abbr").replace({"BOS": "XXX"}))
    assert fixtures(strange)["home"].to_list() == ["XXX", "UTA", "XXX", "XXX"]
