"""When a source is stale, and that nobody owes news while nothing is played."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antepost.errors import DataError
from antepost.ingestion import SOURCES
from antepost.ingestion.freshness import overdue, owed_within, season_time
from antepost.sports import SPORTS

NFL = SPORTS["nfl"]
TWO_DAYS = timedelta(days=2)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2024-10-01", "2024-10-15", 14),
        ("2024-02-12", "2024-07-30", 3),
        ("2024-02-15", "2024-09-04", 0),
        ("2023-12-20", "2024-01-10", 21),
        ("2022-02-20", "2024-09-07", 2 * 164 + 3),
        ("2024-10-15", "2024-10-01", 0),
    ],
)
def test_only_days_of_the_season_count(since: str, until: str, days: int) -> None:
    assert season_time(NFL, day(since), day(until)) == timedelta(days=days)


@given(moments, moments, moments)
def test_season_time_adds_up(one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    whole = season_time(NFL, first, third)
    assert whole == season_time(NFL, first, second) + season_time(NFL, second, third)
    assert timedelta(0) <= whole <= third - first


@pytest.mark.parametrize(
    ("name", "newest", "now", "stale"),
    [
        # The day after the Super Bowl, half a year later, and well into the season that follows.
        ("nflverse", "2024-02-12", "2024-02-13", False),
        ("nflverse", "2024-02-12", "2024-08-20", False),
        ("nflverse", "2024-02-12", "2024-09-25", True),
        ("nflverse", "2024-10-01", "2024-10-20", True),
        ("nflverse", "2024-10-08", "2024-10-20", False),
        # An archive owes nothing.
        ("sbr_archive_nfl", "2021-02-08", "2031-02-08", False),
        # A file that comes once a year is late when the second season has begun without it, games or not.
        ("retrosheet", "2023-10-02", "2024-09-20", False),
        ("retrosheet", "2023-10-02", "2024-11-20", True),
    ],
)
def test_a_source_is_stale_when_its_season_goes_on_without_it(name: str, newest: str, now: str, stale: bool) -> None:
    late = overdue(SOURCES[name], day(newest), day(now), TWO_DAYS)
    assert (late is not None) is stale, late


def test_a_stale_source_says_since_when_and_what_was_due() -> None:
    late = overdue(SOURCES["nflverse"], day("2024-10-01"), day("2024-10-20"), TWO_DAYS)
    assert late == "nothing new since 2024-10-01: 19 days of season ago, due within 17"


def test_a_source_that_told_nothing_yet_is_not_late() -> None:
    assert overdue(SOURCES["nflverse"], None, day("2024-10-20"), TWO_DAYS) is None


def test_a_cadence_in_other_words_is_refused() -> None:
    with pytest.raises(DataError, match="'at times' begins with none of: never"):
        owed_within(replace(SOURCES["nflverse"], cadence="at times"))
