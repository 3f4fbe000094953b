"""The star's rows as pure functions of silver's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from antepost.lake.star.frames import SHAPES, shaped
from antepost.lake.star.models import Base
from tests.star_facts import START, facts


def test_the_shapes_are_the_tables_columns_in_the_order_of_their_foreign_keys() -> None:
    seen = {"sport"}
    for shape in SHAPES:
        table = Base.metadata.tables[f"star.{shape.name}"]
        assert set(shape.columns) == set(table.columns.keys())
        assert list(shape.key) == [column.name for column in table.primary_key.columns]
        assert {key.referred_table.name for key in table.foreign_key_constraints} <= seen
        seen.add(shape.name)


def test_the_calendar_holds_every_day_of_the_years_of_the_fixtures() -> None:
    days = shaped("nfl", facts())["date"]
    assert days["date"].to_list() == [date(2022, 1, 1) + timedelta(days=number) for number in range(365)]
    assert days.filter(pl.col("date") == date(2022, 1, 2)).row(0)[1:] == (2022, 1, 2, 2021, 52, 7)


def test_a_fixture_that_starts_after_midnight_in_utc_is_of_that_day() -> None:
    given = facts()
    given["fixtures"] = given["fixtures"].with_columns(start=pl.lit(datetime(2022, 9, 9, 0, 20, tzinfo=UTC)))
    assert shaped("nfl", given)["fixture"]["date"].to_list() == [date(2022, 9, 9)] * 2


def test_the_game_itself_is_a_player_and_so_is_whoever_has_a_price() -> None:
    given = facts()
    stranger = given["prices"].tail(1).with_columns(player=pl.lit("nobody listed"))
    given["prices"] = pl.concat([given["prices"], stranger])
    players = shaped("nfl", given)["player"].select("player", "name").rows()
    assert players == [("", None), ("nobody listed", None), ("p7", "An Invented Player")]


def test_a_side_that_is_a_person_says_who_it_is() -> None:
    given = facts()
    given["fixtures"] = given["fixtures"].with_columns(away=pl.lit("p7"))
    teams = shaped("nfl", given)["team"]
    assert teams.select("team", "name", "player").rows() == [
        ("ATL", None, None),
        ("LAR", "Los Angeles Rams", None),
        ("p7", "An Invented Player", "p7"),
    ]


def test_a_ground_is_shown_as_it_is_now_and_by_its_last_name_where_no_source_describes_it() -> None:
    given = facts()
    rebuilt = given["places"].with_columns(event_at=pl.lit(START + timedelta(days=99)), name=pl.lit("Renamed"))
    given["places"] = pl.concat([rebuilt, given["places"]])
    again = given["fixtures"].tail(1).with_columns(venue=pl.lit("ATL97"), venue_name=pl.lit("Then"))
    later = again.with_columns(fixture=pl.lit("later"), start=pl.col("start") + timedelta(days=7), venue_name=None)
    given["fixtures"] = pl.concat([given["fixtures"].head(1), later, again], how="vertical_relaxed")
    venues = shaped("nfl", given)["venue"].select("venue", "name", "roof").rows()
    assert venues == [("ATL97", "Then", None), ("LAX01", "Renamed", "dome")]


def test_of_a_moving_price_the_newest_quote_is_shown_whichever_was_loaded_last() -> None:
    given = facts()
    quotes = [
        given["prices"].head(1).with_columns(
            label=pl.lit("quote"), quoted_at=pl.lit(START - timedelta(hours=hours)), odds=pl.lit(odds),
            batch=pl.lit(load),
        )
        for hours, odds, load in ((2, 1.8, 1), (1, 1.75, 1), (1, 1.7, 2), (3, 1.9, 3))
    ]  # fmt: skip
    given["prices"] = pl.concat([*quotes, given["prices"].head(1)], how="vertical_relaxed")
    assert shaped("nfl", given)["price"].select("label", "odds").rows() == [
        ("close", 1.9523809523809523),
        ("quote", 1.7),
    ]


def test_a_load_without_fixtures_has_no_days() -> None:
    given = facts()
    given["fixtures"] = given["fixtures"].clear()
    assert shaped("nfl", given)["date"].is_empty()
