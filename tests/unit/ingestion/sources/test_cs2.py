"""Counter-Strike's files: labels a round late, warm-ups, sides without names, scores in rounds or maps."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import Part
from antepost.ingestion.sources.csgo_games import CSGO_GAMES
from antepost.ingestion.sources.csgo_round_snapshots import CSGO_ROUND_SNAPSHOTS
from antepost.ingestion.sources.csgo_server_logs import CSGO_SERVER_LOGS
from antepost.ingestion.sources.nuel_rounds import NUEL_ROUNDS
from tests.payloads.esports import GAMES, NUEL, SERVER_LOG, SNAPSHOTS

PART = Part(name="invented", path="invented")


def test_a_label_is_rebuilt_from_the_next_rounds_score() -> None:
    """The first snapshot of a round carries the winner of the round before."""
    states = CSGO_ROUND_SNAPSHOTS.read(SNAPSHOTS, PART).tables["round_states"]
    over = states.filter((pl.col("phase") == "over") & (pl.col("role") == "ct")).sort("game", "round")
    assert over.select("game", "round", "won").rows() == [
        ("csgo_round_snapshots-0001", 1, True),
        ("csgo_round_snapshots-0001", 2, False),
        ("csgo_round_snapshots-0001", 3, False),
    ]


def test_a_round_of_which_nothing_tells_the_winner_has_none() -> None:
    states = CSGO_ROUND_SNAPSHOTS.read(SNAPSHOTS, PART).tables["round_states"]
    last = states.filter(pl.col("game") == "csgo_round_snapshots-0002")
    assert last["phase"].to_list() == ["buy", "buy"]


def test_no_snapshot_within_a_round_tells_who_won_it() -> None:
    states = CSGO_ROUND_SNAPSHOTS.read(SNAPSHOTS, PART).tables["round_states"]
    assert states.filter(pl.col("phase") != "over")["won"].null_count() == 12
    assert states["fixture"].null_count() == states.height


def test_weapons_are_counted_by_class_and_the_bomb_makes_a_phase() -> None:
    states = CSGO_ROUND_SNAPSHOTS.read(SNAPSHOTS, PART).tables["round_states"]
    planted = states.filter(pl.col("phase") == "planted")
    told = ("role", "clock_ms", "alive", "kits", "snipers", "pistols", "rifles", "grenades")
    assert planted.select(told).rows() == [("ct", 39500, 5, 1, 1, 4, 0, 0), ("t", 39500, 4, 0, 0, 0, 3, 2)]


def test_sides_stand_in_the_order_of_their_names_and_meetings_of_a_day_are_numbered() -> None:
    tables = CSGO_GAMES.read(GAMES, PART).tables
    assert tables["fixtures"]["fixture"].to_list()[:2] == [
        "cs2-2016-01-14-eastern-western-1",
        "cs2-2016-01-14-eastern-western-2",
    ]
    assert tables["results"].select("home_score", "away_score", "outcome").rows()[:2] == [
        (0, 2, "away"),
        (16, 12, "home"),
    ]


def test_a_score_tells_a_map_from_a_series() -> None:
    tables = CSGO_GAMES.read(GAMES, PART).tables
    assert tables["fixtures"]["stage"].to_list() == ["SERIES", "MAP", "SERIES", "MAP", "MAP", "SERIES"]
    assert tables["results"].filter(pl.col("home_score") == 15)["outcome"].to_list() == ["draw"]


def test_games_that_cannot_be_told_are_refused() -> None:
    refused = CSGO_GAMES.read(GAMES, PART).refused
    assert sorted(refused["reason"]) == [
        "a score that is neither rounds of a map nor maps of a series",
        "a side is missing",
        "the same row again",
    ]


def test_a_match_of_the_league_has_its_rounds_and_a_score_before_each() -> None:
    tables = NUEL_ROUNDS.read(NUEL, PART).tables
    assert tables["results"].select("home", "away", "home_score", "outcome").row(0) == ("Eastern", "Western", 2, "home")
    home = tables["round_states"].filter(pl.col("side") == "home").sort("round")
    assert home["score"].to_list() == [0, 0, 1]
    assert home["won"].to_list() == [False, True, True]
    assert home["kills"].to_list() == [1, 4, 4]
    assert home["damage"][0] == 107
    assert home["reason"].to_list() == ["defusal", "elimination", "explosion"]


def test_how_a_round_ended_is_known_once_the_next_begins() -> None:
    home = NUEL_ROUNDS.read(NUEL, PART).tables["round_states"].filter(pl.col("side") == "home").sort("round")
    behind = home["known_at"] - home["event_at"]
    assert behind.to_list() == [timedelta(seconds=12 + 100 + 120), timedelta(seconds=112 + 100 + 120),
                                timedelta(seconds=212 + 180 + 120)]  # fmt: skip


def test_two_sides_of_one_name_have_rounds_and_no_fixture() -> None:
    parsed = NUEL_ROUNDS.read(NUEL.replace(b"Eastern", b"WESTERN"), PART)
    assert parsed.tables["fixtures"].is_empty()
    assert parsed.tables["round_states"].height == 6
    assert parsed.refused.height == 2


def test_a_log_counts_from_the_last_start_and_follows_the_sides_through_half_time() -> None:
    tables = CSGO_SERVER_LOGS.read(SERVER_LOG, PART).tables
    assert tables["results"].select("home", "away", "home_score", "away_score").row(0) == ("Eastern", "Western", 2, 1)
    over = tables["round_states"].filter((pl.col("phase") == "over") & pl.col("won")).sort("round")
    assert over.select("round", "role", "side", "reason").rows() == [
        (1, "ct", "away", "defusal"),
        (2, "ct", "home", "elimination"),
        (3, "ct", "home", "elimination"),
    ]


def test_a_log_tells_who_lives_and_with_what() -> None:
    states = CSGO_SERVER_LOGS.read(SERVER_LOG, PART).tables["round_states"]
    after = states.filter((pl.col("round") == 1) & (pl.col("sequence") == 2)).sort("role")
    told = ("role", "alive", "kills", "snipers", "pistols", "grenades", "helmets", "kits", "elapsed_ms")
    assert after.select(told).rows() == [
        ("ct", 5, 1, 1, 1, 1, 1, 1, 31000),
        ("t", 4, 0, None, None, None, None, None, 31000),
    ]


@pytest.mark.parametrize(("old", "new"), [(b"Eastern", b"Western"), (b'Team playing "CT": Western', b"nothing")])
def test_a_log_that_does_not_name_both_sides_has_rounds_and_no_fixture(old: bytes, new: bytes) -> None:
    tables = CSGO_SERVER_LOGS.read(SERVER_LOG.replace(old, new), PART).tables
    assert tables["fixtures"].is_empty()
    assert tables["round_states"]["side"].null_count() == tables["round_states"].height > 0


def test_a_log_without_the_end_of_its_match_is_refused() -> None:
    with pytest.raises(DataError, match="without the end of a match"):
        CSGO_SERVER_LOGS.read(SERVER_LOG.replace(b"Game Over", b"Pause"), PART)
