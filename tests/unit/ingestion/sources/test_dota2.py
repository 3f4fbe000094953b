"""Dota's files: sides without a home, series, minutes from ten lists, starts that are reckoned, facets by place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import Part
from antepost.ingestion.bundle import bundle
from antepost.ingestion.sources.dotaconstants import DOTACONSTANTS
from antepost.ingestion.sources.opendota import OPENDOTA as ANSWERS
from antepost.ingestion.sources.opendota_pro_2025 import OPENDOTA_PRO_2025
from antepost.ingestion.sources.opendota_team_matches import OPENDOTA_TEAM_MATCHES
from antepost.ingestion.sources.opendota_xp15 import OPENDOTA_XP15
from tests.payloads.esports import CONSTANTS, OPENDOTA, PRO_2025, TEAM_MATCHES, XP15

MATCHES = Part(name="matches", path="invented")
HOUR = timedelta(hours=1)


def _old() -> dict[str, pl.DataFrame]:
    return dict(OPENDOTA_TEAM_MATCHES.read(TEAM_MATCHES, MATCHES).tables)


def _new() -> dict[str, pl.DataFrame]:
    return dict(OPENDOTA_PRO_2025.read(PRO_2025, MATCHES).tables)


def test_the_side_with_the_lower_id_is_home_whoever_was_radiant_and_whoever_won() -> None:
    results = _old()["results"]
    assert set(results["home"]) == {"900001", "900002"}
    assert results["outcome"].to_list()[:3] == ["home", "away", "home"]
    assert results.select("home_score", "away_score").row(0) == (1, 0)


def test_who_was_radiant_and_what_was_picked_is_known_shortly_before_the_horn() -> None:
    rosters = _old()["rosters"].filter(pl.col("fixture") == "dota2-3000000001")
    told = {role: (team, player) for role, team, player in rosters.select("role", "team", "player").iter_rows()}
    assert told["radiant"] == ("900002", None)
    assert told["first_pick"] == ("900001", None)
    assert told["dire_pick_3"] == ("900001", "3")
    assert (rosters["event_at"] - rosters["known_at"]).unique().to_list() == [timedelta(seconds=90)]


def test_a_second_game_of_a_series_is_not_listed_before_the_first_is_over() -> None:
    """That two sides meet again at once tells that the series was not decided."""
    fixtures = _old()["fixtures"]
    ahead = (fixtures["start"] - fixtures["known_at"]).to_list()
    assert ahead[0] == 12 * HOUR
    assert ahead[1] == timedelta(seconds=4200 - 2400)
    assert ahead[3:] == [12 * HOUR] * 3


def test_a_result_is_known_half_an_hour_after_the_match_took_its_time() -> None:
    results = _old()["results"]
    assert results["known_at"][0] - results["event_at"][0] == timedelta(seconds=2400, minutes=30)
    assert set(results["known_how"]) == {"bounded"}


def test_a_start_without_a_clock_is_reckoned_from_the_id_and_says_so() -> None:
    parsed = OPENDOTA_XP15.read(XP15, Part(name="v1", path="invented"))
    fixtures = parsed.tables["fixtures"]
    assert fixtures["start"].is_sorted()
    assert fixtures["start"][0] == datetime(2024, 2, 18, 18, 4, 51, tzinfo=UTC)
    assert set(fixtures["event_precision"]) == {"none"}
    assert set(fixtures["known_how"]) == {"assumed"}


def test_a_match_without_a_winner_is_a_fixture_and_no_result() -> None:
    tables = OPENDOTA_XP15.read(XP15, Part(name="v1", path="invented")).tables
    assert tables["fixtures"].height == 3
    assert tables["results"]["outcome"].to_list() == ["away", "away"]


def test_a_lead_of_radiant_is_told_of_both_sides() -> None:
    states = OPENDOTA_XP15.read(XP15, Part(name="v1", path="invented")).tables["minute_states"]
    leads = {(row["fixture"], row["side"]): row["experience_lead"] for row in states.iter_rows(named=True)}
    assert leads["dota2-7594656020", "home"] == 5203
    assert leads["dota2-7594656021", "away"] == -12
    assert leads["dota2-7594656021", "home"] == 12
    assert states["experience"].null_count() == states.height


def test_an_id_outside_the_dated_ones_is_refused() -> None:
    parsed = OPENDOTA_XP15.read(XP15.replace(b"7594656021", b"9594656021"), Part(name="v1", path="invented"))
    assert parsed.refused["reason"].to_list() == ["an id outside those of 2024, from which no start can be reckoned"]


def test_minutes_are_summed_over_five_players_and_what_fell_is_counted_from_its_moment() -> None:
    states = _new()["minute_states"].filter(pl.col("fixture") == "dota2-8500000001")
    # Radiant has the higher id, so it is away; the tower falls in the second that ends the first minute.
    radiant = states.filter(pl.col("side") == "away").sort("minute")
    dire = states.filter(pl.col("side") == "home").sort("minute")
    assert radiant["gold"].to_list() == [0, 500, 1250]
    assert radiant["experience"].to_list() == [0, 260, 600]
    assert dire["experience_lead"].to_list() == [0, 25, 0]
    assert radiant["towers"].to_list() == [0, 1, 1]
    assert radiant["kills"].to_list() == [0, 0, 1]
    assert dire["barracks"].to_list() == [0, 0, 1]
    assert dire["roshans"].to_list() == [0, 0, 1]


def test_a_minute_is_known_once_the_longest_broadcast_delay_is_over() -> None:
    states = _new()["minute_states"]
    behind = states["known_at"] - states["event_at"] - pl.Series([timedelta(minutes=m) for m in states["minute"]])
    assert set(behind) == {timedelta(minutes=15)}


def test_a_facet_is_known_only_with_the_result() -> None:
    tables = _new()
    assert tables["player_stats"]["facet"].to_list()[:3] == [1, 2, 3]
    assert (tables["player_stats"]["known_at"] > tables["player_stats"]["event_at"]).all()
    assert not tables["rosters"]["role"].str.contains("facet").any()


def test_a_series_numbers_its_games_and_tells_its_length() -> None:
    fixtures = _new()["fixtures"].sort("start")
    assert fixtures.select("stage", "sequence", "venue_name").rows() == [
        ("BO3", 1, "Inventville Open"),
        ("BO3", 2, "Inventville Open"),
    ]


def test_facets_count_from_one_and_are_gone_with_the_patch_that_took_them_all() -> None:
    """34 facets are not marked as given up, although the game has none any more."""
    constants = DOTACONSTANTS.read(CONSTANTS, Part(name="build", path="invented")).tables["constants"]
    facets = constants.filter(pl.col("kind") == "facet")
    assert facets.select("code", "number", "name").rows() == [("1-1", 1, "First"), ("1-2", 2, "Second")]
    assert facets["until"].null_count() == 0
    assert facets["until"][0] == datetime(2026, 3, 24, 0, 50, 59, 580000, tzinfo=UTC)


def test_an_item_without_a_name_goes_by_its_key() -> None:
    constants = DOTACONSTANTS.read(CONSTANTS, Part(name="build", path="invented")).tables["constants"]
    assert constants.filter(pl.col("kind") == "item")["name"].to_list() == ["Blink Dagger", "nameless"]


def test_constants_of_another_layout_are_refused() -> None:
    with pytest.raises(DataError, match="another layout"):
        DOTACONSTANTS.read(bundle([b"[]", b"[]", b"{}", b"{}"]), Part(name="build", path="invented"))


def test_an_answer_tells_radiants_lead_and_both_sides_kills() -> None:
    tables = ANSWERS.read(OPENDOTA, Part(name="proMatches", path="invented")).tables
    home = tables["minute_states"].filter(pl.col("side") == "home").sort("minute")
    assert home["gold_lead"].to_list() == [0, 120, -300]
    assert home["experience_lead"].to_list() == [0, -10, 20]
    assert tables["team_stats"].sort("side").select("side", "team", "kills").rows() == [
        ("away", "900002", 20),
        ("home", "900001", 31),
    ]


def test_a_total_is_known_after_the_end_that_the_answer_tells_however_long_it_took() -> None:
    """A match may last twice as long as usual; by the sport's usual duration its kills were known in the middle."""
    stats = ANSWERS.read(OPENDOTA, Part(name="proMatches", path="invented")).tables["team_stats"]
    ended = datetime.fromtimestamp(1500000000 + 2400, tz=UTC)
    assert set(stats["known_at"]) == {ended + timedelta(minutes=30)}
    assert set(stats["known_how"]) == {"bounded"}


def test_a_list_of_another_length_gives_no_minutes() -> None:
    tables = ANSWERS.read(OPENDOTA.replace(b"[0, 10, -20]", b"[0, 10]"), Part(name="proMatches", path="x")).tables
    assert tables["minute_states"].is_empty()
    assert tables["team_stats"].height == 2


def test_lists_of_a_player_that_differ_in_length_are_refused() -> None:
    with pytest.raises(DataError, match="different lengths"):
        OPENDOTA_PRO_2025.read(PRO_2025.replace(b"[0, 100, 250]", b"[0,   100250]"), MATCHES)
