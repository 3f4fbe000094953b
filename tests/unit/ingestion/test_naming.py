"""What sides were called before: a row where a name begins, and no word of when it ends."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from antepost.ingestion.naming import names_claimed, names_of_moved
from antepost.ingestion.source import Part
from antepost.ingestion.sources.baseballdatabank import BASEBALLDATABANK
from antepost.ingestion.sources.fivethirtyeight_nba import FIVETHIRTYEIGHT_NBA
from antepost.sports.nfl import NFL

TEAMS = b"""yearID,lgID,teamIDretro,name,park
2010,NL,FLO,Florida Marlins,X
2011,NL,FLO,Florida Marlins,X
2012,NL,MIA,Miami Marlins,Y
1871,NA,BS1,Boston Red Stockings,Z
"""


def _told(*rows: tuple[int, str, str]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={"season": pl.Int32, "entity": pl.String, "name": pl.String}, orient="row")
    return frame.with_columns(pl.lit("nfl").alias("league"))


def test_a_name_is_told_where_it_begins_and_where_it_comes_back() -> None:
    told = _told((2001, "LV", "OAK"), (1999, "LV", "OAK"), (2002, "LV", "LV"), (2003, "LV", "LV"), (2004, "LV", "OAK"))
    names = names_claimed(told, NFL).sort("event_at")
    assert names.select("season", "name").rows() == [(1999, "OAK"), (2002, "LV"), (2004, "OAK")]
    assert names["event_at"][1] == datetime(2002, 9, 1, 12, tzinfo=UTC)
    assert names["known_at"][1] == datetime(2002, 8, 2, 12, tzinfo=UTC)


def test_only_sides_that_moved_have_rows_of_codes() -> None:
    games = pl.DataFrame(
        {"league": ["nfl"] * 2, "season": [2019, 2020], "home": ["LV", "KC"], "away": ["KC", "LV"],
         "theirs": ["OAK", "KC"], "guests": ["KC", "LV"]}, schema_overrides={"season": pl.Int32},
    )  # fmt: skip
    names = names_of_moved(games, NFL, "theirs", "guests")
    assert names.select("entity", "name").rows() == [("LV", "OAK"), ("LV", "LV")]


def test_todays_baseball_teams_have_the_names_of_the_year() -> None:
    names = BASEBALLDATABANK.read(TEAMS, Part(name="Teams", path="")).tables["names"]
    assert names.select("entity", "name", "season").rows() == [
        ("MIA", "Florida Marlins", 2010), ("MIA", "Miami Marlins", 2012),
    ]  # fmt: skip


def test_a_code_of_basketball_begins_with_its_first_season_in_the_file() -> None:
    rows = [("2007-11-01", 2008, "SEA", "DEN"), ("2008-11-01", 2009, "OKC", "DEN"), ("1950-11-01", 1951, "TRH", "SEA")]
    text = "date,season,neutral,team1,team2,elo_prob1,elo_prob2,score1,score2\n"
    text += "".join(f"{day},{season}.0,False,{one},{two},0.5,0.5,90.0,80.0\n" for day, season, one, two in rows)
    names = FIVETHIRTYEIGHT_NBA.read(text.encode(), FIVETHIRTYEIGHT_NBA.parts(2026)[0]).tables["names"]
    assert names.sort("name").select("name", "season").rows() == [("DEN", 2007), ("OKC", 2008), ("SEA", 1950)]
