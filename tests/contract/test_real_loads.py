"""Real files through the whole loader, where a mirror is named: what was counted in them, and what may be seen when."""

from __future__ import annotations

import os

import polars as pl
import pytest

from antepost.desk.lake import Lake
from antepost.domain.clock import SystemClock
from antepost.ingestion import SOURCES, ingest_all
from antepost.settings import Settings, get_settings

MIRROR = os.environ.get("ANTEPOST_MIRROR")
SPORTS = ("nba", "ncaaf", "wnba", "cfl")
AFTER = ("results", "periods", "team_stats", "player_stats")

if MIRROR:

    @pytest.fixture(scope="module")
    def place(tmp_path_factory: pytest.TempPathFactory) -> Settings:
        settings = get_settings(home=tmp_path_factory.mktemp("real") / "home", mirror=MIRROR, database_url=None)
        for sport in SPORTS:
            loads = ingest_all(settings, sport, SystemClock())
            assert loads.refused == {}
            assert not [name for name in loads.left_out if not SOURCES[name].live]
        return settings

    @pytest.fixture(scope="module")
    def lake(place: Settings) -> Lake:
        return Lake(place)

    def test_the_rows_are_those_that_were_counted_in_the_files(lake: Lake) -> None:
        games = {row["source"]: row["games"] for row in lake.loads().iter_rows(named=True)}
        assert games["kaggle_nba"] == 23_118
        assert games["oddsportal_nba"] == 23_146
        assert games["stats_nba"] == 2_160 + 4 * 2_460
        assert games["kaggle_cfb"] == 17_990
        assert games["neil_paine_wnba"] == 12_204
        assert games["wnba_props"] == 54_913

    def test_every_game_of_nba_com_and_every_priced_one_of_oddsportal_is_one_of_ours(lake: Lake) -> None:
        assert lake.read("team_stats", "nba").height == 12_000
        refused = lake.quarantine("nba").filter(pl.col("source") == "oddsportal_nba")
        assert set(refused["reason"]) == {"a pre-season game", "an all-star game"}

    def test_a_second_load_of_the_same_files_reads_nothing(place: Settings) -> None:
        for sport in SPORTS:
            for report in ingest_all(place, sport, SystemClock()).reports:
                assert (report.batch, report.payloads) == (None, ()), report.source

    @pytest.mark.parametrize("sport", SPORTS)
    def test_at_a_games_start_nothing_of_its_course_is_visible(lake: Lake, sport: str) -> None:
        for table in AFTER:
            assert lake.read(table, sport, as_of="close").is_empty(), table

    @pytest.mark.parametrize("sport", ["nba", "ncaaf"])
    def test_a_week_after_the_last_game_all_of_it_is(lake: Lake, sport: str) -> None:
        fixtures = lake.read("fixtures", sport)
        last = fixtures["start"].max()
        assert last is not None
        seen = lake.read("results", sport, as_of=f"{last:%Y}-12-31")
        played = fixtures.filter(pl.col("start") < pl.lit(f"{last:%Y}-12-24").str.to_datetime(time_zone="UTC"))
        assert seen.join(played, on="fixture", how="semi").height >= 0.99 * played.height

    def test_two_books_of_one_game_agree_about_who_is_favoured(lake: Lake) -> None:
        """OddsPortal's average and the Kaggle set's book were joined by names and days only."""
        prices = lake.prices("nba", market="moneyline").filter(
            (pl.col("label") == "close") & (pl.col("outcome") == "home")
        )
        both = prices.filter(pl.col("book") == "kaggle").join(
            prices.filter(pl.col("book") == "oddsportal"), on="fixture", suffix="_other"
        )
        assert both.height > 15_000
        assert both.select(((pl.col("odds") < 2) == (pl.col("odds_other") < 2)).mean()).item() > 0.95
