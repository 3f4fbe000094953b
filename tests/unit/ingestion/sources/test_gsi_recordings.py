"""Recorded bodies of a live match: ticks, minutes and winners, known when they were received and not before."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.domain.clock import FixedClock
from antepost.errors import DataError
from antepost.ingestion import Parsed, ingest
from antepost.ingestion.restore import restore
from antepost.ingestion.sources.gsi_recordings import FOLDER, GSI_RECORDINGS
from antepost.ingestion.sources.opendota_newest import OPENDOTA_NEWEST
from antepost.lake import asof, silver
from antepost.settings import Settings, get_settings
from tests.payloads import esports, gsi
from tests.payloads.gsi import HORN, RECORDING, hero, packed, player, recorded, spectated

PART = FOLDER.part("3000000001")
LATER = FixedClock(HORN + timedelta(days=400))


def _read(data: bytes) -> Parsed:
    return GSI_RECORDINGS.read(data, PART)


def _ticks(*bodies: gsi.Body | str) -> pl.DataFrame:
    return _read(recorded(bodies)).tables["ticks"]


def test_every_body_is_a_tick_that_is_known_when_it_was_received() -> None:
    ticks = _read(RECORDING).tables["ticks"]
    assert ticks["clock"].to_list() == [-60, 59, 60, 61, 120]
    assert ticks["event_at"].to_list() == [HORN + timedelta(seconds=second) for second in (-60, 59, 60, 61, 120)]
    first = HORN + timedelta(seconds=60)
    assert ticks["known_at"].to_list()[:2] == [first, first + timedelta(seconds=119, milliseconds=100)]
    assert set(ticks["known_how"]) == {"recorded"}


def test_sums_are_of_five_players_each() -> None:
    tick = _ticks(spectated(60)).row(0, named=True)
    assert (tick["radiant_gold"], tick["dire_net_worth"], tick["radiant_kills"]) == (1500, 5000, 5)
    assert (tick["radiant_experience"], tick["dire_experience"]) == (4010, 4035)
    assert (tick["radiant_alive"], tick["dire_alive"]) == (5, 4)


def test_a_side_of_which_a_player_is_silent_is_not_told() -> None:
    body = spectated(60)
    players = {f"player{number}": player(number) for number in range(4)}
    body["player"] = {"team2": {**players, "player4": {"kills": 3}}, "team3": players}
    tick = _ticks(body).row(0, named=True)
    assert (tick["radiant_gold"], tick["radiant_kills"], tick["dire_gold"]) == (None, 7, None)


def test_a_players_own_client_tells_clock_and_own_buildings_only() -> None:
    body = spectated(60, player=player(0), hero=hero(0))
    body["buildings"] = {
        "radiant": {"dota_goodguys_tower1_mid": {}, "good_rax_melee_mid": {}, "dota_goodguys_fort": {}}
    }
    tick = _ticks(body).row(0, named=True)
    assert (tick["clock"], tick["radiant_gold"], tick["radiant_towers"]) == (60, None, None)
    assert (tick["dire_towers"], tick["dire_barracks"]) == (10, 5)


def test_a_building_that_is_missing_was_taken_by_the_other_side() -> None:
    ticks = _ticks(
        spectated(60, fallen=["dota_badguys_tower1_mid", "bad_rax_melee_mid"]),
        spectated(61, buildings={"radiant": {}, "dire": {}}),
        spectated(70, "HERO_SELECTION"),
    )
    assert ticks["radiant_towers"].to_list() == [1, None, None]
    assert ticks["radiant_barracks"].to_list() == [1, None, None]
    assert ticks["dire_towers"].to_list() == [0, None, None]


def test_valves_own_chance_and_the_changes_since_the_last_body_are_not_read() -> None:
    body, other = spectated(60), spectated(60, previously={"player": {}}, added={"events": True})
    told = other["map"]
    assert isinstance(told, dict)
    other["map"] = {**told, "radiant_win_chance": 99}
    apart = ("sequence", "known_at")
    one, two = _ticks(body, other).drop(apart).rows()
    assert one == two


def test_a_body_that_came_twice_counts_once() -> None:
    parsed = _read(recorded([spectated(60), spectated(60), spectated(61)]))
    assert parsed.tables["ticks"]["sequence"].to_list() == [0, 2]
    assert parsed.refused["reason"].to_list() == ["the same body again"]
    assert parsed.games == 3


def test_what_cannot_be_used_is_refused_without_its_text() -> None:
    bodies = [
        spectated(60, match="0"),
        spectated(60, auth={"token": "top secret"}),
        spectated(60, provider={}),
        "{",
        spectated(60, provider={"timestamp": 1 << 62}),
        spectated(61),
    ]
    parsed = _read(recorded(bodies))
    assert parsed.tables["ticks"].height == 1
    assert parsed.refused.height == 5
    assert not parsed.refused["row"].str.contains("secret").any()


def test_the_newest_body_of_a_second_stands_for_its_minute() -> None:
    """Ten bodies share a game second: the first knows less than the last, which is known later."""
    richer = spectated(
        60, player={team: {f"player{n}": player(n, last_hits=20) for n in range(5)} for team in ("team2", "team3")}
    )
    parsed = _read(recorded([spectated(59), spectated(60), richer, spectated(61)]))
    minutes = parsed.tables["minute_states"]
    assert minutes.select("minute", "side", "last_hits", "gold", "gold_lead", "experience_lead").rows() == [
        (1, "away", 100, 1500, 0, 25),
        (1, "home", 100, 1500, 0, -25),
    ]
    assert minutes["known_at"][0] == parsed.tables["ticks"]["known_at"][2]


def test_a_minute_whose_second_was_missed_has_no_row() -> None:
    assert _read(recorded([spectated(59), spectated(61)])).tables["minute_states"].is_empty()


def test_roshans_are_counted_by_whoever_watched_from_the_beginning() -> None:
    fallen = {"game_time": 900, "event_type": "roshan_killed", "killed_by_team": "dire"}
    tip = {"game_time": 901, "event_type": "tip"}
    played = [spectated(700, events=[fallen]), spectated(701, events=[fallen, tip]), spectated(800)]
    assert _ticks(*played)["dire_roshans"].to_list() == [None] * 3
    watched = _ticks(spectated(-5, "PRE_GAME"), *played)
    assert watched["dire_roshans"].to_list() == [0, 1, 1, 1]
    assert watched["radiant_roshans"].to_list() == [0] * 4


def test_a_winner_is_known_from_the_first_body_that_tells_it() -> None:
    over = spectated(2400, "POST_GAME")
    told = over["map"]
    assert isinstance(told, dict)
    over["map"] = {**told, "win_team": "radiant"}
    parsed = _read(recorded([spectated(2399), over]))
    result = parsed.tables["results"].row(0, named=True)
    assert (result["outcome"], result["home_score"], result["known_at"]) == (
        "home", 1, HORN + timedelta(seconds=2520, milliseconds=100),
    )  # fmt: skip


def test_a_body_alone_is_known_the_second_after_its_own_clock() -> None:
    data = json.dumps(spectated(60)).encode()
    tick = GSI_RECORDINGS.read(data, GSI_RECORDINGS.parts(2026)[0]).tables["ticks"].row(0, named=True)
    assert tick["known_at"] - tick["event_at"] == timedelta(seconds=1)


def test_a_line_longer_than_any_body_is_refused() -> None:
    with pytest.raises(DataError, match="line of more than"):
        _read(packed(b'{"a": "' + b"x" * 7_000_000 + b'"}\n'))


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """A home that knows the match, and has its recording among its own."""
    settings = get_settings(home=tmp_path / "home", mirror=str(tmp_path / "mirror"))
    matches = tmp_path / "mirror" / "dota2" / "pro_2017_2019_teams" / "team_matches.csv"
    matches.parent.mkdir(parents=True)
    matches.write_bytes(esports.TEAM_MATCHES)
    ingest(settings, "dota2", LATER, source="opendota_team_matches")
    own = settings.recordings / PART.path
    own.parent.mkdir(parents=True)
    own.write_bytes(RECORDING)
    return settings


def test_a_homes_recordings_become_history_of_the_matches_it_knows(place: Settings) -> None:
    report = ingest(place, "dota2", LATER, source="gsi_recordings")
    assert report.payloads[0][0] == "3000000001"
    ticks = silver.read(place, "ticks", "dota2")
    assert set(ticks["fixture"]) == {"dota2-3000000001"}
    assert ticks["event_at"][0] == HORN - timedelta(seconds=60)
    assert set(ticks["season"]) == {2017}
    # Home is Dire in this match: it took nothing, and Radiant took the tower.
    minute = silver.read(place, "minute_states", "dota2")
    assert minute.sort("side").select("side", "towers", "experience_lead").rows() == [
        ("away", 1, -25), ("home", 0, 25),
    ]  # fmt: skip
    assert set(minute["event_at"]) == set(silver.read(place, "fixtures", "dota2")["start"][:1])
    assert ingest(place, "dota2", LATER, source="gsi_recordings").batch is None


def test_ticks_that_are_gone_come_back_from_the_bytes(place: Settings) -> None:
    ingest(place, "dota2", LATER, source="gsi_recordings")
    before = silver.read(place, "ticks", "dota2")
    silver.clear(place, "ticks", "dota2")
    (place.recordings / PART.path).unlink()
    assert restore(place, "dota2") == {"ticks": before.height}
    assert silver.read(place, "ticks", "dota2").equals(before)


def test_a_tick_is_seen_after_its_receipt_only(place: Settings) -> None:
    ingest(place, "dota2", LATER, source="gsi_recordings")
    ticks = silver.read(place, "ticks", "dota2")
    key = ("fixture", "stream", "sequence")
    receipt = HORN + timedelta(seconds=60)
    assert asof.visible(ticks, key, receipt).is_empty()
    assert asof.visible(ticks, key, receipt + timedelta(microseconds=1)).height == 1


def test_a_recording_of_an_unknown_match_waits_for_its_fixture(place: Settings, tmp_path: Path) -> None:
    unknown = recorded([spectated(60, match="3000000099")], stream="hall-2")
    (place.recordings / FOLDER.part("3000000099").path).write_bytes(unknown)
    ingest(place, "dota2", LATER, source="gsi_recordings")
    assert "no fixture of this id" in set(silver.read(place, "quarantine", "dota2")["reason"])
    listed = tmp_path / "mirror" / OPENDOTA_NEWEST.parts(2026)[0].path
    listed.parent.mkdir(parents=True)
    listed.write_bytes(esports.newest(3000000099))
    ingest(place, "dota2", LATER, source="opendota_newest")
    ingest(place, "dota2", LATER, source="gsi_recordings")
    ticks = silver.read(place, "ticks", "dota2").filter(pl.col("fixture") == "dota2-3000000099")
    assert ticks["known_at"].to_list() == [HORN + timedelta(seconds=180)]


def test_a_list_of_the_newest_matches_takes_none_off(place: Settings, tmp_path: Path) -> None:
    listed = tmp_path / "mirror" / OPENDOTA_NEWEST.parts(2026)[0].path
    listed.parent.mkdir(parents=True)
    before = silver.read(place, "fixtures", "dota2").height
    for numbers in ((3000000001, 3000000098), (3000000099,)):
        listed.write_bytes(esports.newest(*numbers))
        ingest(place, "dota2", LATER, source="opendota_newest")
    fixtures = silver.read(place, "fixtures", "dota2")
    assert fixtures.height == before + 2
    last = fixtures.filter(pl.col("fixture") == "dota2-3000000099").row(0, named=True)
    assert (last["home"], last["away"], last["stage"], last["venue"]) == ("900001", "900002", "BO3", "17000")
