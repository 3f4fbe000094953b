"""The NBA's other sources: SBR's moneylines, FiveThirtyEight's chances, planned starts and injuries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion.source import Parsed, Source
from antepost.ingestion.sources.fivethirtyeight_nba import FIVETHIRTYEIGHT_NBA
from antepost.ingestion.sources.fivethirtyeight_raptor import FIVETHIRTYEIGHT_RAPTOR
from antepost.ingestion.sources.fixturedownload_nba import FIXTUREDOWNLOAD_NBA
from antepost.ingestion.sources.prosportstransactions_nba import PROSPORTSTRANSACTIONS_NBA
from antepost.ingestion.sources.sbr_nba import SBR_NBA
from tests.payloads.drafts import RAPTOR
from tests.payloads.nba_more import ELO, INJURIES, PLANNED, SBR


def _read(source: Source, data: bytes, part: str) -> Parsed:
    return source.read(data, next(found for found in source.parts(2026) if found.name == part))


def test_a_price_without_a_time_is_a_closing_one() -> None:
    prices = _read(SBR_NBA, SBR, "odds-2019").tables["prices"]
    assert set(prices["label"]) == {"close"}
    assert (prices["event_at"] - prices["known_at"]).unique().to_list() == [timedelta(seconds=1)]


def test_american_odds_between_minus_and_plus_a_hundred_are_refused() -> None:
    parsed = _read(SBR_NBA, SBR, "odds-2019")
    assert parsed.refused["reason"].to_list() == ["an impossible price: American odds between -100 and 100"]
    assert parsed.tables["results"].height == 2


def test_a_file_named_by_its_closing_year_is_of_the_season_before() -> None:
    part = next(part for part in SBR_NBA.parts(2026) if part.season == 2019)
    assert part.path.endswith("nba_odds_2020.csv")


def test_a_fixture_without_a_score_has_a_forecast_and_no_result() -> None:
    tables = _read(FIVETHIRTYEIGHT_NBA, ELO, "elo").tables
    assert tables["results"]["fixture"].to_list() == ["1946-11-01-NYK-TRH", "2019-10-22-NOP-TOR"]
    bubble = tables["forecasts"].filter(pl.col("fixture") == "2020-08-13-PHI-HOU")
    assert dict(bubble.select("outcome", "probability").iter_rows()) == {"home": 0.4997, "away": 0.5003}
    assert set(bubble["season"]) == {2019}


def test_a_planned_start_is_exact_and_counts_only_on_its_own_day() -> None:
    """A game moved to another day would else begin, and be known, before it was played."""
    fixtures = _read(FIXTUREDOWNLOAD_NBA, PLANNED, "planned-2023").tables["fixtures"]
    assert fixtures["start"].to_list() == [
        datetime(2023, 10, 24, 23, 30, tzinfo=UTC), datetime(2023, 10, 25, 2, tzinfo=UTC),
    ]  # fmt: skip
    assert set(fixtures["event_precision"]) == {"second"}
    assert FIXTUREDOWNLOAD_NBA.days_off == 0


def test_a_last_line_may_lack_its_break_and_no_field() -> None:
    with pytest.raises(DataError, match="cut off"):
        _read(FIXTUREDOWNLOAD_NBA, PLANNED[:-1], "planned-2023")


def _injuries() -> Parsed:
    return _read(PROSPORTSTRANSACTIONS_NBA, INJURIES, "missed_games")


def test_an_injury_counts_after_the_games_of_its_day_and_before_those_of_the_next() -> None:
    injuries = _injuries().tables["injuries"]
    assert set(injuries["known_at"].dt.hour()) == {11}
    assert injuries["known_at"][0] == datetime(2012, 3, 19, 11, tzinfo=UTC)
    assert set(injuries["fixture"]) == {None}


def test_lines_of_one_player_and_day_keep_the_order_of_the_file() -> None:
    first = _injuries().tables["injuries"].filter(pl.col("player") == "ann-invented")
    noon = datetime(2012, 3, 18, 12, tzinfo=UTC)
    assert first.select("status", "event_at").rows() == [
        ("back", noon + timedelta(minutes=1)), ("out", noon + timedelta(minutes=1, seconds=1)),
    ]  # fmt: skip
    listed = _read(PROSPORTSTRANSACTIONS_NBA, INJURIES, "injured_list").tables["injuries"]
    assert listed["event_at"][0] == noon


def test_a_player_of_several_names_is_the_first_by_the_alphabet() -> None:
    told = _injuries().tables["injuries"].filter(pl.col("team") == "Hornets")
    assert told.select("player", "name", "season").rows() == [("bo-invented-b", "Zed Invented / Bo Invented (b)", 2012)]


def test_lines_that_say_nothing_usable_are_refused_by_reason() -> None:
    assert sorted(_injuries().refused["reason"]) == [
        "a player who is both back and out", "no player", "no team", "the same line again",
    ]  # fmt: skip


def test_a_rating_of_a_season_is_known_once_its_last_game_was_played() -> None:
    """The play-offs of 2020 ended in October; a rule of every summer would have told them two months early."""
    parsed = FIVETHIRTYEIGHT_RAPTOR.read(RAPTOR, FIVETHIRTYEIGHT_RAPTOR.parts(2026)[0])
    ratings = parsed.tables["ratings"].filter(pl.col("measure") == "minutes")
    assert ratings.select("season", "rating", "known_at").rows() == [
        (2016, 1135.0, datetime(2017, 8, 1, 12, tzinfo=UTC)), (2019, 1244.0, datetime(2020, 10, 12, 12, tzinfo=UTC)),
    ]  # fmt: skip
    assert parsed.tables["ratings"].height == 19
    assert parsed.refused["reason"].to_list() == ["a figure that is no number"]
