"""The WNBA: a game told twice, neutral sites, and player props with their outcomes."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.source import Parsed
from antepost.ingestion.sources.neil_paine_wnba import NEIL_PAINE_WNBA
from antepost.ingestion.sources.wnba_props import WNBA_PROPS, WNBA_PROPS_OUTCOMES
from tests.payloads.ncaab import parquet
from tests.payloads.wnba import ELO, OUTCOMES, QUOTES


def _games(data: bytes = ELO) -> Parsed:
    return NEIL_PAINE_WNBA.read(data, NEIL_PAINE_WNBA.parts(2026)[0])


def _quotes(**columns: list[str]) -> Parsed:
    return WNBA_PROPS.read(parquet({**QUOTES, **columns}), WNBA_PROPS.parts(2026)[0])


def test_two_rows_are_one_game_seen_from_home() -> None:
    parsed = _games()
    assert parsed.games == 6
    assert parsed.tables["fixtures"]["fixture"][0] == "wnba-2019-05-24-dallas-wings-atlanta-dream"
    assert parsed.tables["results"].select("home", "home_score", "away_score", "outcome").row(2) == (
        "Las Vegas Aces", 60, 79, "away",
    )  # fmt: skip


def test_at_a_neutral_site_the_alphabet_and_not_the_winner_is_home() -> None:
    """Both rows of such a game call themselves visitors; the first row of the file is the winner's."""
    fixture = _games().tables["fixtures"].row(1, named=True)
    assert (fixture["home"], fixture["away"], fixture["neutral"]) == ("Connecticut Sun", "Seattle Storm", True)


def test_a_game_that_is_told_once_or_differently_is_refused() -> None:
    lines = ELO.splitlines(keepends=True)
    assert _games(b"".join(lines[:-1])).refused["reason"].to_list() == ["a game that is not told twice"]
    other = ELO.replace(b"0.34,0.66,79,60", b"0.34,0.66,79,61")
    assert set(_games(other).refused["reason"]) == {"two rows of one game contradict each other"}


def test_the_chances_are_a_rivals_forecast_before_the_start() -> None:
    forecasts = _games().tables["forecasts"]
    first = forecasts.filter(pl.col("fixture") == "wnba-2019-05-24-dallas-wings-atlanta-dream")
    assert dict(first.select("outcome", pl.col("probability").round(3)).iter_rows()) == {"home": 0.613, "away": 0.387}
    assert (forecasts["known_at"] < forecasts["event_at"]).all()


def test_a_quote_is_known_from_its_snapshot() -> None:
    prices = _quotes().tables["prices"]
    first = prices.row(0, named=True)
    assert first["known_at"] == first["quoted_at"] == datetime(2026, 5, 7, 23, 25, 38, tzinfo=UTC)
    assert (first["market"], first["player"], first["label"], first["line"]) == ("player_assists", "7001", "quote", 2.5)
    assert first["known_how"] == "recorded"
    assert round(first["odds"], 3) == 1.575


def test_several_lines_of_one_book_at_one_moment_are_markets_of_their_own() -> None:
    """BetRivers offers a ladder of overs; the lake holds one fact of a market, player, outcome and moment."""
    markets = _quotes().tables["prices"].filter(pl.col("book") == "betrivers")["market"]
    assert markets.to_list() == ["player_points@11.5", "player_points@12.5"]


def test_a_row_that_is_written_twice_counts_once() -> None:
    assert _quotes().refused["reason"].to_list() == ["the same row again"]


def test_a_quote_from_within_the_game_is_refused() -> None:
    parsed = _quotes(snapshot_time=["2026-05-08T23:30:00Z", *QUOTES["snapshot_time"][1:]])
    assert "a quote after the start" in parsed.refused["reason"].to_list()


def test_the_quotes_bring_their_games_and_players() -> None:
    tables = _quotes().tables
    assert tables["fixtures"].select("fixture", "home", "away", "season").rows() == [
        ("wnba-90001", "New York Liberty", "Portland Fire", 2026)
    ]
    assert tables["entities"].select("entity", "kind", "name").rows() == [
        ("7001", "player", "Ann Invented"), ("7002", "player", "Bea Invented"),
    ]  # fmt: skip


def test_outcomes_are_one_row_a_player_and_null_where_nothing_is_told() -> None:
    stats = WNBA_PROPS_OUTCOMES.read(parquet(OUTCOMES), WNBA_PROPS_OUTCOMES.parts(2026)[0]).tables["player_stats"]
    assert stats.select("fixture", "player", "points", "rebounds", "turnovers").rows() == [
        ("wnba-90001", "7001", 12, 5, 2), ("wnba-90001", "7002", 9, None, None),
    ]  # fmt: skip
    assert set(stats["event_at"]) == {stamps.UNDATED}
