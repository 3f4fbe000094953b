"""Open-Meteo's forecasts: known when they were answered, in our units, for the ground of a game."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import polars as pl

from antepost.domain import FixedClock
from antepost.ingestion import SOURCES, Parsed, Part, ingest
from antepost.ingestion.sources.open_meteo import request
from antepost.lake import facts
from antepost.settings import Settings
from tests.payloads.live import forecasts

NFL = SOURCES["open_meteo_nfl"]
PART = Part(name="forecasts", path="open_meteo/nfl/forecasts.json")


def read(change: Callable[[dict[str, object]], None]) -> Parsed:
    [asked] = json.loads(forecasts())
    change(asked)
    return NFL.read(json.dumps([asked]).encode(), PART)


def test_a_forecast_is_known_when_it_was_answered() -> None:
    weather = NFL.read(forecasts(), PART).tables["weather"]
    assert set(weather["known_at"]) == set(weather["issued_at"]) == {datetime(2031, 9, 13, 12, tzinfo=UTC)}
    assert set(weather["known_how"]) == {"recorded"}
    assert set(weather["kind"]) == {"forecast"}


def test_the_hours_around_the_game_are_taken() -> None:
    weather = NFL.read(forecasts(), PART).tables["weather"]
    assert weather["valid_at"].dt.hour().to_list() == [16, 17, 18, 19, 20]
    assert weather["temp"].to_list() == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_other_units_or_other_hours_than_asked_for_are_refused() -> None:
    def metric(asked: dict[str, object]) -> None:
        asked["answer"]["hourly_units"]["temperature_2m"] = "°C"  # pyright: ignore[reportIndexIssue]

    def local(asked: dict[str, object]) -> None:
        asked["answer"]["utc_offset_seconds"] = -18000  # pyright: ignore[reportIndexIssue]

    def short(asked: dict[str, object]) -> None:
        asked["answer"]["hourly"]["precipitation"].pop()  # pyright: ignore[reportIndexIssue]

    told = ["units that were not asked for", "hours that are not UTC", "columns of different lengths"]
    for change, reason in zip((metric, local, short), told, strict=True):
        parsed = read(change)
        assert parsed.refused["reason"].to_list() == [reason]
        assert parsed.tables["weather"].is_empty()


def test_an_hour_that_had_begun_is_no_forecast() -> None:
    def late(asked: dict[str, object]) -> None:
        asked["received_at"] = "2031-09-14T18:30:00Z"

    parsed = read(late)
    assert parsed.tables["weather"]["valid_at"].dt.hour().to_list() == [19, 20]
    assert set(parsed.refused["reason"]) == {"an hour that had begun: no forecast any more"}


def test_an_answer_alone_belongs_to_no_game() -> None:
    [asked] = json.loads(forecasts())
    parsed = NFL.read(json.dumps(asked["answer"]).encode(), PART)
    assert parsed.tables == {}
    assert parsed.refused["reason"].to_list() == ["a forecast without its ground and the moment of its answer"]


def test_a_request_names_the_place_the_hours_and_our_units() -> None:
    asked = httpx.URL(request(44.5013, -88.0622, datetime(2031, 9, 14, 17, 25, tzinfo=UTC))).params
    assert (asked["latitude"], asked["longitude"]) == ("44.5013", "-88.0622")
    assert (asked["start_hour"], asked["end_hour"]) == ("2031-09-14T17:00", "2031-09-14T22:00")
    assert (asked["temperature_unit"], asked["wind_speed_unit"], asked["timezone"]) == ("fahrenheit", "mph", "GMT")


def test_a_forecast_finds_the_game_on_its_ground(
    place: Settings, game: Callable[..., dict[str, str]], file: Callable[..., bytes], mirror: Callable[[bytes], str]
) -> None:
    clock = FixedClock(datetime(2031, 9, 20, 8, tzinfo=UTC))
    where = mirror(file(game(gameday="2031-09-14")))
    ingest(place, "nfl", clock, mirror=where)
    path = Path(where) / PART.path
    path.parent.mkdir(parents=True)
    path.write_bytes(forecasts())
    report = ingest(place, "nfl", clock, mirror=where, source="open_meteo_nfl")
    assert report.added == {"weather": 5}
    kept = facts(place, "nfl")["weather"].filter(pl.col("kind") == "forecast")
    assert kept["fixture"].n_unique() == 1
    assert set(kept["known_at"]) == {datetime(2031, 9, 13, 12, tzinfo=UTC)}
