"""NFL lines, forecasts, grounds and weather: signs, swapped columns, clocks, and what is left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.bundle import bundle
from antepost.ingestion.identity import ANYONE
from antepost.ingestion.source import Parsed, Source
from antepost.ingestion.sources.fivethirtyeight_nfl import FIVETHIRTYEIGHT_NFL
from antepost.ingestion.sources.nfelo_lines import NFELO_LINES
from antepost.ingestion.sources.nfl_venues import NFL_VENUES
from antepost.ingestion.sources.nfl_weather import NFL_WEATHER
from antepost.ingestion.sources.oddsportal_archive import ODDSPORTAL_NFL
from antepost.ingestion.sources.sbr_archive_nfl import SBR_ARCHIVE_NFL
from tests.payloads.nfl import (
    FIVETHIRTYEIGHT,
    HOURS,
    LINES,
    ODDSPORTAL,
    READINGS,
    SBR,
    VENUES,
    WEATHER,
    archived,
)


def _read(source: Source, data: bytes, at: int = 0) -> Parsed:
    return source.read(data, source.parts(2026)[at])


def _lines(parsed: Parsed, market: str, label: str) -> dict[tuple[str, str], float]:
    chosen = parsed.tables["prices"].filter((pl.col("market") == market) & (pl.col("label") == label))
    return {(row["fixture"], row["outcome"]): row["line"] for row in chosen.iter_rows(named=True)}


def _reasons(parsed: Parsed) -> list[str]:
    return parsed.refused["reason"].to_list()


def test_nfelos_spread_is_turned_so_that_the_favourite_gives_points() -> None:
    parsed = _read(NFELO_LINES, LINES)
    game = "2021_01_CHI_LAR"
    opened, closed = _lines(parsed, "spread", "open"), _lines(parsed, "spread", "close")
    assert (opened[game, "home"], opened[game, "away"]) == (7.0, -7.0)
    assert (closed[game, "home"], closed[game, "away"]) == (9.5, -9.5)
    assert str(opened["2021_02_OAK_PIT", "home"]) == "0.0"
    assert set(parsed.tables["prices"]["market"]) == {"spread", "total"}


def test_a_quote_with_a_timestamp_is_known_from_it_and_bears_its_book() -> None:
    prices = (
        _read(NFELO_LINES, LINES).tables["prices"].filter((pl.col("market") == "spread") & (pl.col("label") == "open"))
    )
    stamped, other = (prices.filter(pl.col("fixture") == game) for game in ("2023_21_KC_BAL", "2021_01_CHI_LAR"))
    assert set(stamped["known_at"]) == {datetime(2024, 1, 23, 8, 5, 5, 489359, tzinfo=UTC)}
    assert set(stamped["book"]) == {"draftkings"}
    assert set(stamped["known_how"]) == {"recorded"}
    assert set(other["known_at"]) == {stamps.UNDATED - timedelta(days=6)}
    assert set(other["book"]) == {"nfelo"}


def test_sbrs_closing_spread_and_total_are_put_back_where_the_scraper_swapped_them() -> None:
    """A home spread of 47.0 with a total of 1.0 is a spread of 1.0 with a total of 47.0; one game in eleven has it."""
    parsed = _read(SBR_ARCHIVE_NFL, SBR)
    game = "2021-09-19-LVRaiders-Steelers"
    assert _lines(parsed, "spread", "close")[game, "home"] == -1.0
    assert _lines(parsed, "total", "close")[game, "over"] == 47.0
    assert _lines(parsed, "spread", "open")[game, "home"] == 1.0
    assert _reasons(parsed) == ["a side is missing"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"open_over_under": 13.5}, "a total outside 28 to 70 points"),
        ({"home_close_spread": 9.5}, "a closing spread against its moneyline"),
        ({"home_open_spread": -41.0}, "a spread beyond 28 points"),
        ({"home_close_ml": 50}, "an impossible price: American odds between -100 and 100"),
    ],
)
def test_garbage_in_sbrs_lines_is_refused(fault: dict[str, object], reason: str) -> None:
    assert set(_reasons(_read(SBR_ARCHIVE_NFL, json.dumps([archived(**fault)]).encode()))) == {reason}


def test_overtime_is_what_the_score_has_beyond_level_quarters() -> None:
    level = archived(away_4thQtr="20", home_final="37", away_final="34")
    short = archived(away_3rdQtr="0", away_final="14")
    periods = _read(SBR_ARCHIVE_NFL, json.dumps([level]).encode()).tables["periods"]
    assert periods.filter(pl.col("period") == 5).sort("side")["score"].to_list() == [0, 3]
    assert _reasons(_read(SBR_ARCHIVE_NFL, json.dumps([short]).encode())) == [
        "quarters that do not make up the final score"
    ]


@pytest.mark.parametrize("data", [b"{}", b"[]", b"[1]", b'[{"season": 2021}]', b"[", b"\xff"])
def test_what_is_no_archive_is_refused_whole(data: bytes) -> None:
    with pytest.raises(DataError):
        _read(SBR_ARCHIVE_NFL, data)


def test_all_star_games_among_the_play_offs_are_left_out() -> None:
    parsed = _read(ODDSPORTAL_NFL, ODDSPORTAL)
    assert sorted(_reasons(parsed)) == ["a pre-season game", "an all-star game"]
    assert parsed.tables["prices"].height == 2


def test_a_ground_is_known_before_its_first_game_and_its_zone_is_one() -> None:
    places = _read(NFL_VENUES, VENUES).tables["places"]
    assert places["timezone"].to_list() == ["America/Los_Angeles", "Europe/Berlin", "America/Los_Angeles"]
    assert places["season"].to_list() == [2020, 2023, 1999]
    assert places["known_at"][0] == datetime(2020, 8, 14, 12, tzinfo=UTC)
    assert places["roof"].null_count() == places["surface"].null_count() == 3
    assert places["longitude"].to_list() == [-118.3391018, 8.6454585, -117.1195906]


def test_weather_is_told_in_utc_and_known_only_once_the_game_is_over() -> None:
    parsed = _read(NFL_WEATHER, WEATHER)
    weather = parsed.tables["weather"]
    assert weather["valid_at"].to_list() == [datetime(2020, 9, 13, 20, tzinfo=UTC), datetime(2020, 9, 14, tzinfo=UTC)]
    start = datetime(2020, 9, 13, 20, 25, tzinfo=UTC)
    assert weather["known_at"].to_list() == [start + timedelta(hours=3, minutes=15), datetime(2020, 9, 14, tzinfo=UTC)]
    assert set(weather["kind"]) == {"observed"}
    assert weather["pressure"][0] == pytest.approx(1013.2, abs=0.1)
    assert weather["wind_direction"].to_list() == [250.0, None]
    assert _reasons(parsed) == ["a reading of a game that is not listed"]


def test_the_ground_stands_for_the_game() -> None:
    game = _read(NFL_WEATHER, WEATHER).tables["fixtures"].row(0, named=True)
    assert (game["home"], game["away"]) == ("SoFi Stadium", ANYONE)


def test_half_of_the_weather_files_is_refused() -> None:
    for data in (READINGS, bundle([READINGS]), bundle([READINGS, HOURS, HOURS])):
        with pytest.raises(DataError):
            _read(NFL_WEATHER, data)


def test_538s_games_before_ours_are_refused_and_its_two_models_stand_beside_each_other() -> None:
    parsed = _read(FIVETHIRTYEIGHT_NFL, FIVETHIRTYEIGHT, 1)
    told = parsed.tables["forecasts"]
    assert _reasons(parsed) == ["a game before 1999"]
    assert told.group_by("model").len().sort("model").rows() == [("elo", 4), ("qb_elo", 2)]
    assert told.filter(pl.col("model") == "qb_elo").sort("outcome")["probability"].to_list() == [0.25, 0.75]
    assert parsed.tables["fixtures"]["away"].to_list() == ["CHI", "WAS"]
