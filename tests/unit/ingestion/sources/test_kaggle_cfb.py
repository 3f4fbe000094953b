"""The Kaggle set of college football: days and clocks of two places, and finals that it calls regular games."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from antepost.ingestion import get_source
from antepost.ingestion.source import Parsed
from tests.payloads.kaggle_cfb import PAYLOADS
from tests.worlds import loaded

SOURCE = get_source("kaggle_cfb")
DATA = PAYLOADS["kaggle_cfb"][1]


def _read(data: bytes) -> Parsed:
    return SOURCE.read(data, SOURCE.parts(2026)[0])


def test_a_clock_after_midnight_is_of_the_evening_that_the_day_names() -> None:
    """Hawaii's Saturday evening is New York's Sunday: 36 games once began, and ended, a day before they were played."""
    data = DATA.replace(
        b"2019-08-31,3:30 PM,regular,Ant State,Bee Tech", b"2019-08-31,12:05 AM,regular,Ant State,Hawaii"
    )
    tables = _read(data).tables
    assert tables["fixtures"]["start"][0] == datetime(2019, 9, 1, 4, 5, tzinfo=UTC)
    assert tables["fixtures"]["fixture"][0] == "ncaaf-2019-08-31-ant-state-hawaii"
    assert tables["results"]["known_at"][0] == datetime(2019, 9, 1, 8, 5, tzinfo=UTC)


def test_midnight_in_hawaii_is_a_clock_and_elsewhere_none() -> None:
    data = DATA.replace(
        b"2019-08-31,3:30 PM,regular,Ant State,Bee Tech", b"2019-08-31,12:00 AM,regular,Ant State,Hawaii"
    )
    fixtures = _read(data).tables["fixtures"]
    assert fixtures["event_precision"].to_list() == ["second", "day"]
    assert fixtures["start"][0] == datetime(2019, 9, 1, 4, tzinfo=UTC)


def test_a_final_of_a_conference_shows_when_its_sides_are_found() -> None:
    """Listed with the season, it would say in July which two of fourteen are to win their divisions."""
    header, first, *_ = DATA.split(b"\n")
    final = first.replace(b"2019-08-31", b"2019-12-07").replace(b"Ant State", b"Cee College")
    fixtures = _read(b"\n".join([header, first, final, b""])).tables["fixtures"]
    before = [start - known for start, known in fixtures.select("start", "known_at").iter_rows()]
    assert before == [timedelta(days=30), timedelta(days=5)]


def test_a_poll_names_the_sides_of_the_fixtures() -> None:
    """They once kept the set's own spelling, so that no side of a game was ever found on a poll."""
    tables = loaded("kaggle_cfb", DATA)
    assert tables["rankings"].select("player", "rank").rows() == [("bee-tech", 12)]
    assert "bee-tech" in tables["fixtures"]["home"]
