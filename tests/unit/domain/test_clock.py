from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from antepost.domain.clock import FixedClock, SystemClock, from_micros, micros
from antepost.errors import DataError


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_shows_its_moment_in_utc_whatever_zone_it_was_given_in() -> None:
    eastern = timezone(timedelta(hours=-5))
    clock = FixedClock(datetime(2023, 9, 7, 19, 20, tzinfo=eastern))
    assert clock.now() == datetime(2023, 9, 8, 0, 20, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2023, 9, 7, 19, 20)  # noqa: DTZ001
    with pytest.raises(DataError, match="names no time zone"):
        FixedClock(naive)
    with pytest.raises(DataError, match="names no time zone"):
        micros(naive)


def test_the_last_microsecond_survives_where_a_float_timestamp_would_lose_it() -> None:
    moment = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert from_micros(micros(moment)) == moment


def test_moments_before_1970_count_downwards() -> None:
    assert micros(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1_000_000
    assert from_micros(-1) == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
