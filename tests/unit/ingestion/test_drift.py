"""Whether a feed is as its parser knows it, asked of a server of this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from antepost.domain import SystemClock
from antepost.errors import SourceAbsent, SourceError
from antepost.ingestion import Part, check_live
from antepost.ingestion.client import Client
from antepost.ingestion.drift import Drift
from antepost.settings import Settings, get_settings
from tests.payloads.live import forecasts, odds, scoreboard
from tests.upstream import OverLoopback, Upstream, says, serving

KEY = "a-key-that-nobody-may-see"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serving() as made:
        yield made


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return get_settings(home=tmp_path / "home", mirror="/nowhere", odds_api_key=KEY)


@pytest.fixture
def look(upstream: Upstream, place: Settings) -> Callable[[str, bytes], Drift]:
    """Let upstream answer with these bytes, and look whether the source has drifted."""

    def asked(source: str, body: bytes) -> Drift:
        upstream.replies = [says(200, body, x_requests_remaining="17")]
        client = Client(transport=OverLoopback(upstream.url), sleep=lambda _: None)
        return check_live(place, source, SystemClock(), client=client)

    return asked


def test_a_feed_as_we_know_it_has_not_drifted(
    look: Callable[[str, bytes], Drift], upstream: Upstream, place: Settings
) -> None:
    found = look("the_odds_api_nfl", odds("americanfootball_nfl"))
    assert not found.drifted
    assert found.missing == ()
    assert "sport_title" in found.unread
    assert found.quota == 17
    assert found.rows > 0
    assert len(upstream.asked) == 1
    assert f"apiKey={KEY}" in upstream.asked[0][0]
    assert KEY not in repr(found)
    assert not place.home.exists()


def test_a_key_that_is_needed_and_gone_is_drift(look: Callable[[str, bytes], Drift]) -> None:
    found = look("the_odds_api_nfl", odds("americanfootball_nfl").replace(b"commence_time", b"starts_at"))
    assert found.drifted
    assert "commence_time" in found.missing
    assert "starts_at" in found.unread
    assert "commence_time" in (found.refused or "")


def test_a_key_that_has_nothing_to_tell_today_is_no_drift(look: Callable[[str, bytes], Drift]) -> None:
    found = look("espn_nfl", scoreboard("nfl"))
    assert not found.drifted
    assert "athlete" in found.missing


@pytest.mark.parametrize("change", [("", ""), ("stadium_id", "ground")])
def test_a_column_that_was_renamed_is_drift(
    look: Callable[[str, bytes], Drift], file: Callable[..., bytes], game: Callable[..., dict[str, str]],
    change: tuple[str, str],
) -> None:  # fmt: skip
    old, new = change
    found = look("nflverse", file(game()).replace(old.encode(), new.encode(), 1) if old else file(game()))
    assert found.drifted is bool(old)
    assert found.missing == ((old,) if old else ())
    assert found.tabular


def test_a_feed_that_has_to_be_asked_for_a_place_is_asked_for_one(look: Callable[[str, bytes], Drift]) -> None:
    [asked] = json.loads(forecasts())
    found = look("open_meteo_nfl", json.dumps(asked["answer"]).encode())
    assert (found.part, found.drifted) == ("probe", False)
    del asked["answer"]["hourly_units"]
    assert look("open_meteo_nfl", json.dumps(asked["answer"]).encode()).drifted


@pytest.mark.parametrize("body", [b"", b"[1, 2", b"PAR1 cut off", bytes(range(256)) * 50_000])
def test_rubbish_is_drift_and_no_crash(look: Callable[[str, bytes], Drift], body: bytes) -> None:
    assert look("the_odds_api_nfl", body).drifted


def test_what_has_no_upstream_cannot_be_asked(place: Settings) -> None:
    for source in ("sbr_mlb", "simulated"):
        with pytest.raises(SourceAbsent, match="no upstream"):
            check_live(place, source, SystemClock())


def test_a_host_that_refuses_is_an_error_and_no_drift(upstream: Upstream, place: Settings) -> None:
    upstream.replies = [says(401)]
    with pytest.raises(SourceError, match="answered 401") as caught:
        check_live(place, "the_odds_api_nfl", SystemClock(), client=Client(transport=OverLoopback(upstream.url)))
    assert KEY not in str(caught.value)


def test_a_mirror_may_be_asked_instead(upstream: Upstream, place: Settings) -> None:
    upstream.replies = [says(200, scoreboard("nfl"))]
    found = check_live(place, "espn_nfl", SystemClock(), mirror=upstream.url)
    assert found.origin == f"{upstream.url}/espn/nfl/nfl/scoreboard.json"


def test_the_newest_season_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from antepost.ingestion import SOURCES
    from antepost.ingestion.drift import _newest

    years = (2029, 2031, 2030)
    parts = tuple(Part(name=str(year), path=str(year), url="https://ants.test", season=year) for year in years)
    assert _newest(replace(SOURCES["nflverse"], parts=lambda _: parts), 2031, None).name == "2031"


def test_a_parquet_file_tells_its_columns() -> None:
    import io

    from antepost.ingestion.drift import _names

    file = io.BytesIO()
    pl.DataFrame({"ants": [1], "bees": [2]}).write_parquet(file)
    assert _names(file.getvalue()) == ({"ants", "bees"}, True)
