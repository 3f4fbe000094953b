"""The Odds API's archive: when a price was pulled, and pulls that came too late."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from antepost.ingestion.source import Part
from antepost.ingestion.sources.the_odds_archive import HISTORICAL, THE_ODDS_API_NHL_ARCHIVE
from tests.payloads.nhl import SNAPSHOTS

PARSED = THE_ODDS_API_NHL_ARCHIVE.read(SNAPSHOTS, Part(name=HISTORICAL, path=""))


def test_a_pull_is_a_quote_known_at_its_own_moment() -> None:
    quotes = PARSED.tables["prices"].filter(pl.col("book") == "caesars")
    assert set(quotes["label"]) == {"quote"}
    assert set(quotes["known_at"]) == set(quotes["quoted_at"]) == {datetime(2022, 10, 11, 5, tzinfo=UTC)}
    assert set(quotes["known_how"]) == {"recorded"}


def test_a_historical_pull_without_a_stamp_was_made_at_noon_in_new_york() -> None:
    quotes = PARSED.tables["prices"].filter((pl.col("book") == "betmgm") & (pl.col("fixture") == "aa"))
    assert set(quotes["quoted_at"]) == {datetime(2022, 10, 11, 16, tzinfo=UTC)}
    assert set(quotes["known_how"]) == {"published"}


def test_a_close_that_was_pulled_after_the_face_off_is_an_in_play_price() -> None:
    """One of them has a favourite at -3000: the game was as good as over."""
    reasons = PARSED.refused["reason"].value_counts().rows()
    assert dict(reasons) == {
        "pulled after the start: an in-play price": 1,
        "no moment of the pull: only its day is told": 1,
        "an impossible price: American odds between -100 and 100": 1,
    }
    assert PARSED.tables["prices"]["odds"].max() < 3.0


def test_a_file_of_a_day_only_is_refused_where_its_hour_is_not_known() -> None:
    daily = THE_ODDS_API_NHL_ARCHIVE.read(SNAPSHOTS, Part(name="snapshots_daily", path=""))
    assert "no moment of the pull: only its day is told" in daily.refused["reason"].to_list()
    assert daily.tables["prices"]["known_how"].unique().to_list() == ["recorded"]


def test_a_spread_says_by_how_much_a_side_is_favoured() -> None:
    spread = PARSED.tables["prices"].filter((pl.col("book") == "caesars") & (pl.col("market") == "spread"))
    assert dict(spread.select("outcome", "line").iter_rows()) == {"home": 1.5, "away": -1.5}


def test_the_last_start_that_was_told_stands_and_another_league_does_not_count() -> None:
    fixtures = PARSED.tables["fixtures"].sort("fixture")
    assert fixtures["fixture"].to_list() == ["aa", "bb"]
    assert PARSED.games == 5
